"""`talex figures`: count, freeze, check."""

from __future__ import annotations

from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from talex.bulletin import comparing, freezing, instants, presenting, queries, tables
from talex.bulletin.definitions import DEFINITIONS
from talex.bulletin.models import Snapshot
from talex.bulletin.services import FreezeSnapshot, freeze_snapshot
from talex.cli.codes import VerificationFailed
from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import NotFound
from talex.editions.queries import edition_by_slug

BY = {"degree": "degree_level", "industry": "industry", "region": "region"}
_EDITION = _("The conference, by its short name in addresses.")
_UNTIL = _("What happened until then: 2027-05-31 or 2027-05-31T18:00; else until now.")
_KNOWN = _("What was known by then; else what is known now.")
_edition = click.option("--edition", "slug", required=True, metavar="SLUG", help=_EDITION)


def _moments(row: Snapshot) -> dict[str, Any]:
    return {
        "number": row.number,
        "happened_until": row.until,
        "known_until": row.known,
        "digest": row.digest,
        "head_number": row.head_number,
        "head_hash": row.head_hash,
        "created_at": row.created_at,
        "note": row.note,
    }


@click.group(
    invoke_without_command=True,
    help=_("Count the figures of a conference, freeze them, count a snapshot again."),
)
@click.option("--edition", "slug", metavar="SLUG", help=_EDITION)
@click.option("--until", default="", metavar="WHEN", help=_UNTIL)
@click.option("--known", default="", metavar="WHEN", help=_KNOWN)
@click.option("--by", type=click.Choice(list(BY)), help=_("Split every figure by this."))
@json_option
@click.pass_context
def command(ctx: click.Context, slug: str | None, until: str, known: str, by: str | None) -> None:
    if ctx.invoked_subcommand is not None:
        return
    if slug is None:
        raise click.UsageError(_("Name the conference: --edition SLUG"))
    edition = edition_by_slug(SYSTEM, slug)
    cutoff = instants.read(edition, until, known)
    found = queries.figures(SYSTEM, edition, cutoff, BY[by] if by else "")
    out = voice()
    numbers = presenting.as_json([found.table], freezing.definitions(), cutoff)
    if out.as_json:
        out.tell(
            {
                "edition": edition.slug,
                "happened_until": cutoff.until,
                "known_until": cutoff.known,
                "numbers": numbers,
            }
        )
        return
    with timezone.override(edition.time_zone):
        out.note(
            _("Happened until %(until)s, known until %(known)s (%(zone)s).")
            % {
                "until": timezone.localtime(cutoff.until).isoformat(" ", "seconds"),
                "known": timezone.localtime(cutoff.known).isoformat(" ", "seconds"),
                "zone": edition.time_zone,
            }
        )
    names = {d.key: d.name for d in DEFINITIONS}
    total = dict(zip(found.table.figures, found.table.totals, strict=True))
    if not by:
        rows = [{"name": names[key], "persons": number} for key, number in total.items()]
        out.table(rows, {"name": _("Figure"), "persons": _("People")})
        return
    # A terminal is narrow: figures that nobody reached are left out (not in JSON).
    columns = {key: names[key] for key, number in total.items() if number}
    rows = [
        {"label": line.label, **dict(zip(found.table.figures, line.numbers, strict=True))}
        for line in found.table.lines
    ]
    heading = tables.DIMENSION_LABELS[BY[by]]
    out.table([*rows, {"label": _("Total"), **total}], {"label": heading, **columns})


@command.command("snapshot", help=_("Freeze all figures as they are, or were, at one instant."))
@_edition
@click.option("--until", default="", metavar="WHEN", help=_UNTIL)
@click.option("--known", default="", metavar="WHEN", help=_KNOWN)
@click.option("--note", default="", metavar="TEXT", help=_("What the snapshot is for."))
@json_option
def snapshot(slug: str, until: str, known: str, note: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    asked = instants.read(edition, until, known)
    made = freeze_snapshot(
        SYSTEM,
        FreezeSnapshot(
            edition=edition.pk,
            until=asked.until if until else None,
            known=asked.known if known else None,
            note=note,
        ),
    )
    voice().tell(
        _moments(made),
        _("Snapshot %(number)s is frozen. Digest %(digest)s")
        % {"number": made.number, "digest": made.digest},
    )


@command.command(
    "check", help=_("Count snapshots again (all, or one); exit code 7 where one differs.")
)
@_edition
@click.option("--number", type=int, metavar="N", help=_("Only this snapshot."))
@json_option
def check(slug: str, number: int | None) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    chosen = Snapshot.objects.filter(edition=edition).order_by("number")
    if number is not None:
        chosen = chosen.filter(number=number)
        if not chosen:
            raise NotFound
    found = [(row, freezing.check(row)) for row in chosen]
    told = [{**_moments(row), "equal": c.equal, "says": comparing.told(c)} for row, c in found]
    lines = []
    for row, c in found:
        words = {"number": row.number}
        if c.equal:
            lines.append(_("Snapshot %(number)s: counted again, the same.") % words)
        else:
            lines.append(_("Snapshot %(number)s: counted again, not the same:") % words)
            lines += [f"  - {text}" for text in comparing.told(c)]
    voice().tell(told, "\n".join(lines) or _("There are no snapshots."))
    if not all(c.equal for _row, c in found):
        raise VerificationFailed
