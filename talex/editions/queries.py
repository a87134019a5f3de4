"""What pages, API and command line read of editions."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.prepared import PreparedRecords
from talex.editions.models import Edition, Invitation, RoleGrant
from talex.editions.roles import Role
from talex.editions.rules import can_see_edition, can_see_roles, visible_editions, visible_roles


def editions(actor: Actor) -> QuerySet[Edition]:
    """The editions the actor may see, the latest first."""
    return Edition.objects.filter(visible_editions(actor))


def edition_by_slug(actor: Actor, slug: str) -> Edition:
    """The edition of this short name; `NotFound` also where the actor may not see it."""
    found = _EDITIONS(slug)
    if not found or not can_see_edition(actor, found[0]):
        raise NotFound()
    return found[0]


_EDITIONS = PreparedRecords(lambda slug: Edition.objects.filter(slug=slug).order_by())


def my_editions(actor: Actor) -> QuerySet[Edition]:
    """The editions in which the actor holds a role."""
    return editions(actor).filter(pk__in={grant.edition for grant in actor.grants})


def roles_in(actor: Actor, edition: Edition) -> list[Role]:
    """The actor's roles in an edition, in the order of `Role`."""
    held = {grant.role for grant in actor.grants if grant.edition == edition.pk}
    return [role for role in Role if role.value in held]


def office_accounts(edition_id: UUID) -> QuerySet[User]:
    """The accounts that hold the office of an edition, each once."""
    held = RoleGrant.objects.filter(edition=edition_id, role=Role.ORGANISER)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def grants(actor: Actor, edition: Edition) -> QuerySet[RoleGrant]:
    """Who holds which granted role, for those who may see it."""
    if not can_see_roles(actor, edition):
        raise NotAllowed()
    return (
        RoleGrant.objects.filter(visible_roles(actor), edition=edition)
        .select_related("user", "granted_by")
        .order_by("role", "user__name", "user__email")
    )


def invitations(actor: Actor, edition: Edition) -> QuerySet[Invitation]:
    """The invitations that wait to be taken up."""
    if not can_see_roles(actor, edition):
        raise NotAllowed()
    return Invitation.objects.filter(
        edition=edition, taken_up_at__isnull=True, withdrawn_at__isnull=True
    )
