"""Who answers for an organisation in a conference, and where they may be written to."""

from __future__ import annotations

from uuid import UUID

from talex.core.outbox import Recipient
from talex.editions.models import RoleGrant
from talex.editions.roles import Role
from talex.participants.choices import DelegateRole
from talex.participants.models import Delegate, Participation


def deciders(organisation: UUID, edition: UUID, *, but: UUID | None = None) -> list[Recipient]:
    """The heads of the organisation that have an account; where there is none, the office.

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
        # Whoever waits to be let in answers nobody; the office can.
        grants = RoleGrant.objects.filter(
            edition_id=edition, role=Role.ORGANISER.value, user__is_active=True
        ).select_related("user")
        users |= {one.user_id: one.user for one in grants.order_by("pk")}
    return [
        Recipient(user.email, user.language, user.pk)
        for user in users.values()
        if user is not None and user.pk != but
    ]
