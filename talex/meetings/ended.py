"""What of meetings an organisation still has when what was agreed is over: nothing that names a
talent who does not show themselves to it (any more).

Agreeing to meet shows the name; taking that back ends it, unless the consent `profile` stands by
itself. The meeting is called off then, and its entry is gone from lists and calendars as well.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from talex.editions.models import Consent, ConsentPurpose
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side
from talex.participants.barred import barred


def unnamed(edition: UUID, organisation: UUID) -> QuerySet[RequestParty]:
    """The talents of withdrawn meetings who show the organisation no profile. Nobody shows it to
    one that may see no talents any more, whatever they agreed to."""
    withdrawn = RequestParty.objects.filter(
        request__edition=edition,
        request__organisation=organisation,
        request__state=MeetingRequest.State.WITHDRAWN,
        side=Side.TALENT,
    )
    if barred([(edition, organisation)]):
        return withdrawn
    return withdrawn.filter(~shows(edition, organisation))


def shows(edition: UUID, organisation: UUID) -> Exists:
    """Whether a party shows the organisation their profile by consent; a filter on RequestParty."""
    return Exists(
        Consent.objects.current().filter(
            recipient__in=["", str(organisation)],
            edition_id=edition,
            person=OuterRef("person_id"),
            purpose=ConsentPurpose.PROFILE,
        )
    )


def hidden(edition: UUID, organisation: UUID) -> Q:
    """The meetings that its people may not see any more, as a filter on Meeting."""
    return Q(
        edition_id=edition,
        status=Meeting.Status.CANCELLED,
        request__organisation_id=organisation,
        request_id__in=unnamed(edition, organisation).values("request_id"),
    )
