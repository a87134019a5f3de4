"""Whose clock a message follows, and when it is day there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: Reminders and daily mails are sent from the one hour until the other.
MORNING, EVENING = time(8), time(20)


def zone_of(own: str, edition: str) -> ZoneInfo:
    """The person's zone; where they named none (UTC stands for that), the conference's."""
    for name in (own if own != "UTC" else "", edition):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def is_day(at: datetime, zone: ZoneInfo) -> bool:
    """Whether one may write then without waking anybody."""
    return MORNING <= at.astimezone(zone).time() < EVENING


def by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the next morning where it is night."""
    if is_day(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.time() >= EVENING else 0)
    return datetime.combine(day, MORNING, tzinfo=zone)
