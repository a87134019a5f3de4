"""`talex agenda`: somebody's agenda as a list or a calendar file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.meetings import calendars, queries


@click.command("agenda", help=_("The agenda of a person, organisation, table or hall."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option(
    "--of", "kind", type=click.Choice(["person", "organisation", "table", "hall"]), required=True
)
@click.option("--ics", is_flag=True, help=_("As a calendar file (iCalendar)."))
@click.argument("which", type=click.UUID)
@json_option
def command(slug: str, kind: str, ics: bool, which: UUID) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    of: dict[str, Any] = {kind: which}
    found = queries.agenda(SYSTEM, edition, **of)
    if ics:
        click.echo(calendars.calendar(edition, found).decode(), nl=False)
        return
    rows = [
        {
            "starts_at": m.starts_at.isoformat(),
            "about": str(m.request.subject_title),
            "where": calendars.place_line(m),
            "with": ", ".join(p.person.name for p in m.request.parties.all()),
        }
        for m in found
    ]
    names = {
        "starts_at": gettext_lazy("Time"),
        "about": gettext_lazy("About"),
        "where": gettext_lazy("Where"),
        "with": gettext_lazy("With"),
    }
    voice().table(rows, names, empty=_("No meetings."))
