"""What a room says about its things so that they are found, and the finding itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from talex.core import registries
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.core.registries import Hit
from talex.core.search import store, words
from talex.core.search.documents import Document

PORTION = 400

#: What an event says has changed: the object, the person it is about, all of the edition.
OBJECT, PERSON, EDITION = "object", "person", "edition"


class IndexedSource:
    """Things of one kind. A subclass says what they are; nothing here knows any room."""

    name: ClassVar[str]
    kind: Message
    levels: tuple[str, ...] = ("all",)
    #: Event of the ledger -> what it made stale.
    follows: Mapping[str, str] = {}

    def rows(self, edition: UUID | None = None) -> QuerySet[Any]:
        """All things there are (of an edition)."""
        raise NotImplementedError

    def seen(self, actor: Actor, level: str) -> QuerySet[Any]:
        """The things that the actor may find by the words of a level."""
        raise NotImplementedError

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        """What is said of these things now; nothing of one that is gone."""
        raise NotImplementedError

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        """How these things are shown to the actor."""
        raise NotImplementedError

    def of_object(self, pk: UUID) -> set[UUID]:
        """The things that an event of `follows` about an object makes stale."""
        return {pk}

    def of_person(self, person: UUID) -> set[UUID]:
        """The things in which words of a person stand."""
        return set()

    def refresh(self, ids: Collection[UUID]) -> int:
        """Write again what is known of these things."""
        if not ids:
            return 0
        with transaction.atomic():
            store.one_at_a_time(self.name)
            return store.write(self.name, ids, self.documents(ids))

    def forget(self, ids: Collection[UUID]) -> int:
        """Delete what is known of these things, in the transaction that is open."""
        store.one_at_a_time(self.name)
        return store.remove(self.name, ids)

    def rebuild(self, edition: UUID | None = None, step: Any = None) -> int:
        """Write everything again, in small commits; returns how many documents there are now."""
        every = list(self.rows(edition).order_by("pk").values_list("pk", flat=True))
        written = 0
        for at in range(0, len(every), PORTION):
            written += self.refresh(every[at : at + PORTION])
            if step is not None:
                step(min(at + PORTION, len(every)), len(every))
        with transaction.atomic():
            store.one_at_a_time(self.name)
            still = set(self.rows(edition).values_list("pk", flat=True))
            store.forget_others(self.name, edition, still)
        return written

    def search(
        self, actor: Actor, query: str, *, edition: UUID | None, limit: int
    ) -> Sequence[Hit]:
        """The best among what the actor may find, best first."""
        phrases = words.asked(query)
        if not phrases:
            return []
        best: dict[UUID, float] = {}
        for level in self.levels:
            found = store.find(
                self.name, level, phrases, self.seen(actor, level), edition=edition, limit=limit
            )
            for one, _edition, score in found:
                best[one] = max(score, best.get(one, score))
        chosen = sorted(best, key=lambda one: (-best[one], one))[:limit]
        shown = self.hits(actor, chosen) if chosen else {}
        return [shown[one] for one in chosen if one in shown]


def find_everywhere(
    actor: Actor, query: str, *, edition: UUID | None = None, each: int = 6
) -> list[tuple[str, list[Hit]]]:
    """(source, its hits) of every source that found something, in the order of the names."""
    text = query.strip()[:200]
    if not text:
        return []
    found = []
    for source in registries.search:
        hits = list(source.search(actor, text, edition=edition, limit=each))
        if hits:
            found.append((source.name, hits))
    return found


def by_pk(rows: Iterable[Model]) -> dict[UUID, Any]:
    """pk -> row."""
    return {row.pk: row for row in rows}
