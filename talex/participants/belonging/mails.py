"""Messages about belonging, in the recipient's language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.participants.belonging.models import Belonging
from talex.participants.heads import tell_deciders

ASKED = Kind(
    "belonging.asked",
    _("An organisation asks to belong to another"),
    "participants/belonging/mail/asked",
    group=Group.REQUESTS,
    whom=_("The heads of the organisation that is asked; where nobody heads it, the office"),
)
ANSWERED = Kind(
    "belonging.answered",
    _("Whether an organisation belongs to another"),
    "participants/belonging/mail/answered",
    whom=_("Who asked, when it is confirmed, declined with a reason, or ended"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(ASKED)
    outbox.register_kind(ANSWERED)


def asked(row: Belonging) -> None:
    """Tell those who may answer that an organisation asks to stand below theirs."""
    path = reverse("belonging:list", kwargs={"edition": row.edition.slug})
    tell_deciders(
        ASKED,
        row.pk,
        row.parent_id,
        row.edition_id,
        lambda: {
            "child": str(row.child.name),
            "parent": str(row.parent.name),
            "edition": str(row.edition.name),
            "message": row.message,
            "url": settings.TALEX_URL + path,
        },
        but=row.asked_by,
    )


def answered(row: Belonging) -> None:
    """Tell whoever asked what was answered."""
    asked_by = row.asked_by
    user = asked_by and User.objects.filter(pk=asked_by, is_active=True).first()
    if not user or asked_by == row.decided_by:
        return
    path = reverse("belonging:list", kwargs={"edition": row.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        ANSWERED.name,
        lambda: {
            "state": row.state,
            "child": str(row.child.name),
            "parent": str(row.parent.name),
            "reason": row.reason,
            "url": settings.TALEX_URL + path,
        },
        edition=row.edition_id,
    )
