"""What the office does to many requests of one side at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import NotAllowed
from talex.core.work import work
from talex.editions import rules as edition_rules
from talex.editions.models import Edition
from talex.fair.choices import InterestState
from talex.fair.models import Interest
from talex.fair.services.interests import AnswerInterest, WithdrawInterest, answer, withdraw


def _waiting(actor: Actor, edition: Edition, interests: Iterable[UUID]) -> list[UUID]:
    if not edition_rules.is_office(actor, edition.pk):
        raise NotAllowed
    rows = Interest.objects.filter(
        edition=edition,
        pk__in=list(interests),
        state=InterestState.ASKED,
        expires_at__gt=now(),
    )
    return list(rows.order_by("id").values_list("pk", flat=True))


def decline_requests(actor: Actor, edition: Edition, interests: Iterable[UUID]) -> int:
    """The office declines those that wait for an answer; returns how many waited."""
    with work():
        found = _waiting(actor, edition, interests)
        for pk in found:
            answer(actor, edition, AnswerInterest(pk, accept=False))
        return len(found)


def take_requests_back(actor: Actor, edition: Edition, interests: Iterable[UUID]) -> int:
    """The office takes back those that wait for an answer; returns how many waited."""
    with work():
        found = _waiting(actor, edition, interests)
        for pk in found:
            withdraw(actor, edition, WithdrawInterest(pk))
        return len(found)
