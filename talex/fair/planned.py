"""What the office approved without the two having agreed: they read how to reach each other, where
one of them wrote it, while they meet.

Whoever did not agree has no request to take back; they call the meeting off. A profile is not
opened by it at all: that needs the talent's consent or agreement (`privacy`).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from talex.editions.models import Consent, ConsentPurpose
from talex.fair.choices import InterestState, MatchState
from talex.fair.models import Interest, Match, Opening
from talex.meetings.models import Meeting, MeetingRequest, Side
from talex.participants.models import Talent

Shown = tuple[UUID, UUID]
"""(person, organisation)."""


def _placed() -> QuerySet[Meeting]:
    """The meeting of the pair asked about that has its time."""
    return Meeting.objects.exclude(status=Meeting.Status.CANCELLED).filter(
        edition=OuterRef("edition"),
        request__subject_id=OuterRef("opening"),
        request__parties__person=OuterRef("talent__person"),
        request__parties__side=Side.TALENT,
    )


def meeting(rows: QuerySet[Match]) -> QuerySet[Match]:
    """The approved pairs among the rows whose meeting is placed and was not called off."""
    return rows.filter(Exists(_placed()), state=MatchState.APPROVED)


def without_time(rows: QuerySet[Match]) -> QuerySet[Match]:
    """The approved pairs among the rows that wait for their time, and that the two did not agree
    to by themselves: either may still say no (`services.decline_arranged`)."""
    agreed = Interest.objects.filter(
        talent=OuterRef("talent"), opening=OuterRef("opening"), state=InterestState.ACCEPTED
    )
    return rows.filter(
        ~Exists(agreed),
        ~Exists(_placed()),
        state=MatchState.APPROVED,
        talent__withdrawn_at__isnull=True,
        talent__merged_into__isnull=True,
        talent__erased_at__isnull=True,
    )


def meets(talent: Talent, opening: Opening) -> bool:
    """Whether the two meet because the office approved it."""
    return meeting(Match.objects.filter(talent=talent, opening=opening)).exists()


def took_back(edition: UUID, pairs: Collection[Shown]) -> set[Shown]:
    """Where the profile was shown, to all or to the one organisation, was taken back, and is not
    shown again by either."""
    rows = Consent.objects.filter(edition=edition, purpose=ConsentPurpose.PROFILE).order_by()
    # Who took it back are few; a run may propose more persons than a statement takes.
    gone = set(rows.filter(withdrawn_at__isnull=False).values_list("person", "recipient"))
    again = set(
        rows.current()
        .filter(person__in=rows.filter(withdrawn_at__isnull=False).values("person"))
        .values_list("person", "recipient")
    )
    return {
        (person, organisation)
        for person, organisation in pairs
        for ways in [{(person, ""), (person, str(organisation))}]
        if ways & gone and not ways & again
    }


def called_off(rows: QuerySet[Match]) -> QuerySet[Match]:
    """The pairs among the rows whose meeting, approved by the office, one side did not want."""
    off = MeetingRequest.objects.filter(
        edition=OuterRef("edition"),
        state=MeetingRequest.State.WITHDRAWN,
        origin=MeetingRequest.Origin.OFFICE,
        subject_id=OuterRef("opening"),
        parties__person=OuterRef("talent__person"),
        parties__side=Side.TALENT,
    )
    return rows.filter(Exists(off), state=MatchState.REJECTED)
