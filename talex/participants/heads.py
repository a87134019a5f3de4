"""Who answers for an organisation in a conference, and where they may be written to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from talex.core import outbox
from talex.core.outbox import Kind, Recipient
from talex.editions.queries import office_accounts
from talex.participants.choices import DelegateRole
from talex.participants.models import Delegate, Participation


def deciders(organisation: UUID, edition: UUID, *, but: UUID | None = None) -> list[Recipient]:
    """The heads of the organisation that have an account; where there is none, or while it waits
    to be let in itself, the office.

    `but` is whoever asks: nobody is told of their own request.
    """
    waits = Participation.objects.filter(
        organisation_id=organisation, edition_id=edition, pending_since__isnull=False
    )
    rows = Delegate.objects.filter(
        organisation_id=organisation,
        edition_id=edition,
        role=DelegateRole.HEAD,
        withdrawn_at__isnull=True,
        merged_into__isnull=True,
        person__user__is_active=True,
    ).select_related("person__user")
    users = {one.person.user_id: one.person.user for one in rows.order_by("created_at", "id")}
    if not users or waits.exists():
        users = {one.pk: one for one in office_accounts(edition)}
    return [
        Recipient(user.email, user.language, user.pk)
        for user in users.values()
        if user is not None and user.pk != but
    ]


def tell_deciders(
    kind: Kind,
    about: UUID,
    organisation: UUID,
    edition: UUID,
    context: Callable[[], Mapping[str, Any]],
    *,
    but: UUID | None = None,
) -> None:
    """Write to each of them, once for each thing (`about`) that they decide."""
    for one in deciders(organisation, edition, but=but):
        key = f"{kind.name}:{about}:{one.user}"
        outbox.tell(one, kind.name, context, edition=edition, key=key)
