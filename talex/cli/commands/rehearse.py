"""`talex rehearse`: a generated conference to train with."""

from __future__ import annotations

from datetime import datetime

import click
from django.utils.translation import gettext as _

from talex.cli import counts
from talex.cli.output import json_option, voice
from talex.cli.timing import Steps
from talex.core.actor import SYSTEM


@click.command("rehearse", help=_("Make a conference of invented people and openings."))
@click.option(
    "--scale", type=click.Choice(["small", "city", "province"]), default="small", show_default=True
)
@click.option("--seed", default=1, show_default=True, help=_("Another number, other people."))
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("The first day."))
@click.option("--slug", default="", help=_("The edition's short name."))
@click.option("--asks/--no-asks", default=True, help=_("Let them ask and answer each other."))
@json_option
def command(scale: str, seed: int, starts: datetime | None, slug: str, asks: bool) -> None:
    from talex.rehearsing import load, play

    steps = Steps()
    first = starts.date() if starts else None
    loaded = load.load(SYSTEM, scale, seed, starts_on=first, slug=slug, tell=steps)
    interests = play.ask_and_answer(loaded, steps) if asks else {}
    steps.end()
    told = {
        "edition": loaded.edition.slug,
        "talents": len(loaded.talents),
        "openings": len(loaded.openings),
        "organisations": len(loaded.organisations),
        "interests": interests,
        "seconds": steps.seconds,
    }
    voice().tell(
        told,
        _("The rehearsal %(edition)s is ready: %(talents)s, %(openings)s.")
        % {
            "edition": loaded.edition.slug,
            "talents": counts.talents(len(loaded.talents)),
            "openings": counts.openings(len(loaded.openings)),
        },
    )
