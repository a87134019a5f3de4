"""Cases from the side of the office: claimed, accepted or returned, one or many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor, names_of
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.rules import is_office
from talex.evidence.services import witness
from talex.evidence.vocabulary import Rung
from talex.ledger.services import record
from talex.participants.credentials import mails, rules
from talex.participants.credentials.choices import CaseState, Reason
from talex.participants.credentials.looked import checked_facts, lacks_degree, mark_of, shown_mark
from talex.participants.credentials.models import Case
from talex.participants.credentials.queries import subject_name
from talex.participants.credentials.services.cases import locked
from talex.participants.models import Organisation, Participation, Talent

CLAIM_LASTS = timedelta(minutes=30)
SOURCE = "verification"
BULK_MOST = 200
#: So many that others check are told at once.
TOLD_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCases:
    """Accept or return cases: one, or many with one reason.

    `seen`: case -> `looked.mark_of` what was on the screen; where it is something else by now,
    nothing is decided. `reason` (of `Reason`) is needed to return; `note` is read by the subject.
    `valid_until`: the last day on which what was shown holds.
    """

    cases: Sequence[UUID]
    seen: Mapping[UUID, str]
    accept: bool
    reason: str = ""
    note: str = ""
    valid_until: date | None = None


def claim_case(actor: Actor, case_id: UUID) -> Case:
    """Take a case, so that nobody else checks it meanwhile; again: for another half hour.

    Raises `NotFound`, `NotAllowed` (also: it is one's own), `Conflict` (taken, not waiting).
    """
    with work():
        case = _checkable(actor, case_id)
        _refuse_taken(actor, case)
        if case.claimed_by != actor.user:
            record(
                "credentials.case_claimed", actor=actor, edition=case.edition_id, obj=case,
                facts={"kind": case.kind},
            )  # fmt: skip
        case.claimed_by, case.claimed_until = actor.user, clock.now() + CLAIM_LASTS
        case.save(update_fields=["claimed_by", "claimed_until"])
    return case


def release_case(actor: Actor, case_id: UUID) -> Case:
    """Give a case back to the queue."""
    with work():
        case = _checkable(actor, case_id)
        _refuse_taken(actor, case)
        case.claimed_by = case.claimed_until = None
        case.save(update_fields=["claimed_by", "claimed_until"])
    return case


def _checkable(actor: Actor, case_id: UUID) -> Case:
    case = locked(actor, case_id)
    if not rules.can_check(actor, case):
        raise NotAllowed(
            _("A person of the office checks this, and nobody checks themselves or their own.")
        )
    if case.state != CaseState.WAITING:
        raise Conflict(_("This does not wait to be checked (any more). Load the page again."))
    return case


class _Taken(Conflict):
    """Somebody else checks it."""


def _refuse_taken(actor: Actor, case: Case) -> None:
    held = case.claimed_until is not None and case.claimed_until > clock.now()
    if held and case.claimed_by is not None and case.claimed_by != actor.user:
        name = names_of([case.claimed_by]).get(case.claimed_by, "")
        raise _Taken(
            _("%(name)s is checking “%(case)s” at the moment.")
            % {"name": name, "case": subject_name(case)}
        )


def claim_cases(actor: Actor, cases: Sequence[UUID]) -> None:
    """Take all of the cases, at most as many as are decided at once, or none.

    Raises `Conflict` that names each that somebody else checks.
    """
    with work():
        taken = []
        for one in sorted(set(cases))[:BULK_MOST]:
            try:
                claim_case(actor, one)
            except _Taken as fault:
                taken.append(str(fault))
        if taken:
            raise Conflict(" ".join(taken[:TOLD_MOST]))


def _refuse_unclaimed(actor: Actor, case: Case) -> None:
    # Of two who look at the same papers only one decides, and both know which.
    held = case.claimed_until is not None and case.claimed_until > clock.now()
    if not held or case.claimed_by != actor.user:
        raise Conflict(
            _("Take %(name)s first, so that nobody else checks it meanwhile; then decide.")
            % {"name": subject_name(case)}
        )


def decide(actor: Actor, command: DecideCases) -> int:
    """Accept or return all of the cases, or none; each is recorded. Returns how many.

    The actor has claimed them (`claim_case`), and they are what was looked at, else `Conflict`.
    The rung 'verified' is reached only here: by a named person, with papers that were handed in.
    """
    wanted = sorted(set(command.cases))
    _refuse_faults(command, wanted)
    with work():
        _lock_subjects(wanted)
        cases = [_checkable(actor, one) for one in wanted]
        for case in cases:
            _refuse_taken(actor, case)
            _refuse_unclaimed(actor, case)
            _refuse_changed(case, command)
            _decide_one(actor, case, command)
    return len(cases)


def _lock_subjects(wanted: Sequence[UUID]) -> None:
    """Nobody changes what was looked at while it is decided; they too lock it before the case."""
    cases = Case.objects.filter(pk__in=wanted)
    for model, name in ((Talent, "talent_id"), (Organisation, "organisation_id")):
        rows = model.objects.filter(pk__in=cases.values(name))
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _refuse_changed(case: Case, command: DecideCases) -> None:
    if command.seen[case.pk] != mark_of(case):
        raise Conflict(
            _("What %(name)s says was changed meanwhile. Look at it again, then decide.")
            % {"name": subject_name(case)}
        )


def _refuse_faults(command: DecideCases, wanted: Sequence[UUID]) -> None:
    faults: dict[str, Message] = {}
    if not wanted or len(wanted) > BULK_MOST:
        faults["cases"] = _("Choose 1 to %(limit)s.") % {"limit": BULK_MOST}
    if any(not command.seen.get(one) for one in wanted):
        faults["seen"] = _("Say what you looked at: the mark of each case.")
    if not command.accept and command.reason not in Reason.values:
        faults["reason"] = _("Say why, so that it can be mended.")
    if command.reason == Reason.OTHER and not command.note.strip():
        faults["note"] = _("Say what the reason is.")
    if len(command.note) > 1000:
        faults["note"] = _("At most %(limit)s characters, please.") % {"limit": 1000}
    if command.accept and command.valid_until and command.valid_until < clock.now().date():
        faults["valid_until"] = _("This day has passed: what has run out is returned.")
    if faults:
        raise Invalid(faults)


def _decide_one(actor: Actor, case: Case, command: DecideCases) -> None:
    paper = case.papers.filter(upload__isnull=False).order_by("added_at").first()
    if paper is None:
        raise Conflict(_("Without a document nothing is verified."))
    if command.accept and case.organisation is not None and not case.organisation.country:
        raise Conflict(
            _("Say first in which country %(name)s is registered (edit the organisation): "
              "whether people's data may go there depends on it.")
            % {"name": case.organisation.name}
        )  # fmt: skip
    _refuse_unstated(case, command)
    case.state = CaseState.ACCEPTED if command.accept else CaseState.RETURNED
    case.decided_by, case.decided_at = actor.user, clock.now()
    case.reason = "" if command.accept else command.reason
    case.note = command.note.strip()
    case.valid_until = command.valid_until if command.accept else None
    case.claimed_by = case.claimed_until = None
    case.facts.pop("answer", None)
    if not command.accept:
        case.facts["returned"] = shown_mark(case)
    case.version += 1
    if command.accept:
        case.accepted = checked_facts(case)
        rows = witness(
            actor,
            edition=case.edition_id,
            rung=Rung.VERIFIED,
            subjects=[case.talent_id or case.organisation_id],  # type: ignore[list-item]
            subject_kind="talent" if case.talent_id else "organisation",
            source_kind=SOURCE,
            source_id=str(case.pk),
            document=paper.upload,
        )
        case.evidence = rows[0].pk if rows else case.evidence
        if case.organisation_id is not None:
            _let_in(actor, case.edition_id, case.organisation_id)
    case.save()
    person = case.talent.person_id if case.talent is not None else None
    record(
        "credentials.case_accepted" if command.accept else "credentials.case_returned",
        actor=actor,
        edition=case.edition_id,
        obj=case,
        subject=person,
        facts={"kind": case.kind, "reason": case.reason, "valid_until": case.valid_until},
        personal={"note": case.note} if person and case.note else None,
    )
    mails.decided(case)


def _refuse_unstated(case: Case, command: DecideCases) -> None:
    lacking = lacks_degree(case)
    if command.accept and lacking:
        raise Conflict(
            _("%(name)s states no degree, so there is nothing that the papers confirm. Return it "
              "with the reason that the profile states no degree.")
            % {"name": subject_name(case)}
        )  # fmt: skip
    if not command.accept and command.reason == Reason.NOT_STATED and not lacking:
        raise Invalid(
            {"reason": _("%(name)s states what is checked.") % {"name": subject_name(case)}}
        )


def let_in(actor: Actor, edition: UUID, organisation: UUID) -> bool:
    """The office lets an organisation in before its papers were checked (it knows it).

    It is not verified by that. Returns whether it waited. Raises `NotAllowed`, `NotFound`,
    `Conflict` (it was refused).
    """
    if not is_office(actor, edition):
        raise NotAllowed
    with work():
        if not Participation.objects.filter(
            edition_id=edition, organisation_id=organisation
        ).exists():
            raise NotFound
        if Case.objects.filter(
            edition=edition, organisation=organisation, state=CaseState.REFUSED
        ).exists():
            raise Conflict(_("This organisation was refused. Take it up again first."))
        return _let_in(actor, edition, organisation)


def _let_in(actor: Actor, edition: UUID, organisation: UUID) -> bool:
    part = (
        Participation.objects.select_for_update()
        .filter(edition_id=edition, organisation_id=organisation, pending_since__isnull=False)
        .first()
    )
    if part is None:
        return False
    part.pending_since = None
    part.save(update_fields=["pending_since"])
    record(
        "credentials.organisation_let_in",
        actor=actor,
        edition=edition,
        obj=part.organisation,
    )
    return True
