"""What ends where a side no longer takes part, or is suspended: requests, agreements, and meetings
not over yet.

Nothing here asks anybody; who takes part is decided in the room of participants.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair.choices import EndedBy, InterestState, MatchState
from talex.fair.models import Interest, Match, Suspension
from talex.fair.services.arranging import Pair
from talex.fair.services.ending import end_planned, end_waiting
from talex.ledger.outbox import Event
from talex.meetings import reasons
from talex.meetings import services as meetings
from talex.meetings.abroad import not_over
from talex.meetings.models import MeetingRequest, RequestParty, Side
from talex.participants.models import Participation, Talent

TALENT_LEFT = "participants.talent_withdrawn"
ORGANISATION_LEFT = "participants.organisation_withdrawn"
SUSPENDED = "fair.applying.suspended"
FOLLOWED = frozenset({TALENT_LEFT, ORGANISATION_LEFT, SUSPENDED})


def after_event(event: Event) -> None:
    """Follower of the ledger: who no longer takes part meets nobody. Exactly once, in the cursor's
    transaction. Who came back meanwhile, or is suspended no longer, lost nothing."""
    if event.edition is None or event.object_id is None:
        return
    if event.event == SUSPENDED:
        standing = Suspension.objects.filter(
            pk=event.object_id, lifted_at__isnull=True, organisation__isnull=False
        ).first()
        if standing is not None and standing.organisation_id is not None:
            suspend_organisation(SYSTEM, event.edition, standing.organisation_id)
        return
    if event.event == ORGANISATION_LEFT:
        if has_left(event.edition, event.object_id):
            end_organisation(SYSTEM, event.edition, event.object_id)
        return
    gone = Talent.objects.filter(
        pk=event.object_id, edition=event.edition, withdrawn_at__isnull=False
    ).first()
    if gone is not None:
        end_talent(SYSTEM, gone)


def end_talent(actor: Actor, talent: Talent) -> int:
    """End all that waits for a talent or was agreed with them, and is not over."""
    theirs = RequestParty.objects.filter(
        request__edition=talent.edition_id, person=talent.person_id, side=Side.TALENT
    )
    return _end(actor, talent.edition_id, {"talent": talent.pk}, theirs, EndedBy.LEFT)


def has_left(edition: UUID, organisation: UUID) -> bool:
    """Whether the office took the organisation out of the conference."""
    return Participation.objects.filter(
        edition=edition, organisation=organisation, withdrawn_at__isnull=False
    ).exists()


def end_organisation(actor: Actor, edition: UUID, organisation: UUID) -> int:
    """The same for an organisation; its openings are closed with the change (`fair.refused`)."""
    return _end_organisation(actor, edition, organisation, EndedBy.ORG_LEFT)


def suspend_organisation(actor: Actor, edition: UUID, organisation: UUID) -> int:
    """The same for one that the office suspended: no talent is sent to a table where somebody sits
    who may not ask, answer or write. What ended stays ended where the suspension is lifted."""
    return _end_organisation(actor, edition, organisation, EndedBy.OFFICE)


def _end_organisation(actor: Actor, edition: UUID, organisation: UUID, why: EndedBy) -> int:
    theirs = RequestParty.objects.filter(
        request__edition=edition, request__organisation=organisation, side=Side.TALENT
    )
    return _end(actor, edition, {"opening__organisation": organisation}, theirs, why)


def _end(actor: Actor, edition: UUID, of: dict[str, Any], parties: Any, why: EndedBy) -> int:
    """`of`: whose requests and proposals, `parties`: the talents of their wanted meetings."""
    standing = parties.exclude(request__state=MeetingRequest.State.WITHDRAWN)
    requests: dict[UUID, Pair] = {
        request: (subject, person)
        for request, subject, person in standing.values_list(
            "request_id", "request__subject_id", "person_id"
        )
    }
    off = [
        pk
        for some in chunks(requests)
        for pk in not_over(MeetingRequest.objects.filter(pk__in=some))
    ]
    # That they met is history, and stays.
    met = set(requests.values()) - {requests[pk] for pk in off}
    rows = Interest.objects.filter(edition=edition, **of)
    with work():
        ended = end_waiting(actor, rows, why)
        # First, while it can be seen which of them both sides agreed on as well.
        planned = Match.objects.filter(edition=edition, state=MatchState.APPROVED, **of)
        for some in chunks(_but(met, planned)):
            end_planned(actor, Match.objects.filter(pk__in=some), why)
        for some in chunks(_but(met, rows.filter(state=InterestState.ACCEPTED))):
            agreed = Interest.objects.filter(pk__in=some)
            ended += end_waiting(actor, agreed, why, InterestState.ACCEPTED)
        where = Edition.objects.get(pk=edition)
        for some in chunks(off):
            off_because = reasons.SUSPENDED if why == EndedBy.OFFICE else reasons.LEFT
            meetings.withdraw_requests(actor, where, some, off_because)
    return ended


def _but(met: set[Pair], rows: Any) -> list[UUID]:
    """The rows without those of pairs that met."""
    pairs = rows.values_list("pk", "opening_id", "talent__person_id")
    return [pk for pk, opening, person in pairs if (opening, person) not in met]
