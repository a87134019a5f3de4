"""What a saved search finds now, for its owner as they are now.

A search is carried out with the owner's rights of the moment: what a delegate may no longer see is
no hit, whatever was found before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import filtering, queries
from talex.fair.choices import OpeningState, Side
from talex.fair.filtering import Lines, Wanted
from talex.fair.models import Match, Opening, Refusal, SavedSearch
from talex.fair.services.own import own_talent
from talex.fair.words import words_of

#: A search that finds more is no help; only so many are kept and told of.
HITS = 500

Key = tuple[UUID, UUID | None]
"""The opening, and for a delegate's search the talent."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds: keys in the order of the list, and how many there are in all."""

    keys: list[Key]
    total: int


def lines_for(actor: Actor, edition: Edition, side: str) -> Lines:
    """What the owner may search through: open openings, or one's own candidates."""
    if side == Side.TALENT:
        talent = own_talent(actor, edition)
        rows = queries.openings(actor, edition).filter(state=OpeningState.OPEN)
        if talent is not None:
            refused = Refusal.objects.filter(talent=talent).values("opening_id")
            rows = rows.exclude(pk__in=refused)
        return filtering.opening_lines(rows.order_by("-created_at", "id"), words_of(edition))
    if not actor.organisations(edition.pk):
        return Lines([], words_of(edition))
    return filtering.match_lines(own_candidates(actor, edition), Side.EMPLOYER, words_of(edition))


def own_candidates(actor: Actor, edition: Edition) -> QuerySet[Match]:
    """Candidates of one's own organisations, also for an organiser who is a delegate as well."""
    return queries.candidates(actor, edition).filter(
        opening__organisation_id__in=actor.organisations(edition.pk)
    )


def run(actor: Actor, search: SavedSearch) -> Found:
    """What the search finds now, for this actor."""
    lines = lines_for(actor, search.edition, search.side)
    ids = filtering.narrowed(lines, Wanted.read(search.wanted))
    first = ids[:HITS]
    if search.side == Side.TALENT:
        return Found([(pk, None) for pk in first], len(ids))
    pairs = {
        pk: (opening, talent)
        for pk, opening, talent in Match.objects.filter(pk__in=first).values_list(
            "pk", "opening_id", "talent_id"
        )
    }
    return Found([pairs[pk] for pk in first if pk in pairs], len(ids))


def openings_of(keys: Sequence[Key]) -> dict[UUID, Opening]:
    """The openings of keys."""
    rows = Opening.objects.select_related("organisation").defer("description", "source_text")
    return rows.in_bulk({opening for opening, _talent in keys})
