"""What was verified no longer holds when its facts change: the case is checked again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict
from talex.core.work import work
from talex.evidence.models import unwithdrawn
from talex.evidence.services import WithdrawEvidence, withdraw
from talex.evidence.vocabulary import Rung
from talex.ledger.services import record
from talex.participants.checked import (
    Facts,
    another_degree,
    another_person,
    as_shown,
    facts_of,
)
from talex.participants.choices import Paper
from talex.participants.credentials import mails
from talex.participants.credentials.choices import CaseKind, CaseState
from talex.participants.credentials.looked import checked_facts
from talex.participants.credentials.models import Case
from talex.participants.models import Talent
from talex.participants.rules import can_correct

WHY = "facts_changed"


def recheck(actor: Actor, before: Mapping[UUID, Facts], correction: bool) -> None:
    """Take back what was verified of these talents and is not what they say now.

    The listener of `participants.checked`. Conferences that are over stay as they were: that
    somebody marries later does not change what was true then.
    """
    with work():
        rows = Talent.objects.filter(pk__in=before, merged_into__isnull=True)
        for talent in rows.select_related("person", "edition").order_by("pk"):
            if talent.edition.over:
                continue
            # Of nobody else's conference, and never of oneself.
            holds = correction and can_correct(actor, talent)
            now = facts_of(talent)
            reopened = _cases(actor, talent, before[talent.pk], now, holds=holds)
            if not holds:
                looked_at = _looks(talent, before[talent.pk], now)
                if reopened or looked_at:
                    papers_there = {case.state for case in reopened} == {CaseState.WAITING}
                    mails.rechecked(talent, waits=papers_there)


def _cases(actor: Actor, talent: Talent, before: Facts, now: Facts, *, holds: bool) -> list[Case]:
    reopened = []
    accepted = Case.objects.select_for_update(of=("self",)).filter(
        talent=talent, state=CaseState.ACCEPTED
    )
    for case in accepted.order_by("pk"):
        if not _departs(case.kind, case.accepted or before, now):
            continue
        if holds:
            case.accepted = checked_facts(case)
            case.save(update_fields=["accepted"])
        else:
            _reopen(actor, case)
            reopened.append(case)
    return reopened


def _departs(kind: str, before: Facts, now: Facts) -> bool:
    # A certificate bears a name: of somebody else it shows nothing.
    degree = kind in (CaseKind.DEGREE, Paper.DEGREE) and another_degree(before, now)
    return degree or another_person(before, now)


def _reopen(actor: Actor, case: Case) -> None:
    """Back to the queue with the papers that are there, else to its owner. Its rung is gone."""
    if case.evidence is not None:
        _take_back(case.evidence)
    there = case.papers.filter(removed_at__isnull=True).exists()
    case.state = CaseState.WAITING if there else CaseState.GATHERING
    case.submitted_at = clock.now() if there else None
    case.evidence = case.decided_by = case.decided_at = case.valid_until = None
    case.claimed_by = case.claimed_until = None
    case.reason = case.note = ""
    case.version += 1
    case.save()
    record(
        "credentials.case_reopened",
        actor=actor,
        edition=case.edition_id,
        obj=case,
        facts={"kind": case.kind, "state": case.state},
    )


def _looks(talent: Talent, before: Facts, now: Facts) -> bool:
    """The rungs that the office confirmed without a case, by a look at a paper or otherwise;
    whether one went. What a university confirmed its own room takes back."""
    before = as_shown(before)
    rows = unwithdrawn().filter(
        edition_id=talent.edition_id,
        subject_kind="talent",
        subject_id=talent.pk,
        rung=Rung.VERIFIED,
        source_kind__in=("check", "office"),
    )
    # Of "office" nobody said what it rests on: any other name or degree ends it.
    gone = [
        row.pk
        for row in rows
        if _departs(row.source_id if row.source_kind == "check" else Paper.DEGREE, before, now)
    ]
    for pk in gone:
        _take_back(pk)
    return bool(gone)


def _take_back(evidence: UUID) -> None:
    # By the machine: whoever changed the name may not say what is verified.
    with suppress(Conflict):  # somebody withdrew it before
        withdraw(SYSTEM, WithdrawEvidence(evidence=evidence, reason=WHY))
