"""What runs out by itself: verifications with a last day, and papers after their decision."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.core.work import work
from talex.evidence.services import WithdrawEvidence, withdraw
from talex.ledger.services import record
from talex.participants.credentials.choices import CaseState
from talex.participants.credentials.models import Case, Draft, Paper
from talex.participants.credentials.services.cases import forget

#: What nobody goes on with does not stay: drafts and cases that were never handed in.
LEFT_LYING = timedelta(days=180)


def tick() -> None:
    """Called by the worker every hour; several at once do no harm."""
    expire()
    delete_papers()


def expire() -> int:
    """Take back what was verified until a day that has passed; returns how many."""
    today, count = clock.now().date(), 0
    due = Case.objects.filter(state=CaseState.ACCEPTED, valid_until__lt=today)
    for pk in list(due.values_list("pk", flat=True)):
        with work():
            case = (
                Case.objects.select_for_update(of=("self",))
                .select_related("talent")
                .filter(pk=pk, state=CaseState.ACCEPTED)
                .first()
            )
            if case is None:
                continue
            case.state = CaseState.EXPIRED
            case.version += 1
            case.save(update_fields=["state", "version"])
            if case.evidence is not None:
                _take_back(case)
            record(
                "credentials.case_expired",
                actor=SYSTEM,
                edition=case.edition_id,
                obj=case,
                facts={"kind": case.kind, "valid_until": case.valid_until},
            )
            count += 1
    return count


def _take_back(case: Case) -> None:
    assert case.evidence is not None
    with suppress(Conflict):  # somebody withdrew it before
        withdraw(SYSTEM, WithdrawEvidence(evidence=case.evidence, reason="valid_until"))


def delete_papers() -> int:
    """Delete the files of papers whose time is over; the decisions stay. Returns how many went."""
    now = clock.now()
    kept_until = now - timedelta(days=settings.TALEX_EVIDENCE_DAYS)
    Draft.objects.filter(saved_at__lt=now - LEFT_LYING).delete()
    decided = [CaseState.ACCEPTED, CaseState.RETURNED, CaseState.EXPIRED, CaseState.REFUSED]
    over = Q(case__state__in=decided)
    over &= Q(case__decided_at__lt=kept_until)
    left = Q(case__state=CaseState.GATHERING, added_at__lt=now - LEFT_LYING)
    count = 0
    for pk in list(
        Paper.objects.filter(over | left, upload__isnull=False).values_list("pk", flat=True)
    ):
        with work():
            paper = Paper.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if paper is None or paper.upload is None:
                continue
            forget(paper)
            record(
                "credentials.paper_deleted",
                actor=SYSTEM,
                edition=paper.case.edition_id,
                obj=paper.case,
                facts={"sha256": paper.sha256},
            )
            count += 1
    return count
