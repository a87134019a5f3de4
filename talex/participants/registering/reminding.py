"""Reminders of what a registration still lacks: each once, by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.editions.models import Consent, Edition, EditionState
from talex.participants.models import Talent
from talex.participants.registering.models import Draft

#: Somebody is reminded after so many days; what lies longer than the last is let be.
AFTER, UNTIL = timedelta(days=3), timedelta(days=30)

UNFINISHED = Kind(
    "registering.unfinished",
    _("Registration begun and not sent"),
    "participants/registering/mail/unfinished",
    group=Group.REMINDERS,
    by_day=True,
    whom=_("Who began it, once, after three days"),
)
MISSING = Kind(
    "registering.missing",
    _("Consents and times not answered"),
    "participants/registering/mail/missing",
    group=Group.REMINDERS,
    by_day=True,
    whom=_("The talent, once, after three days"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(UNFINISHED)
    outbox.register_kind(MISSING)


def remind() -> int:
    """Write what is due; safe to call often. Returns how many were told now or before."""
    return outbox.tell_in_portions([*_unfinished(), *_missing()])


def _editions() -> list[Edition]:
    """Those one can still register for."""
    return list(
        Edition.objects.filter(
            state__in=[EditionState.OPEN, EditionState.RUNNING],
            ends_on__gte=clock.now().date(),
        )
    )


def _unfinished() -> Iterable[Letter]:
    now = clock.now()
    rows = Draft.objects.filter(
        edition__in=_editions(),
        sent_at__isnull=True,
        # Of what is sent already and being changed again, the record holds the last state.
        record__isnull=True,
        changed_at__lte=now - AFTER,
        changed_at__gt=now - UNTIL,
        user__is_active=True,
    ).exclude(values={})
    for draft in rows.select_related("user", "edition").order_by("changed_at", "id"):
        url = settings.TALEX_URL + reverse(
            "registering:begin", args=[draft.edition.slug, draft.kind]
        )
        yield Letter(
            Recipient(draft.user.email, draft.user.language, draft.user_id),
            UNFINISHED.name,
            {"edition": draft.edition.name, "kind": draft.get_kind_display(), "url": url},
            draft.edition_id,
            key=f"registering.unfinished/{draft.pk}",
        )


def _missing() -> Iterable[Letter]:
    """Talents who answered none of the consents: no organisation finds them so far. Who took one
    back has answered."""
    now = clock.now()
    answered = Consent.objects.filter(edition=OuterRef("edition"), person=OuterRef("person_id"))
    rows = Talent.objects.filter(
        ~Exists(answered),
        edition__in=_editions(),
        created_at__lte=now - AFTER,
        created_at__gt=now - UNTIL,
        withdrawn_at__isnull=True,
        merged_into__isnull=True,
        erased_at__isnull=True,
        person__user__is_active=True,
    )
    for talent in rows.select_related("person__user", "edition").order_by("created_at", "id"):
        user = talent.person.user
        if user is None:
            continue
        path = reverse("participants:own_consents", args=[talent.edition.slug])
        yield Letter(
            Recipient(user.email, user.language, user.pk),
            MISSING.name,
            {
                "edition": talent.edition.name,
                "times": not talent.windows,
                "url": settings.TALEX_URL + path,
            },
            talent.edition_id,
            key=f"registering.missing/{talent.pk}",
        )
