"""`talex openings`: publish the list of openings, write it out, check it."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.fair.publishing import files, jsonld, queries, services
from talex.fair.publishing.models import PublishedList
from talex.ui import exports

EDITION = _("The edition's short name.")
NUMBER = _("The version's number; left out: the newest.")


@click.group("openings", help=_("Publish the list of openings."))
def command() -> None:
    pass


@command.command("publish", help=_("Freeze what is open now as the next version of the list."))
@click.option("--edition", "slug", required=True, help=EDITION)
@click.option("--note", default="", help=_("What is new; everybody reads it."))
@click.option("--language", default="en", help=_("In which language the note is."))
@json_option
def publish(slug: str, note: str, language: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    text = TranslatedText.of(note, language) if note else TranslatedText()
    made = services.publish(SYSTEM, edition, services.Publish(text))
    voice().tell(
        {
            "number": made.number, "openings": made.count, "added": made.added,
            "changed": made.changed, "withdrawn": made.withdrawn, "digest": made.digest,
        },
        ngettext(
            "Version %(number)d is published with %(n)d opening.",
            "Version %(number)d is published with %(n)d openings.",
            made.count,
        )
        % {"number": made.number, "n": made.count},
    )  # fmt: skip


@command.command("versions", help=_("The versions that were published."))
@click.option("--edition", "slug", required=True, help=EDITION)
@json_option
def versions(slug: str) -> None:
    rows = PublishedList.objects.filter(edition=edition_by_slug(SYSTEM, slug))
    names = ("number", "published_at", "count", "added", "changed", "withdrawn")
    voice().table(
        [{name: getattr(one, name) for name in names} for one in rows],
        {
            "number": _("Version"), "published_at": _("Published"), "count": _("Openings"),
            "added": _("New"), "changed": _("Changed"), "withdrawn": _("Withdrawn"),
        },
        _("No list is published yet."),
    )  # fmt: skip


@command.command("export", help=_("Write a version into an XLSX or JSON-LD file."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--edition", "slug", required=True, help=EDITION)
@click.option("--version", "number", type=click.IntRange(1), default=None, help=NUMBER)
@json_option
def export(file: Path, slug: str, number: int | None) -> None:
    published = queries.version(edition_by_slug(SYSTEM, slug), number)
    edition = published.edition
    if file.suffix.lower() == ".xlsx":
        lines = files.rows(edition, queries.offered(published))
        with exports.xlsx_file(files.HEADER, lines) as source, file.open("wb") as target:
            target.write(source.read())
    elif file.suffix.lower() in (".jsonld", ".json"):
        path = reverse("publishing:jsonld", args=[edition.slug, published.number])
        alive = [one.entry for one in queries.shown(queries.offered(published)) if not one.gone]
        with file.open("wb") as target:
            target.writelines(jsonld.feed(published, alive, settings.TALEX_URL + path))
    else:
        raise Invalid({"file": [_("The name must end in .xlsx or .jsonld.")]})
    voice().tell({"file": str(file), "version": published.number}, str(file))


@command.command("verify", help=_("Check that a version still says what was published."))
@click.option("--edition", "slug", required=True, help=EDITION)
@click.option("--version", "number", type=click.IntRange(1), default=None, help=NUMBER)
@json_option
def verify(slug: str, number: int | None) -> None:
    published = queries.version(edition_by_slug(SYSTEM, slug), number)
    if found := list(services.faults(published)):
        told = _("Version %(number)d was altered: %(what)s")
        raise Conflict(told % {"number": published.number, "what": ", ".join(found[:20])})
    voice().tell(
        {"version": published.number, "whole": True},
        _("Version %(number)d is as it was published.") % {"number": published.number},
    )
