"""What a way out is, and what all of them share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests
from django.conf import settings

from talex.messages.models import Message

#: Seconds until a provider must have answered: to the connection, to the request.
PATIENCE = (5, 20)
#: No answer of a provider is longer than this; more is no answer (bytes).
LONGEST = 64 * 1024


class Refused(Exception):
    """The provider will not send this message, now or later."""


class Later(Exception):
    """The provider may send it later: too many at once, or it is out of order."""


class Channel(Protocol):
    """A way out. `knows_repetition`: the same message sent again reaches nobody twice."""

    knows_repetition: bool

    def send(self, message: Message, hand_over: Callable[[], None]) -> str:
        """Send it; returns the provider's id.

        Calls `hand_over` right before the request after which the provider may have it. Raises
        Refused, Later, and what `requests` raises where nothing was answered.
        """
        ...


def ask(url: str, method: str = "POST", **what: Any) -> tuple[int, dict[str, Any], str]:
    """A request without following redirects; (status, the answer's JSON or {}, its text).

    Raises `requests.RequestException` where there is no answer, or none that ends.
    """
    with requests.request(
        method, url, timeout=PATIENCE, allow_redirects=False, stream=True, **what
    ) as answer:
        body = b""
        for piece in answer.iter_content(8192):
            body += piece
            if len(body) > LONGEST:
                raise requests.RequestException("the answer is too long")
        text = body.decode("utf-8", "replace")
        try:
            said = json.loads(body)
        except ValueError:
            said = {}
    return answer.status_code, said if isinstance(said, dict) else {}, text


def template_of(templates: Mapping[str, Any], message: Message) -> tuple[str, dict[str, str]]:
    """The provider's template for this message and what stands in it.

    `templates` is what the operator wrote: kind, or kind:language, or *, to its `id` and `data`
    (name in the template -> field of the message; subject, text, link are there for each).
    Raises Refused where there is none.
    """
    for key in (f"{message.kind}:{message.language}", message.kind, "*"):
        found = templates.get(key)
        if isinstance(found, dict) and found.get("id"):
            known = {
                "subject": message.subject,
                "text": message.text.strip(),
                "link": settings.TALEX_URL + "/",
                **message.fields,
            }
            wanted = found.get("data") or {name: name for name in message.fields}
            return str(found["id"]), {
                name: str(known.get(field, "")) for name, field in wanted.items()
            }
    raise Refused(f"no template for {message.kind} in {message.language}")
