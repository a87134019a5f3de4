"""Requests that end without an answer: the term is over, a consent is taken back, a side blocks.

Nothing here asks the two sides; who calls it has decided that it may happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.clock import now
from talex.core.hours import is_day, zone_of
from talex.core.ids import parse
from talex.core.work import work
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.fair import limits
from talex.fair.choices import EndedBy, InterestState, MatchState, Side
from talex.fair.models import Interest, Match, RequestRules
from talex.ledger.outbox import Event
from talex.ledger.services import record
from talex.meetings import abroad, reasons
from talex.meetings import services as meetings
from talex.meetings.models import MeetingRequest, RequestParty
from talex.meetings.models import Side as MeetingSide
from talex.participants.abroad import Separately, at_home, those_abroad

CHUNK = 500
#: What the office approved ended, and the two had not agreed on it by a request.
PLAN_ENDED = "fair.match.ended"
#: By these an organisation may come to be abroad.
MOVES = frozenset({"participants.organisation_updated", "editions.privacy_set"})
ENDS = frozenset({"editions.consent_withdrawn", "editions.consent_expired"})
FOLLOWED = MOVES | ENDS


def end_waiting(
    actor: Actor,
    rows: QuerySet[Interest],
    why: EndedBy,
    state: InterestState = InterestState.ASKED,
) -> int:
    """Take back what waits for an answer (or is in another `state`) among the rows, with why. In
    `work()`."""
    waiting = list(
        rows.select_for_update(of=("self",), no_key=True)
        .filter(state=state)
        .order_by("id")
        .only("id", "edition_id")
    )
    for at in range(0, len(waiting), CHUNK):
        Interest.objects.filter(
            pk__in=[one.pk for one in waiting[at : at + CHUNK]], state=state
        ).update(state=InterestState.WITHDRAWN, ended_by=why, answered_at=now())
    for interest in waiting:
        record(
            "fair.interest.withdrawn",
            actor=actor,
            edition=interest.edition_id,
            obj=interest,
            facts={"why": why.value},
        )
    return len(waiting)


def end_planned(actor: Actor, rows: QuerySet[Match], why: EndedBy) -> None:
    """Take back what the office approved among the rows. In `work()`.

    Not rejected: the two may be proposed to each other again.
    """
    ended = record_planned(actor, rows.select_for_update(of=("self",), no_key=True), why)
    for some in chunks(ended):
        Match.objects.filter(pk__in=some).update(
            state=MatchState.SUPERSEDED, decided_at=now(), decided_by=actor.id
        )


def record_planned(actor: Actor, rows: QuerySet[Match], why: EndedBy) -> list[UUID]:
    """Record that what the office approved among the rows is over; returns which it is. Where an
    agreement of the two ends as well, that is recorded alone (later), so that they are told once.
    """
    agreed = Interest.objects.filter(
        talent=OuterRef("talent"), opening=OuterRef("opening"), state=InterestState.ACCEPTED
    )
    planned = list(
        rows.filter(state=MatchState.APPROVED)
        .annotate(agreed=Exists(agreed))
        .order_by("id")
        .only("id", "edition_id", "opening_id")
    )
    for match in planned:
        if not match.agreed:
            record(
                PLAN_ENDED,
                actor=actor,
                edition=match.edition_id,
                obj=match,
                facts={"opening": str(match.opening_id), "why": why.value},
            )
    return [match.pk for match in planned]


def expire_interests(actor: Actor, edition: Edition | None = None) -> int:
    """End every request whose time is over. Safe to call often; reads treat them as over anyway."""
    rows = Interest.objects.all()
    if edition is not None:
        rows = rows.filter(edition=edition)
    if not rows.filter(state=InterestState.ASKED, expires_at__lte=now()).exists():
        return 0
    with work():
        return expire(actor, rows)


def expire(actor: Actor, rows: QuerySet[Interest]) -> int:
    """The same for some rows. In `work()`."""
    over = list(
        rows.select_for_update(no_key=True)
        .filter(state=InterestState.ASKED, expires_at__lte=now())
        .order_by("id")
        .only("id", "edition_id")
    )
    for at in range(0, len(over), CHUNK):
        Interest.objects.filter(
            pk__in=[one.pk for one in over[at : at + CHUNK]], state=InterestState.ASKED
        ).update(state=InterestState.EXPIRED)
    for interest in over:
        record(
            "fair.interest.expired",
            actor=actor,
            edition=interest.edition_id,
            obj=interest,
            facts={"why": "time"},
        )
    return len(over)


def remind(actor: Actor = SYSTEM) -> int:
    """Tell the ledger once of each request that ends soon without an answer; whoever sends mails
    follows these events. Returns how many.

    Only where it is day for who is asked: a reminder that waits for the morning would be sent also
    of what was answered in the evening, or is over by then.
    """
    hours: dict[UUID, int] = dict(RequestRules.objects.values_list("edition_id", "reminder_hours"))
    soon = now() + timedelta(hours=max([limits.REMINDER_HOURS, *hours.values()]))
    rows = Interest.objects.filter(
        state=InterestState.ASKED,
        reminded_at__isnull=True,
        expires_at__gt=now(),
        expires_at__lte=soon,
    )
    found = rows.values_list(
        "pk", "edition_id", "expires_at", "side", "edition__time_zone",
        "talent__person__user__time_zone",
    )  # fmt: skip
    due = [
        pk
        for pk, edition, expires, side, zone, own in found
        if expires - now() <= timedelta(hours=hours.get(edition, limits.REMINDER_HOURS))
        and is_day(now(), zone_of(own or "" if side == Side.EMPLOYER else "", zone))
    ]
    if not due:
        return 0
    with work():
        return _reminded(actor, due)


def _reminded(actor: Actor, due: Sequence[UUID]) -> int:
    count = 0
    for at in range(0, len(due), CHUNK):
        # Two workers at once: the second finds them reminded.
        found = list(
            Interest.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=due[at : at + CHUNK], state=InterestState.ASKED)
            .filter(reminded_at__isnull=True)
            .select_related("talent")
            .order_by("id")
        )
        Interest.objects.filter(pk__in=[one.pk for one in found]).update(reminded_at=now())
        for one in found:
            record(
                "fair.interest.reminded",
                actor=actor,
                edition=one.edition_id,
                obj=one,
                subject=one.talent.person_id,
                facts={"asked_side": Side(one.side).other.value, "opening": str(one.opening_id)},
            )
        count += len(found)
    return count


def run_by_itself() -> None:
    """What the worker does every minute."""
    expire_interests(SYSTEM)
    remind()


def after_event(event: Event) -> None:
    """Follower of the ledger: where the consent `profile` is taken back or ends, so does what waits
    with the recipients who may no longer read them; `abroad`: with those abroad, also where an
    organisation's country turns out to be another. Exactly once, in the cursor's transaction."""
    if event.event in MOVES and event.edition is not None:
        if event.event == "editions.privacy_set":
            end_unsent(SYSTEM, Interest.objects.filter(edition=event.edition))
            call_off_abroad(SYSTEM, event.edition)
        elif "country" in event.facts.get("fields", ()) and event.object_id is not None:
            # It takes part in other editions as well.
            end_unsent(SYSTEM, Interest.objects.filter(opening__organisation=event.object_id))
            asked = MeetingRequest.objects.filter(organisation=event.object_id).order_by()
            for edition in set(asked.values_list("edition_id", flat=True)):
                call_off_abroad(SYSTEM, edition, organisation=event.object_id)
        return
    if event.event not in ENDS or event.subject is None:
        return
    if event.edition is None:
        return
    if event.facts.get("purpose") == ConsentPurpose.ABROAD.value:
        end_unsent(
            SYSTEM,
            Interest.objects.filter(edition=event.edition, talent__person_id=event.subject),
        )
        call_off_abroad(SYSTEM, event.edition, person=event.subject)
        return
    if event.facts.get("purpose") != ConsentPurpose.PROFILE.value:
        return
    end_unconsented(SYSTEM, event.edition, event.subject, str(event.facts.get("recipient") or ""))


def end_unsent(actor: Actor, rows: QuerySet[Interest]) -> int:
    """End what waits among the rows with organisations abroad whose talent does not agree to that.

    What they agreed on and is not over is called off elsewhere (`call_off_abroad`).
    """
    waiting = rows.filter(state=InterestState.ASKED).exclude(opening__organisation__country="")
    ended = 0
    for edition in set(waiting.order_by().values_list("edition_id", flat=True)):
        here = waiting.filter(edition_id=edition).exclude(
            at_home(edition, "opening__organisation__country")
        )
        pairs = list(here.values_list("pk", "talent__person_id", "opening__organisation_id"))
        agree = Separately(edition, {to for _pk, _person, to in pairs})
        due = [pk for pk, person, to in pairs if not agree.to(person, to)]
        if due:
            with work():
                for some in chunks(due):
                    ended += end_waiting(
                        actor, Interest.objects.filter(pk__in=some), EndedBy.CONSENT
                    )
    return ended


def call_off_abroad(
    actor: Actor, edition: UUID, *, person: UUID | None = None, organisation: UUID | None = None
) -> int:
    """Call off what was agreed with organisations abroad, and is not over, of talents who do not
    agree to that (any more): the meeting, and the agreement it came from. Returns how many."""
    parties = RequestParty.objects.filter(
        request__edition=edition, side=Side.TALENT, request__organisation__isnull=False
    ).exclude(request__state=MeetingRequest.State.WITHDRAWN)
    if person is not None:
        parties = parties.filter(person=person)
    if organisation is not None:
        parties = parties.filter(request__organisation=organisation)
    theirs = set(parties.order_by().values_list("request__organisation_id", flat=True))
    due = [pk for one in those_abroad(edition, theirs) for pk in abroad.standing(edition, one)]
    if not due:
        return 0
    with work():
        where = Edition.objects.get(pk=edition)
        for some in chunks(due):
            meetings.withdraw_requests(actor, where, some, reasons.CONSENT)
            pairs = RequestParty.objects.filter(request__in=some, side=Side.TALENT)
            for subject, talent in pairs.values_list("request__subject_id", "person_id"):
                _agreement_ends(actor, edition, subject, talent)
    return len(due)


def _agreement_ends(actor: Actor, edition: UUID, opening: UUID, person: UUID) -> None:
    pair = {"edition": edition, "opening": opening, "talent__person": person}
    end_planned(actor, Match.objects.filter(**pair), EndedBy.CONSENT)
    agreed = Interest.objects.filter(**pair)
    end_waiting(actor, agreed, EndedBy.CONSENT, InterestState.ACCEPTED)


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
    with work():
        _end_unplaced(actor, edition, person, given, recipient)
        return end_waiting(actor, rows, EndedBy.CONSENT)


def _end_unplaced(
    actor: Actor, edition: UUID, person: UUID, given: set[str], recipient: str
) -> None:
    """What only the office approved and has no time yet: placed, it would name the talent anew. A
    meeting that stands is theirs to call off."""
    open_ones = MeetingRequest.objects.filter(
        edition=edition, state=MeetingRequest.State.OPEN,
        parties__person=person, parties__side=MeetingSide.TALENT,
    )  # fmt: skip
    if recipient:
        open_ones = open_ones.filter(organisation=parse(recipient))
    still = [pk for one in given if (pk := parse(one)) is not None]
    _end_open(actor, open_ones.exclude(organisation__in=still), edition, person, EndedBy.CONSENT)


def end_unplaced_with(actor: Actor, edition: UUID, person: UUID, organisation: UUID) -> None:
    """As one side does not want to hear from the other: what only the office approved for the two
    and has no time yet. In `work()`."""
    open_ones = MeetingRequest.objects.filter(
        edition=edition, state=MeetingRequest.State.OPEN, organisation=organisation,
        parties__person=person, parties__side=MeetingSide.TALENT,
    )  # fmt: skip
    _end_open(actor, open_ones, edition, person, EndedBy.BLOCK)


def _end_open(
    actor: Actor, rows: QuerySet[MeetingRequest], edition: UUID, person: UUID, why: EndedBy
) -> None:
    """Those of the rows that both sides have not agreed on."""
    agreed = Interest.objects.filter(
        edition=edition, talent__person=person, state=InterestState.ACCEPTED
    )
    rows = rows.exclude(subject_id__in=agreed.values("opening"))
    found = dict(rows.values_list("pk", "subject_id"))
    if found:
        where = Edition.objects.get(pk=edition)
        # None has a meeting that could be called off for a reason.
        meetings.withdraw_requests(actor, where, list(found), "")
        theirs = {"edition": edition, "talent__person": person}
        end_planned(actor, Match.objects.filter(opening__in=found.values(), **theirs), why)


def approved(talent: UUID, opening: UUID) -> bool:
    """Whether the office approved that the two meet."""
    return Match.objects.filter(
        talent_id=talent, opening_id=opening, state=MatchState.APPROVED
    ).exists()
