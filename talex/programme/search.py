"""Activities and side events in the one search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.cities import city
from talex.core.registries import Hit
from talex.core.search import Document, IndexedSource
from talex.core.search.documents import joined
from talex.core.search.sources import OBJECT
from talex.programme import rules
from talex.programme.models import Activity


def _when(row: Activity) -> str:
    """By the venue's clock, which is named: the search is over all conferences."""
    zone = row.edition.time_zone
    begins = row.starts_at.astimezone(ZoneInfo(zone))
    when = formats.date_format(begins, "SHORT_DATETIME_FORMAT")
    return f"{when} ({city(zone)})"


class ActivitySource(IndexedSource):
    """The programme by title and summary."""

    name = "programme.activities"
    kind = _("Programme")
    follows = {"programme.activity.saved": OBJECT}

    def rows(self, edition: UUID | None = None) -> QuerySet[Activity]:
        found = Activity.objects.all()
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Activity]:
        return self.rows().filter(rules.visible_activities(actor))

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        for row in self.rows().filter(pk__in=list(ids)):
            yield Document(row.pk, row.edition_id, joined(row.title), joined(row.summary))

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        return {
            row.pk: Hit(
                self.kind,
                str(row.title),
                reverse("programme:programme", kwargs={"edition": row.edition.slug}),
                _when(row),
            )
            for row in self.rows().filter(pk__in=list(ids)).select_related("edition")
        }
