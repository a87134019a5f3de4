"""What the office decides on the engine's proposals, and starting a run of the matching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.jobs import enqueue
from talex.core.models import Job
from talex.core.seeds import seed_fault
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import limits, planned, rules
from talex.fair.choices import InterestState, MatchState, OpeningState, Side
from talex.fair.models import Block, Interest, Match, Opening
from talex.fair.services.arranging import SUBJECT, Wanted, arrange, lock_openings
from talex.fair.services.interests import WithdrawInterest, withdraw
from talex.ledger.services import Pending, record
from talex.meetings.models import Meeting, MeetingRequest
from talex.meetings.models import Side as MeetingSide
from talex.meetings.services import withdraw_requests
from talex.participants.abroad import Separately, those_abroad
from talex.participants.barred import barred_persons
from talex.participants.models import Talent

CHUNK = 500
JOB = "fair.match"


@dataclass(frozen=True, slots=True)
class RunMatching:
    """per_talent: proposals for one talent at most. minimum: no proposal below this score."""

    per_talent: int = limits.PROPOSALS_PER_TALENT
    minimum: float = 0.0
    seed: int = 0


def start_matching(
    actor: Actor, edition: Edition, command: RunMatching, *, key: str | None = None
) -> Job:
    """Queue a run of the matching; the job's result holds its figures."""
    if not rules.can_match(actor, edition.id):
        raise NotAllowed
    if not 1 <= command.per_talent <= 50:
        raise Invalid({"per_talent": _("Give a whole number from 1 to 50.")})
    if not 0 <= command.minimum < 1:
        raise Invalid({"minimum": _("Give a share from 0 to below 1, for example 0.4.")})
    if fault := seed_fault(command.seed):
        raise Invalid({"seed": fault})
    params: dict[str, Any] = {
        "edition": str(edition.id),
        "per_talent": command.per_talent,
        "minimum": str(command.minimum),
        "seed": command.seed,
    }
    return enqueue(actor, JOB, params, edition=edition.id, key=key)


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a bulk decision.

    approved: proposals approved, of which `standing` were agreed on by both sides before.
    apart: no common way to meet. abroad: the organisation is, and the talent has not agreed to that
    by itself. gone: no longer proposed, or the opening or talent is out. hidden: the talent took
    back that they are shown to the organisation, is suspended, or one of the two blocked the other.
    """

    approved: int = 0
    standing: int = 0
    apart: int = 0
    gone: int = 0
    meetings: int = 0
    abroad: int = 0
    hidden: int = 0

    def as_json(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


def approve_matches(actor: Actor, edition: Edition, ids: Iterable[UUID]) -> Decided:
    """Approve proposals: each becomes a wanted meeting, all in one transaction."""
    if not rules.can_match(actor, edition.id):
        raise NotAllowed
    wanted_ids = list(dict.fromkeys(ids))
    with work():
        rows = _proposed(edition, wanted_ids)
        suspended = barred_persons(edition.pk, {match.talent.person_id for match in rows})
        # Placed, a meeting would name anew who took their consent back.
        hidden = planned.took_back(edition.pk, {_shown(match) for match in rows})
        blocks = Block.objects.filter(edition=edition)
        blocked = set(blocks.values_list("talent__person", "organisation"))
        kept_back = {
            match.pk
            for match in rows
            if match.talent.person_id in suspended or _shown(match) in hidden | blocked
        }
        able = [
            match
            for match in rows
            if match.opening.state == OpeningState.OPEN
            and match.talent.withdrawn_at is None
            and match.talent.erased_at is None
            and match.talent.merged_into_id is None
        ]
        kept_back &= {match.pk for match in able}
        able = [match for match in able if match.pk not in kept_back]
        far = _not_abroad(edition, able)
        able = [match for match in able if match.pk not in far]
        lock_openings(match.opening_id for match in able)
        done = arrange(
            actor,
            edition,
            [Wanted(match.talent, match.opening, match.score) for match in able],
            MeetingRequest.Origin.OFFICE,
        )
        apart = {(want.talent.pk, want.opening.pk) for want in done.apart}
        approved = [m for m in able if (m.talent_id, m.opening_id) not in apart]
        _decide(actor, edition, approved, MatchState.APPROVED)
    return Decided(
        approved=len(approved),
        standing=len(done.standing),
        apart=len(apart),
        gone=len(wanted_ids) - len(able) - len(far) - len(kept_back),
        meetings=len(done.requests),
        abroad=len(far),
        hidden=len(kept_back),
    )


def _shown(match: Match) -> planned.Shown:
    return match.talent.person_id, match.opening.organisation_id


def _not_abroad(edition: Edition, rows: list[Match]) -> set[UUID]:
    """Those of the rows that would go to an organisation abroad without the separate consent."""
    foreign = those_abroad(edition.pk, {match.opening.organisation_id for match in rows})
    if not foreign:
        return set()
    agree = Separately(edition.pk, foreign)
    return {
        match.pk
        for match in rows
        if match.opening.organisation_id in foreign
        and not agree.to(match.talent.person_id, match.opening.organisation_id)
    }


def reject_matches(actor: Actor, edition: Edition, ids: Iterable[UUID]) -> int:
    """Reject proposals; these pairs are not proposed again."""
    if not rules.can_match(actor, edition.id):
        raise NotAllowed
    with work():
        rows = _proposed(edition, list(dict.fromkeys(ids)))
        _decide(actor, edition, rows, MatchState.REJECTED)
    return len(rows)


def approve_above(actor: Actor, edition: Edition, score: float) -> Decided:
    """Approve every undecided proposal of at least this score."""
    if not 0 <= score <= 1:
        raise Invalid({"score": _("Give a score from 0 to 1, for example 0.6.")})
    rows = Match.objects.filter(edition=edition, state=MatchState.PROPOSED, score__gte=score)
    return approve_matches(actor, edition, rows.values_list("id", flat=True))


def _proposed(edition: Edition, ids: list[UUID]) -> list[Match]:
    """Those that are still proposed, locked, without their reasons."""
    rows: list[Match] = []
    for at in range(0, len(ids), CHUNK):
        rows += (
            Match.objects.select_for_update(of=("self",))
            .filter(edition=edition, id__in=ids[at : at + CHUNK], state=MatchState.PROPOSED)
            .select_related("talent", "opening")
            .defer(
                "reasons", "components", "talent__profile_text", "talent__education",
                "talent__unread", "opening__description", "opening__source_text",
            )
            .order_by("id")
        )  # fmt: skip
    return rows


def decline_arranged(actor: Actor, edition: Edition, opening: UUID, talent: UUID) -> Match:
    """One side does not want what only the office approved, before it has its time: it is off, and
    not proposed again; either side may ask.

    Raises `NotFound`, `NotAllowed`, `Conflict` (not arranged; it has its time: call the meeting
    off; both agreed).
    """
    with work():
        side = _side_of(actor, edition, opening, talent)
        match = (
            Match.objects.select_for_update(of=("self",))
            .select_related("talent", "opening")
            .filter(edition=edition, opening=opening, talent=talent)
            .order_by(Case(When(state=MatchState.APPROVED, then=0), default=1), "-decided_at")
            .first()
        )
        if match is None:
            raise NotFound
        if match.state != MatchState.APPROVED:
            raise Conflict(_("The office does not arrange this meeting (any more)."))
        agreed = Interest.objects.filter(
            talent=talent, opening=opening, state=InterestState.ACCEPTED
        )
        if agreed.exists():
            raise Conflict(_("You both agreed to meet. Take the agreement back first."))
        wanted = MeetingRequest.objects.filter(
            edition=edition, subject_kind=SUBJECT, subject_id=opening,
            parties__person=match.talent.person_id, parties__side=MeetingSide.TALENT,
        )  # fmt: skip
        if wanted.filter(state=MeetingRequest.State.PLACED).exists():
            raise Conflict(_("The meeting has its time already. Call it off on its page."))
        open_ones = wanted.filter(state=MeetingRequest.State.OPEN)
        withdraw_requests(actor, edition, list(open_ones.values_list("pk", flat=True)), "")
        # Whoever says no does not go on asking for it.
        for own in Interest.objects.filter(
            talent=talent, opening=opening, side=side, state=InterestState.ASKED
        ):
            withdraw(actor, edition, WithdrawInterest(own.pk, ""))
        _decide(actor, edition, [match], MatchState.REJECTED)
    return match


def _side_of(actor: Actor, edition: Edition, opening: UUID, talent: UUID) -> Side:
    """Raises `NotAllowed` where it is neither, whether there is a pair or not."""
    whom = Talent.objects.filter(edition=edition, pk=talent).first()
    if whom is not None and rules.is_talent(actor, whom):
        return Side.TALENT
    about = Opening.objects.filter(edition=edition, pk=opening).first()
    if about is not None and rules.is_employer(actor, about):
        rules.check_speaks_for(actor, about)
        return Side.EMPLOYER
    raise NotAllowed


def after_called_off(entries: list[Pending]) -> None:
    """What the office approved and a meeting of which was called off for good is approved no more,
    and not proposed again: one side did not want it, and either may ask. In the transaction of it.

    What ended for another reason (a consent, a side that left) has been ended by then.
    """
    for some in chunks({entry.object_id for entry in entries if entry.object_id}):
        off = Meeting.objects.filter(
            pk__in=some,
            status=Meeting.Status.CANCELLED,
            request__state=MeetingRequest.State.WITHDRAWN,
            request__subject_kind=SUBJECT,
            request__parties__side=MeetingSide.TALENT,
        )
        pairs = set(off.values_list("request__subject_id", "request__parties__person"))
        approved: dict[Edition, list[Match]] = {}
        for match in Match.objects.filter(
            state=MatchState.APPROVED,
            opening__in={opening for opening, _person in pairs},
            talent__person__in={person for _opening, person in pairs},
        ).select_related("talent", "edition"):
            if (match.opening_id, match.talent.person_id) in pairs:
                approved.setdefault(match.edition, []).append(match)
        for edition, rows in approved.items():
            _decide(SYSTEM, edition, rows, MatchState.REJECTED)


def _decide(actor: Actor, edition: Edition, rows: list[Match], state: MatchState) -> None:
    for at in range(0, len(rows), CHUNK):
        Match.objects.filter(pk__in=[match.pk for match in rows[at : at + CHUNK]]).update(
            state=state, decided_at=now(), decided_by=actor.id
        )
    for match in rows:
        record(
            f"fair.match.{state.value}",
            actor=actor,
            edition=edition.id,
            obj=match,
            subject=match.talent.person_id,
            facts={
                "talent": str(match.talent_id),
                "opening": str(match.opening_id),
                "score": f"{match.score:.4f}",
            },
        )
