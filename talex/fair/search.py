"""Openings in the one search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.masking import mask
from talex.core.registries import Hit
from talex.core.search import Document, IndexedSource
from talex.core.search.documents import joined
from talex.core.search.sources import EDITION, OBJECT
from talex.fair import disclosing, rules
from talex.fair.models import Opening


class OpeningSource(IndexedSource):
    """Openings by title, organisation, place, skills and description.

    Contact details in them are found by the office and the own side alone, as they read them.
    """

    name = "fair.openings"
    kind = _("Opening")
    levels = ("all", "whole")
    follows = {
        "fair.opening.added": OBJECT,
        "fair.opening.changed": OBJECT,
        "participants.organisation_updated": OBJECT,
        "fair.openings_imported": EDITION,
    }

    def rows(self, edition: UUID | None = None) -> QuerySet[Opening]:
        found = Opening.objects.all()
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Opening]:
        found = self.rows().filter(rules.visible_openings(actor))
        return found.filter(rules.whole_openings(actor)) if level == "whole" else found

    def of_object(self, pk: UUID) -> set[UUID]:
        """The opening itself, or all of the organisation, which has another name now."""
        return {pk, *Opening.objects.filter(organisation_id=pk).values_list("pk", flat=True)}

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        for row in self.rows().filter(pk__in=list(ids)).select_related("organisation"):
            said = joined(
                row.organisation.name_line, row.region, row.industry, row.skills, row.description
            )
            title = joined(row.title, row.title_line)
            read = Document(row.pk, row.edition_id, mask(title).text, mask(said).text)
            yield read
            if (read.title, read.body) != (title, said):
                yield Document(row.pk, row.edition_id, title, said, "whole")

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        found = self.rows().filter(pk__in=list(ids)).select_related("organisation", "edition")
        rows = found.defer("description", "source_text")
        read = {one.pk: one for one in disclosing.openings_read(actor, rows)}
        return {
            row.pk: Hit(
                self.kind,
                str(read[row.pk].title),
                reverse("fair:opening", kwargs={"edition": row.edition.slug, "pk": row.pk}),
                " · ".join(filter(None, [str(row.organisation.name), read[row.pk].region])),
            )
            for row in rows
        }
