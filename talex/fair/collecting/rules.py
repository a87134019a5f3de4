"""Who sees a submission and who acts on it. `can_see` and `visible` say the same."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions import rules as editions
from talex.fair import rules as fair
from talex.fair.collecting import tree
from talex.fair.collecting.models import Stage, Submission
from talex.participants.rules import WRITERS


def can_see(actor: Actor, submission: Submission) -> bool:
    """The office, auditors, the opening's own side; once it was handed in, collectors above it."""
    edition = submission.edition_id
    if editions.can_audit(actor, edition) or fair.is_employer(actor, submission.opening):
        return True
    if submission.stage == Stage.DRAFT:
        return False
    collectors = tree.collecting_for(actor, edition)
    return bool(collectors) and submission.opening.organisation_id in tree.below(collectors)


def visible(actor: Actor, edition: UUID) -> Q:
    """The submissions of an edition for which `can_see` holds."""
    if editions.can_audit(actor, edition):
        return Q(edition_id=edition)
    own = actor.organisations(edition, pending=True)
    seen = tree.below(tree.collecting_for(actor, edition))
    return Q(edition_id=edition) & (
        Q(opening__organisation_id__in=own)
        | (Q(opening__organisation_id__in=seen) & ~Q(stage=Stage.DRAFT))
    )


def can_collect(actor: Actor, submission: Submission) -> bool:
    """Return it or pass it on: the collector it waits with, as long as it stands below it.

    For a collector for whom nobody acts, collectors above it and the office do: what was handed in
    would wait for ever."""
    edition, collector = submission.edition_id, submission.collector_id
    if collector is None or submission.opening.organisation_id not in tree.below([collector]):
        return False
    if _collects(actor, edition, collector):
        return True
    above = [one for one in tree.above(collector) if one != collector]
    may = can_approve(actor, edition) or any(_collects(actor, edition, one) for one in above)
    return may and not tree.attended(edition, collector)


def _collects(actor: Actor, edition: UUID, collector: UUID) -> bool:
    return collector in actor.organisations(edition) and actor.acts_as(edition, collector, *WRITERS)


def can_approve(actor: Actor, edition: UUID) -> bool:
    """Approve or return what was passed on, give quotas, switch the reviewing: the office."""
    return editions.is_office(actor, edition)


def can_open(actor: Actor, edition: UUID) -> bool:
    """The pages of collecting: office, auditor, collectors, and delegates for their own."""
    return editions.can_audit(actor, edition) or bool(actor.organisations(edition, pending=True))


def can_share(actor: Actor, edition: UUID, collector: UUID) -> bool:
    """Share a collector's quota with those below: its delegates who are no mere assistants."""
    return collector in tree.collecting_for(actor, edition) and actor.acts_as(
        edition, collector, *WRITERS
    )
