"""Where an opening stands on its way and what comes next, in words for its readers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from talex.core.actor import Actor
from talex.editions.rules import is_office
from talex.fair import rules as fair
from talex.fair.choices import OpeningState
from talex.fair.collecting.models import Stage, Submission
from talex.fair.collecting.services.submissions import UNDER_REVIEW
from talex.fair.collecting.services.switching import is_reviewed
from talex.fair.models import Opening
from talex.fair.outside import suspended_or_refused
from talex.fair.reviewing import Standing


def next_of(submission: Submission) -> Any:
    """What comes next, for whoever reads it."""
    stage = submission.stage
    if stage == Stage.HANDED_IN and submission.collector is not None:
        told = _("%(collector)s reviews it, and passes it on or returns it.")
        return told % {"collector": submission.collector.name}
    if stage == Stage.APPROVED and submission.opening.state != OpeningState.OPEN:
        if submission.approved_digest:
            return _("As it was approved it can be opened again; changed, it is handed in again.")
        return _("It is handed in again before talents see it.")
    return {
        Stage.DRAFT: _("The organisation hands it in when it is ready."),
        Stage.RETURNED: _("The organisation mends it and hands it in again."),
        Stage.PASSED: _("The office approves it or returns it."),
        Stage.APPROVED: _("Talents see it while it is open. It stands in the next published list."),
    }.get(Stage(stage), "")


def standing(actor: Actor, opening: Opening) -> Standing | None:
    """For its own side and the office; None where nothing waits and nothing is to be done, as by
    an organisation that is suspended or was refused."""
    if not is_reviewed(opening.edition_id):
        return None
    found = Submission.objects.filter(opening_id=opening.pk).select_related("collector").first()
    where = {"edition": opening.edition.slug}
    page = reverse("collecting:submission", kwargs={**where, "pk": found.pk}) if found else ""
    stage = Stage(found.stage) if found else Stage.DRAFT
    office = is_office(actor, opening.edition_id)
    if not office and suspended_or_refused(opening.edition, [opening.organisation_id]):
        return None
    # What the office opens is approved by it: it has nothing to hand in.
    may = fair.can_edit_opening(actor, opening) and not office
    hand_in = reverse("collecting:hand_in", kwargs={**where, "opening": opening.pk}) if may else ""
    if stage in UNDER_REVIEW or stage == Stage.RETURNED:
        assert found is not None
        back = stage == Stage.RETURNED
        label = found.get_stage_display() if back else pgettext("openings", "Handed in")
        return Standing(
            _told(found, stage, opening),
            page,
            hand_in if back else "",
            own_turn=back,
            again=back,
            label="" if opening.state == OpeningState.OPEN else label,
        )
    if opening.state != OpeningState.DRAFT:
        return None
    told = _(
        "It is a draft and was not handed in yet. Hand it in when it is ready: talents see it once "
        "the office has approved it."
    )
    return Standing(told, page, hand_in, own_turn=True)


def _told(found: Submission, stage: Stage, opening: Opening) -> Any:
    if stage == Stage.RETURNED and found.handed_in:
        return _(
            "It was returned to be mended. What you changed is not handed in again yet: hand it in "
            "again when it is ready."
        )
    if stage == Stage.RETURNED:
        return _("It was returned to be mended. Change it and hand it in again.")
    collector = found.collector if stage == Stage.HANDED_IN else None
    if opening.state == OpeningState.OPEN:
        whom = collector.name if collector else pgettext("is with", "the office")
        return _("Talents see it as it was approved. Your changes are with %(whom)s.") % {
            "whom": whom
        }
    if collector is None:
        return _(
            "It is with the office, which approves or returns it. Talents see it once it is "
            "approved."
        )
    return _(
        "It is with %(collector)s, who passes it on or returns it. Talents see it once the office "
        "has approved it."
    ) % {"collector": collector.name}
