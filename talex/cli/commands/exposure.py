"""`talex exposure`: how much attention of candidate lists falls on which group."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.fair import exposure


@click.command("exposure", help=_("How much attention of candidate lists falls on which group."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@json_option
def command(slug: str) -> None:
    found = exposure.report(SYSTEM, edition_by_slug(SYSTEM, slug))
    if voice().as_json:
        voice().tell(found.as_json())
        return
    rows = []
    for kind, groups in found.kinds.items():
        for group in groups:
            one = exposure.plain(group)
            rows.append(
                {
                    "kind": exposure.KINDS[kind],
                    "group": exposure.label(kind, group.group),
                    "count": "*" if group.suppressed else one["count"],
                    "exposure": one["exposure"],
                    "interval": "" if group.suppressed else f"{one['low']} – {one['high']}",
                    "proposals": one["proposals"],
                    "treatment": one["treatment"],
                }
            )
    voice().table(
        rows,
        {
            "kind": _("By"),
            "group": _("Group"),
            "count": _("Talents"),
            "exposure": _("Exposure"),
            "interval": _("95 % interval"),
            "proposals": _("Proposals each"),
            "treatment": _("For its merit"),
        },
        _("There is nothing to compare yet."),
    )
    voice().note(_("Mean of all: 1. * Small groups are kept back. After %(source)s.")
                 % {"source": exposure.SOURCE})  # fmt: skip
