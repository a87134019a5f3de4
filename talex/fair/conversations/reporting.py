"""Reports of abuse: made with a reason, handled by the office, told to both, appealed in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core.actor import SYSTEM, Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.errors import Message as Told
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import rules as fair_rules
from talex.fair import services as fair_services
from talex.fair.choices import Side
from talex.fair.conversations import rules
from talex.fair.conversations.evidence import kept_facts
from talex.fair.conversations.models import (
    Conversation,
    Decision,
    Message,
    Report,
    ReportKind,
    ReportReason,
    ReportState,
)
from talex.fair.conversations.people import seen_in
from talex.fair.conversations.reportable import organisation_of_others, reader_of
from talex.fair.models import Opening
from talex.ledger.queries import happened
from talex.ledger.services import record
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Talent

#: Evidence is kept so long after the decision (and its appeal), then it goes.
KEEP = timedelta(days=365)
WORDS = 2000
#: A case that is read again within this time is not recorded again.
READ_AGAIN = timedelta(hours=6)
#: So many reports of one account may wait for the office at the same time.
WAITING_MOST = 20
#: Messages around a reported one, and of a reported conversation, that are kept as evidence.
AROUND = 10
WHOLE = 200


@dataclass(frozen=True, slots=True)
class MakeReport:
    """`target`: the message, conversation, talent record or opening."""

    kind: str
    target: UUID
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class DecideReport:
    """`words` are read by both sides."""

    report: UUID
    decision: str
    words: str


@dataclass(frozen=True, slots=True)
class Appeal:
    report: UUID
    words: str


@dataclass(frozen=True, slots=True)
class AnswerAppeal:
    """`upheld`: the decision stands; else it is taken back as far as that is possible."""

    report: UUID
    upheld: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Found:
    """Against whom, and what is kept as evidence."""

    person: UUID | None
    organisation: UUID | None
    evidence: dict[str, Any]


def report(actor: Actor, edition: Edition, command: MakeReport) -> Report:
    """Report what one may see; the office gets it as it is now. Raises `Conflict` where the same
    was reported and is not decided yet."""
    if not actor.signed_in or actor.user is None:
        raise NotAllowed
    found = target_of(actor, edition, command.kind, command.target)
    faults: dict[str, Told] = {}
    if command.reason not in ReportReason.values:
        faults["reason"] = _("Choose a reason of the list.")
    if len(command.words) > WORDS:
        faults["words"] = _("Write at most 2,000 characters.")
    elif command.reason == ReportReason.OTHER and not command.words.strip():
        faults["words"] = _("Say what it is about.")
    if faults:
        raise Invalid(faults)
    with work():
        waiting = Report.objects.filter(reporter=actor.id, edition=edition)
        if waiting.exclude(state=ReportState.DECIDED).count() >= WAITING_MOST:
            raise Conflict(_("Many of your reports wait already. The office reads them first."))
        row = Report(
            edition=edition,
            kind=command.kind,
            target=command.target,
            reason=command.reason,
            words=command.words.strip(),
            reporter=actor.id,
            against_person=found.person,
            against_organisation=found.organisation,
            evidence=found.evidence,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Conflict(_("You reported this already; the office looks into it.")) from None
        _record("made", actor, row, kind=row.kind, reason=row.reason)
    return row


def target_of(actor: Actor, edition: Edition, kind: str, target: UUID) -> _Found:
    """What is reported, for whoever may see it. Raises `NotFound`."""
    if kind == ReportKind.OPENING:
        return _opening(actor, edition, target)
    if kind == ReportKind.PROFILE:
        return _profile(actor, edition, target)
    if kind == ReportKind.ORGANISATION:
        return _organisation(actor, edition, target)
    messages = Message.objects.filter(conversation__edition=edition)
    about = messages.filter(pk=target).first() if kind == ReportKind.MESSAGE else None
    wanted = about.conversation_id if about else target if kind == ReportKind.CONVERSATION else None
    if wanted is None:
        raise NotFound
    conversation = (
        Conversation.objects.select_related("talent", "opening")
        .filter(edition=edition, pk=wanted)
        .first()
    )
    if conversation is None:
        raise NotFound
    side = rules.side_of(actor, conversation.talent, conversation.opening)
    if side is None or (about is not None and about.side == side):
        raise NotFound
    rows = conversation.messages.order_by("-sent_at", "-id")
    if about is not None:
        rows = rows.filter(sent_at__lte=about.sent_at)
    kept = list(rows[: AROUND if about else WHOLE])[::-1]
    evidence = {
        "opening": str(conversation.opening_id),
        "talent": str(conversation.talent_id),
        "messages": [
            {
                "id": str(one.pk),
                "side": one.side,
                "author": one.author,
                "sent_at": one.sent_at.isoformat(),
                "language": one.language,
                "body": one.body,
                "reported": about is not None and one.pk == about.pk,
            }
            for one in kept
        ],
    }
    if side is Side.TALENT:
        return _Found(None, conversation.opening.organisation_id, evidence)
    return _Found(conversation.talent.person_id, None, evidence)


def _opening(actor: Actor, edition: Edition, target: UUID) -> _Found:
    opening = Opening.objects.select_related("edition").filter(edition=edition, pk=target).first()
    if opening is None or not fair_rules.can_see_opening(actor, opening):
        raise NotFound
    evidence = {
        "opening": str(opening.pk),
        "title": opening.title.texts(),
        "description": str(opening.description),
        "pay": opening.pay,
        "version": opening.version,
    }
    return _Found(None, opening.organisation_id, evidence)


def _organisation(actor: Actor, edition: Edition, target: UUID) -> _Found:
    found = organisation_of_others(actor, edition, target)
    if found is None:
        raise NotFound
    said = {"title": found.name.texts(), "description": str(found.description)}
    return _Found(None, found.pk, said)


def _profile(actor: Actor, edition: Edition, target: UUID) -> _Found:
    """Only what the reporter's own organisation was shown of the talent is kept."""
    from talex.fair import privacy

    talent = (
        Talent.objects.select_related("person")
        .filter(edition=edition, pk=target, merged_into__isnull=True, erased_at__isnull=True)
        .first()
    )
    reader = reader_of(actor, edition, talent) if talent is not None else None
    if talent is None or reader is None:
        raise NotFound
    shown = privacy.shown_to(reader, [talent])[talent.pk]
    facts = privacy.card(talent, shown)
    return _Found(
        talent.person_id,
        None,
        {"talent": str(talent.pk), "facts": kept_facts(facts)},
    )


def _record(what: str, actor: Actor, row: Report, **facts: str) -> None:
    record(
        f"fair.report.{what}",
        actor=actor,
        edition=row.edition_id,
        obj=row,
        subject=row.against_person,
        facts=facts,
    )


def _held(actor: Actor, edition: Edition, pk: UUID) -> Report:
    """A case for the office, held until the commit. In `work()`."""
    if not rules.can_handle(actor, edition.pk):
        raise NotAllowed
    row = Report.objects.select_for_update().filter(edition=edition, pk=pk).first()
    if row is None:
        raise NotFound
    return row


def opened(actor: Actor, edition: Edition, pk: UUID) -> Report:
    """The case with its evidence; that somebody of the office read it is recorded.

    Pages are read again and again: the ledger hears of it once in `READ_AGAIN` of each reader, and
    everybody whose words or profile stand in the evidence once a day. The case is held meanwhile,
    so that two pages opened at once are one look.
    """
    with work():
        row = _held(actor, edition, pk)
        read = happened("fair.report.read", row.pk, actor.id, since=now() - READ_AGAIN)
        if not read:
            _record("read", actor, row)
        way = Way.CASE if row.evidence.get("messages") else Way.PROFILE
        note(actor, edition.pk, seen_in(row), way)
    return row


def claim(actor: Actor, edition: Edition, pk: UUID) -> Report:
    """Take a case on, so that two do not decide it."""
    with work():
        row = _held(actor, edition, pk)
        if row.state == ReportState.DECIDED:
            raise Conflict(_("This case is decided already."))
        if row.claimed_by and row.claimed_by != actor.id:
            raise Conflict(_("Somebody else looks into this case already."))
        row.state, row.claimed_by = ReportState.CLAIMED, actor.id
        row.save(update_fields=["state", "claimed_by"])
        _record("claimed", actor, row)
    return row


def decide(actor: Actor, edition: Edition, command: DecideReport) -> Report:
    """Decide a case one has claimed; what follows from it happens in the same transaction."""
    with work():
        row = _held(actor, edition, command.report)
        if row.state == ReportState.DECIDED:
            raise Conflict(_("This case is decided already."))
        if row.claimed_by != actor.id:
            raise Conflict(_("Claim the case first, so that two do not decide it."))
        _check(row, command)
        words = command.words.strip()
        if command.decision == Decision.HIDE:
            Message.objects.filter(pk=row.target).update(hidden_at=now())
        suspends = (Decision.SUSPEND_PERSON, Decision.SUSPEND_ORGANISATION)
        if command.decision in suspends:
            of_person = command.decision == Decision.SUSPEND_PERSON
            suspension = fair_services.suspend(
                actor,
                edition,
                fair_services.Suspend(
                    words,
                    person=row.against_person if of_person else None,
                    organisation=None if of_person else row.against_organisation,
                    case=row.pk,
                ),
            )
            row.suspension = suspension.pk
        row.state, row.decision, row.decision_words = ReportState.DECIDED, command.decision, words
        row.decided_by, row.decided_at = actor.id, now()
        row.keep_until = now() + KEEP
        row.save()
        _record("decided", actor, row, decision=row.decision)
    return row


def _check(row: Report, command: DecideReport) -> None:
    faults: dict[str, Told] = {}
    if command.decision not in choices_of(row):
        faults["decision"] = _("Choose a decision that fits this case.")
    if not command.words.strip():
        faults["words"] = _("Say why: both sides read it.")
    elif len(command.words) > WORDS:
        faults["words"] = _("Write at most 2,000 characters.")
    if faults:
        raise Invalid(faults)


def choices_of(row: Report) -> list[str]:
    """The decisions that make sense for a case."""
    found = [Decision.NOTHING, Decision.WARN]
    if row.kind == ReportKind.MESSAGE:
        found.append(Decision.HIDE)
    if row.against_person is not None:
        found.append(Decision.SUSPEND_PERSON)
    if row.against_organisation is not None:
        found.append(Decision.SUSPEND_ORGANISATION)
    return [one.value for one in found]


def appeal(actor: Actor, edition: Edition, command: Appeal) -> Report:
    """Whom a decision is against says in words why it is wrong; once."""
    words = command.words.strip()
    with work():
        row = (
            Report.objects.select_for_update()
            .filter(rules.own_cases(actor, edition.pk), pk=command.report)
            .first()
        )
        if row is None or not rules.is_against(actor, row):
            raise NotFound
        if row.decision in ("", Decision.NOTHING):
            raise Conflict(_("There is no decision against you here."))
        if row.appealed_at is not None:
            raise Conflict(_("You appealed already; the office answers here."))
        if not words or len(words) > WORDS:
            raise Invalid({"words": _("Write between 1 and 2,000 characters.")})
        row.appeal, row.appealed_at = words, now()
        row.save(update_fields=["appeal", "appealed_at"])
        _record("appealed", actor, row)
    return row


def answer_appeal(actor: Actor, edition: Edition, command: AnswerAppeal) -> Report:
    """The office answers; where the decision falls, a suspension is lifted and a message shown.

    Not by whoever decided (`NotAllowed`): an appeal is heard by a second person.
    """
    words = command.words.strip()
    with work():
        row = _held(actor, edition, command.report)
        if row.appealed_at is None or row.upheld is not None:
            raise Conflict(_("No appeal waits for an answer here."))
        if not rules.can_answer_appeal(actor, row):
            raise NotAllowed(rules.second_person_needed(row))
        if not words or len(words) > WORDS:
            raise Invalid({"words": _("Write between 1 and 2,000 characters.")})
        row.upheld, row.appeal_answer = command.upheld, words
        row.keep_until = now() + KEEP
        row.save(update_fields=["upheld", "appeal_answer", "keep_until"])
        if not command.upheld:
            if row.suspension is not None:
                fair_services.lift_suspension(actor, edition, row.suspension)
            if row.decision == Decision.HIDE:
                Message.objects.filter(pk=row.target).update(hidden_at=None)
        _record("answered", actor, row, upheld="yes" if command.upheld else "no")
    return row


def forget_evidence() -> int:
    """What is kept as evidence goes when its time is over; the decision stays."""
    due = Report.objects.filter(keep_until__lte=now()).exclude(evidence={})
    if not due.exists():
        return 0
    with work():
        rows = list(due.select_for_update().order_by("id"))
        for row in rows:
            row.evidence, row.words, row.appeal = {}, "", ""
            row.save(update_fields=["evidence", "words", "appeal"])
            _record("forgotten", SYSTEM, row)
    return len(rows)
