"""An embedding service at an address: off unless an operator chose it (services.embedders).

Two dialects: `openai`, POST `<address>/embeddings` with `{"model", "input"}` answered by `{"data":
[{"index", "embedding"}]}`, as many services speak it; `plain`, POST `<address>` with `{"texts"}`
answered by `{"vectors"}`. The key is sent as a bearer token and stands in no message.
"""

from __future__ import annotations

import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from talex.core.errors import Conflict
from talex.engine.text.local_models import ModelError, unit_rows
from talex.fair.vectors import MOST

DIALECTS = ("openai", "plain")
BATCH = 64
TIMEOUT = 30.0
#: Seconds for the one answer of a trial: a service that has to wake up may take some.
TRIAL_TIMEOUT = 15.0
#: Waits before trying again, seconds; a service's Retry-After counts up to LONGEST.
WAITS = (0.5, 2.0, 8.0)
LONGEST = 30.0
#: No answer is larger than this: 64 vectors of 4096 numbers are 6 MB of JSON.
LARGEST = 64 * 2**20


class ServiceFailed(Conflict):
    """The service did not answer as it should; the message says how."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry texts and key to another place."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def is_safe(address: str) -> bool:
    """https, or http to this machine only."""
    parts = urlsplit(address)
    if parts.username or parts.password or not parts.hostname:
        return False
    if parts.scheme == "https":
        return True
    try:
        local = ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        local = parts.hostname == "localhost"
    return parts.scheme == "http" and local


class RemoteEmbedder:
    """Vectors of a service; see the module. `dimension` was measured when it was chosen."""

    def __init__(
        self,
        address: str,
        model: str,
        dimension: int | None = None,
        *,
        dialect: str = "openai",
        key: str = "",
        timeout: float = TIMEOUT,
        waits: Sequence[float] = WAITS,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address.rstrip("/")
        self._model = model
        self._dialect = dialect
        self._key = key
        self._timeout = timeout
        self._waits = waits
        self._wait = wait
        self._dimension = dimension
        self._opener = urllib.request.build_opener(_NoRedirect)

    @property
    def model_name(self) -> str:
        host = urlsplit(self._address).netloc
        return f"remote/{host}/{self._model}/{self.dimension}"

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            self._dimension = len(self._vectors(["dimension"])[0])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `engine.text.Embedder.embed`. Raises `ServiceFailed`."""
        result = np.zeros((len(texts), self.dimension), np.float32)
        said = [at for at, text in enumerate(texts) if text.strip()]
        for at in range(0, len(said), BATCH):
            here = said[at : at + BATCH]
            made = self._vectors([texts[one][:MOST] for one in here])
            try:
                rows = unit_rows(np.array(made, np.float32), len(here))
            except (ValueError, TypeError, ModelError) as error:
                raise self._failed(_("the vectors cannot be read")) from error
            if rows.shape[1] != self.dimension:
                raise self._failed(
                    _("vectors of %(found)d numbers instead of %(wanted)d")
                    % {"found": rows.shape[1], "wanted": self.dimension}
                )
            result[here] = rows
        return result

    def _vectors(self, texts: list[str]) -> list[list[float]]:
        if self._dialect == "openai":
            answer = self._ask(f"{self._address}/embeddings",
                               {"model": self._model, "input": texts})  # fmt: skip
            try:
                rows = sorted(answer["data"], key=lambda one: int(one["index"]))
                found: Any = [one["embedding"] for one in rows]
            except (KeyError, TypeError, ValueError) as error:
                raise self._failed(_("the answer has no data with embeddings")) from error
        else:
            answer = self._ask(self._address, {"texts": texts})
            found = answer.get("vectors") if isinstance(answer, dict) else None
        if not isinstance(found, list) or len(found) != len(texts) or not found[0]:
            raise self._failed(_("not one vector for each text"))
        return list(found)

    def _ask(self, url: str, said: dict[str, Any]) -> Any:
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        why = ""
        for wait in (*self._waits, None):
            request = urllib.request.Request(url, body, headers)
            pause = wait
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    text = answer.read(LARGEST + 1)
                if len(text) > LARGEST:
                    raise self._failed(_("the answer is too large"))
                return json.loads(text)
            except urllib.error.HTTPError as error:
                why = f"HTTP {error.code}"
                asked = error.headers.get("Retry-After", "")
                error.close()
                if error.code != 429 and error.code < 500:
                    raise self._failed(why) from None
                if wait is not None and asked.isdigit():
                    pause = min(float(asked), LONGEST)
            except json.JSONDecodeError:
                raise self._failed(_("the answer is no JSON")) from None
            except (OSError, TimeoutError) as error:
                why = str(getattr(error, "reason", error))
            if pause is not None:
                self._wait(pause)
        raise self._failed(why)

    def _failed(self, why: str) -> ServiceFailed:
        host = urlsplit(self._address).netloc
        return ServiceFailed(
            _("The embedding service at %(host)s failed: %(why)s.") % {"host": host, "why": why}
        )
