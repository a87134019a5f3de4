"""What ends with a consent: requests with those who may no longer read the profile, and all that
stands with organisations abroad."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.clock import now
from talex.core.work import work
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.fair.choices import STANDING, EndedBy, InterestState
from talex.fair.models import Interest
from talex.fair.services import ending
from talex.fair.services.arranging import SUBJECT
from talex.ledger.outbox import Event
from talex.meetings import reasons
from talex.meetings.models import Meeting, MeetingRequest, RequestParty
from talex.meetings.models import Side as MeetingSide
from talex.meetings.services import withdraw_requests
from talex.participants.abroad import organisations_abroad

Pair = tuple[UUID, UUID]
"""(opening, the talent's person)."""
#: By these an organisation may come to be abroad.
MOVES = frozenset({"participants.organisation_updated", "editions.privacy_set"})


def after_event(event: Event) -> None:
    """Follower of the ledger: where the consent `profile` is taken back or ends, so does what waits
    with the recipients who may no longer read them; `abroad`: with those abroad, also where an
    organisation's country turns out to be another. Exactly once, in the cursor's transaction."""
    if event.event in MOVES and event.edition is not None:
        if event.event == "editions.privacy_set":
            end_abroad(SYSTEM, edition=event.edition)
        elif "country" in event.facts.get("fields", ()) and event.object_id is not None:
            # It takes part in other editions as well.
            end_abroad(SYSTEM, organisation=event.object_id)
        return
    ends = {"editions.consent_withdrawn", "editions.consent_expired"}
    if event.event not in ends or event.subject is None:
        return
    if event.edition is None:
        return
    if event.facts.get("purpose") == ConsentPurpose.ABROAD.value:
        end_abroad(SYSTEM, edition=event.edition, person=event.subject)
        return
    if event.facts.get("purpose") != ConsentPurpose.PROFILE.value:
        return
    end_unconsented(SYSTEM, event.edition, event.subject, str(event.facts.get("recipient") or ""))


def end_unconsented(actor: Actor, edition: UUID, person: UUID, recipient: str) -> int:
    """End what waits between the person and the recipients who lost the consent `profile`."""
    given = set(
        Consent.objects.current()
        .filter(edition_id=edition, person=person, purpose=ConsentPurpose.PROFILE)
        .values_list("recipient", flat=True)
    )
    if "" in given:
        return 0
    rows = Interest.objects.filter(edition_id=edition, talent__person_id=person)
    if recipient:
        rows = rows.filter(opening__organisation_id=recipient)
    rows = rows.exclude(opening__organisation_id__in=[one for one in given if one])
    if not rows.filter(state=InterestState.ASKED).exists():
        return 0
    with work():
        # What the office approved is theirs to call off; a proposal that stands is not a request.
        return ending.end_waiting(actor, rows, EndedBy.CONSENT)


def end_abroad(
    actor: Actor,
    *,
    edition: UUID | None = None,
    person: UUID | None = None,
    organisation: UUID | None = None,
) -> int:
    """End what waits or was agreed on with organisations abroad without the separate consent, of
    the edition, person or organisation; the number of requests.

    Meetings of these pairs that are still to come are called off, also where the office approved
    them. What has begun stays.
    """
    rows = RequestParty.objects.filter(
        side=MeetingSide.TALENT, request__subject_kind=SUBJECT
    ).exclude(request__state=MeetingRequest.State.WITHDRAWN)
    asked = Interest.objects.filter(state__in=STANDING)
    if person is not None:
        rows, asked = rows.filter(person=person), asked.filter(talent__person=person)
    if organisation is not None:
        rows = rows.filter(request__organisation=organisation)
        asked = asked.filter(opening__organisation=organisation)
    if edition is not None:
        editions = {edition}
    else:
        editions = set(rows.values_list("request__edition_id", flat=True).order_by())
        editions |= set(asked.values_list("edition_id", flat=True).order_by())
    ended = 0
    for one in sorted(editions):
        far = list(organisations_abroad(one).values_list("pk", flat=True))
        if not far:
            continue
        requests = rows.filter(request__edition=one, request__organisation__in=far)
        interests = asked.filter(edition=one, opening__organisation__in=far)
        ended += _end(
            actor,
            one,
            requests.values_list(
                "request_id", "request__subject_id", "person_id", "request__organisation_id"
            ),
            interests.values_list(
                "pk", "state", "opening_id", "talent__person_id", "opening__organisation_id"
            ),
        )
    return ended


def _end(
    actor: Actor,
    edition: UUID,
    requests: Iterable[tuple[UUID, UUID, UUID, UUID]],
    interests: Iterable[tuple[UUID, str, UUID, UUID, UUID]],
) -> int:
    wanted, asked = list(requests), list(interests)
    if not wanted and not asked:
        return 0
    given = _given(edition)

    def unheard(person: UUID, organisation: UUID) -> bool:
        return given.isdisjoint({(person, ""), (person, str(organisation))})

    begun = _begun(edition, [request for request, _opening, _person, _to in wanted])
    off = [
        request
        for request, opening, person, to in wanted
        if unheard(person, to) and (opening, person) not in begun
    ]
    due = [
        pk
        for pk, state, opening, person, to in asked
        if unheard(person, to) and (state == InterestState.ASKED or (opening, person) not in begun)
    ]
    if not off and not due:
        return 0
    ended = 0
    with work():
        withdraw_requests(actor, Edition.objects.get(pk=edition), off, reasons.NOT_ABROAD)
        for some in chunks(due):
            rows = Interest.objects.filter(pk__in=some)
            ended += ending.end_waiting(actor, rows, EndedBy.CONSENT, STANDING)
    return ended


def _given(edition: UUID) -> set[tuple[UUID, str]]:
    """(person, recipient) of the consents that are good today; '': all abroad."""
    rows = Consent.objects.current().filter(edition_id=edition, purpose=ConsentPurpose.ABROAD)
    return set(rows.values_list("person", "recipient"))


def _begun(edition: UUID, requests: Iterable[UUID]) -> set[Pair]:
    """Pairs whose meeting has begun or was held."""
    found: set[Pair] = set()
    for some in chunks(requests):
        rows = Meeting.objects.filter(edition=edition, request__in=some, starts_at__lte=now())
        rows = rows.exclude(status=Meeting.Status.CANCELLED)
        found |= set(rows.values_list("request__subject_id", "request__parties__person_id"))
    return found
