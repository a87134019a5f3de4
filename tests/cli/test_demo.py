"""The demo is a living conference whenever it is made."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from talex.cli.commands.demo import _first_day
from talex.core import clock
from talex.rehearsal.edition import VENUE_ZONE


@pytest.mark.parametrize("hour", range(24))
def test_some_meetings_are_over_and_some_still_to_come(hour: int) -> None:
    now = datetime(2026, 11, 27, hour, 30, tzinfo=UTC)
    with clock.at(now):
        first = _first_day()
    zone = ZoneInfo(VENUE_ZONE)
    assert datetime.combine(first, time(12), zone) < now
    assert now < datetime.combine(first + timedelta(days=1), time(15), zone)
