"""`talex schedule`: make the timetable of an edition."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, voice
from talex.cli.progress import finish
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.meetings import board, reasons, releasing, tasks


@click.command("schedule", help=_("Place the wanted meetings of an edition into a timetable."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option("--seconds", default=30.0, show_default=True, help=_("How long to search."))
@click.option("--seed", default=0, show_default=True, help=_("Of the random choices."))
@click.option(
    "--release",
    "note",
    default=None,
    help=_("Release it, with this note. Without it, it stays a draft that nobody sees."),
)
@json_option
def command(slug: str, seconds: float, seed: int, note: str | None) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    done = finish(tasks.start(SYSTEM, edition, seconds=seconds, seed=seed))
    if note is not None:
        last = _release(edition, note, done)
    elif board.draft_of(edition) is None:
        last = _("Nothing better was found than what people see, so there is no draft.")
    else:
        last = _("It is a draft. Release it with: talex timetable release --edition %(edition)s")
        last %= {"edition": slug}
    lines = [
        ngettext(
            "%(placed)s of %(requests)s wanted meeting has a place (at most %(bound)s can).",
            "%(placed)s of %(requests)s wanted meetings have a place (at most %(bound)s can).",
            done["requests"],
        )
        % {k: done[k] for k in ("placed", "requests", "bound")}
    ]
    lines += [f"  {count}: {reasons.unplaced(why)}" for why, count in done["unplaced"].items()]
    voice().tell(done, "\n".join([*lines, last]))


def _release(edition: Edition, note: str, done: dict[str, Any]) -> str:
    """Release the draft; `done` gets the version, None where it changes nothing."""
    try:
        version = releasing.release_timetable(SYSTEM, edition, releasing.ReleaseTimetable(note))
    except releasing.NothingToRelease as why:
        done["version"] = None
        return str(why)
    done["version"] = version.number
    return _("Released as version %(version)s.") % done
