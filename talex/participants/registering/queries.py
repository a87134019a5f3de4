"""What pages and API read of drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.participants.models import ProjectOwner
from talex.participants.queries import own_talent
from talex.participants.registering import rules
from talex.participants.registering.forms import STEPS
from talex.participants.registering.models import Draft, Kind
from talex.participants.registering.values import forms_of, sign_of


def open_draft(actor: Actor, edition: Edition, kind: str) -> Draft | None:
    """The actor's draft that waits to be sent, if there is one."""
    if actor.user is None:
        return None
    return (
        Draft.objects.select_related("edition", "reading")
        .filter(rules.visible_drafts(actor), edition=edition, kind=kind, sent_at__isnull=True)
        .first()
    )


def draft_of(actor: Actor, edition: Edition, kind: str) -> Draft:
    """The same. Raises `NotFound` where there is none."""
    found = open_draft(actor, edition, kind)
    if found is None:
        raise NotFound(
            _("You are registered already. Begin again to change what you told.")
            if is_registered(actor, edition, kind)
            else None
        )
    return found


def draft_to_send(actor: Actor, edition: Edition, kind: str) -> Draft:
    """The one that waits, or was sent already: sending it again gives its record.

    Raises `NotFound` where there is neither.
    """
    # Asked in one statement: between two of them another click may send it.
    found = (
        Draft.objects.filter(rules.visible_drafts(actor), edition=edition, kind=kind)
        .filter(Q(sent_at__isnull=True) | Q(record__isnull=False))
        .first()
    )
    return found or draft_of(actor, edition, kind)


def is_registered(actor: Actor, edition: Edition, kind: str) -> bool:
    """Whether the actor sent a registration of this kind here, which stands."""
    if kind == Kind.TALENT:
        return own_talent(actor, edition.pk) is not None
    return bool(own_projects(actor, edition.pk))


def own_projects(actor: Actor, edition: UUID) -> list[ProjectOwner]:
    """The projects of the actor here."""
    return list(
        ProjectOwner.objects.select_related("person", "edition").filter(
            person_id__in=actor.persons(), edition_id=edition, erased_at__isnull=True
        )
    )


def seen_of(draft: Draft, step: str) -> dict[str, list[Any]]:
    """Field -> [stamp, sign]: what a page is made with, so that saving can tell what changed."""
    return {
        name: [int(draft.stamps.get(name, 0)), sign_of(draft.values.get(name) or "")]
        for name in STEPS[draft.kind][step].base_fields
    }


def faults_of(draft: Draft) -> Mapping[str, Mapping[str, list[str]]]:
    """Step -> field -> what is wrong, of all pages."""
    found = {}
    for step, form in forms_of(draft.kind, draft.values, draft.edition).items():
        if not form.is_valid():
            found[step] = {name: [str(e) for e in told] for name, told in form.errors.items()}
    return found
