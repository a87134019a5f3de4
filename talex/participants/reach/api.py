"""Campaign links through the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from talex.accounts.http import actor_of, key_of
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.participants.reach import queries, rules, services
from talex.participants.reach.models import Channel, Target

router = Router(tags=["reach"])
BASE = "/editions/{slug}/reach"


class LinkIn(Body):
    """`channel`: wechat, linkedin, mail …; `target`: home, talent or organisation."""

    name: str
    channel: Annotated[str, one_of(Channel)]
    target: Annotated[str, one_of(Target)] = "home"


class FewOut(Schema):
    """A count as it is told. `number` is null where it is 1 to 4, or would give such a one away;
    then there are at least `least`. `text`: as the page has it, for example "<5"."""

    number: int | None
    least: int
    text: str


class LinkOut(Schema):
    """`visits` are no persons and told as they are; registrations only where they are many."""

    id: UUID
    name: str
    channel: Annotated[str, one_of(Channel)]
    target: Annotated[str, one_of(Target)]
    code: str
    closed: bool
    visits: int
    registrations: FewOut
    languages: dict[str, FewOut]
    countries: dict[str, FewOut]


def _few(count: queries.Few) -> dict[str, Any]:
    return {"number": count.number, "least": count.number or count.least, "text": str(count)}


def _out(one: queries.Brought) -> dict[str, Any]:
    return {
        "id": one.link.pk,
        "name": one.link.name,
        "channel": one.link.channel,
        "target": one.link.target,
        "code": one.link.code,
        "closed": one.link.closed_at is not None,
        "visits": one.visits,
        "registrations": _few(one.registrations),
        "languages": {value: _few(count) for value, count in one.by_language},
        "countries": {value: _few(count) for value, count in one.by_country},
    }


@router.get(BASE, response=list[LinkOut])
def links(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """All links and what they brought; counts of 1 to 4 are told as "<5"."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not rules.can_see_links(actor, edition.pk):
        raise NotAllowed
    return [_out(one) for one in queries.brought(queries.links(actor, edition))]


@router.post(BASE, response={201: LinkOut})
def make(request: HttpRequest, slug: str, given: LinkIn) -> Status[Any]:
    """Make a campaign link."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.MakeLink(edition=edition.pk, **given.dict())
    made = once(actor, key_of(request), command, lambda: services.make_link(actor, command))
    return Status(201, _out(queries.Brought(made)))


@router.post(f"{BASE}/{{link}}/close", response={204: None})
def close(request: HttpRequest, slug: str, link: UUID) -> Status[None]:
    """Count no longer; the address still leads to the page."""
    actor = actor_of(request)
    found = queries.link(actor, edition_by_slug(actor, slug), link)
    services.close_link(actor, found.pk)
    return Status(204, None)
