"""`talex verify`: check the kept timetable without the scheduler."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.codes import VerificationFailed
from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug, editions
from talex.meetings import scheduling


@click.command("verify", help=_("Check that nobody and nothing is in two places at once."))
@click.option("--edition", "slug", default=None, help=_("The edition's short name."))
@json_option
def command(slug: str | None) -> None:
    wanted = [edition_by_slug(SYSTEM, slug)] if slug else list(editions(SYSTEM))
    faults = {e.slug: scheduling.verify_edition(e) for e in wanted}
    said = [f"{name}: {fault}" for name, found in faults.items() for fault in found]
    if not said:
        said = [_("%(name)s: no conflict.") % {"name": name} for name in faults]
    voice().tell({"ok": not any(faults.values()), "faults": faults}, "\n".join(said))
    if any(faults.values()):
        raise VerificationFailed
