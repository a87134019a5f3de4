"""What the ledger keeps. Blocks and entries are never changed (triggers refuse it)."""

from __future__ import annotations

from django.db import models

from talex.core import clock
from talex.core.ids import Kept

SITE = "site"
"""The chain of what belongs to no edition."""

GENESIS = "0" * 64
"""What the first block of a chain calls its previous one."""


class Head(models.Model):
    """The end of one chain; its row is the lock under which a block is appended."""

    chain = models.CharField(max_length=36, primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    entries = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=0, entries__gte=0), name="ledger_head_counts"
            )
        ]


class Block(Kept):
    """What one transaction recorded, tied to the block before it.

    `hash` is over chain, number, previous, root, first, count and recorded_at; `root` over the
    hashes of the entries in their order; `first` is the running number of the first entry.
    """

    chain = models.CharField(max_length=36)
    number = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    first = models.BigIntegerField()
    count = models.IntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "previous"], name="ledger_block_no_fork"),
            models.UniqueConstraint(fields=["chain", "number"], name="ledger_block_number"),
        ]


class Entry(Kept):
    """One change of state. `canonical` is exactly the text that was hashed.

    The other columns repeat what stands in it so that entries can be looked up; verification
    compares them.
    """

    # The constraint is checked at the commit: entries are written before their block, so that
    # the head is locked for one row's time even when an import brings 100,000 entries.
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="entries")
    index = models.IntegerField()
    canonical = models.TextField()
    hash = models.CharField(max_length=64)
    event = models.CharField(max_length=80)
    actor = models.CharField(max_length=36)
    object_id = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["block", "index"], name="ledger_entry_place"),
        ]
        indexes = [
            models.Index(
                fields=["object_id"],
                name="ledger_entry_object",
                condition=models.Q(object_id__isnull=False),
            ),
            models.Index(
                fields=["subject"],
                name="ledger_entry_subject",
                condition=models.Q(subject__isnull=False),
            ),
        ]

    @property
    def number(self) -> int:
        """The running number in the chain, from 1."""
        return self.block.first + self.index


class Payload(models.Model):
    """Personal data of an entry, kept for one person and salted; it may be erased, not changed."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, related_name="payload", primary_key=True
    )
    subject = models.UUIDField()
    salt = models.CharField(max_length=32)
    body = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["subject"], name="ledger_payload_subject")]


class Consumer(Kept):
    """How far one follower has read one chain (the number of the last block it took)."""

    name = models.CharField(max_length=80)
    chain = models.CharField(max_length=36)
    cursor = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "chain"], name="ledger_consumer_once"),
        ]


class Aside(Kept):
    """A block that a follower could not take after several tries; what comes after it went on.

    It is tried again later (aside.py), and the row goes once the follower took it.
    """

    name = models.CharField(max_length=80)
    chain = models.CharField(max_length=36)
    # The number of the block.
    block = models.BigIntegerField()
    # The kind of the fault and the line of code: what a fault says may hold personal data.
    fault = models.CharField(max_length=200)
    put_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["chain", "block", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "chain", "block"], name="ledger_aside_once"),
        ]
