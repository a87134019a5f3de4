"""`talex opening`: look at openings."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.editions.queries import edition_by_slug
from talex.fair import queries, show
from talex.fair.models import Opening


def _row(opening: Opening) -> dict[str, Any]:
    return {
        "id": opening.pk,
        "title": opening.title if voice().as_json else str(opening.title),
        "organisation": str(opening.organisation.name),
        "kind": opening.kind,
        "degree": opening.degree_required,
        "region": opening.region,
        "pay": opening.pay if voice().as_json else show.pay_line(opening),
        "state": opening.state,
    }


@click.group("opening", help=_("Look at openings."))
def command() -> None:
    pass


@command.command("list", help=_("The openings of an edition."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option("--state", default="", help=_("Only draft, open or closed ones."))
@click.option("--limit", default=50, show_default=True, help=_("At most so many; 0 for all."))
@json_option
def list_openings(slug: str, state: str, limit: int) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    rows = queries.openings(SYSTEM, edition).order_by("title_line", "id")
    if state:
        rows = rows.filter(state=state)
    shown = rows[:limit] if limit else rows
    voice().table(
        [_row(opening) for opening in shown],
        {
            "id": _("Id"),
            "title": _("Title"),
            "organisation": _("Organisation"),
            "degree": _("Degree"),
            "region": _("Place"),
            "pay": _("Pay"),
            "state": _("State"),
        },
        _("No openings yet."),
    )


@command.command("show", help=_("Everything one opening says."))
@click.argument("opening_id")
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@json_option
def show_opening(opening_id: str, slug: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    pk = parse(opening_id)
    if pk is None:
        raise NotFound
    opening = queries.opening(SYSTEM, edition, pk)
    data = _row(opening) | {
        "description": opening.description if voice().as_json else str(opening.description),
        "headcount": opening.headcount,
        "experience": show.years_line(opening.experience_min, opening.experience_max),
        "skills": opening.skills if voice().as_json else ", ".join(opening.skills),
        "languages": opening.languages
        if voice().as_json
        else show.language_line(opening.languages),
        "industry": opening.industry,
        "starts_on": opening.starts_on,
        "closes_on": opening.closes_on,
        "mode": opening.mode,
        "source": opening.source,
        "source_text": opening.source_text,
        "version": opening.version,
    }
    text = "\n".join(f"{key}: {value}" for key, value in data.items() if value not in ("", None))
    voice().tell(data, text)
