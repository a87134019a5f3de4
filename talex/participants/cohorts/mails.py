"""Messages of cohorts, in the recipient's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.outbox import Kind, Recipient
from talex.participants.cohorts.models import Member, MemberState, RollEntry

INVITED = Kind(
    "cohorts.invited",
    _("Invitation to a university's cohort"),
    "participants/cohorts/mail/invited",
    secret=True,
)
DECIDED = Kind(
    "cohorts.decided", _("Confirmed by the university"), "participants/cohorts/mail/decided"
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(INVITED)
    outbox.register_kind(DECIDED)


def invited(entry: RollEntry, url: str) -> None:
    """Send a graduate the link that works once and for this address only."""
    cohort = entry.cohort
    outbox.tell(
        Recipient(entry.email, entry.language),
        INVITED.name,
        lambda: {
            "name": entry.name,
            "university": str(cohort.organisation.name),
            "edition": str(cohort.edition.name),
            "until": cohort.closes_at,
            "url": url,
        },
        edition=cohort.edition_id,
        key=f"cohorts.invited:{entry.pk}",
    )


def decided(member: Member, url: str) -> None:
    """Tell a graduate what their university said of them."""
    account = member.talent.person.user_id
    user = account and User.objects.filter(pk=account, is_active=True).first()
    if not user:
        return
    cohort, reason = member.cohort, member.reason
    confirmed = member.state == MemberState.CONFIRMED
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        DECIDED.name,
        lambda: {
            "confirmed": confirmed,
            "reason": reason,
            "university": str(cohort.organisation.name),
            "edition": str(cohort.edition.name),
            "url": url,
        },
        edition=cohort.edition_id,
    )
