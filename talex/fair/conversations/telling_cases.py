"""Mails about reports of abuse: that one was decided, what was decided, what became of an appeal.

Always sent, whatever their readers chose: what is decided against somebody holds whether they know
it or not, and they can only appeal when they know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.ids import parse
from talex.core.outbox import Kind, Letter, Recipient
from talex.editions.models import Edition
from talex.fair.conversations.about import about
from talex.fair.conversations.models import Decision, Report
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.participants.addresses import delegates_of, recipients_of

REPORT_DECIDED = Kind(
    "conversations.report_decided",
    _("Report of abuse decided"),
    "conversations/mail/report_decided",
    whom=_("Who reported it"),
)
DECIDED_AGAINST = Kind(
    "conversations.decided_against",
    _("Decision about a report of abuse, and how to appeal"),
    "conversations/mail/decided_against",
    whom=_("Whom it is against: the talent, or each delegate; not where nothing was done"),
)
APPEAL_ANSWERED = Kind(
    "conversations.appeal_answered",
    _("Answer to an appeal"),
    "conversations/mail/appeal_answered",
    whom=_("Whom the decision is against: the talent, or each delegate"),
)
TAKEN_BACK = Kind(
    "conversations.decision_taken_back",
    _("Decision about what you reported, taken back"),
    "conversations/mail/decision_taken_back",
    whom=_("Who reported it, where an appeal against the decision was granted"),
)
DECIDED, ANSWERED = "fair.report.decided", "fair.report.answered"


def register() -> None:
    """Called once, when Talex starts."""
    for kind in (REPORT_DECIDED, DECIDED_AGAINST, APPEAL_ANSWERED, TAKEN_BACK):
        outbox.register_kind(kind)
    register_within("conversations.cases", frozenset({DECIDED, ANSWERED}), tell)


def tell(entries: list[Pending]) -> None:
    """Write to both sides. In the transaction of the decision."""
    ids = [entry.object_id for entry in entries if entry.object_id is not None]
    rows = Report.objects.select_related("edition").in_bulk(ids)
    letters: list[Letter] = []
    for entry in entries:
        row = rows.get(entry.object_id) if entry.object_id is not None else None
        if row is not None:
            letters += _decided(row) if entry.event == DECIDED else _answered(row)
    outbox.tell_many(letters)


def _decided(row: Report) -> Iterator[Letter]:
    yield from _to_reporter(row, REPORT_DECIDED)
    if row.decision != Decision.NOTHING:
        yield from _against(row, DECIDED_AGAINST)


def _answered(row: Report) -> Iterator[Letter]:
    yield from _against(row, APPEAL_ANSWERED)
    if row.upheld is False:
        yield from _to_reporter(row, TAKEN_BACK)


def languages(row: Report) -> tuple[set[str], set[str]]:
    """The languages of those who read what is decided: who reported it, whom it is against."""
    reporter = _reporter(row)
    return {reporter.language} if reporter else set(), {one.language for one in _accused(row)}


def _reporter(row: Report) -> Recipient | None:
    reporter = parse(row.reporter)
    user = User.objects.filter(pk=reporter, is_active=True).first() if reporter else None
    return Recipient(user.email, user.language, user.pk) if user else None


def _to_reporter(row: Report, kind: Kind) -> Iterator[Letter]:
    reporter = _reporter(row)
    if reporter is not None:
        yield Letter(
            reporter,
            kind.name,
            lambda: _context(row),
            row.edition_id,
            key=f"{kind.name}/{row.pk}",
        )


def _accused(row: Report) -> list[Recipient]:
    """Whom it is against, where they have an account: only that can read the case and appeal."""
    to: list[Recipient] = []
    if row.against_person is not None:
        to = list(recipients_of([row.against_person], row.edition_id).values())
    elif row.against_organisation is not None:
        found = delegates_of([row.against_organisation], row.edition_id)
        to = found.get(row.against_organisation, [])
    return [one for one in to if one.user is not None]


def _against(row: Report, kind: Kind) -> Iterator[Letter]:
    for one in _accused(row):
        yield Letter(
            one, kind.name, lambda: _context(row), row.edition_id,
            key=f"{kind.name}/{row.pk}/{one.user}",
        )  # fmt: skip


def _context(row: Report) -> dict[str, Any]:
    edition: Edition = row.edition
    here = {"edition": edition.slug}
    decision = str(row.get_decision_display())
    return {
        "edition": str(edition.name),
        "kind": about(row).line,
        "decision": decision,
        # For whom it is against: with what else ends by it.
        "decided": "\n\n".join(part for part in (decision, row.ends_more) if part),
        "words": row.decision_words,
        "upheld": row.upheld,
        "answer": row.appeal_answer,
        "stays_ended": row.stays_ended,
        "url": settings.TALEX_URL + reverse("conversations:cases", kwargs=here),
        "appeal_url": settings.TALEX_URL
        + reverse("conversations:appeal", kwargs={**here, "pk": row.pk}),
    }
