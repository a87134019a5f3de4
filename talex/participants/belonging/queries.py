"""What pages and API read of the trees of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.participants.belonging import rules
from talex.participants.belonging.models import Belonging, State
from talex.participants.models import Organisation


def belongings(actor: Actor, edition: Edition) -> QuerySet[Belonging]:
    """The requests of both sides, the newest first."""
    return (
        Belonging.objects.filter(rules.visible_belongings(actor), edition=edition)
        .select_related("child", "parent", "edition")
        .order_by("-asked_at", "pk")
    )


def belonging(actor: Actor, edition: Edition, pk: UUID) -> Belonging:
    """One request. `NotFound` where not visible."""
    found = belongings(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def to_answer(actor: Actor, edition: Edition) -> QuerySet[Belonging]:
    """Those that wait for an answer of the actor's organisations; for the office, all."""
    rows = belongings(actor, edition).filter(state=State.ASKED)
    if is_office(actor, edition.pk):
        return rows
    return rows.filter(parent_id__in=rules.heads(actor, edition.pk))


def own(actor: Actor, edition: Edition) -> list[Organisation]:
    """The organisations that the actor heads here."""
    return list(
        Organisation.objects.select_related("parent")
        .filter(pk__in=rules.heads(actor, edition.pk))
        .order_by("name_line", "pk")
    )


def parents(
    own: Sequence[Organisation], others: Sequence[Organisation], *, office: bool
) -> list[Organisation]:
    """Those of `others` that one of `own` can belong to: not itself, and none below it.

    The office asks for all: there everybody is offered, and the service refuses a circle. Whoever
    heads several is offered what at least one of them can belong to.
    """
    if office or not own:
        return list(others)
    barred = set.intersection(*(_with_those_below(one.pk) for one in own))
    return [one for one in others if one.pk not in barred]


def _with_those_below(top: UUID) -> set[UUID]:
    found, level = {top}, {top}
    while level:
        rows = Organisation.objects.filter(parent_id__in=level).values_list("pk", flat=True)
        level = set(rows) - found
        found |= level
    return found


def below(actor: Actor, edition: Edition) -> QuerySet[Organisation]:
    """The organisations that stand below one that the actor heads."""
    return (
        Organisation.objects.select_related("parent")
        .filter(parent_id__in=rules.heads(actor, edition.pk))
        .order_by("name_line", "pk")
    )
