"""Who may bring in files: the office of the edition. Auditors look on."""

from __future__ import annotations

from django.db.models import Q

from talex.core.actor import Actor
from talex.core.models import Upload
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.editions.rules import can_audit, is_office
from talex.participants.importing.models import Import


def can_import(actor: Actor, edition: Edition) -> bool:
    """Upload, map, mend and apply: the office."""
    return is_office(actor, edition.pk)


def can_see_import(actor: Actor, one: Import) -> bool:
    """The preview holds everything of the file: the office and auditors."""
    return can_audit(actor, one.edition_id)


def can_change_import(actor: Actor, one: Import) -> bool:
    """The office of its edition."""
    return is_office(actor, one.edition_id)


def visible_imports(actor: Actor) -> Q:
    """The imports for which `can_see_import` is true."""
    if actor.all_powerful:
        return Q()
    return Q(edition__in=actor.editions(Role.ORGANISER, Role.AUDITOR))


def can_read_file(actor: Actor, upload: Upload) -> bool:
    """The file itself: whoever sees the import."""
    return can_audit(actor, upload.edition_id)
