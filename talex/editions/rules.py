"""Who may do what with an edition."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.models import Edition, EditionState, RoleGrant
from talex.editions.roles import Role

PUBLIC = (EditionState.OPEN, EditionState.RUNNING, EditionState.CLOSED)


def is_office(actor: Actor, edition_id: UUID | None) -> bool:
    """The organiser's office of the edition, or who is bound by no edition's roles."""
    return actor.all_powerful or actor.has(edition_id, Role.ORGANISER)


def can_audit(actor: Actor, edition_id: UUID | None) -> bool:
    """The office, or an auditor, who sees everything and changes nothing."""
    return is_office(actor, edition_id) or actor.has(edition_id, Role.AUDITOR)


def can_see_edition(actor: Actor, edition: Edition) -> bool:
    """Everybody once it is open; before, only those who have a role in it."""
    return (
        actor.all_powerful
        or edition.state in PUBLIC
        or actor.has(edition.pk, *(role.value for role in Role))
    )


def visible_editions(actor: Actor) -> Q:
    """The editions for which `can_see_edition` is true."""
    if actor.all_powerful:
        return Q()
    held = actor.editions(*(role.value for role in Role))
    return Q(state__in=PUBLIC) | Q(pk__in=held)


def can_create_edition(actor: Actor) -> bool:
    """Site administrators; organisers of another edition where the installation allows it."""
    if actor.all_powerful:
        return True
    return bool(settings.TALEX_ORGANISERS_MAY_CREATE) and bool(actor.editions(Role.ORGANISER))


def can_edit_edition(actor: Actor, edition: Edition) -> bool:
    """The edition's office."""
    return is_office(actor, edition.pk)


def can_see_roles(actor: Actor, edition: Edition) -> bool:
    """Who holds which role: the office and auditors."""
    return can_audit(actor, edition.pk)


def can_see_role(actor: Actor, grant: RoleGrant) -> bool:
    """One grant: also whoever it was given to."""
    mine = actor.user is not None and actor.user == grant.user_id
    return mine or can_audit(actor, grant.edition_id)


def visible_roles(actor: Actor) -> Q:
    """The grants for which `can_see_role` is true."""
    if actor.all_powerful:
        return Q()
    audited = Q(edition_id__in=actor.editions(Role.ORGANISER, Role.AUDITOR))
    return audited | Q(user_id=actor.user) if actor.user is not None else audited


def can_grant(actor: Actor, edition: Edition) -> bool:
    """Roles are given and taken by the edition's office."""
    return is_office(actor, edition.pk)
