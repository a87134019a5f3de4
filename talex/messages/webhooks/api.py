"""Webhooks through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from talex.accounts.http import actor_of, key_of
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.messages.webhooks import events, queries, rules, services
from talex.messages.webhooks.models import Delivery, Endpoint, State

router = Router(tags=["webhooks"])
BASE = "/editions/{slug}/webhooks"
ONE = f"{BASE}/{{endpoint}}"


class EndpointIn(Body):
    """`events`: of those that the address …/webhooks/types lists."""

    url: str
    events: list[str]
    description: str = ""


class EndpointOut(Schema):
    """`url` is the host alone for those who only read. `off`: "", office, gone or failing."""

    id: UUID
    url: str
    description: str
    events: list[str]
    off: str
    failing_since: datetime | None


class EndpointSecret(EndpointOut):
    """`secret`: told when it was made; Standard Webhooks' libraries take it as it is."""

    secret: str


class SwitchIn(Body):
    on: bool


class DeliveryOut(Schema):
    """`state`: queued, claimed, sent or failed. `status` and `error`: the last answer."""

    id: UUID
    webhook_id: str
    event: str
    state: Annotated[str, one_of(State)]
    attempts: int
    status: int | None
    error: str
    body: str
    created_at: datetime
    due_at: datetime


class TypeOut(Schema):
    name: str
    title: str
    facts: list[str]


class Count(Schema):
    count: int


def _out(actor: Any, one: Endpoint) -> dict[str, Any]:
    manages = rules.can_manage(actor, one.edition_id)
    return {
        "id": one.pk,
        "url": one.url if manages else one.host,
        "description": one.description,
        "events": one.events,
        "off": one.off,
        "failing_since": one.failing_since,
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    names = ("event", "state", "attempts", "status", "error", "body", "created_at", "due_at")
    told = {name: getattr(row, name) for name in names}
    return {"id": row.pk, "webhook_id": row.message_id, **told}


def _found(request: HttpRequest, slug: str, pk: UUID) -> Endpoint:
    actor = actor_of(request)
    return queries.endpoint(actor, edition_by_slug(actor, slug), pk)


@router.get(BASE, response=list[EndpointOut])
def webhooks(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """Which systems are told of events."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not rules.can_see_list(actor, edition.pk):
        raise NotAllowed
    return [_out(actor, one) for one in queries.endpoints(actor, edition)]


@router.get(f"{BASE}/types", response=list[TypeOut])
def webhook_types(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The events there are, and what each one says."""
    actor = actor_of(request)
    if not rules.can_see_list(actor, edition_by_slug(actor, slug).pk):
        raise NotAllowed
    return [
        {"name": name, "title": str(title), "facts": list(events.TYPES[name])}
        for name, title in events.choices()
    ]


@router.post(BASE, response={201: EndpointSecret})
def add_webhook(request: HttpRequest, slug: str, given: EndpointIn) -> Status[Any]:
    """Set one up; the answer holds the secret by which the other side checks signatures."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.AddEndpoint(
        edition=edition.pk,
        url=given.url,
        events=tuple(given.events),
        description=given.description,
    )
    made = once(actor, key_of(request), command, lambda: services.add_endpoint(actor, command))
    return Status(201, {**_out(actor, made), "secret": made.secret})


@router.get(ONE, response=EndpointOut)
def webhook(request: HttpRequest, slug: str, endpoint: UUID) -> dict[str, Any]:
    """One of them."""
    return _out(actor_of(request), _found(request, slug, endpoint))


@router.put(ONE, response=EndpointOut)
def edit_webhook(
    request: HttpRequest, slug: str, endpoint: UUID, given: EndpointIn
) -> dict[str, Any]:
    """Another address, other events."""
    actor, found = actor_of(request), _found(request, slug, endpoint)
    command = services.EditEndpoint(
        endpoint=found.pk,
        url=given.url,
        events=tuple(given.events),
        description=given.description,
    )
    return _out(actor, services.edit_endpoint(actor, command))


@router.delete(ONE, response={204: None})
def remove_webhook(request: HttpRequest, slug: str, endpoint: UUID) -> Status[None]:
    """It goes, with its log."""
    services.remove_endpoint(actor_of(request), _found(request, slug, endpoint).pk)
    return Status(204, None)


@router.post(f"{ONE}/rotate", response=EndpointSecret)
def rotate_webhook(request: HttpRequest, slug: str, endpoint: UUID) -> dict[str, Any]:
    """A new secret; the old one signs as well for 24 hours."""
    actor, found = actor_of(request), _found(request, slug, endpoint)
    made = once(
        actor,
        key_of(request),
        ("rotate", found.pk),
        lambda: services.rotate_secret(actor, found.pk),
    )
    return {**_out(actor, made), "secret": made.secret}


@router.post(f"{ONE}/switch", response=EndpointOut)
def switch_webhook(
    request: HttpRequest, slug: str, endpoint: UUID, given: SwitchIn
) -> dict[str, Any]:
    """On or off."""
    actor, found = actor_of(request), _found(request, slug, endpoint)
    return _out(actor, services.switch(actor, found.pk, on=given.on))


@router.post(f"{ONE}/test", response={202: DeliveryOut})
def try_webhook(request: HttpRequest, slug: str, endpoint: UUID) -> Status[Any]:
    """Send an event that says nothing but that it is a test."""
    actor, found = actor_of(request), _found(request, slug, endpoint)
    made = once(
        actor, key_of(request), ("test", found.pk), lambda: services.send_test(actor, found.pk)
    )
    return Status(202, _delivery(made))


@router.post(f"{ONE}/resend", response={202: Count})
def resend_failed(request: HttpRequest, slug: str, endpoint: UUID) -> Status[Any]:
    """Send again all that did not arrive."""
    found = _found(request, slug, endpoint)
    return Status(202, {"count": services.resend(actor_of(request), found.pk)})


@router.get(f"{ONE}/deliveries", response=list[DeliveryOut])
def webhook_deliveries(
    request: HttpRequest,
    slug: str,
    endpoint: UUID,
    state: str = "",
    limit: int = Query(50, ge=1, le=200),
) -> list[dict[str, Any]]:
    """What was sent, the newest first."""
    found = _found(request, slug, endpoint)
    return [_delivery(row) for row in queries.deliveries(found, state)[:limit]]


@router.post(f"{ONE}/deliveries/{{delivery}}/resend", response={202: Count})
def resend_delivery(request: HttpRequest, slug: str, endpoint: UUID, delivery: UUID) -> Status[Any]:
    """Send one once more, with the same webhook-id."""
    found = _found(request, slug, endpoint)
    return Status(202, {"count": services.resend(actor_of(request), found.pk, delivery)})
