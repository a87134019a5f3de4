"""`talex match`: propose who should meet whom."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from talex.cli import counts
from talex.cli.numbers import Number
from talex.cli.output import json_option, voice
from talex.cli.progress import finish
from talex.core.actor import SYSTEM
from talex.editions.queries import edition_by_slug
from talex.fair import limits, services


@click.command("match", help=_("Propose who should meet whom, with reasons."))
@click.option("--edition", "slug", required=True, help=_("The edition's short name."))
@click.option(
    "--per-talent",
    default=limits.PROPOSALS_PER_TALENT,
    show_default=True,
    help=_("Proposals for one talent at most."),
)
@click.option(
    "--minimum",
    type=Number(least=0, most=1),
    default=0.0,
    show_default=True,
    help=_("No proposal below this score (0 to 1)."),
)
@click.option("--seed", default=0, show_default=True, help=_("Decides ties."))
@click.option(
    "--approve-above",
    type=Number(least=0, most=1),
    default=None,
    help=_("Approve every proposal of at least this score (0 to 1)."),
)
@json_option
def command(
    slug: str, per_talent: int, minimum: float, seed: int, approve_above: float | None
) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    told = services.RunMatching(per_talent=per_talent, minimum=minimum, seed=seed)
    done: dict[str, Any] = finish(services.start_matching(SYSTEM, edition, told))
    lines = [
        _("Matched in %(seconds)s s and verified: %(kept)s. With a proposal – talents: %(people)s "
          "of %(talents)s, openings: %(offers)s of %(openings)s.")
        % {
            "kept": counts.proposals(done["kept"]),
            "people": done["talents_with_proposal"],
            "talents": done["talents"],
            "offers": done["openings_with_proposal"],
            "openings": done["openings"],
            "seconds": done["solve_seconds"],
        }
    ]  # fmt: skip
    if approve_above is not None:
        decided = services.approve_above(SYSTEM, edition, approve_above)
        done["approval"] = decided.as_json()
        lines.append(
            _("%(approved)s approved (new wanted meetings: %(meetings)s); %(apart)s without a "
              "common way to meet.") % decided.as_json()
        )  # fmt: skip
    voice().tell(done, "\n".join(lines))
