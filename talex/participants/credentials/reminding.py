"""Reminders of papers that were returned and of organisations begun and not sent: each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import clock, outbox
from talex.core.chunks import chunks
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.editions.models import EditionState
from talex.participants.credentials.choices import CaseState
from talex.participants.credentials.models import Case, Draft

AFTER, UNTIL = timedelta(days=3), timedelta(days=30)

TO_MEND = Kind(
    "credentials.to_mend",
    _("Documents returned and not mended"),
    "participants/credentials/mail/to_mend",
    group=Group.REMINDERS,
    by_day=True,
    whom=_("Who handed them in, once for each return, after three days"),
)
UNFINISHED = Kind(
    "credentials.unfinished",
    _("Organisation begun and not registered"),
    "participants/credentials/mail/unfinished",
    group=Group.REMINDERS,
    by_day=True,
    whom=_("Who began it, once, after three days"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(TO_MEND)
    outbox.register_kind(UNFINISHED)


def remind() -> int:
    """Write what is due; safe to call often. Returns how many were told now or before."""
    return outbox.tell_in_portions([*_to_mend(), *_unfinished()])


def _to_mend() -> Iterable[Letter]:
    now = clock.now()
    rows = list(
        Case.objects.filter(
            state=CaseState.RETURNED,
            decided_at__lte=now - AFTER,
            decided_at__gt=now - UNTIL,
            edition__ends_on__gte=now.date(),
            opened_by__isnull=False,
        )
        .select_related("edition")
        .order_by("decided_at", "id")
    )
    users: dict[object, User] = {}
    for some in chunks({case.opened_by for case in rows if case.opened_by is not None}):
        users |= {u.pk: u for u in User.objects.filter(pk__in=some, is_active=True)}
    for case in rows:
        user = users.get(case.opened_by)
        if user is None:
            continue
        path = reverse("credentials:case", kwargs={"edition": case.edition.slug, "case": case.pk})
        yield Letter(
            Recipient(user.email, user.language, user.pk),
            TO_MEND.name,
            {
                "edition": case.edition.name,
                "kind": case.get_kind_display(),
                "reason": case.get_reason_display(),
                "url": settings.TALEX_URL + path,
            },
            case.edition_id,
            key=f"credentials.to_mend/{case.pk}/{case.version}",
        )


def _unfinished() -> Iterable[Letter]:
    now = clock.now()
    rows = Draft.objects.filter(
        saved_at__lte=now - AFTER,
        saved_at__gt=now - UNTIL,
        edition__state__in=[EditionState.OPEN, EditionState.RUNNING],
        edition__ends_on__gte=now.date(),
        user__is_active=True,
    ).exclude(answers={})
    for draft in rows.select_related("user", "edition").order_by("saved_at", "id"):
        path = reverse(
            "credentials:register", kwargs={"edition": draft.edition.slug, "step": "name"}
        )
        yield Letter(
            Recipient(draft.user.email, draft.user.language, draft.user_id),
            UNFINISHED.name,
            {"edition": draft.edition.name, "url": settings.TALEX_URL + path},
            draft.edition_id,
            key=f"credentials.unfinished/{draft.pk}",
        )
