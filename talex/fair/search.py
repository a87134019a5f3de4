"""Openings in the one search."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.registries import Hit
from talex.fair import rules
from talex.fair.models import Opening


class OpeningSearch:
    """Finds openings by their title, organisation and place."""

    name = "fair.openings"

    def search(
        self, actor: Actor, query: str, *, edition: UUID | None, limit: int
    ) -> Sequence[Hit]:
        """The best hits the actor may see; a hit in the title stands before others."""
        words = query.split()[:8]
        if not words:
            return []
        rows = Opening.objects.filter(rules.visible_openings(actor))
        if edition is not None:
            rows = rows.filter(edition_id=edition)
        for word in words:
            rows = rows.filter(
                Q(title_line__icontains=word)
                | Q(organisation__name_line__icontains=word)
                | Q(region__icontains=word)
            )
        found = rows.select_related("organisation", "edition").defer("description", "source_text")
        hits = [
            Hit(
                kind=_("Opening"),
                title=str(opening.title),
                url=reverse(
                    "fair:opening", kwargs={"edition": opening.edition.slug, "pk": opening.pk}
                ),
                detail=str(opening.organisation.name),
                score=1.0
                if all(word.casefold() in opening.title_line.casefold() for word in words)
                else 0.5,
            )
            for opening in found.order_by("title_line", "id")[: 4 * limit]
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]
