"""`talex alerts`: look at the saved searches that are due, and mail what is new."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.cli.progress import finish
from talex.core.actor import SYSTEM
from talex.core.jobs import enqueue
from talex.editions.queries import edition_by_slug
from talex.fair.services import searches


@click.command(
    "alerts", help=_("Look at saved searches that were not for a day, and mail what is new.")
)
@click.argument("edition")
@json_option
def command(edition: str) -> None:
    where = edition_by_slug(SYSTEM, edition)
    job = enqueue(SYSTEM, searches.JOB, {"edition": str(where.pk)}, edition=where.pk)
    done: dict[str, Any] = finish(job)
    voice().tell(
        done,
        _("Accounts whose searches were looked at: %(searched)s, mails sent: %(mails)s.") % done,
    )
