"""The search follows the ledger: what changed is written again, many at once as a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock, registries
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.core.jobs import JobContext, enqueue, handler
from talex.core.jobs.ticks import register_tick
from talex.core.search import store
from talex.core.search.sources import EDITION, OBJECT, PERSON, IndexedSource
from talex.ledger.models import Entry
from talex.ledger.outbox import Event, register_block_consumer

REBUILD = "search.rebuild"
NAME = "search"
PURGE_EVERY = timedelta(hours=1)
AT_ONCE = 300
"""More than these are written by a job, in small commits, not in the follower's transaction."""


def sources() -> Iterator[IndexedSource]:
    """The sources that keep documents."""
    for source in registries.search:
        if isinstance(source, IndexedSource):
            yield source


def followed() -> frozenset[str]:
    """The events that make a document stale."""
    return frozenset(event for source in sources() for event in source.follows)


def follow(events: list[Event]) -> None:
    """Write again what a block of the ledger made stale; reads what is kept now, not the block."""
    for source in sources():
        stale: set[UUID] = set()
        everything = False
        for event in events:
            what = source.follows.get(event.event)
            if what == OBJECT and event.object_id is not None:
                stale |= source.of_object(event.object_id)
            elif what == PERSON:
                named = (event.subject, *(parse(event.facts.get(k)) for k in ("keep", "drop")))
                for person in {one for one in named if one is not None}:
                    stale |= source.of_person(person)
            everything = everything or what == EDITION
        if everything or len(stale) > AT_ONCE:
            first = events[0]
            enqueue(
                SYSTEM,
                REBUILD,
                {"source": source.name, "edition": str(first.edition or "")},
                edition=first.edition,
                key=f"{source.name}:{first.id}",
            )
        else:
            source.refresh(stale)


@handler(REBUILD, title=_("Writing the search again"))
def rebuild(ctx: JobContext, source: str, edition: str = "") -> dict[str, Any]:
    """One source (of an edition); harmless to run twice."""
    found = next((one for one in sources() if one.name == source), None)
    if found is None:
        raise NotFound

    def step(done: int, total: int) -> None:
        ctx.progress(done, total)
        ctx.check_cancelled()

    return {"documents": found.rebuild(parse(edition), step)}


def rebuild_all(step: Callable[[str, int], None] = lambda name, count: None) -> dict[str, int]:
    """Everything, now; returns source -> documents."""
    told = {}
    for source in sources():
        told[source.name] = source.rebuild()
        step(source.name, told[source.name])
    return told


class SearchErase:
    """What is known of a person is deleted in the transaction that erases them."""

    # The first of all ports: the others take away what says where words of the person stand.
    name = "core.search"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        return {
            "search documents": sum(
                source.forget(ids) for source in sources() if (ids := source.of_person(person))
            )
        }

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {}  # nothing that is not in the rooms themselves


def purge() -> bool:
    """Clear the index where somebody was erased lately; whether it did."""
    # Far more than the time between two: the worker may have been away.
    since = clock.now() - timedelta(days=7)
    erased = Entry.objects.filter(event="participants.person_erased", block__recorded_at__gte=since)
    if not erased.exists():
        return False
    store.purge()
    return True


def register() -> None:
    """Called once, when the room starts."""
    register_tick("search.purge", PURGE_EVERY.total_seconds(), purge)
    register_block_consumer(NAME, follow, followed)
    registries.erase.register(SearchErase())
