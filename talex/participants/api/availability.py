"""When talents and delegates can be met, by their own clock."""

from __future__ import annotations

from datetime import date, time
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from talex.accounts.http import actor_of
from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.shapes import ANSWER, Body
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.participants import queries, rules, services
from talex.participants.availability import Hours, hours_of, zone_of
from talex.participants.commands import SetAvailability
from talex.participants.models import Delegate, Talent

router = Router(tags=["availability"])


class HoursIO(Schema):
    """A stretch by the person's own clock; an `end` not after `start` is on the next day."""

    date: date
    start: time
    end: time


class AvailabilityIn(Body):
    """No `windows`: any time of the conference. Give the `version` you read (409 if changed)."""

    time_zone: str
    windows: list[HoursIO] = []
    mode: Literal["onsite", "online", "both"] = "both"
    local_from: time | None = None
    local_until: time | None = None
    daily_max: int | None = None
    version: int | None = None


class AvailabilityOut(AvailabilityIn):
    """As it is kept; `time_zone` is the venue's where the person named none."""

    model_config = ANSWER

    version: int


def _told(edition: Edition, record: Talent | Delegate) -> dict[str, Any]:
    zone = zone_of(record.person.time_zone or edition.time_zone)
    return {
        "time_zone": zone.key,
        "windows": [
            {"date": h.date, "start": h.start, "end": h.end} for h in hours_of(record.windows, zone)
        ],
        **{
            name: getattr(record, name)
            for name in ("mode", "local_from", "local_until", "daily_max", "version")
        },
    }


def _set(
    actor: Actor, edition: Edition, kind: str, record: UUID, wanted: AvailabilityIn
) -> dict[str, Any]:
    values = wanted.dict()
    windows = tuple(Hours(**row) for row in values.pop("windows"))
    command = SetAvailability(
        edition=edition.pk, kind=kind, record=record, windows=windows, **values
    )
    return _told(edition, services.set_availability(actor, command))


@router.get("/editions/{slug}/talents/{talent}/availability", response=AvailabilityOut)
def talent_availability(request: HttpRequest, slug: str, talent: UUID) -> dict[str, Any]:
    """When a talent can be met: for the talent, the office and auditors."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    found = queries.talent(actor, talent, edition.pk)
    if not (rules.can_list_talents(actor, edition.pk) or rules.is_own(actor, found.person_id)):
        raise NotFound
    return _told(edition, found)


@router.put("/editions/{slug}/talents/{talent}/availability", response=AvailabilityOut)
def set_talent_availability(
    request: HttpRequest, slug: str, talent: UUID, wanted: AvailabilityIn
) -> dict[str, Any]:
    """Say when a talent can be met."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    found = queries.talent(actor, talent, edition.pk)
    return _set(actor, edition, "talent", found.pk, wanted)


@router.get("/editions/{slug}/delegates/{delegate}/availability", response=AvailabilityOut)
def delegate_availability(request: HttpRequest, slug: str, delegate: UUID) -> dict[str, Any]:
    """When a delegate can be met."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    return _told(edition, queries.delegate(actor, delegate, edition.pk))


@router.put("/editions/{slug}/delegates/{delegate}/availability", response=AvailabilityOut)
def set_delegate_availability(
    request: HttpRequest, slug: str, delegate: UUID, wanted: AvailabilityIn
) -> dict[str, Any]:
    """Say when a delegate can be met."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    found = queries.delegate(actor, delegate, edition.pk)
    return _set(actor, edition, "delegate", found.pk, wanted)
