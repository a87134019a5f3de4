"""What of meetings an organisation abroad may have: only those whose talents agree to that.

The consent `abroad` is given by itself and taken back at any time (`participants.abroad`). From
then on the organisation has nothing of that talent: no wanted meeting, no free hours, no entry.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from talex.core.clock import now
from talex.meetings import ended
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side
from talex.participants.abroad import agreed, those_abroad


def unsent(edition: UUID, organisation: UUID) -> QuerySet[RequestParty]:
    """The talents of meetings with an organisation abroad who do not agree (any more)."""
    return RequestParty.objects.filter(
        ~agreed("request__edition_id", "person_id", [str(organisation)]),
        request__edition=edition,
        request__organisation=organisation,
        side=Side.TALENT,
    )


def hidden(edition: UUID, organisation: UUID) -> Q:
    """The meetings of an organisation abroad that its people may not see, as a filter."""
    theirs = unsent(edition, organisation)
    return Q(
        edition_id=edition,
        request__organisation_id=organisation,
        request_id__in=theirs.values("request_id"),
    )


def hidden_from(edition: UUID, person: UUID) -> Q:
    """The meetings that a person has for an organisation and may not see (any more): abroad without
    the talent's consent, or over (`ended`); as a filter."""
    mine = RequestParty.objects.filter(
        request__edition=edition, person=person, side=Side.EMPLOYER
    ).exclude(request__organisation=None)
    acts_for = set(mine.order_by().values_list("request__organisation_id", flat=True))
    found = Q(pk__in=[])
    for organisation in acts_for:
        found |= ended.hidden(edition, organisation)
    for organisation in those_abroad(edition, acts_for) if acts_for else ():
        found |= hidden(edition, organisation)
    return found & ~_talent_of(person)


def _talent_of(person: UUID) -> Q:
    own = RequestParty.objects.filter(person=person, side=Side.TALENT)
    return Q(request_id__in=own.values("request_id"))


def standing(edition: UUID, organisation: UUID) -> list[UUID]:
    """Of those talents' meetings with it the ones to call off: wanted, or placed and not over."""
    return not_over(
        MeetingRequest.objects.filter(pk__in=unsent(edition, organisation).values("request_id"))
    )


def not_over(rows: QuerySet[MeetingRequest]) -> list[UUID]:
    """Of some wanted meetings those that can be called off: not withdrawn, held or past."""
    over = Meeting.objects.filter(
        Q(status__in=[Meeting.Status.HELD, Meeting.Status.NO_SHOW])
        | Q(status=Meeting.Status.PLANNED, ends_at__lte=now()),
        request_id=OuterRef("pk"),
    )
    standing = rows.exclude(state=MeetingRequest.State.WITHDRAWN).filter(~Exists(over))
    return list(standing.values_list("pk", flat=True))
