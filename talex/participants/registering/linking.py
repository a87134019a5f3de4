"""From an account to the projects of the person who signs in with it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core.actor import Grant
from talex.core.prepared import Prepared
from talex.editions.roles import Role
from talex.participants.models import ProjectOwner


def grants_of(user: UUID) -> Iterable[Grant]:
    """What an account is through its projects."""
    return [Grant(Role.OWNER.value, edition, person=person) for edition, person in _OWNERS(user)]


_OWNERS = Prepared(
    lambda user: ProjectOwner.objects.filter(
        person__user_id=user, erased_at__isnull=True, withdrawn_at__isnull=True
    ).values_list("edition_id", "person_id")
)
