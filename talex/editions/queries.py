"""What pages, API and command line read of editions."""

from __future__ import annotations

from django.db.models import QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.editions.rules import visible_editions


def editions(actor: Actor) -> QuerySet[Edition]:
    """The editions the actor may see, the latest first."""
    return Edition.objects.filter(visible_editions(actor))


def edition_by_slug(actor: Actor, slug: str) -> Edition:
    """The edition of this short name; `NotFound` also where the actor may not see it."""
    found = editions(actor).filter(slug=slug).first()
    if found is None:
        raise NotFound()
    return found
