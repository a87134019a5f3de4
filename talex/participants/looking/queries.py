"""Who looked, told to the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.core.ids import parse
from talex.editions.roles import Role
from talex.participants.looking.models import Look, Way
from talex.participants.models import Organisation


@dataclass(slots=True)
class Seen:
    """One viewer (an organisation, the office, ...) with the ways and days of its looks."""

    who: Any  # a name in several languages, or words of ours
    role: str
    organisation: UUID | None
    last: date
    days: set[date] = field(default_factory=set)
    ways: list[Way] = field(default_factory=list)
    accounts: set[UUID] = field(default_factory=set)

    @property
    def how(self) -> list[str]:
        return [str(Way(way).label) for way in self.ways]


def _called(role: str, organisation: Organisation | None) -> Any:
    if role == Role.DELEGATE:
        return organisation.name if organisation else _("An organisation that is gone")
    known: dict[str, Message] = {
        Role.ORGANISER: _("The organiser's office"),
        Role.AUDITOR: _("An auditor"),
        Role.PARTNER: _("A partner conference or region"),
        "operator": _("Who runs the server"),
    }
    return known.get(role, _("Somebody else"))


def seen_by(
    persons: Sequence[UUID], edition: UUID | None = None, *, zone: tzinfo = UTC
) -> list[Seen]:
    """Who looked at these records of one person, the latest first. Three statements at most.

    A look is kept once a day of UTC; it is told with the day that it was in `zone`.

    Organisations are named, the people who act for them are not: they are counted.
    """
    rows = Look.objects.filter(person__in=persons)
    if edition is not None:
        rows = rows.filter(edition=edition)
    found: dict[tuple[str, str], Seen] = {}
    for look in rows.order_by("-day", "first_at"):
        day = look.first_at.astimezone(zone).date()
        one = found.setdefault(
            (look.role, look.organisation),
            Seen("", look.role, parse(look.organisation), day),
        )
        one.last = max(one.last, day)
        one.days.add(day)
        one.accounts.add(look.viewer)
        if look.way not in one.ways:
            one.ways.append(Way(look.way))
    known = Organisation.objects.in_bulk([s.organisation for s in found.values() if s.organisation])
    for one in found.values():
        one.who = _called(one.role, known.get(one.organisation) if one.organisation else None)
    return list(found.values())
