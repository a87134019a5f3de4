"""Many at once no longer take part: all of them or, where one may not, none."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.work import work
from talex.participants import rules
from talex.participants.commands import TakePart, WithdrawDelegate
from talex.participants.models import Delegate, Participation
from talex.participants.services.delegates import withdraw_delegate
from talex.participants.services.organisations import take_part


def withdraw_organisations(actor: Actor, edition: UUID, organisations: Iterable[UUID]) -> int:
    """These organisations do not take part any more; returns how many did until now."""
    if not rules.can_create_organisation(actor, edition):
        raise NotAllowed
    with work():
        parts = Participation.objects.filter(
            edition_id=edition, organisation__in=list(organisations), withdrawn_at__isnull=True
        ).order_by("id")
        return sum(
            take_part(
                actor,
                TakePart(
                    organisation=part.organisation_id,
                    edition=edition,
                    mode=part.mode,
                    withdrawn=True,
                ),
            ).withdrawn_at
            is not None
            for part in list(parts)
        )


def withdraw_delegates(actor: Actor, edition: UUID, delegates: Iterable[UUID]) -> int:
    """These delegates no longer act for their organisations; returns how many did until now."""
    with work():
        rows = Delegate.objects.filter(
            edition_id=edition, pk__in=list(delegates), withdrawn_at__isnull=True
        ).order_by("id")
        found = list(rows.values_list("pk", flat=True))
        for pk in found:
            withdraw_delegate(actor, WithdrawDelegate(delegate=pk))
        return len(found)
