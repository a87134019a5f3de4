"""Whom the matching reaches: kept with each run, read by the office's pages, API and CLI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.fair import limits
from talex.fair.choices import STANDING, MatchState
from talex.fair.models import Interest, Match, MatchRun, OpeningCoverage, TalentCoverage
from talex.fair.rules import SHOWN
from talex.participants.abroad import agreed, is_abroad
from talex.participants.models import Talent
from talex.participants.vocabulary import DegreeLevel, DegreeRequirement

BATCH = 500


def keep(edition: Edition, run: MatchRun, made: Any) -> None:
    """Write what a run reached in place of the run before; `made`: proposing.Proposals.

    Called inside the transaction of the run.
    """
    from scipy.sparse import csr_array

    from talex.engine.matching import TERMS, Congestion, Reach, congestion, coverage, explain

    found, solution = made.frame, made.solution
    problem, candidates = found.problem, solution.candidates
    reached = coverage(problem, candidates, solution.pairs)
    room = problem.talents.capacity, problem.openings.capacity
    for_openings = congestion(candidates, *room)
    for_talents = congestion(csr_array(candidates.T), *room[::-1])

    def rows(
        model: type[Any], field: str, ids: list[UUID], reach: Reach, asked: Congestion, others: int
    ) -> None:
        model.objects.filter(edition=edition).delete()
        why = explain(reach, near=limits.CLOSE, others=others)
        model.objects.bulk_create(
            [
                model(
                    run=run,
                    edition=edition,
                    proposals=int(reach.proposals[at]),
                    room=int(reach.room[at]),
                    admissible=int(reach.admissible[at]),
                    excluded=_terms(TERMS, reach.excluded[at]),
                    alone=_terms(TERMS, reach.alone[at]),
                    best=None if np.isnan(reach.best[at]) else round(float(reach.best[at]), 4),
                    wanted=int(reach.wanted[at]),
                    pressure=round(int(reach.wanted[at]) / max(int(reach.room[at]), 1), 3),
                    sought=int(asked.wanted[at]),
                    listed=int(asked.listed[at]),
                    why=str(why[at]),
                    **{f"{field}_id": pk},
                )
                for at, pk in enumerate(ids)
            ],
            batch_size=BATCH,
        )

    rows(TalentCoverage, "talent", found.talents, reached.talents, for_talents, len(found.openings))
    rows(
        OpeningCoverage,
        "opening",
        found.openings,
        reached.openings,
        for_openings,
        len(found.talents),
    )


def _terms(names: Any, counts: Any) -> dict[str, int]:
    return {str(name): int(count) for name, count in zip(names, counts, strict=True) if count}


def _audited(actor: Actor, edition: Edition) -> None:
    if not can_audit(actor, edition.pk):
        raise NotAllowed


def talents(actor: Actor, edition: Edition) -> QuerySet[TalentCoverage]:
    """The talents of the last run, for the office and auditors. Raises `NotAllowed`."""
    _audited(actor, edition)
    return (
        TalentCoverage.objects.filter(edition=edition)
        .select_related("talent__person")
        .defer("talent__profile_text", "talent__unread", "talent__education", "talent__experience")
    )


def openings(actor: Actor, edition: Edition) -> QuerySet[OpeningCoverage]:
    """The openings of the last run, for the office and auditors. Raises `NotAllowed`."""
    _audited(actor, edition)
    return (
        OpeningCoverage.objects.filter(edition=edition)
        .select_related("opening__organisation")
        .defer("opening__description", "opening__source_text")
    )


def opening(actor: Actor, edition: Edition, pk: UUID) -> OpeningCoverage:
    """One opening of the last run. Raises `NotFound`."""
    found = openings(actor, edition).filter(opening_id=pk).first()
    if found is None:
        raise NotFound
    return found


def is_full(edition: Edition, talent: Talent) -> bool:
    """Whether all meetings the talent can have were agreed when the matching last ran."""
    return TalentCoverage.objects.filter(edition=edition, talent=talent, why="full").exists()


def _without(field: str) -> Q:
    """Nothing was proposed and nothing approved stands: as the report on exposure counts."""
    approved = Match.objects.filter(state=MatchState.APPROVED, **{field: OuterRef(field)})
    return Q(proposals=0) & ~Q(Exists(approved))


#: Without a proposal, also where that lacks nothing since the places are taken (`FULL`).
TALENT_WITHOUT, OPENING_WITHOUT = _without("talent_id"), _without("opening_id")
FULL = Q(room=0)
NOBODY_FITS = Q(
    proposals=0, room__gt=0, why__in=["degree", "language", "dates", "ways", "decided", "far"]
)
PRESSED = Q(pressure__gt=limits.PRESSED, room__gt=0)


def crowded(edition: Edition) -> set[UUID]:
    """Talents with more proposals, requests and agreed meetings than `limits.CROWDED`."""
    pairs = {
        *Match.objects.filter(edition=edition, state__in=[s.value for s in SHOWN]).values_list(
            "talent_id", "opening_id"
        ),
        *Interest.objects.filter(
            edition=edition, state__in=[s.value for s in STANDING]
        ).values_list("talent_id", "opening_id"),
    }
    count: dict[UUID, int] = {}
    for talent, _opening in pairs:
        count[talent] = count.get(talent, 0) + 1
    return {talent for talent, number in count.items() if number > limits.CROWDED}


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers on top of the pages; each is that of a list. `talents_full`, `openings_full`:
    of those without a proposal the ones whose places are all taken by agreed meetings."""

    talents: int
    talents_without: int
    talents_full: int
    talents_crowded: int
    openings: int
    openings_without: int
    openings_full: int
    openings_nobody_fits: int
    openings_pressed: int
    why: dict[str, int]
    """Reason -> openings without a proposal for it."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def summary(actor: Actor, edition: Edition) -> Summary:
    """Counts of the last run. Raises `NotAllowed`."""
    people, offers = talents(actor, edition), openings(actor, edition)
    unmet, vacant = people.filter(TALENT_WITHOUT), offers.filter(OPENING_WITHOUT)
    why: dict[str, int] = {}
    for reason in vacant.values_list("why", flat=True):
        why[reason] = why.get(reason, 0) + 1
    return Summary(
        talents=people.count(),
        talents_without=unmet.count(),
        talents_full=unmet.filter(FULL).count(),
        talents_crowded=people.filter(talent_id__in=crowded(edition)).count(),
        openings=offers.count(),
        openings_without=vacant.count(),
        openings_full=vacant.filter(FULL).count(),
        openings_nobody_fits=offers.filter(NOBODY_FITS).count(),
        openings_pressed=offers.filter(PRESSED).count(),
        why=dict(sorted(why.items(), key=lambda item: -item[1])),
    )


def excluded(actor: Actor, edition: Edition, pk: UUID, term: str) -> QuerySet[Talent]:
    """The talents that a hard term of an opening keeps out now, as the matching reads them.

    Raises `NotFound` for an opening or a term that is not there, `NotAllowed`.
    """
    # The engine is loaded where it is used, not whenever Talex starts.
    from talex.fair.reading import LEVELS, WAYS, said_levels

    asked = opening(actor, edition, pk).opening
    rows = Talent.objects.filter(
        edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True,
        merged_into__isnull=True,
    ).select_related("person").defer(
        "profile_text", "unread", "education", "experience"
    )  # fmt: skip
    if term == "degree":
        required = asked.degree_required
        level = DegreeRequirement(required).level if required else None
        below = [one.value for one in DegreeLevel if level and one.rank < level.rank]
        return rows.filter(degree_level__in=below)
    if term == "ways":
        apart = [mode for mode, bits in WAYS.items() if not bits & WAYS[asked.mode]]
        unmet = Q(mode__in=apart)
        if is_abroad(edition, asked.organisation):
            unmet |= ~Q(agreed("edition_id", "person_id", [str(asked.organisation_id)]))
        return rows.filter(unmet)
    if term == "decided":
        pairs = Match.objects.filter(
            opening=asked, state__in=[MatchState.APPROVED, MatchState.REJECTED]
        )
        asking = Interest.objects.filter(opening=asked)
        return rows.filter(
            Q(pk__in=pairs.values("talent_id")) | Q(pk__in=asking.values("talent_id"))
        )
    if term == "language":
        wanted = said_levels(asked.languages, LEVELS["B1"])
        short = []
        for talent, said in rows.values_list("pk", "languages").iterator(chunk_size=2000):
            has = said_levels(said, -1)
            unsaid = 0 if any(one.get("level") == "native" for one in said or ()) else -1
            if any(0 <= has.get(code, unsaid) < level for code, level in wanted.items()):
                short.append(talent)
        return rows.filter(pk__in=short)
    raise NotFound


def most_wanted(actor: Actor, edition: Edition) -> QuerySet[OpeningCoverage]:
    """Openings by how many want each place of theirs."""
    return openings(actor, edition).order_by(F("pressure").desc(), "id")
