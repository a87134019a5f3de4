"""Messages of cohorts, in the recipient's language."""

from __future__ import annotations

from collections.abc import Iterable

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
REOPENED = Kind(
    "cohorts.reopened",
    _("No longer confirmed by the university: a name or degree was changed"),
    "participants/cohorts/mail/reopened",
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(INVITED)
    outbox.register_kind(DECIDED)
    outbox.register_kind(REOPENED)


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


def reopened(member: Member, url: str) -> None:
    """Tell a graduate that their university has to confirm them again."""
    user = _user(member)
    if user is None:
        return
    cohort = member.cohort
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        REOPENED.name,
        lambda: {
            "university": str(cohort.organisation.name),
            "edition": str(cohort.edition.name),
            "url": url,
        },
        edition=cohort.edition_id,
    )


def _user(member: Member) -> User | None:
    account = member.talent.person.user_id
    return User.objects.filter(pk=account, is_active=True).first() if account else None


def languages(members: Iterable[Member]) -> list[str]:
    """In which languages those of them who have an account read Talex."""
    found = (user.language for one in members if (user := _user(one)) is not None)
    return list(dict.fromkeys(found))


def decided(member: Member, url: str) -> None:
    """Tell a graduate what their university said of them."""
    user = _user(member)
    if user is None:
        return
    cohort = member.cohort
    confirmed = member.state == MemberState.CONFIRMED
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        DECIDED.name,
        lambda: {
            "confirmed": confirmed,
            # Made in the reader's language.
            "reason": "\n".join(filter(None, (member.told, member.reason))),
            "university": str(cohort.organisation.name),
            "edition": str(cohort.edition.name),
            "url": url,
        },
        edition=cohort.edition_id,
    )
