"""What came of a meeting, rung by rung, each with the meeting as its proof.

`attended` and `interviewed` follow from the meeting being held; `mutual_intent` from both sides
saying yes; `offer_accepted`, `arrived` and `retained` are confirmed one after the other by the
employer or the office. A rung stands on the one below it: what stands on it is taken back first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.ids import parse
from talex.core.work import work
from talex.editions import rules as edition_rules
from talex.editions.models import Edition
from talex.evidence import services as evidence
from talex.evidence.models import Evidence, unwithdrawn
from talex.evidence.rules import Claim
from talex.evidence.vocabulary import Rung
from talex.fair.choices import Side, StatementKind
from talex.fair.models import Statement
from talex.ledger.services import record
from talex.meetings import rules as meeting_rules
from talex.meetings.models import Meeting, RequestParty
from talex.meetings.models import Side as MeetingSide
from talex.participants.models import Talent

SOURCE = "meeting"
#: The rungs a meeting can prove, from the first to the last.
LADDER = (
    Rung.INTERVIEWED, Rung.MUTUAL_INTENT, Rung.OFFER_ACCEPTED, Rung.ARRIVED, Rung.RETAINED,
)  # fmt: skip
#: What the employer or the office confirms after both wanted to go on.
LATER = LADDER[2:]


@dataclass(frozen=True, slots=True)
class SayIntent:
    """One side says whether it wants to go on with the other. `kind` offer: the employer's."""

    meeting: UUID
    side: str
    yes: bool
    kind: str = StatementKind.INTENT


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """A rung beyond mutual intent was reached; `happened_at` None is now."""

    meeting: UUID
    rung: str
    happened_at: datetime | None = None
    document: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawOutcome:
    meeting: UUID
    rung: str
    reason: str


def talents_of(meeting: Meeting) -> list[Talent]:
    """The talent records of the meeting's talent side in its edition."""
    persons = RequestParty.objects.filter(
        request_id=meeting.request_id, side=MeetingSide.TALENT
    ).values("person_id")
    return list(
        Talent.objects.select_related("person").filter(
            edition_id=meeting.edition_id, person_id__in=persons, merged_into__isnull=True
        )
    )


def standing(meeting: Meeting) -> dict[str, list[Evidence]]:
    """rung -> the rows this meeting proves that are not taken back."""
    rows = (
        unwithdrawn()
        .filter(
            edition_id=meeting.edition_id,
            source_kind=SOURCE,
            source_id=str(meeting.pk),
        )
        .order_by("happened_at")
    )
    found: dict[str, list[Evidence]] = {}
    for row in rows:
        found.setdefault(row.rung, []).append(row)
    return found


def may_say(actor: Actor, meeting: Meeting, side: str) -> bool:
    """For the talent they themselves, for the employer its delegates; the office for both."""
    if edition_rules.is_office(actor, meeting.edition_id):
        return True
    if side == Side.EMPLOYER:
        return meeting.request.organisation_id in actor.organisations(meeting.edition_id)
    return RequestParty.objects.filter(
        request_id=meeting.request_id, side=MeetingSide.TALENT, person_id__in=actor.persons()
    ).exists()


def confirmer(actor: Actor, claim: Claim) -> bool:
    """Who besides the office may confirm what a meeting proves (port of `evidence`)."""
    meeting_id = parse(claim.source_id) if claim.source_kind == SOURCE else None
    if meeting_id is None:
        return False
    meeting = Meeting.objects.select_related("request").filter(
        pk=meeting_id, edition_id=claim.edition
    ).first()  # fmt: skip
    if meeting is None or claim.subject_id not in {t.pk for t in talents_of(meeting)}:
        return False
    if claim.rung == Rung.MUTUAL_INTENT:
        return any(may_say(actor, meeting, side) for side in Side.values)
    if claim.rung in (Rung.ATTENDED, Rung.INTERVIEWED, *LATER):
        return meeting_rules.can_tell_outcome(actor, meeting)
    return False


def after_outcome(actor: Actor, meeting: Meeting) -> None:
    """A meeting was held, or somebody did not come (port of `meetings`, in its transaction)."""
    if meeting.status == Meeting.Status.HELD:
        for rung in (Rung.ATTENDED, Rung.INTERVIEWED):
            _confirm(actor, meeting, rung, min(meeting.ends_at, now()), None, "")
        return
    held = standing(meeting)
    if any(rung in held for rung in LADDER[1:]):
        raise Conflict(
            _(
                "More than an interview is recorded for this meeting. Take that back first, then "
                "say that somebody did not come."
            )
        )
    for rung in (Rung.INTERVIEWED, Rung.ATTENDED):
        _take_back(actor, meeting, held.get(rung, []), str(_("The meeting was not held.")))


def say(actor: Actor, edition: Edition, command: SayIntent) -> Statement:
    """One side says yes or no. Two yes are mutual intent; a later no takes it back."""
    if command.side not in Side.values or command.kind not in StatementKind.values:
        raise Invalid({"": _("Say for which side, and what.")})
    if command.kind == StatementKind.OFFER and command.side != Side.EMPLOYER:
        raise Invalid({"side": _("An offer is made by the employer.")})
    with work():
        meeting = _meeting(actor, edition, command.meeting)
        if not may_say(actor, meeting, command.side):
            raise NotAllowed(_("Each side speaks for itself."))
        if meeting.status != Meeting.Status.HELD:
            raise Conflict(_("First record that the meeting was held."))
        held = standing(meeting)
        if not command.yes and any(rung in held for rung in LATER):
            raise Conflict(
                _("An accepted offer is recorded for this meeting. Take that back first.")
            )
        statement, _made = Statement.objects.update_or_create(
            meeting=meeting,
            side=command.side,
            kind=command.kind,
            defaults={
                "edition": edition,
                "yes": command.yes,
                "said_at": now(),
                "said_by": actor.id,
            },
        )
        talents = talents_of(meeting)
        record(
            "fair.statement.made",
            actor=actor,
            edition=edition.id,
            obj=statement,
            subject=talents[0].person_id if talents else None,
            facts={
                "meeting": str(meeting.pk),
                "side": command.side,
                "kind": command.kind,
                "yes": command.yes,
            },
        )
        if command.kind == StatementKind.INTENT:
            _settle_intent(actor, meeting, held)
    return statement


def _settle_intent(actor: Actor, meeting: Meeting, held: dict[str, list[Evidence]]) -> None:
    said = dict(
        Statement.objects.filter(meeting=meeting, kind=StatementKind.INTENT).values_list(
            "side", "yes"
        )
    )
    if all(said.get(side.value) for side in Side):
        _confirm(actor, meeting, Rung.MUTUAL_INTENT, now(), None, "")
    else:
        _take_back(
            actor,
            meeting,
            held.get(Rung.MUTUAL_INTENT, []),
            str(_("One side no longer wants to go on.")),
        )


def record_outcome(actor: Actor, edition: Edition, command: RecordOutcome) -> list[Evidence]:
    """Confirm that an offer was accepted, somebody arrived, somebody stayed."""
    with work():
        meeting = _meeting(actor, edition, command.meeting)
        if command.rung not in LATER:
            raise Invalid(
                {
                    "rung": _(
                        "Choose offer accepted, arrived or retained. The rungs before follow "
                        "from the meeting and from what both sides say."
                    )
                }
            )
        if not meeting_rules.can_tell_outcome(actor, meeting):
            raise NotAllowed
        held = standing(meeting)
        below = LADDER[LADDER.index(Rung(command.rung)) - 1]
        if below not in held:
            raise Conflict(
                _("First this has to be recorded: %(rung)s.") % {"rung": Rung(below).label}
            )
        at = command.happened_at or now()
        if at < min(row.happened_at for row in held[below]):
            raise Invalid(
                {"happened_at": _("This lies before the step it follows: %(rung)s.")
                 % {"rung": Rung(below).label}}
            )  # fmt: skip
        return _confirm(actor, meeting, Rung(command.rung), at, command.document, command.note)


def withdraw_outcome(actor: Actor, edition: Edition, command: WithdrawOutcome) -> int:
    """Take a recorded rung back; returns how many rows of evidence no longer hold."""
    with work():
        meeting = _meeting(actor, edition, command.meeting)
        if command.rung not in LATER:
            raise Invalid({"rung": _("Choose offer accepted, arrived or retained.")})
        if not meeting_rules.can_tell_outcome(actor, meeting):
            raise NotAllowed
        if not command.reason.strip():
            raise Invalid({"reason": _("Say why it no longer holds.")})
        held = standing(meeting)
        if command.rung not in held:
            raise Conflict(_("This is not recorded for this meeting."))
        above = LADDER[LADDER.index(Rung(command.rung)) + 1 :]
        if any(rung in held for rung in above):
            raise Conflict(_("A later step is recorded for this meeting. Take that back first."))
        return _take_back(actor, meeting, held[command.rung], command.reason.strip())


def _confirm(
    actor: Actor, meeting: Meeting, rung: Rung, at: datetime, document: UUID | None, note: str
) -> list[Evidence]:
    return [
        evidence.confirm(
            actor,
            evidence.ConfirmRung(
                edition=meeting.edition_id,
                subject_id=talent.pk,
                rung=rung.value,
                happened_at=at,
                source_kind=SOURCE,
                source_id=str(meeting.pk),
                document=document,
                note=note,
                data_subject=talent.person_id,
            ),
        )
        for talent in talents_of(meeting)
    ]


def _take_back(actor: Actor, meeting: Meeting, rows: list[Evidence], why: str) -> int:
    persons = {t.pk: t.person_id for t in talents_of(meeting)}
    for row in rows:
        evidence.withdraw(
            actor,
            evidence.WithdrawEvidence(
                evidence=row.pk, reason=why, data_subject=persons.get(row.subject_id)
            ),
        )
    return len(rows)


def _meeting(actor: Actor, edition: Edition, meeting_id: UUID) -> Meeting:
    """The meeting, locked, so that what two people tell about it at once comes one by one."""
    found = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("request")
        .filter(edition=edition, id=meeting_id)
        .first()
    )
    if found is None or not meeting_rules.can_see(actor, found):
        raise NotFound
    return found
