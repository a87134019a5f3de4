"""Reads that pages, API, calendar and command line share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.errors import Message, NotFound
from talex.editions.models import Edition
from talex.meetings import abroad, ended, rules
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side, TimetableVersion
from talex.participants.addresses import language_of
from talex.participants.models import Delegate, Person


def persons_of(requests: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """request -> the persons who have to be there."""
    found: dict[UUID, list[UUID]] = {}
    for some in chunks(requests):
        for request, person in RequestParty.objects.filter(request_id__in=some).values_list(
            "request_id", "person_id"
        ):
            found.setdefault(request, []).append(person)
    return found


def meetings(actor: Actor, edition: Edition) -> QuerySet[Meeting]:
    """The meetings of an edition that the actor may see, with all that a list shows."""
    return (
        Meeting.objects.filter(rules.visible(actor), edition=edition)
        .select_related("request__organisation", "table__hall")
        .prefetch_related(
            Prefetch("request__parties", RequestParty.objects.select_related("person"))
        )
        .order_by("starts_at", "id")
    )


def agenda(
    actor: Actor,
    edition: Edition,
    *,
    person: UUID | None = None,
    organisation: UUID | None = None,
    table: UUID | None = None,
    hall: UUID | None = None,
    cancelled: bool = False,
) -> QuerySet[Meeting]:
    """The agenda of a person, an organisation, a table or a hall.

    `cancelled`: with those that were called off (a calendar programme has to be told of them).
    """
    found = meetings(actor, edition)
    if not cancelled:
        found = found.exclude(status=Meeting.Status.CANCELLED)
    if person is not None:
        with_person = RequestParty.objects.filter(person_id=person).values("request_id")
        found = found.filter(request_id__in=with_person)
    if organisation is not None:
        found = found.filter(request__organisation_id=organisation)
    if table is not None:
        found = found.filter(table_id=table)
    if hall is not None:
        found = found.filter(table__hall_id=hall)
    return found


def was_released(edition: Edition) -> bool:
    """Whether people were shown a timetable already, with or without a meeting of theirs."""
    released = TimetableVersion.State.RELEASED
    return TimetableVersion.objects.filter(edition=edition, state=released).exists()


def open_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Wanted meetings that have no place yet, the weightiest first."""
    return (
        MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
        .select_related("organisation")
        .prefetch_related(Prefetch("parties", RequestParty.objects.select_related("person")))
    )


def waiting(edition: Edition, draft: TimetableVersion | None = None) -> list[tuple[str, int]]:
    """(why, how many) of the wanted meetings without a place, the most frequent first.

    `draft`: what has a place there does not wait.
    """
    wanted = MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
    if draft is not None:
        placed = draft.placements.exclude(kind="cancelled")
        wanted = wanted.exclude(id__in=placed.values("request_id"))
    counts = wanted.values_list("unplaced").annotate(n=Count("id")).order_by("-n", "unplaced")
    return list(counts)


def names_of(request: MeetingRequest) -> list[tuple[Message, str]]:
    """(part, name) of everybody who has to be there, talents first."""
    parties = RequestParty.objects.filter(request=request).select_related("person")
    return [
        (
            _("Delegate") if p.side == Side.EMPLOYER else p.get_side_display(),
            p.person.name,
        )
        for p in parties.order_by("-side", "person__name")
    ]


def names_for(actor: Actor, request: MeetingRequest) -> list[tuple[Message, str]]:
    """The same for who places the meeting. Whom only the office brings together is named to the
    organisation with the meeting's entry, and before that where they show their profile."""
    named = names_of(request)
    organisation = request.organisation_id
    if (
        request.origin != MeetingRequest.Origin.OFFICE
        or organisation is None
        or rules.can_audit_meetings(actor, request.edition_id)
        or organisation not in actor.organisations(request.edition_id)
    ):
        return named
    talents = RequestParty.objects.filter(request=request, side=Side.TALENT)
    if not talents.filter(~ended.shows(request.edition_id, organisation)).exists():
        return named
    told = _("named once the meeting has its time")
    return [(part, str(told) if part == Side.TALENT.label else name) for part, name in named]


def without_outcome(edition: Edition) -> QuerySet[Meeting]:
    """Meetings that are over, of which nobody has said yet how they went."""
    return Meeting.objects.filter(
        edition=edition, status=Meeting.Status.PLANNED, ends_at__lte=clock.now()
    )


def feed(
    edition_id: UUID, person_id: UUID
) -> tuple[Edition, QuerySet[Meeting], str, frozenset[UUID]]:
    """(edition, meetings, language, records) of one person, for the holder of a feed address; of
    all records of their account, as their agenda is.

    Raises NotFound where there is no such edition, or the person was erased.
    """
    edition = Edition.objects.filter(id=edition_id).first()
    person = Person.objects.select_related("user", "merged_into__user").filter(id=person_id).first()
    if person is not None and person.merged_into is not None:
        person = person.merged_into
    if edition is None or person is None or person.erased_at is not None:
        raise NotFound
    records = frozenset({person.pk})
    if person.user_id is not None:
        own = Person.objects.filter(user=person.user_id, erased_at=None, merged_into=None)
        records |= frozenset(own.values_list("pk", flat=True))
    shown = Q(pk__in=[])
    for record in records:
        theirs = _of_record(edition.pk, record)
        shown |= Q(request_id__in=theirs) & ~abroad.hidden_from(edition.pk, record)
    # As a mail to them: what the account says; a record without one has only what a file told.
    known = person.user.language if person.user is not None else language_of(person)
    return edition, meetings(SYSTEM, edition).filter(shown), known, records


def _of_record(edition: UUID, person: UUID) -> QuerySet[RequestParty, Any]:
    """The requests of a talent, and of a delegate. Who acts for an organisation no more has none of
    its meetings, though the address stays theirs."""
    acting = Delegate.objects.filter(
        person=person, edition=edition, withdrawn_at__isnull=True, merged_into__isnull=True
    )
    mine = RequestParty.objects.filter(person=person).filter(
        ~Q(side=Side.EMPLOYER)
        | Q(request__organisation__isnull=True)
        | Q(request__organisation__in=acting.values("organisation"))
    )
    return mine.values("request_id")
