"""The meeting times compared with what somebody states: all at once as one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from talex.meetings.availability import Grid, Stated

FIRST = datetime(2037, 3, 28, 22, tzinfo=UTC)  # Berlin's clocks change in the night


def test_all_at_once_is_one_by_one() -> None:
    die = random.Random(7)
    slots = [
        (FIRST + timedelta(minutes=25 * n), FIRST + timedelta(minutes=25 * n + 20))
        for n in range(160)
    ]
    grid = Grid(slots)
    hours = [None, time(0), time(8, 30), time(13, 20), time(23, 59)]
    seen = set()
    for _ in range(300):
        windows = []
        for _ in range(die.choice([0, 0, 1, 2])):
            start = FIRST + timedelta(minutes=5 * die.randrange(700))
            windows.append((start, start + timedelta(minutes=5 * die.randrange(1, 200))))
        record = Stated(
            tuple(windows),
            die.choice(hours),
            die.choice(hours),
            ZoneInfo(die.choice(["Asia/Shanghai", "Europe/Berlin", "America/New_York"])),
            8,
            "both",
        )
        found = grid.suit(record).tolist()
        assert found == [record.suits(slot) for slot in slots]
        seen.update(found)
    assert seen == {True, False}
