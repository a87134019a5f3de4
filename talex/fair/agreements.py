"""What `participants` asks when a talent takes the profile back, or leaves: see
`participants.agreements`."""

from __future__ import annotations

from uuid import UUID

from talex.core.clock import now
from talex.fair import planned
from talex.fair.choices import InterestState
from talex.fair.models import Interest, Match
from talex.meetings.models import Meeting, Side


class FairAgreements:
    """Requests and proposals."""

    def agreed_with(self, edition: UUID, person: UUID) -> set[UUID]:
        pair = {"edition": edition, "talent__person": person}
        asked = Interest.objects.filter(state=InterestState.ACCEPTED, **pair)
        approved = planned.meeting(Match.objects.filter(**pair))
        return {
            *asked.values_list("opening__organisation_id", flat=True),
            *approved.values_list("opening__organisation_id", flat=True),
        }

    def waiting(self, edition: UUID, person: UUID, organisation: UUID | None = None) -> int:
        rows = Interest.objects.filter(edition=edition, talent__person=person)
        if organisation is not None:
            rows = rows.filter(opening__organisation=organisation)
        return rows.filter(state=InterestState.ASKED, expires_at__gt=now()).count()

    def placed(self, edition: UUID, person: UUID) -> int:
        rows = Meeting.objects.filter(
            edition=edition, status=Meeting.Status.PLANNED, ends_at__gt=now(),
            request__parties__person=person, request__parties__side=Side.TALENT,
        )  # fmt: skip
        return rows.distinct().count()
