"""What pages, API and command line read of campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Message, NotAllowed, NotFound
from talex.editions.models import Edition
from talex.messages.campaigns import lists, placeholders, rules
from talex.messages.campaigns.models import Addressee, Campaign, State, Template, Wording
from talex.messages.models import State as Sent

#: What every outcome of an addressee is called.
OUTCOMES: dict[str, Message] = {
    **{one.value: one.label for one in Addressee.State},
    **{one.value: one.label for one in Sent},
}
ARRIVED = (Sent.SENT.value, Sent.DIGESTED.value)


def campaigns(actor: Actor, edition: Edition) -> QuerySet[Campaign]:
    """Those of the edition, the newest first, with `size` of their list. Raises NotAllowed."""
    if not rules.can_read(actor, edition.pk):
        raise NotAllowed
    rows = Campaign.objects.filter(rules.visible(actor), edition=edition)
    return rows.select_related("edition", "template", "wording").annotate(size=Count("addressees"))


def campaign(actor: Actor, edition: Edition, pk: UUID) -> Campaign:
    """One of them. Raises NotAllowed, NotFound."""
    found = campaigns(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def has_passed(campaign: Campaign) -> bool:
    """Whether the time it was to wait for is over before it was approved."""
    return (
        campaign.not_before is not None
        and campaign.state in (State.DRAFT, State.SUBMITTED)
        and campaign.not_before <= clock.now()
    )


def templates(actor: Actor, edition: Edition) -> QuerySet[Template]:
    """The texts of the edition. Raises NotAllowed."""
    if not rules.can_read(actor, edition.pk):
        raise NotAllowed
    rows = Template.objects.filter(rules.visible(actor), edition=edition)
    return rows.prefetch_related("wordings")


def template(actor: Actor, edition: Edition, pk: UUID) -> Template:
    """One of them. Raises NotAllowed, NotFound."""
    found = templates(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def wording(found: Template, number: int | None = None) -> Wording:
    """One version of a text, the newest without a number. Raises NotFound."""
    rows = found.wordings.select_related("template", "made_by")
    one = rows.first() if number is None else rows.filter(number=number).first()
    if one is None:
        raise NotFound
    return one


def addressees(actor: Actor, found: Campaign) -> QuerySet[Addressee]:
    """The list of a campaign."""
    if not rules.can_see_campaign(actor, found):
        raise NotFound
    return lists.with_outcome(found.addressees.all())


@dataclass(frozen=True, slots=True)
class Prospect:
    """Whom a campaign would reach: counts, by language, and languages its text lacks."""

    count: int
    by_language: list[tuple[str, int]]
    lacking: list[tuple[str, int]]


def prospect(found: Campaign) -> Prospect:
    """Of a draft as it is now; of all others from their list."""
    if found.state == State.DRAFT:
        counted: dict[str, int] = {}
        for target in lists.current(found):
            counted[target.to.language] = counted.get(target.to.language, 0) + 1
    else:
        counted = lists.languages(found)
    text = found.wording or wording(found.template)
    known: dict[str, Any] = dict(settings.LANGUAGES)
    rows = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return Prospect(
        sum(counted.values()),
        [(known.get(code, code), count) for code, count in rows],
        [(known.get(code, code), count) for code, count in rows if code not in set(text.text)],
    )


def tally(found: Campaign) -> list[tuple[str, Message, int]]:
    """(outcome, what it is called, count) of the list, without those of none."""
    counted = lists.counts(found)
    order = [*OUTCOMES, *counted]
    return [
        (key, OUTCOMES.get(key, _("Written")), counted[key])
        for key in dict.fromkeys(order)
        if key in counted
    ]


def unfit_drafts(template: Template, wording: Wording) -> list[Campaign]:
    """Campaigns still being written with this text, of which it speaks of what their readers do
    not have; they cannot be submitted so."""
    drafts = Campaign.objects.filter(template=template, state=State.DRAFT).order_by("name")
    return [one for one in drafts if not placeholders.fits(wording, one.audience)]
