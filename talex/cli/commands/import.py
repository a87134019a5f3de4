"""`talex import FILE`: a file of talents, organisations or openings, previewed and brought in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli import counts
from talex.cli.output import json_option, voice
from talex.cli.progress import finish
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.editions.queries import edition_by_slug
from talex.participants.importing import queries, services
from talex.participants.importing.fields import FIELDS
from talex.participants.importing.labels import field_label
from talex.participants.importing.mapping import Column, Mapping
from talex.participants.importing.models import Import, ImportState, RowState
from talex.participants.importing.notes import gist
from talex.participants.importing.registry import target_of, targets
from talex.participants.importing.tables import letters

_SHOWN = 20


@click.command(
    "import",
    help=_("Bring in a file (CSV, TSV, XLSX) of talents, organisations or openings, as it is."),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--target", required=True, metavar="KIND",
              help=_("What the rows are: talent, organisation or opening."))  # fmt: skip
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option(
    "--source",
    default="",
    help=_("Where the file comes from; rows are known again by it. Else its name."),
)
@click.option("--sheet", default="", help=_("The sheet of a workbook; else the first with rows."))
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help=_("Give a column (heading or letter) a field; nothing after = keeps it as text."),
)
@click.option("--default", "defaults", multiple=True, metavar="FIELD=TEXT",
              help=_("The text of a field for rows that say nothing."))  # fmt: skip
@click.option("--preview", is_flag=True, help=_("Show what would come in, and bring in nothing."))
@click.option(
    "--keep",
    is_flag=True,
    help=_("With --preview, or where it is refused: leave the preview open on its page."),
)
@click.option("--exclude-faulty", "faulty", flag_value="exclude",
              help=_("Leave out rows that have to be mended."))  # fmt: skip
@click.option("--accept-faulty", "faulty", flag_value="accept",
              help=_("Take faulty rows as they stand, where that is possible."))  # fmt: skip
@click.option("--merge-identical", "identical", flag_value="merge",
              help=_("Merge identical rows into one."))  # fmt: skip
@click.option("--keep-identical", "identical", flag_value="keep",
              help=_("Keep identical rows apart."))  # fmt: skip
@json_option
def command(
    file: Path,
    target: str,
    slug: str,
    source: str,
    sheet: str,
    maps: tuple[str, ...],
    defaults: tuple[str, ...],
    preview: bool,
    keep: bool,
    faulty: str | None,
    identical: str | None,
) -> None:
    if target not in {known.key for known in targets()}:
        raise Invalid(
            {
                "target": _("Choose one of: %(kinds)s.")
                % {"kinds": ", ".join(t.key for t in targets())}
            }
        )
    edition = edition_by_slug(SYSTEM, slug)
    one = services.upload_import(
        SYSTEM, services.UploadFile(edition.pk, target, file, source, sheet)
    )
    try:
        _read(one, maps, defaults)
        if faulty == "exclude":
            services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk))
        elif faulty == "accept":
            services.accept_rows(SYSTEM, services.AcceptRows(one.pk))
        if identical:
            services.merge_identical(
                SYSTEM, services.MergeIdentical(one.pk, merge=identical == "merge")
            )
        one.refresh_from_db()
        if preview:
            _tell_preview(one, keep)
            return
        try:
            services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
        except Conflict as refused:
            raise Conflict(f"{refused.message} {_hint(one)}", items=refused.items) from None
        _work(one)
        _tell_result(_fresh(one))
    finally:
        # What is not wanted leaves nothing behind: the rows hold people's data.
        if not keep and _fresh(one).state not in (ImportState.APPLIED, ImportState.CANCELLED):
            services.cancel_import(SYSTEM, services.CancelImport(one.pk))


def _work(one: Import) -> None:
    job = queries.job_of(_fresh(one))
    if job is not None:
        finish(job)


def _fresh(one: Import) -> Import:
    one.refresh_from_db()
    return one


def _read(one: Import, maps: tuple[str, ...], defaults: tuple[str, ...]) -> None:
    mapping = Mapping.from_json(one.mapping)
    columns = list(mapping.columns)
    for given in maps:
        name, sign, field = given.rpartition("=")
        place = _place(one, name) if sign else None
        if place is None:
            raise Invalid(
                {given: _("There is no such column. The columns are: %(columns)s.")
                 % {"columns": ", ".join(one.headings)}}
            )  # fmt: skip
        if field and field not in FIELDS[target_of(one.target).key]:
            raise Invalid(
                {given: _("There is no such field. The fields are: %(fields)s.")
                 % {"fields": ", ".join(FIELDS[target_of(one.target).key])}}
            )  # fmt: skip
        # The field is taken from the column that it was suggested for.
        columns = [Column(c.heading) if field and c.field == field else c for c in columns]
        columns[place] = replace(columns[place], field=field or None)
    texts = dict(mapping.defaults) | {
        name: text for name, _sign, text in (given.partition("=") for given in defaults)
    }
    services.set_mapping(SYSTEM, services.SetMapping(one.pk, columns, texts))
    _work(one)
    one.refresh_from_db()


def _place(one: Import, name: str) -> int | None:
    """The column of this heading, else of these letters (A, B, ... AA)."""
    if name in one.headings:
        return int(one.headings.index(name))
    by_letters = [letters(place) for place in range(len(one.headings))]
    return by_letters.index(name.upper()) if name.upper() in by_letters else None


def _hint(one: Import) -> str:
    states = queries.summary(one).states
    if states[RowState.FAULT]:
        return _("Say --exclude-faulty or --accept-faulty, or mend the rows on the page (--keep).")
    return _("Say --merge-identical or --keep-identical.")


def _counts(one: Import) -> dict[str, Any]:
    found = queries.summary(one)
    return {
        "rows": found.total,
        "states": found.states,
        "distinct": found.distinct,
        "identical_groups": found.identical_groups,
        "similar_groups": found.similar_groups,
        "remarks": dict(found.codes),
        "can_apply": found.can_apply,
    }


def _understood(one: Import) -> dict[str, dict[str, int]]:
    return {
        field: {"understood": understood, "kept": kept}
        for field, _label, understood, kept in queries.understood(one)
    }


def _tell_preview(one: Import, keep: bool) -> None:
    told = _counts(one) | {
        "import": str(one.pk) if keep else None,
        "mapping": {c.heading: c.field for c in Mapping.from_json(one.mapping).columns},
        "understood": _understood(one),
        "faults": [
            {"row": row.number, "column": fault.column, "code": fault.code, "text": fault.message}
            for row in queries.rows(one, "faults")[:_SHOWN]
            for fault in queries.faults(one, row)
        ],
    }
    lines = [
        ngettext(
            "%(rows)s row, %(distinct)s different.", "%(rows)s rows, %(distinct)s different.",
            told["rows"],
        ) % {"rows": told["rows"], "distinct": told["distinct"]}
    ]  # fmt: skip
    lines += [
        f"  {RowState(state).label}: {count}" for state, count in told["states"].items() if count
    ]
    for heading, field in told["mapping"].items():
        lines.append(f"  {heading} → {field_label(field) if field else _('kept as text')}")
    lines += [f"  {count} × {gist(code)}" for code, count in told["remarks"].items()]
    lines += [f"  {f['row']} {f['column']}: {f['text']}" for f in told["faults"]]
    if keep:
        page = reverse("importing:import", kwargs={"edition": one.edition.slug, "pk": one.pk})
        lines.append(f"{settings.TALEX_URL}{page}")
    voice().tell(told, "\n".join(lines))


def _tell_result(one: Import) -> None:
    told = {
        "import": str(one.pk),
        "created": one.result["created"],
        "rows": one.result["rows"],
        "understood": _understood(one),
        "seconds": one.result["seconds"],
    }
    created = sum(n for label, n in told["created"].items() if label.endswith(f".{one.target}"))
    lines = [
        f"{target_of(one.target).label}: "
        + ngettext("%(n)s came in.", "%(n)s came in.", created) % {"n": created}
    ]
    if made := queries.organisations_made(one):
        lines.append("  " + str(_("Organisations made: %(n)s")) % {"n": made})
    lines += [f"  {RowState(state).label}: {count}" for state, count in told["rows"].items()]
    lines += [
        "  "
        + _("%(field)s: understood in %(understood)s, kept as text in %(kept)s")
        % {
            "field": field_label(field),
            "understood": counts.rows(found["understood"]),
            "kept": counts.rows(found["kept"]),
        }
        for field, found in told["understood"].items()
    ]
    voice().tell(told, "\n".join(lines))
