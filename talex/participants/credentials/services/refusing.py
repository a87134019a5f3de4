"""The office refuses an organisation, or takes it up again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import plain as plain_json
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.evidence.services import WithdrawEvidence, withdraw
from talex.ledger.services import record
from talex.participants.credentials import mails, rules
from talex.participants.credentials.choices import CaseState, RefusalReason
from talex.participants.credentials.models import Case
from talex.participants.credentials.services.cases import locked
from talex.participants.facts import plain
from talex.participants.models import Participation

REFUSED = "credentials.organisation_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseOrganisation:
    """`reason` of `RefusalReason`; both it and `note` are read by those who act for it."""

    case: UUID
    reason: str
    note: str = ""


def _of_organisation(actor: Actor, case_id: UUID) -> Case:
    case = locked(actor, case_id)
    if case.organisation_id is None:
        raise NotFound
    if not rules.can_refuse(actor, case):
        raise NotAllowed(
            _("A person of the office decides this, and nobody decides on their own organisation.")
        )
    return case


def refuse_organisation(actor: Actor, command: RefuseOrganisation) -> Case:
    """It takes no part: it is not seen, and its delegates publish nothing. They are told why.

    Also one that was let in or verified before: what was verified is taken back. What it wrote
    stays, for when it is taken up again. Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict`
    (refused already, expired).
    """
    note = plain(command.note).strip()
    faults: dict[str, Message] = {}
    if command.reason not in RefusalReason.values:
        faults["reason"] = _("Say why it is refused: they read it.")
    if command.reason == RefusalReason.OTHER and not note:
        faults["note"] = _("Say what the reason is.")
    if len(note) > 1000:
        faults["note"] = _("At most %(limit)s characters, please.") % {"limit": 1000}
    with work():
        case = _of_organisation(actor, command.case)
        if faults:
            raise Invalid(faults)
        if case.state in (CaseState.REFUSED, CaseState.EXPIRED):
            raise Conflict(_("This was refused already, or has expired. Load the page again."))
        if case.evidence is not None:
            with suppress(Conflict):  # somebody withdrew it before
                withdraw(actor, WithdrawEvidence(evidence=case.evidence, reason="refused"))
            case.evidence = None
        case.before_refusal = _returned(case) if case.state == CaseState.RETURNED else {}
        case.state, case.reason, case.note = CaseState.REFUSED, command.reason, note
        case.decided_by, case.decided_at = actor.user, clock.now()
        case.claimed_by = case.claimed_until = case.valid_until = None
        case.version += 1
        case.save()
        part = Participation.objects.select_for_update().filter(
            edition=case.edition_id, organisation=case.organisation_id
        )
        for one in part:
            one.pending_since = one.pending_since or clock.now()
            one.save(update_fields=["pending_since"])
        record(
            REFUSED,
            actor=actor,
            edition=case.edition_id,
            obj=case,
            facts={"organisation": case.organisation_id, "reason": case.reason},
        )
        mails.refused(case)
    return case


def _returned(case: Case) -> dict[str, Any]:
    """Why it was returned, by whom and when, as JSON."""
    kept = {name: getattr(case, name) for name in ("reason", "note", "decided_by", "decided_at")}
    return cast("dict[str, Any]", plain_json(kept))


def take_up_again(actor: Actor, case_id: UUID) -> Case:
    """The refusal is over: it waits to be checked where papers are there, else for papers; one that
    was returned before is returned again.

    It is not let in by that. Raises `NotFound`, `NotAllowed`, `Conflict` (not refused).
    """
    with work():
        case = _of_organisation(actor, case_id)
        if case.state != CaseState.REFUSED:
            raise Conflict(_("This is not refused (any more). Load the page again."))
        there = case.papers.filter(removed_at__isnull=True).exists()
        case.reason = case.note = ""
        case.decided_by = case.decided_at = None
        if before := case.before_refusal:
            # Nothing was mended since it was returned: it still waits for that.
            case.state = CaseState.RETURNED
            for name, value in before.items():
                setattr(case, name, value)
        else:
            case.state = CaseState.WAITING if there else CaseState.GATHERING
        if there:
            case.submitted_at = case.submitted_at or clock.now()
        case.before_refusal = {}
        case.version += 1
        case.save()
        record(
            "credentials.organisation_taken_up",
            actor=actor,
            edition=case.edition_id,
            obj=case,
            facts={"organisation": case.organisation_id},
        )
        mails.taken_up(case)
    return case
