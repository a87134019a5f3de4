"""Time zones as people write them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from talex.participants.importing.cells import Cell, read_time_zone


@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"), ("asia/shanghai", "Asia/Shanghai"),
        ("Berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("CET", "Europe/Berlin"),
        ("MEZ", "Europe/Berlin"), ("北京时间", "Asia/Shanghai"), ("东八区", "Asia/Shanghai"),
        ("UTC+8", "Etc/GMT-8"), ("GMT+08:00", "Etc/GMT-8"), ("UTC−5", "Etc/GMT+5"),
        ("+5:30", "Asia/Kolkata"), ("UTC", "UTC"), ("utc+0", "UTC"), ("EST", "America/New_York"),
        ("Beijing (UTC+8)", "Asia/Shanghai"), ("(UTC+01:00) Amsterdam, Berlin", "Etc/GMT-1"),
    ],
)  # fmt: skip
def test_understood(cell: Cell, zone: str) -> None:
    read = read_time_zone(cell)
    assert (read.value, read.understood, read.note) == (zone, True, None)
    ZoneInfo(zone)


@pytest.mark.parametrize("cell", ["Middle-earth", "UTC+25", "+5:17", 12, True])
def test_not_understood(cell: Cell) -> None:
    read = read_time_zone(cell)
    assert (read.value, read.understood) == (None, False)
    assert read.note is not None and read.note.code == "time_zone_not_understood"


@pytest.mark.parametrize("cell", [None, "", "无", "n/a"])
def test_nothing_stated(cell: Cell) -> None:
    assert not read_time_zone(cell).stated
