"""What happened, and the repair that was shown for it, as a signed token and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Conflict
from talex.meetings.versions import Difference, Stand

SALT = "talex.meetings.repair"
LASTS = 60 * 60
"""Seconds for which a preview may be carried out."""


class Kind(StrEnum):
    """What can happen."""

    ILL = "ill"
    LATE = "late"
    CLOSED = "closed"
    NO_SHOW = "no_show"
    BOOKING = "booking"


TIMED = (Kind.ILL, Kind.LATE, Kind.CLOSED)
"""What takes somebody or something away for a while: only of these do the times count."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened. Which fields count depends on the kind.

    `ill`, `late`: person, from, until. `closed`: table, or else hall, from, until. `no_show`:
    meeting. `booking`: request, a wanted meeting that is to have a place now. What does not count
    is left out of what is checked.
    """

    kind: Kind
    person: UUID | None = None
    hall: UUID | None = None
    table: UUID | None = None
    meeting: UUID | None = None
    request: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What would change: differences in the order of time, and seconds it took to find them."""

    happened: Happened
    differences: list[Difference] = field(default_factory=list)
    # Meetings that lose their place because of what happened, whatever becomes of them.
    touched: int = 0
    seconds: float = 0.0

    # Those of the moved who can be asked instead of told (requests; see `asking`).
    askable: list[UUID] = field(default_factory=list)

    # Each meeting's sequence as it was read; -1 where there was none.
    sequences: dict[UUID, int] = field(default_factory=dict)

    # Why those without a place have none (codes of `reasons.UNPLACED`).
    why: dict[UUID, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """All that was shown, signed: carrying it out needs no second search."""
        told = {
            "happened": _plain(self.happened),
            "differences": [
                [str(d.request), self.sequences.get(d.request, -1), _line(d.before), _line(d.after)]
                for d in self.differences
            ],
            "why": {str(request): code for request, code in self.why.items()},
        }
        return signing.dumps(told, salt=SALT, compress=True)

    @property
    def lost(self) -> int:
        """Meetings that have no place afterwards."""
        return sum(d.after is None for d in self.differences)


def _plain(happened: Happened) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name in Happened.__slots__
        if (value := getattr(happened, name)) is not None
    }


def _line(stand: Stand | None) -> list[str | None] | None:
    if stand is None:
        return None
    return [stand[0].isoformat(), stand[1].isoformat(), str(stand[2]) if stand[2] else None]


def _stand(line: list[str | None] | None) -> Stand | None:
    if line is None:
        return None
    start, end, table = line
    assert start is not None and end is not None
    return (
        datetime.fromisoformat(start),
        datetime.fromisoformat(end),
        UUID(table) if table else None,
    )


def read_token(token: str) -> dict[str, Any]:
    """What a preview showed. Raises Conflict where it is none, or too old."""
    try:
        told: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as fault:
        raise changed() from fault
    return told


def repair_of(told: dict[str, Any], happened: Happened) -> Repair:
    """The shown repair. Raises Conflict where something else was shown."""
    if told["happened"] != _plain(happened):
        raise changed()
    rows = told["differences"]
    return Repair(
        happened,
        [Difference(UUID(r), _stand(before), _stand(after)) for r, _n, before, after in rows],
        sequences={UUID(r): sequence for r, sequence, _before, _after in rows},
        why={UUID(request): code for request, code in told["why"].items()},
    )


def changed() -> Conflict:
    """What was shown is no longer so."""
    return Conflict(_("The timetable was changed meanwhile: look again at what this would change."))


def digest(told: dict[str, Any]) -> str:
    """What tells one shown repair from another."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]
