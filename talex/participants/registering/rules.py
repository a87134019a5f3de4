"""Who may see and do what with a draft: its owner, and nobody else."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.editions.models import Edition
from talex.editions.rules import can_see_edition
from talex.participants.registering.models import Draft


def can_begin(actor: Actor, edition: Edition) -> bool:
    """Everybody signed in who sees the conference. That it is open is asked when sending."""
    return actor.user is not None and can_see_edition(actor, edition)


def account_of(actor: Actor) -> UUID:
    """The signed-in account. Raises `NotAllowed` for nobody and for the machine."""
    if actor.user is None:
        raise NotAllowed(_("Sign in first, so that the registration is yours."))
    return actor.user


def can_see_draft(actor: Actor, draft: Draft) -> bool:
    """The owner alone: what nobody has sent yet is nobody else's business."""
    return actor.user is not None and draft.user_id == actor.user


def visible_drafts(actor: Actor) -> Q:
    """The drafts for which `can_see_draft` is true."""
    return Q(user_id=actor.user) if actor.user is not None else Q(pk__in=[])
