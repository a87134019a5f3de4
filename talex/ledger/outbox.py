"""Followers of the ledger: each reads every chain in order, at least once, from its own cursor."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from talex.core import clock
from talex.core.jobs.ticks import register_tick
from talex.ledger.models import SITE, Block, Consumer, Entry, Head

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """An entry as a follower sees it (facts only; personal data is not handed on)."""

    id: UUID
    chain: str
    number: int
    event: str
    actor: str
    object_kind: str
    object_id: UUID | None
    subject: UUID | None
    recorded_at: datetime
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def edition(self) -> UUID | None:
        return None if self.chain == SITE else UUID(self.chain)


Follower = Callable[[Event], None]
BlockFollower = Callable[[list[Event]], None]
BatchFollower = Callable[[Sequence[list[Event]]], None]

#: The events a follower wants; a function where rooms above register them later; None: all.
Wanted = Collection[str] | Callable[[], Collection[str]] | None

#: Blocks looked at in one transaction for a follower that says which events it wants.
LOOK = 200


@dataclass(frozen=True, slots=True)
class _Following:
    """`at_once`: so many blocks are given to it at most; `before` is called when there are some,
    while nothing is locked yet."""

    give: BatchFollower
    events: Wanted = None
    at_once: int = 1
    before: Callable[[], object] | None = None

    def wanted(self) -> list[str] | None:
        given = self.events() if callable(self.events) else self.events
        return None if given is None else sorted(given)


_followers: dict[str, _Following] = {}


def register_consumer(name: str, follower: Follower, events: Wanted = None) -> None:
    """`follower(event)` is called for every entry of every chain, in the order of each chain.

    It runs in the transaction that moves its cursor: what it writes to the database happens
    exactly once, what it does outside (a mail) at least once. What it raises is logged, and the
    same block is given to it again later; other followers go on. `events`: only these; blocks
    without one of them are passed over many at once.
    """

    def each(given: list[Event]) -> None:
        for event in given:
            follower(event)

    register_block_consumer(name, each, events)


def register_block_consumer(name: str, follower: BlockFollower, events: Wanted = None) -> None:
    """The same for a follower that takes all entries of a block at once."""

    def each(blocks: Sequence[list[Event]]) -> None:
        for given in blocks:
            follower(given)

    _followers[name] = _Following(each, events)


def register_batch_consumer(
    name: str,
    follower: BatchFollower,
    events: Collection[str],
    *,
    at_once: int = 50,
    before: Callable[[], object] | None = None,
) -> None:
    """The same for a follower that takes several blocks at once, a list of entries for each.

    It must not write to the ledger: the chain's head would be locked for all of them. Where it
    fails, it is given the blocks one by one, so that what stands before the fault is done.
    `before` is called ahead of its transaction: for what takes long the first time.
    """
    _followers[name] = _Following(follower, events, at_once, before)


def deliver(limit: int = 1000, only: Collection[str] | None = None) -> int:
    """Hand out what is new, at most `limit` blocks a follower and chain; returns the blocks.

    `only`: to these followers. Those that take many at once come last: they tell people, also of
    what the others have done just now.
    """
    delivered = 0
    heads = dict(Head.objects.order_by("chain").values_list("chain", "number"))
    mine = {n: f for n, f in _followers.items() if only is None or n in only}
    if not mine or not heads:
        return 0
    cursors = {(c.name, c.chain): c for c in Consumer.objects.filter(name__in=mine)}
    for name, following in sorted(mine.items(), key=lambda one: one[1].at_once):
        for chain, number in heads.items():
            known = cursors.get((name, chain))
            if known and (
                known.cursor >= number or (known.retry_at and known.retry_at > clock.now())
            ):
                continue
            if following.before is not None:
                following.before()
            taken = 0
            while taken < limit and (some := _deliver_some(name, following, chain)):
                taken += some
            delivered += taken
    return delivered


def _deliver_some(name: str, following: _Following, chain: str) -> int:
    """Give the next blocks to the follower; how many it took, 0 where there is none or it failed.

    Its cursor is locked meanwhile: of two workers one hands out, and the other goes on from there.
    """
    try:
        with transaction.atomic():
            consumer = _lock(name, chain)
            taken, given = _next(chain, consumer.cursor, following)
            if not taken:
                return 0
            if given:
                following.give(given)
            consumer.cursor += taken
            consumer.failures, consumer.retry_at = 0, None
            consumer.save(update_fields=["cursor", "failures", "retry_at"])
            return taken
    except Exception:  # a follower may fail in any way; the others must go on
        if following.at_once > 1:
            return _deliver_some(name, replace(following, at_once=1), chain)
        log.exception("the follower %s failed in chain %s", name, chain)
        _postpone(name, chain)
        return 0


def _next(chain: str, cursor: int, following: _Following) -> tuple[int, list[list[Event]]]:
    """How many blocks come next, and what the follower wants of them."""
    wanted = following.wanted()
    look = following.at_once if wanted is None else LOOK
    blocks = {
        block.pk: block
        for block in Block.objects.filter(
            chain=chain, number__gt=cursor, number__lte=cursor + look
        ).order_by("number")
    }
    entries = Entry.objects.filter(block__in=blocks)
    if wanted is not None:
        entries = entries.filter(event__in=wanted)
    found: dict[UUID, list[Event]] = {}
    for entry in entries.order_by("block__number", "index").iterator(chunk_size=2000):
        block = blocks[entry.block_id]
        if block.pk not in found and len(found) == following.at_once:
            # What comes before this block is looked at; it waits for the next time.
            return block.number - 1 - cursor, list(found.values())
        found.setdefault(block.pk, []).append(event_of(entry, block))
    return len(blocks), list(found.values())


def _lock(name: str, chain: str) -> Consumer:
    """The follower's cursor, locked until the commit; made where it is the first time."""
    mine = Consumer.objects.select_for_update().filter(name=name, chain=chain)
    found = mine.first()
    if found is None:
        Consumer.objects.bulk_create([Consumer(name=name, chain=chain)], ignore_conflicts=True)
        found = mine.get()
    return found


def _postpone(name: str, chain: str) -> None:
    """Give the same block again later: after 1, 2, 4 … seconds, at most ten minutes."""
    with transaction.atomic():
        consumer = _lock(name, chain)
        pause = min(600, 2 ** min(consumer.failures, 10))
        consumer.failures += 1
        consumer.retry_at = clock.now() + timedelta(seconds=pause)
        consumer.save(update_fields=["failures", "retry_at"])


def event_of(entry: Entry, block: Block) -> Event:
    """The entry as followers and pages read it."""
    document = json.loads(entry.canonical)
    return Event(
        id=entry.id,
        chain=block.chain,
        number=block.first + entry.index,
        event=entry.event,
        actor=entry.actor,
        object_kind=document.get("object", {}).get("kind") or "",
        object_id=entry.object_id,
        subject=entry.subject,
        recorded_at=block.recorded_at,
        facts=document.get("facts", {}),
    )


def register() -> None:
    """The worker delivers between its jobs."""
    register_tick("ledger.outbox", 1.0, lambda: deliver())
