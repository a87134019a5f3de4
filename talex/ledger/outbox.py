"""Followers of the ledger: each reads every chain in order, at least once, from its own cursor."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
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
_followers: dict[str, BlockFollower] = {}


def register_consumer(name: str, follower: Follower) -> None:
    """`follower(event)` is called for every entry of every chain, in the order of each chain.

    It runs in the transaction that moves its cursor: what it writes to the database happens
    exactly once, what it does outside (a mail) at least once. What it raises is logged, and the
    same block is given to it again later; other followers go on.
    """

    def each(events: list[Event]) -> None:
        for event in events:
            follower(event)

    register_block_consumer(name, each)


def register_block_consumer(name: str, follower: BlockFollower) -> None:
    """The same for a follower that takes all entries of a block at once."""
    _followers[name] = follower


def deliver(limit: int = 1000) -> int:
    """Hand out what is new, at most `limit` blocks a follower and chain; returns the blocks."""
    delivered = 0
    heads = dict(Head.objects.order_by("chain").values_list("chain", "number"))
    if not _followers or not heads:
        return 0
    cursors = {(c.name, c.chain): c for c in Consumer.objects.filter(name__in=_followers)}
    for name, follower in _followers.items():
        for chain, number in heads.items():
            known = cursors.get((name, chain))
            if known and (
                known.cursor >= number or (known.retry_at and known.retry_at > clock.now())
            ):
                continue
            for _ in range(limit):
                if not _deliver_block(name, follower, chain):
                    break
                delivered += 1
    return delivered


def _deliver_block(name: str, follower: BlockFollower, chain: str) -> bool:
    """Give the next block to the follower; False where there is none or it failed."""
    try:
        with transaction.atomic():
            Consumer.objects.bulk_create([Consumer(name=name, chain=chain)], ignore_conflicts=True)
            consumer = Consumer.objects.select_for_update().get(name=name, chain=chain)
            block = Block.objects.filter(chain=chain, number=consumer.cursor + 1).first()
            if block is None:
                return False
            entries = Entry.objects.filter(block=block).order_by("index")
            follower([event_of(entry, block) for entry in entries.iterator(chunk_size=2000)])
            consumer.cursor = block.number
            consumer.failures, consumer.retry_at = 0, None
            consumer.save(update_fields=["cursor", "failures", "retry_at"])
            return True
    except Exception:  # a follower may fail in any way; the others must go on
        log.exception("the follower %s failed in chain %s", name, chain)
        _postpone(name, chain)
        return False


def _postpone(name: str, chain: str) -> None:
    """Give the same block again later: after 1, 2, 4 … seconds, at most ten minutes."""
    with transaction.atomic():
        Consumer.objects.bulk_create([Consumer(name=name, chain=chain)], ignore_conflicts=True)
        consumer = Consumer.objects.select_for_update().get(name=name, chain=chain)
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
