"""What was answered before and may not be read any more.

An answer that is kept for its Idempotency-Key (`api.repeating`) says what its reader saw then.
Whoever sends the request again reads it only as long as nothing was closed to anybody since: no
consent taken back or run out, nobody erased, no role or delegate gone, no agreement over. That may
refuse an answer that would still be fine; what was done stays done, and can be looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from talex.core import idempotency
from talex.core.actor import Actor
from talex.ledger.models import Entry

CLOSING = frozenset(
    {
        "accounts.erased",
        "accounts.site_admin_set",
        "accounts.token_revoked",
        "belonging.ended",
        "cohorts.closed",
        "cohorts.left",
        "cohorts.member_reopened",
        "credentials.invitation_revoked",
        "credentials.organisation_refused",
        "editions.consent_expired",
        "editions.consent_withdrawn",
        "editions.role_revoked",
        "evidence.withdrawn",
        "fair.applying.suspended",
        "fair.interest.withdrawn",
        "fair.match.ended",
        "fair.match.rejected",
        "fair.opening.state",
        "fair.report.decided",
        "fair.side.blocked",
        "ledger.subject_erased",
        "meetings.meeting.cancelled",
        "meetings.request.withdrawn",
        "participants.delegate_role_set",
        "participants.delegate_withdrawn",
        "participants.organisation_withdrawn",
        "participants.person_erased",
        "participants.talent_withdrawn",
        "participants.term_over",
    }
)


class AnswersErase:
    """No kept answer speaks of somebody who was erased. Of whom each speaks is not kept, so all go:
    who sends a request again reads that it was done."""

    name = "api.answers"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        idempotency.forget_words()
        return {}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {}  # nothing that is not in the rooms themselves


def closed_since(moment: datetime) -> bool:
    """Whether something was closed to somebody, in any conference, after that."""
    return Entry.objects.filter(event__in=CLOSING, block__recorded_at__gt=moment).exists()
