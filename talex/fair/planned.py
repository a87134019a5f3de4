"""What the office approved without the two having agreed: it opens something only while they meet.

Whoever did not agree has no request to take back. So such a pair reads each other's profile and
details from when their meeting is placed until somebody calls it off, and not where the talent took
back the consent that the profile is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from talex.editions.models import Consent, ConsentPurpose
from talex.fair.choices import MatchState
from talex.fair.models import Match, Opening
from talex.meetings.models import Meeting, Side
from talex.participants.models import Talent


def meeting(rows: QuerySet[Match]) -> QuerySet[Match]:
    """The approved pairs among the rows whose meeting is placed and was not called off."""
    placed = Meeting.objects.exclude(status=Meeting.Status.CANCELLED).filter(
        edition=OuterRef("edition"),
        request__subject_id=OuterRef("opening"),
        request__parties__person=OuterRef("talent__person"),
        request__parties__side=Side.TALENT,
    )
    return rows.filter(Exists(placed), state=MatchState.APPROVED)


def meets(talent: Talent, opening: Opening) -> bool:
    """Whether the two meet because the office approved it."""
    return meeting(Match.objects.filter(talent=talent, opening=opening)).exists()


def took_back(edition: UUID, persons: Iterable[UUID], organisation: UUID) -> set[UUID]:
    """Who let the profile be seen, by all or by this organisation, and then took it back. Whoever
    lets it be seen again is asked for elsewhere."""
    rows = Consent.objects.filter(
        edition=edition,
        person__in=list(persons),
        purpose=ConsentPurpose.PROFILE,
        recipient__in=["", str(organisation)],
        withdrawn_at__isnull=False,
    )
    return set(rows.values_list("person", flat=True))
