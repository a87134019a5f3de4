"""A write that arrives twice under one Idempotency-Key is done once and answered alike.

This holds for every write of the API, whatever its room. No transaction is kept open around it:
what is done may count attempts, read large files or ask other machines, and nobody else waits for
that. Who makes a thing in one transaction with its key (`core.idempotency.once`) stands in `OWN`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI

from talex.accounts.door import SAFE, signed_in
from talex.accounts.http import KEY_HEADER, actor_of, sent_key
from talex.api.closings import closed_since
from talex.api.letting_in import HERE, address_of, let_in
from talex.core import idempotency
from talex.core.errors import Conflict, NotAllowed, TalexError
from talex.core.models import Answer

Run = Callable[..., HttpResponseBase]

#: How long the second of two requests waits for the first.
WAIT_SECONDS = 5.0

OWN = frozenset(
    {
        "POST /api/editions",
        "POST /api/users",
        f"POST {HERE}activities",
        f"PUT {HERE}activities/{{pk}}",
        f"POST {HERE}bulletins/{{number}}/withdraw",
        f"POST {HERE}campaign-texts",
        f"POST {HERE}campaign-texts/{{template}}/test",
        f"POST {HERE}campaigns",
        f"POST {HERE}cohorts",
        f"POST {HERE}cohorts/{{cohort}}/lists",
        f"POST {HERE}imports",
        f"POST {HERE}imports/{{pk}}/apply",
        f"POST {HERE}merges",
        f"POST {HERE}opening-lists",
        f"POST {HERE}openings",
        f"POST {HERE}organisations",
        f"POST {HERE}organisations/{{organisation}}/delegates",
        f"POST {HERE}organisations/{{organisation}}/invitations",
        f"POST {HERE}reach",
        f"POST {HERE}registration/organisation/join",
        f"POST {HERE}registration/organisation/send",
        f"POST {HERE}registration/{{kind}}/send",
        f"POST {HERE}roles",
        f"POST {HERE}snapshots",
        f"POST {HERE}snapshots/{{number}}/release",
        f"POST {HERE}talents",
        f"POST {HERE}talents/{{talent}}/evidence",
        f"POST {HERE}webhooks",
        f"POST {HERE}webhooks/{{endpoint}}/rotate",
        f"POST {HERE}webhooks/{{endpoint}}/test",
    }
)
"""They keep which row was made, together with it, and answer from the row."""

SECRET = frozenset({"POST /api/me/tokens"})
"""Their answers are not kept. They are done once all the same; who comes again is told that."""


def install(api: NinjaAPI) -> None:
    """Teach every write of the API to be done once for a key."""

    def by_key(run: Run) -> Run:
        @wraps(run)
        def carried_out(request: HttpRequest, **at: Any) -> HttpResponseBase:
            try:
                row, told = _taken(request)
            except TalexError as error:
                return api.on_exception(request, error)
            if told is not None:
                return _as_before(told)
            return run(request, **at) if row is None else _kept(request, row, run, at)

        return carried_out

    api.add_decorator(by_key, mode="view")


def _taken(request: HttpRequest) -> tuple[Answer | None, dict[str, Any] | None]:
    """The row in which the answer is to be kept, or what was answered before; neither where the
    request carries no key, or nobody who may write, or is seen to elsewhere."""
    if request.method in SAFE or KEY_HEADER not in request.headers or not _may_write(request):
        return None, None
    key, address = sent_key(request), address_of(request)
    if key is None:
        return None, None
    actor = actor_of(request)
    if address in OWN:
        before = idempotency.answered(actor, key)
        if before is not None:
            let_in(request)
            if closed_since(before):
                raise Conflict(idempotency.DONE)
        return None, None
    row, new = idempotency.begin(actor, key, [address, request.get_full_path(), _sent(request)])
    if new:
        return row, None
    let_in(request)
    return None, idempotency.told_before(row, seconds=WAIT_SECONDS, closed_since=closed_since)


def _may_write(request: HttpRequest) -> bool:
    """Of a token that may only read, or a form of another site, the call itself says so."""
    try:
        return signed_in(request) is not None
    except NotAllowed:
        return False


def _sent(request: HttpRequest) -> Any:
    """What stands in the body; of a form its fields, as their boundary differs every time."""
    if request.content_type != "multipart/form-data":
        return hashlib.sha256(request.body).hexdigest()
    fields = {name: request.POST.getlist(name) for name in request.POST}
    files = [
        [name, one.name, _digest(one)]
        for name in request.FILES
        for one in request.FILES.getlist(name)
    ]
    return [fields, files]


def _digest(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _kept(request: HttpRequest, row: Answer, run: Run, at: dict[str, Any]) -> HttpResponseBase:
    request.key_is_kept = True  # type: ignore[attr-defined]
    try:
        response = run(request, **at)
    except BaseException:
        idempotency.forget(row)
        raise
    if response.status_code >= 400:
        idempotency.forget(row)
    else:
        idempotency.end(row, _told(request, response))
    return response


def _told(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any] | None:
    if address_of(request) in SECRET or not isinstance(response, HttpResponse):
        return None
    return {
        "status": response.status_code,
        "type": response.headers.get("Content-Type", ""),
        "body": response.content.decode(),
    }


def _as_before(told: dict[str, Any]) -> HttpResponse:
    return HttpResponse(told["body"], status=told["status"], content_type=told["type"] or None)


PARAMETER = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
    "description": (
        "A UUID of your choice, a new one for each thing you want done. The same call with the "
        "same key is done once and answered as the first time; with another body it is refused."
    ),
}


def describe(schema: dict[str, Any]) -> None:
    """Name the header at every write in the description of the API."""
    schema["components"].setdefault("parameters", {})["IdempotencyKey"] = PARAMETER
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            if method.upper() not in SAFE:
                operation.setdefault("parameters", []).append(
                    {"$ref": "#/components/parameters/IdempotencyKey"}
                )
