"""`talex coverage`: whom the last run of the matching reached, and why not the others."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.fair import coverage, coverage_lists


@click.command("coverage", help=_("Whom the last run of the matching reached, and why not all."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help=_("At most so many; 0 for all."),
)
@json_option
def command(slug: str, limit: int) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    told = coverage.summary(SYSTEM, edition)
    rows = coverage.openings(SYSTEM, edition).filter(coverage.OPENING_WITHOUT).order_by("why", "id")
    shown = list(rows[:limit] if limit else rows)
    if voice().as_json:
        openings = [
            {
                "id": row.opening_id,
                "title": row.opening.title,
                "why": row.why,
                "excluded": row.excluded,
                "alone": row.alone,
                "best": row.best,
            }
            for row in shown
        ]
        voice().tell({**told.as_json(), "openings_without_proposal": openings})
        return
    voice().tell(
        {},
        _(
            "Without a proposal – talents: %(talents_without)s of %(talents)s (places taken: "
            "%(talents_full)s), openings: %(openings_without)s of %(openings)s (places taken: "
            "%(openings_full)s). Nobody fits: %(openings_nobody_fits)s. Wanted by very many: "
            "%(openings_pressed)s. Talents with too many: %(talents_crowded)s."
        )
        % told.as_json(),
    )
    voice().table(
        [
            {
                "title": str(row.opening.title),
                "organisation": str(row.opening.organisation.name),
                "why": coverage_lists.WHY.get(row.why, row.why),
                "most": ", ".join(
                    f"{coverage_lists.TERMS[term]}: {count}"
                    for term, count, _alone in coverage_lists.excluding(row)[:2]
                ),
            }
            for row in shown
        ],
        {
            "title": _("Opening"),
            "organisation": _("Organisation"),
            "why": _("Why none"),
            "most": _("Excludes most"),
        },
        _("Every opening has a proposal."),
    )
