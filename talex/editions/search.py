"""Conferences in the one search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.registries import Hit
from talex.core.search import Document, IndexedSource
from talex.core.search.documents import joined
from talex.core.search.sources import OBJECT
from talex.editions.models import Edition
from talex.editions.rules import visible_editions


class EditionSource(IndexedSource):
    """Conferences by name, place and what is said of them."""

    name = "editions.editions"
    kind = _("Conference")
    follows = {"editions.created": OBJECT, "editions.edited": OBJECT}

    def rows(self, edition: UUID | None = None) -> QuerySet[Edition]:
        found = Edition.objects.all()
        return found if edition is None else found.filter(pk=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Edition]:
        return self.rows().filter(visible_editions(actor))

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        for row in self.rows().filter(pk__in=list(ids)):
            said = joined(row.city, row.tagline, row.description, row.slug, str(row.starts_on.year))
            yield Document(row.pk, row.pk, joined(row.name), said)

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        return {
            row.pk: Hit(
                self.kind,
                str(row.name),
                reverse("editions:landing", kwargs={"edition": row.slug}),
                str(row.city),
            )
            for row in self.rows().filter(pk__in=list(ids))
        }
