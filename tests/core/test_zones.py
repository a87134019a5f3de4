"""Whose clock a moment is told by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from talex.core.actor import Actor
from talex.core.zones import moment_told, own_zone, zone_told

AT = datetime(2026, 11, 28, 19, 54, tzinfo=UTC)


def test_the_readers_own_zone_comes_first_then_what_they_said_then_the_conferences() -> None:
    berlin = Actor(kind="user", time_zone="Europe/Berlin")
    assert own_zone(berlin, "Asia/Tokyo", "Asia/Shanghai").key == "Europe/Berlin"
    unset = Actor(kind="user", time_zone="UTC")
    assert own_zone(unset, "Asia/Tokyo", "Asia/Shanghai").key == "Asia/Tokyo"
    assert own_zone(unset, "", "nowhere", "Asia/Shanghai").key == "Asia/Shanghai"
    assert own_zone(unset).key == "UTC"


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("de", "Asia/Shanghai", "29.11.2026, 03:54 (Shanghai)"),
        ("de", "Europe/Berlin", "28.11.2026, 20:54 (Berlin)"),
        ("zh-hans", "Asia/Shanghai", "（上海）"),
        ("de", "UTC", "28.11.2026, 19:54 (UTC)"),
    ],
)
def test_the_zone_is_named(language: str, zone: str, told: str) -> None:
    with translation.override(language):
        by = own_zone(Actor(kind="user"), zone)
        assert told in moment_told(AT, by)
        assert zone_told(by) in told
