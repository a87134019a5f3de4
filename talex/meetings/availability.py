"""When the persons of an edition can be met, as they stated it in their own time zones."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from talex.editions.models import Edition
from talex.participants.models import Delegate, Talent

TALENT_DAILY = 8
DELEGATE_DAILY = 24
CHUNK = 500

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stated:
    """What one record (talent or delegate) says. Everything may be left open."""

    windows: tuple[Span, ...]
    local_from: time | None
    local_until: time | None
    zone: zoneinfo.ZoneInfo
    daily_max: int
    mode: str

    def suits(self, span: Span) -> bool:
        """Whether a meeting in `span` lies within the stated windows and hours of the day."""
        start, end = span
        if self.windows and not any(a <= start and end <= b for a, b in self.windows):
            return False
        if self.local_from is None and self.local_until is None:
            return True
        own_start, own_end = start.astimezone(self.zone), end.astimezone(self.zone)
        if own_start.date() != own_end.date() and own_end.time() != time(0):
            return False
        if self.local_from is not None and own_start.time() < self.local_from:
            return False
        return self.local_until is None or time(0) < own_end.time() <= self.local_until


def _second(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


class Grid:
    """The meeting times of an edition, compared with one record at once (as `Stated.suits`)."""

    def __init__(self, slots: list[Span]) -> None:
        self._slots = slots
        self._starts = np.array([start.timestamp() for start, _end in slots])
        self._ends = np.array([end.timestamp() for _start, end in slots])
        self._local: dict[str, tuple[NDArray[np.float64], ...]] = {}

    def suit(self, record: Stated) -> NDArray[np.bool_]:
        """(S,) whether each of the times lies within what is stated."""
        suits = np.ones(len(self._slots), np.bool_)
        if record.windows:
            suits[:] = False
            for first, last in record.windows:
                suits |= (first.timestamp() <= self._starts) & (self._ends <= last.timestamp())
        if record.local_from is None and record.local_until is None:
            return suits
        start, end, over = self._times(record.zone)
        suits &= over == 0
        if record.local_from is not None:
            suits &= start >= _second(record.local_from)
        if record.local_until is not None:
            suits &= (end > 0) & (end <= _second(record.local_until))
        return suits

    def _times(self, zone: zoneinfo.ZoneInfo) -> tuple[NDArray[np.float64], ...]:
        """Seconds of the day there: starts, ends, and 1 where one ends on another day."""
        if zone.key not in self._local:
            own = [(start.astimezone(zone), end.astimezone(zone)) for start, end in self._slots]
            self._local[zone.key] = (
                np.array([_second(a.time()) for a, _b in own]),
                np.array([_second(b.time()) for _a, b in own]),
                np.array([float(a.date() != b.date() and b.time() != time(0)) for a, b in own]),
            )
        return self._local[zone.key]


def _zone(name: str, fallback: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or fallback)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(fallback)


def stated(edition: Edition, persons: Iterable[UUID] | None = None) -> dict[UUID, list[Stated]]:
    """What the persons (or everyone) of an edition state, by person; who states nothing is absent.

    One person may be talent and delegate: then both records hold.
    """
    fields = (
        "person_id", "person__time_zone", "windows", "local_from", "local_until",
        "daily_max", "mode",
    )  # fmt: skip
    if persons is None:
        parts = [Q()]
    else:
        ids = list(dict.fromkeys(persons))
        parts = [Q(person_id__in=ids[at : at + CHUNK]) for at in range(0, len(ids), CHUNK)]
    found: dict[UUID, list[Stated]] = {}
    for model, most in ((Talent, TALENT_DAILY), (Delegate, DELEGATE_DAILY)):
        for part in parts:
            rows = model._default_manager.filter(
                part, edition=edition, withdrawn_at=None, merged_into=None
            ).values_list(*fields)
            for person, zone, windows, first, last, daily, mode in rows.iterator(chunk_size=2000):
                found.setdefault(person, []).append(
                    Stated(
                        tuple(
                            (
                                datetime.fromisoformat(w["start"]),
                                datetime.fromisoformat(w["end"]),
                            )
                            for w in windows
                        ),
                        first,
                        last,
                        _zone(zone, edition.time_zone),
                        most if daily is None else daily,
                        mode,
                    )
                )
    return found
