"""Records that may be one person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from talex.accounts.http import actor_of, key_of
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.editions.queries import edition_by_slug
from talex.participants import rules, services
from talex.participants.api.shapes import CandidateOut, MergeIn, MergeOut, NotSameIn
from talex.participants.commands import MergePersons, SayNotSame, UndoMerge
from talex.participants.models import Merge
from talex.participants.same import candidate, waiting
from talex.participants.services.comparing import AT_ONCE, compare_due

router = Router(tags=["same person"])


@router.get("/editions/{slug}/merge-candidates", response=list[CandidateOut])
def merge_candidates(
    request: HttpRequest, slug: str, limit: int = Query(100, ge=1, le=10_000)
) -> list[dict[str, Any]]:
    """Pairs that may be one person, the surest first, with the reasons as codes.

    After a large import they are found in the background; more may follow.
    """
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not rules.can_review_same(actor, edition.pk):
        raise NotAllowed
    compare_due(AT_ONCE)
    return [
        {
            "first": one.first,
            "second": one.second,
            "weight": one.weight,
            "reasons": list(one.reasons),
        }
        for one in map(candidate, waiting(edition.pk)[:limit])
    ]


@router.post("/editions/{slug}/merges", response={201: MergeOut})
def merge(request: HttpRequest, slug: str, pair: MergeIn) -> tuple[int, Merge]:
    """Merge two records of one person, in every room, or not at all."""
    actor = actor_of(request)
    command = MergePersons(keep=pair.keep, drop=pair.drop, edition=edition_by_slug(actor, slug).pk)
    return 201, once(
        actor, key_of(request), command, lambda: services.merge_persons(actor, command)
    )


@router.post("/editions/{slug}/merges/{merge}/undo", response=MergeOut)
def undo(request: HttpRequest, slug: str, merge: UUID) -> Merge:
    """Take a merge back."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    return services.undo_merge(actor, UndoMerge(merge=merge))


@router.post("/editions/{slug}/not-same", response={204: None})
def not_same(request: HttpRequest, slug: str, pair: NotSameIn) -> tuple[int, None]:
    """Remember that two records are two people."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    services.say_not_same(
        actor, SayNotSame(first=pair.first, second=pair.second, edition=edition.pk)
    )
    return 204, None
