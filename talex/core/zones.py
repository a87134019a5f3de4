"""Whose clock a moment is told by, and its name beside it.

One rule for what people did or had done to their data (saved, seen, signed in): the reader's own
zone where it is known, else the conference's, else UTC; and the zone is always named. What happens
at the venue is told by the venue's clock.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from talex.core.actor import Actor
from talex.core.cities import city
from talex.core.clock import zone_names


def own_zone(actor: Actor, *known: str) -> zoneinfo.ZoneInfo:
    """The zone of the reader's account where one was set (UTC is nobody's choice), else the first
    of `known` that is a zone: what they said elsewhere, then the conference's."""
    chosen = "" if actor.time_zone == "UTC" else actor.time_zone
    for name in (chosen, *known):
        if name and name in zone_names():
            return zoneinfo.ZoneInfo(name)
    return zoneinfo.ZoneInfo("UTC")


def zone_told(zone: zoneinfo.ZoneInfo) -> str:
    """The zone as people name it, by its city."""
    return "UTC" if zone.key in ("UTC", "Etc/UTC") else city(zone.key)


def moment_told(moment: datetime, zone: zoneinfo.ZoneInfo, style: str = "") -> str:
    """29.11.2026, 03:54 (Schanghai): a moment by that clock, which is named."""
    local = formats.date_format(moment.astimezone(zone), style or "SHORT_DATETIME_FORMAT")
    return _("%(time)s (%(zone)s)") % {"time": local, "zone": zone_told(zone)}
