"""The one clock of the house, so that a rehearsal and a test can say what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

_frozen: ContextVar[datetime | None] = ContextVar("talex_clock", default=None)
_ahead = timedelta(0)

#: The years of days and instants that are given: one before or after them is a slip, and the first
#: and last there are have no place in every time zone.
YEARS = (1900, 2200)


def now() -> datetime:
    """The present instant in UTC."""
    return _frozen.get() or datetime.now(UTC) + _ahead


def run_ahead(by: timedelta) -> None:
    """From here on this whole process, all its threads, lives `by` later than the machine.

    For a server that a test starts on the day after; no setting and no command leads here.
    """
    global _ahead
    _ahead = by


@cache
def zone_names() -> frozenset[str]:
    """The names of the IANA's time zones. Kept, because to list them reads hundreds of files."""
    return frozenset(available_timezones())


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block, `now()` is `instant` (an aware datetime)."""
    if instant.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
