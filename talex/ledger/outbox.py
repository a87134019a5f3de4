"""Followers of the ledger: each reads every chain in order, at least once, from its own cursor."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

import talex
from talex.core import clock
from talex.core.jobs.ticks import register_tick
from talex.ledger.models import SITE, Aside, Block, Consumer, Entry, Head

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

#: A database that is away or locked says nothing against a block: it is tried as often as it takes.
AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class _Following:
    """`at_once`: so many blocks are given to it at most; `before` is called when there are some,
    while nothing is locked yet. `tries`: after so many a block is put aside; None: never."""

    give: BatchFollower
    events: Wanted = None
    at_once: int = 1
    before: Callable[[], object] | None = None
    tries: int | None = None

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
    tries: int | None = None,
) -> None:
    """The same for a follower that takes several blocks at once, a list of entries for each.

    It must not write to the ledger: the chain's head would be locked for all of them. Where it
    fails, it is given the blocks one by one, so that what stands before the fault is done.
    `before` is called ahead of its transaction: for what takes long the first time. `tries`: a
    block that failed so often is put aside (aside.py), and what comes after it goes on; without,
    all of it waits.
    """
    _followers[name] = _Following(follower, events, at_once, before, tries)


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
    cursor: int | None = None
    given: dict[int, list[Event]] = {}
    try:
        with transaction.atomic():
            consumer = _lock(name, chain)
            if consumer.retry_at and consumer.retry_at > clock.now():
                return 0  # another worker has just failed with it
            cursor = consumer.cursor
            taken, given = _next(chain, cursor, following)
            if not taken:
                return 0
            if given:
                following.give(list(given.values()))
            consumer.cursor += taken
            consumer.failures, consumer.retry_at = 0, None
            consumer.save(update_fields=["cursor", "failures", "retry_at"])
            return taken
    except Exception as error:  # a follower may fail in any way; the others must go on
        if following.at_once > 1:
            return _deliver_some(name, replace(following, at_once=1), chain)
        log.exception("the follower %s failed in chain %s", name, chain)
        if cursor is None:
            return 0
        return _failed(name, chain, cursor, next(iter(given), None), following.tries, error)


def _next(chain: str, cursor: int, following: _Following) -> tuple[int, dict[int, list[Event]]]:
    """How many blocks come next, and what the follower wants of them, by the number of a block."""
    wanted = following.wanted()
    look = following.at_once if wanted is None else LOOK
    blocks = {
        block.pk: block
        for block in Block.objects.filter(
            chain=chain, number__gt=cursor, number__lte=cursor + look
        ).order_by("number")
    }
    found: dict[int, list[Event]] = {}
    for entry in _entries(blocks, wanted).iterator(chunk_size=2000):
        block = blocks[entry.block_id]
        if block.number not in found and len(found) == following.at_once:
            # What comes before this block is looked at; it waits for the next time.
            return block.number - 1 - cursor, found
        found.setdefault(block.number, []).append(event_of(entry, block))
    return len(blocks), found


def _entries(blocks: Collection[UUID], wanted: list[str] | None) -> QuerySet[Entry]:
    entries = Entry.objects.filter(block__in=blocks)
    if wanted is not None:
        entries = entries.filter(event__in=wanted)
    return entries.order_by("block__number", "index")


def give_again(name: str, chain: str, number: int) -> None:
    """Give one block to the follower once more, inside the caller's transaction.

    What it raises goes on to the caller. A follower that is gone wants nothing of it.
    """
    following = _followers.get(name)
    block = Block.objects.filter(chain=chain, number=number).first()
    if following is None or block is None:
        return
    entries = _entries([block.pk], following.wanted())
    if given := [event_of(entry, block) for entry in entries]:
        following.give([given])


def prepare(name: str) -> None:
    """What the follower does ahead of its transaction."""
    following = _followers.get(name)
    if following is not None and following.before is not None:
        following.before()


def _lock(name: str, chain: str) -> Consumer:
    """The follower's cursor, locked until the commit; made where it is the first time."""
    mine = Consumer.objects.select_for_update().filter(name=name, chain=chain)
    found = mine.first()
    if found is None:
        Consumer.objects.bulk_create([Consumer(name=name, chain=chain)], ignore_conflicts=True)
        found = mine.get()
    return found


def _failed(
    name: str, chain: str, cursor: int, block: int | None, tries: int | None, error: Exception
) -> int:
    """Give the same block again later, after 1, 2, 4 … seconds, at most ten minutes; or put it
    aside. Returns how many blocks are behind the follower by that."""
    with transaction.atomic():
        consumer = _lock(name, chain)
        if consumer.cursor != cursor:
            return 0  # another worker went on meanwhile
        pause = min(600, 2 ** min(consumer.failures, 10))
        consumer.failures += 1
        if tries and block and consumer.failures >= tries and not isinstance(error, AWAY):
            Aside.objects.get_or_create(
                name=name, chain=chain, block=block, defaults={"fault": fault_of(error)}
            )
            log.error("%s: block %s of chain %s is put aside", name, block, chain)
            consumer.cursor, consumer.failures, consumer.retry_at = block, 0, None
        else:
            consumer.retry_at = clock.now() + timedelta(seconds=pause)
        consumer.save(update_fields=["cursor", "failures", "retry_at"])
        return consumer.cursor - cursor


def fault_of(error: Exception) -> str:
    """What went wrong and in which line of ours; not what it says, which may name somebody."""
    house = Path(talex.__file__).parent
    ours = [
        f"{Path(frame.filename).relative_to(house.parent)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(house)
    ]
    return " ".join([type(error).__name__, *ours[-1:]])[:200]


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
