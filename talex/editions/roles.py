"""The roles of a person in an edition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Grant
from talex.core.prepared import Prepared


class Role(models.TextChoices):
    """What somebody is in one edition; the same person may be several things."""

    ORGANISER = "organiser", _("Organiser")
    DELEGATE = "delegate", _("Delegate of an organisation")
    TALENT = "talent", _("Talent")
    OWNER = "owner", _("Project owner")
    JUDGE = "judge", _("Judge")
    PARTNER = "partner", _("Partner")
    PRESS = "press", _("Press")
    AUDITOR = "auditor", _("Auditor")


# These the office grants to an account. Talents, delegates and project owners are known by the
# records of their participation, which the room of participants keeps.
GRANTED = (Role.ORGANISER, Role.JUDGE, Role.PARTNER, Role.PRESS, Role.AUDITOR)


def grants_of(user: UUID) -> Iterable[Grant]:
    """The roles that the office gave to an account."""
    return [Grant(role=role, edition=edition) for role, edition in _GRANTED(user)]


def _granted(user: UUID) -> models.QuerySet[Any, Any]:
    from talex.editions.models import RoleGrant

    return RoleGrant.objects.filter(user_id=user).values_list("role", "edition_id")


_GRANTED = Prepared(_granted)
