"""`talex search`: find something, or write the index again."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.search import find_everywhere
from talex.editions.queries import edition_by_slug
from talex.ledger.searching import rebuild_all


@click.command("search", help=_("Find people, organisations, openings, meetings, activities."))
@click.argument("words", nargs=-1)
@click.option("--edition", "slug", help=_("Only in this conference."))
@click.option("--each", default=10, show_default=True, type=click.IntRange(1, 1000),
              help=_("The most hits of every kind."))  # fmt: skip
@click.option("--rebuild", is_flag=True, help=_("Write the whole index again first."))
@json_option
def command(words: tuple[str, ...], slug: str | None, each: int, rebuild: bool) -> None:
    if rebuild:
        told = rebuild_all(lambda name, count: voice().note(f"{name}: {count}"))
        if not words:
            voice().tell(told)
            return
    if not words:
        raise click.UsageError(_("Give the words to look for, or --rebuild."))
    edition = edition_by_slug(SYSTEM, slug).pk if slug else None
    rows = [
        {"kind": str(hit.kind), "title": hit.title, "detail": hit.detail, "url": hit.url,
         "source": name}
        for name, hits in find_everywhere(SYSTEM, " ".join(words), edition=edition, each=each)
        for hit in hits
    ]  # fmt: skip
    columns = {"kind": _("Kind"), "title": _("Title"), "detail": _("More"), "url": _("Page")}
    voice().table(rows, columns, empty=_("Nothing was found. Try fewer or shorter words."))
