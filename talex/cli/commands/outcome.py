"""`talex outcome`: what came of a meeting, and recording it."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.editions.queries import edition_by_slug
from talex.fair import queries, services
from talex.fair.choices import Side
from talex.fair.services import outcomes
from talex.meetings import queries as meeting_queries
from talex.meetings.services import TellOutcome, tell_outcome


@click.command("outcome", help=_("Show or record what came of a meeting."))
@click.argument("meeting_id")
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option("--held/--no-show", default=None, help=_("Whether the meeting was held."))
@click.option(
    "--go-on",
    type=click.Choice([side.value for side in Side]),
    multiple=True,
    help=_("This side wants to go on."),
)
@click.option(
    "--reached",
    type=click.Choice([rung.value for rung in outcomes.LATER]),
    help=_("This was reached."),
)
@click.option("--at", "happened_at", type=click.DateTime(), help=_("When, in UTC; else now."))
@json_option
def command(
    meeting_id: str,
    slug: str,
    held: bool | None,
    go_on: tuple[str, ...],
    reached: str | None,
    happened_at: datetime | None,
) -> None:

    edition = edition_by_slug(SYSTEM, slug)
    pk = parse(meeting_id)
    if pk is None:
        raise NotFound
    if held is not None:
        tell_outcome(SYSTEM, edition, TellOutcome(pk, "held" if held else "no_show"))
    for side in go_on:
        services.say(SYSTEM, edition, services.SayIntent(pk, side, True))
    if reached:
        at = happened_at.replace(tzinfo=UTC) if happened_at else None
        services.record_outcome(SYSTEM, edition, services.RecordOutcome(pk, reached, at))
    meeting = meeting_queries.meetings(SYSTEM, edition).filter(pk=pk).first()
    if meeting is None:
        raise NotFound
    found = queries.outcome(meeting)
    voice().tell(
        {
            "meeting": meeting.pk,
            "status": meeting.status,
            "highest": found.highest,
            "steps": [
                {"rung": s.rung, "reached_at": s.reached_at, "confirmed_by": s.confirmed_by}
                for s in found.steps
            ],
            "talent": found.answer(Side.TALENT),
            "employer": found.answer(Side.EMPLOYER),
        },
        "\n".join(
            f"{'x' if step.row else ' '} {step.label}"
            + (f"  {step.reached_at:%Y-%m-%d %H:%M} UTC" if step.reached_at else "")
            for step in found.steps
        ),
    )
