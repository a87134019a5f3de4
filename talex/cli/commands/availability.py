"""`talex availability`: when a talent or a delegate can be met."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid, NotFound
from talex.editions.queries import edition_by_slug
from talex.participants import availability, queries, services
from talex.participants.choices import Mode
from talex.participants.commands import SetAvailability
from talex.participants.models import Delegate, Talent

_HOURS = re.compile(r"^\s*(\d{4}-\d\d-\d\d)[ T](\d\d?:\d\d)\s*[-–—]\s*(\d\d?:\d\d)\s*$")


def _hours(text: str) -> availability.Hours:
    found = _HOURS.match(text)
    try:
        if found is None:
            raise ValueError
        day, start, end = found.groups()
        return availability.Hours(
            date.fromisoformat(day),
            time.fromisoformat(start.zfill(5)),
            time.fromisoformat(end.zfill(5)),
        )
    except ValueError as error:
        raise Invalid(
            {"windows": _('Write a day and two times: "2027-04-12 09:00-12:30".')}
        ) from error


@click.command("availability", help=_("Show or set when a talent or a delegate can be met."))
@click.argument("edition")
@click.argument("record", type=click.UUID)
@click.option("--zone", help=_("The clock of these times, like Europe/Berlin."))
@click.option(
    "--on",
    "hours",
    multiple=True,
    help=_('A stretch: "2027-04-12 09:00-12:30"; may be given several times.'),
)
@click.option("--any-time", is_flag=True, help=_("Any time of the conference suits."))
@click.option("--mode", type=click.Choice(Mode.values), help=_("On site, online or both."))
@click.option("--daily-max", type=int, help=_("The most meetings a day."))
@json_option
def command(
    edition: str,
    record: UUID,
    zone: str | None,
    hours: tuple[str, ...],
    any_time: bool,
    mode: str | None,
    daily_max: int | None,
) -> None:
    where = edition_by_slug(SYSTEM, edition)
    found: Talent | Delegate
    try:
        found, kind = queries.talent(SYSTEM, record, where.pk), "talent"
    except NotFound:
        found, kind = queries.delegate(SYSTEM, record, where.pk), "delegate"
    clock = availability.zone_of(zone or found.person.time_zone or where.time_zone)
    if any_time and hours:
        raise click.UsageError(_("Give either --on or --any-time."))
    if zone or hours or any_time or mode or daily_max is not None:
        stated = (
            [_hours(text) for text in hours]
            if hours or any_time
            else availability.hours_of(found.windows, clock)
        )
        found = services.set_availability(
            SYSTEM,
            SetAvailability(
                edition=where.pk,
                kind=kind,
                record=found.pk,
                time_zone=clock.key,
                windows=tuple(stated),
                mode=mode or found.mode,
                local_from=found.local_from,
                local_until=found.local_until,
                daily_max=daily_max if daily_max is not None else found.daily_max,
            ),
        )
    rows = availability.hours_of(found.windows, clock)
    told: dict[str, Any] = {
        "id": found.pk,
        "kind": kind,
        "time_zone": clock.key,
        "mode": found.mode,
        "daily_max": found.daily_max,
        "windows": [
            {"date": h.date, "start": f"{h.start:%H:%M}", "end": f"{h.end:%H:%M}"} for h in rows
        ],
    }
    lines = availability.shown(found.windows, clock) or [_("Any time of the conference.")]
    voice().tell(told, "\n".join([f"{clock.key}, {Mode(found.mode).label}", *lines]))
