"""What pages and API read of cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.evidence.queries import standing
from talex.evidence.vocabulary import Rung
from talex.participants.cohorts import rules
from talex.participants.cohorts.models import Cohort, Member, MemberState, PendingJoin, RollDraft

#: What a university is told of how its graduates fared, lowest first.
RUNGS = (
    Rung.REGISTERED,
    Rung.VERIFIED,
    Rung.INTERVIEWED,
    Rung.MUTUAL_INTENT,
    Rung.OFFER_ACCEPTED,
    Rung.ARRIVED,
)
#: A smaller number of persons who did not agree could be one whom the university knows.
LEAST = 5


def cohorts(actor: Actor, edition: Edition) -> QuerySet[Cohort]:
    """The cohorts the actor may see, the newest first."""
    return (
        Cohort.objects.filter(rules.visible_cohorts(actor), edition=edition)
        .select_related("organisation", "edition")
        .order_by("-created_at", "pk")
    )


def cohort(actor: Actor, edition: Edition, pk: UUID) -> Cohort:
    """One cohort. `NotFound` where not visible."""
    found = cohorts(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _present(cohort: Cohort) -> QuerySet[Member]:
    return Member.objects.filter(
        cohort=cohort, talent__merged_into__isnull=True, talent__erased_at__isnull=True
    )


def _standing(cohort: Cohort) -> QuerySet[Any]:
    """The evidence of the edition that a university is told of; `counted` says whose it is."""
    rows: Any = standing(cohort.edition_id)
    return cast("QuerySet[Any]", rows.filter(rung__in=[rung.value for rung in RUNGS]))


def members(actor: Actor, cohort: Cohort) -> QuerySet[Member]:
    """Who joined: for the university those who agreed, for office and auditors all.

    Each with `rung`, the highest of `RUNGS` that stands.
    """
    rows = _present(cohort).select_related("talent__person", "entry", "cohort")
    if not can_audit(actor, cohort.edition_id):
        rows = rows.filter(rules.agreed(cohort))
    reached = _standing(cohort).filter(counted=OuterRef("talent_id"))
    height = Case(
        *(When(rung=rung.value, then=Value(rung.height)) for rung in RUNGS),
        output_field=IntegerField(),
    )
    highest = reached.annotate(height=height).order_by("-height")
    return rows.annotate(
        rung=Subquery(highest.values("rung")[:1]), height=Subquery(highest.values("height")[:1])
    )


def reached_by(cohort: Cohort, rung: str) -> Subquery:
    """The talents of the edition that reached a rung, for filtering members."""
    return Subquery(_standing(cohort).filter(rung=rung).order_by().values("counted"))


@dataclass(frozen=True, slots=True)
class Fared:
    """How many reached a rung: of those who agreed, and of the others.

    `others` is None where the number is too small, or is nearly all of them: it would tell of
    single persons.
    """

    rung: Rung
    agreed: int
    others: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """`agreed`: who agreed to be seen; `others`: how many did not, None where fewer than five,
    also where there is nobody: the first one would be told of else."""

    agreed: int
    confirmed: int
    others: int | None
    rungs: list[Fared]


def results(cohort: Cohort) -> Results:
    """How the cohort fared. Who is said not to be of it is not counted."""
    counted = _present(cohort).exclude(state=MemberState.NOT_OURS)
    agreed = counted.filter(rules.agreed(cohort))
    others = counted.exclude(rules.agreed(cohort))
    total = others.count()
    by_agreed, by_others = _tally(cohort, agreed), _tally(cohort, others)
    return Results(
        agreed=agreed.count(),
        confirmed=agreed.filter(state=MemberState.CONFIRMED).count(),
        others=total if total >= LEAST else None,
        rungs=[
            Fared(rung, by_agreed.get(rung, 0), _guarded(by_others.get(rung, 0), total))
            for rung in RUNGS
        ],
    )


def _guarded(count: int, total: int) -> int | None:
    return count if count >= LEAST and total - count >= LEAST else None


def _tally(cohort: Cohort, rows: QuerySet[Member]) -> dict[str, int]:
    found = (
        _standing(cohort)
        .filter(counted__in=rows.values("talent_id"))
        .order_by()
        .values_list("rung")
        .annotate(n=Count("counted", distinct=True))
    )
    return dict(found)


def roll_draft(actor: Actor, cohort: Cohort, pk: UUID) -> RollDraft:
    """A list that is being looked at, for whoever runs the cohort."""
    found = RollDraft.objects.select_related("cohort__edition").filter(cohort=cohort, pk=pk).first()
    if found is None or not rules.can_run(actor, cohort):
        raise NotFound
    return found


def own(actor: Actor, edition: Edition) -> QuerySet[Member]:
    """The cohorts that the actor joined."""
    return (
        Member.objects.filter(
            talent__person_id__in=actor.persons(),
            talent__erased_at__isnull=True,
            talent__merged_into__isnull=True,
            cohort__edition=edition,
        )
        .select_related("cohort__organisation", "cohort__edition", "talent__person")
        .order_by("joined_at", "pk")
    )


def noted(actor: Actor, edition: Edition) -> QuerySet[PendingJoin]:
    """The cohorts that the actor will be in as soon as they register as a talent."""
    if actor.user is None:
        return PendingJoin.objects.none()
    return (
        PendingJoin.objects.filter(user_id=actor.user, cohort__edition=edition)
        .select_related("cohort__organisation")
        .order_by("created_at", "pk")
    )
