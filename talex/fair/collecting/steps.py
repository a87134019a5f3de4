"""What collecting asks of a reader next."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.fair.collecting import queries
from talex.fair.collecting.models import Stage, Submission
from talex.fair.outside import offers


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: what waits to be reviewed, what came back to be mended."""
    if waiting := queries.waiting_for(actor, edition):
        yield NextStep(
            key="collecting.review", title=_("Review openings that were handed in"),
            url=reverse("collecting:queue", args=[edition.slug]) + "?turn=mine", icon="inbox",
            text=_("Pass them on or approve them, or return them with a reason."),
            action=_("Review"), order=15, count=waiting,
        )  # fmt: skip
    own = offers(actor, edition)
    if not own:
        return
    back = Submission.objects.filter(
        edition=edition, stage=Stage.RETURNED, opening__organisation_id__in=own
    ).count()
    if back:
        yield NextStep(
            key="collecting.mend", title=_("Mend openings that were returned"),
            url=reverse("collecting:mine", args=[edition.slug]), icon="edit",
            text=_("Each says why. Change it and hand it in again."), action=_("Mend"),
            order=11, count=back, urgent=True,
        )  # fmt: skip
    drafts = queries.to_hand_in(actor, edition)
    if drafts:
        yield NextStep(
            key="collecting.hand_in", title=_("Hand in openings that are drafts"),
            url=reverse("collecting:mine", args=[edition.slug]), icon="send",
            text=_("Nobody but you sees a draft. Hand it in when it is ready."),
            action=_("See the drafts"), order=19, count=drafts,
        )  # fmt: skip
