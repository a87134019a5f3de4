"""`talex terms`: the organiser's own terms, and classifications such as ESCO."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.editions.queries import edition_by_slug
from talex.fair import terms
from talex.fair.services import terms as services
from talex.ui import exports

EDITION = _("The edition's short name.")


@click.group("terms", help=_("The organiser's own terms, and classifications such as ESCO."))
def command() -> None:
    pass


@command.command("list", help=_("The own terms of an edition."))
@click.option("--edition", "slug", required=True, help=EDITION)
@json_option
def list_terms(slug: str) -> None:
    rows = terms.terms(SYSTEM, edition_by_slug(SYSTEM, slug))
    voice().table(
        [
            {"concept": row.concept, "kind": row.kind, "line": row.line}
            if not voice().as_json
            else {"concept": row.concept, "kind": row.kind, "labels": row.labels,
                  "parents": row.parents, "abbreviations": row.abbreviations}
            for row in rows
        ],
        {"concept": _("Concept"), "kind": _("Kind"), "line": _("Labels")},
        _("No terms yet."),
    )  # fmt: skip


@command.command("import", help=_("Bring in terms from a CSV or XLSX file, all or none."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", "slug", required=True, help=EDITION)
@json_option
def bring_in(file: Path, slug: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    count = services.import_terms(SYSTEM, edition, terms.read_terms(file))
    voice().tell(
        {"terms": count},
        ngettext("%(n)d term came in.", "%(n)d terms came in.", count) % {"n": count},
    )


@command.command("export", help=_("Write the own terms into a CSV or XLSX file."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--edition", "slug", required=True, help=EDITION)
@json_option
def export(file: Path, slug: str) -> None:
    heads, lines = terms.table_rows(terms.terms(SYSTEM, edition_by_slug(SYSTEM, slug)))
    if file.suffix.lower() == ".xlsx":
        with exports.xlsx_file(heads, lines) as source, file.open("wb") as target:
            target.write(source.read())
    elif file.suffix.lower() == ".csv":
        with file.open("wb") as target:
            target.writelines(exports.csv_rows(heads, lines))
    else:
        raise Invalid({"file": [_("The name must end in .csv or .xlsx.")]})
    voice().tell({"file": str(file)}, str(file))


@command.command("suggest", help=_("Skills that many name and no concept knows."))
@click.option("--edition", "slug", required=True, help=EDITION)
@json_option
def suggest(slug: str) -> None:
    found = terms.suggestions(SYSTEM, edition_by_slug(SYSTEM, slug))
    voice().table(
        [{"written": one.written, "count": one.count, "language": one.language} for one in found],
        {"written": _("Skill"), "count": _("Named by"), "language": _("Language")},
        _("Nothing to suggest."),
    )


@command.command(
    "import-esco",
    help=_("Keep ESCO's published CSV files for all editions, in every language they have."),
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", "languages", multiple=True, metavar="CODE",
              help=_("Only files in this language; may be given several times."))  # fmt: skip
@click.option("--release", default="", help=_("The release of ESCO, for example 1.2.0."))
@json_option
def import_esco(folder: Path, languages: tuple[str, ...], release: str) -> None:
    source = services.import_esco(SYSTEM, folder, languages=languages or None, release=release)
    voice().tell(
        {"concepts": source.concepts, "languages": source.languages,
         "attribution": source.attribution},
        _("Concepts: %(n)s. Languages: %(languages)s.")
        % {"n": source.concepts, "languages": ", ".join(source.languages)}
        + "\n" + source.attribution,
    )  # fmt: skip


@command.command("remove-esco", help=_("Take ESCO's concepts out again."))
@json_option
def remove_esco() -> None:
    gone = services.remove_esco(SYSTEM)
    voice().tell({"removed": gone}, _("ESCO is removed.") if gone else _("There is no ESCO here."))
