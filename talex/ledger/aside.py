"""What a follower could not take is put aside: kept, shown, and tried again.

It is for followers that tell people something (`after`): the order among units of work matters
less to them than that one of them does not keep all later ones back. A unit of work is put aside
as a whole, in the transaction that moves the cursor over it, and its row goes in the transaction in
which the follower takes it after all: it is told once, or it still stands here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from talex.core import clock
from talex.core.jobs.ticks import register_tick
from talex.ledger import outbox
from talex.ledger.models import Aside

log = logging.getLogger(__name__)

#: Tried again by itself so often: what a new version mends needs nobody's hand.
EVERY = 3600.0
#: At most so many of them at a time.
MOST = 100


def rows(chain: str | None = None) -> QuerySet[Aside]:
    """What is aside, of one chain or of all, in the order in which it happened."""
    found = Aside.objects.all()
    return found if chain is None else found.filter(chain=chain)


def try_again(ids: Collection[UUID] | None = None) -> tuple[int, int]:
    """Give them to their followers once more; (taken, still aside). None: all there are."""
    found = Aside.objects.all() if ids is None else Aside.objects.filter(pk__in=ids)
    took = [_again(pk, name) for pk, name in list(found.values_list("pk", "name"))]
    return sum(took), len(took) - sum(took)


def _again(pk: UUID, name: str) -> bool:
    outbox.prepare(name)
    try:
        with transaction.atomic():
            # Of two that try at the same time one finds it, and nothing is told twice.
            row = Aside.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                outbox.give_again(row.name, row.chain, row.block)
                row.delete()
            return True
    except Exception as error:
        log.exception("the follower %s failed again", name)
        Aside.objects.filter(pk=pk).update(tried_at=clock.now(), fault=outbox.fault_of(error))
        return False


def _by_itself() -> None:
    """Those that waited longest since they were tried."""
    oldest = Aside.objects.order_by("tried_at", "block").values_list("pk", flat=True)[:MOST]
    try_again(list(oldest))


def register() -> None:
    """The worker tries between its jobs."""
    register_tick("ledger.aside", EVERY, _by_itself)
