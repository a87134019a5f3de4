"""Who may see and change meetings."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions import rules as editions
from talex.meetings import abroad, ended
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side, TimetableVersion


def can_schedule(actor: Actor, edition: UUID) -> bool:
    """Make, lock and release timetables: the office."""
    return editions.is_office(actor, edition)


def is_party(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor is one of the persons of the meeting, or a delegate of its employer; where
    that is abroad, only while the talent agrees to it."""
    own = RequestParty.objects.filter(
        request_id=meeting.request_id, person_id__in=actor.persons()
    ).values_list("side", flat=True)
    sides = set(own)
    if Side.TALENT in sides:
        return True
    organisation, edition = meeting.request.organisation_id, meeting.edition_id
    if not sides and organisation not in actor.organisations(edition):
        return False
    if organisation is None:
        return True
    if meeting.status == Meeting.Status.CANCELLED:
        unnamed = ended.unnamed(edition, organisation)
        if unnamed.filter(request_id=meeting.request_id).exists():
            return False
    if organisation not in actor.organisations_abroad(edition):
        return True
    unsent = abroad.unsent(edition, organisation)
    return not unsent.filter(request_id=meeting.request_id).exists()


def can_see(actor: Actor, meeting: Meeting) -> bool:
    """The office, auditors, and both sides."""
    if actor.all_powerful or actor.has(meeting.edition_id, "organiser", "auditor"):
        return True
    return is_party(actor, meeting)


def visible(actor: Actor) -> Q:
    """The meetings for which `can_see` holds, as a filter on Meeting."""
    if actor.all_powerful:
        return Q()
    mine = RequestParty.objects.filter(person_id__in=actor.persons())
    found = Q(request_id__in=mine.values("request_id"))
    away = Q()
    for grant in actor.grants:
        if grant.organisation is None:
            continue
        if not grant.pending:
            found |= Q(edition_id=grant.edition, request__organisation_id=grant.organisation)
        away |= ended.hidden(grant.edition, grant.organisation)
        if grant.abroad:
            away |= abroad.hidden(grant.edition, grant.organisation)
    if away:
        own = mine.filter(side=Side.TALENT).values("request_id")
        found = (found & ~away) | Q(request_id__in=own)
    return found | Q(edition_id__in=actor.editions("organiser", "auditor"))


def can_move(actor: Actor, meeting: Meeting) -> bool:
    """Move it at once: the office. The two sides propose (`can_propose`)."""
    return can_schedule(actor, meeting.edition_id)


def can_propose(actor: Actor, meeting: Meeting) -> bool:
    """Propose another time: both sides while the meeting is planned and not locked, the office."""
    if meeting.status != Meeting.Status.PLANNED:
        return False
    if can_schedule(actor, meeting.edition_id):
        return True
    return not meeting.locked and is_party(actor, meeting)


def can_cancel(actor: Actor, meeting: Meeting) -> bool:
    """The office always; each side while the meeting is planned and not locked."""
    return can_schedule(actor, meeting.edition_id) or can_propose(actor, meeting)


def sides_of(actor: Actor, meeting: Meeting) -> set[str]:
    """For which sides of a meeting the actor speaks; the office speaks for neither."""
    parties = RequestParty.objects.filter(
        request_id=meeting.request_id, person_id__in=actor.persons()
    )
    found = set(parties.values_list("side", flat=True))
    if meeting.request.organisation_id in actor.organisations(meeting.edition_id):
        found.add("employer")
    return found


def can_tell_outcome(actor: Actor, meeting: Meeting) -> bool:
    """Whether it was held is told by the employer's delegate or the office, not by the talent."""
    if can_schedule(actor, meeting.edition_id):
        return True
    return meeting.request.organisation_id in actor.organisations(meeting.edition_id)


def can_place(actor: Actor, request: MeetingRequest) -> bool:
    """Give a wanted meeting a place: the office; once a timetable is out also its two sides."""
    if can_schedule(actor, request.edition_id):
        return True
    released = TimetableVersion.objects.filter(
        edition_id=request.edition_id, state=TimetableVersion.State.RELEASED
    )
    wanted = Meeting(edition_id=request.edition_id, request=request)
    return is_party(actor, wanted) and released.exists()


def can_audit_meetings(actor: Actor, edition: UUID) -> bool:
    """All meetings of an edition: the office and auditors."""
    return actor.all_powerful or actor.has(edition, "organiser", "auditor")


def can_list(actor: Actor, edition: UUID) -> bool:
    """The list of meetings: the office, auditors, and whoever has meetings."""
    return can_audit_meetings(actor, edition) or has_agenda(actor, edition)


def has_agenda(actor: Actor, edition: UUID) -> bool:
    """Talents and delegates have an agenda of their own."""
    return actor.has(edition, "talent", "delegate")


def can_see_agenda(actor: Actor, edition: UUID, kind: str, pk: UUID) -> bool:
    """Agendas of others: the office and auditors; a person's own; an organisation's delegates."""
    if can_audit_meetings(actor, edition):
        return True
    if kind == "person":
        return pk in actor.persons()
    return kind == "organisation" and pk in actor.organisations(edition)
