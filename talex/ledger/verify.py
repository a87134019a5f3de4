"""Walking the chains: what was hashed is still there, in its order, unchanged.

Nothing is believed that is kept beside the chain: every hash is computed again from the canonical
text, every column that repeats it is compared. The walk streams; memory does not grow with the
chain (only with the number of persons erased).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.ledger.heads import HeadFile, KnownHead
from talex.ledger.models import GENESIS, Block, Entry, Head, Payload
from talex.ledger.services import ERASED, block_hash, payload_digest

_CHUNK = 2000

Progress = Callable[[int, int], None]
"""Told of (entries seen, entries in all)."""

WORDS: dict[str, Message] = {
    "block_missing": _("A block is missing here."),
    "block_hash": _("The block does not have the content that its hash was made from."),
    "block_previous": _("The block does not follow the one before it."),
    "block_first": _("The block does not count on from the one before it."),
    "block_count": _("The block does not have as many entries as it says."),
    "block_root": _("The entries are not those that the block was made from."),
    "entry_place": _("An entry is missing or stands in another place."),
    "entry_hash": _("The entry does not have the text that its hash was made from."),
    "entry_columns": _("What the entry is looked up by is not what stands in its text."),
    "payload_changed": _("The personal data is not what the entry was made with."),
    "payload_missing": _("The personal data is missing and nobody has erased it."),
    "payload_unexpected": _("There is personal data that the entry does not know of."),
    "payload_kept": _("Personal data is still there although it was erased."),
    "head": _("The head does not name the last block."),
    "head_missing": _("The chain has blocks but no head."),
    "cut": _("The chain ends before the block that the exported head names."),
    "rewritten": _("The chain has another block where the exported head names one."),
    "signature": _("The exported head was not signed by the key it names."),
    "other_key": _("The exported head was signed by another installation."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first broken link of a chain. `kind` is a key of `WORDS`."""

    kind: str
    chain: str
    block: int | None = None
    entry: int | None = None

    @property
    def message(self) -> Message:
        return WORDS[self.kind]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "chain": self.chain,
            "block": self.block,
            "entry": self.entry,
            "message": str(self.message),
        }


@dataclass(slots=True)
class ChainReport:
    """What was found in one chain."""

    chain: str
    blocks: int = 0
    entries: int = 0
    erased: int = 0
    hash: str = GENESIS
    fault: Fault | None = None


@dataclass(slots=True)
class Report:
    """What was found in all that was asked for."""

    chains: list[ChainReport] = field(default_factory=list)
    head_fault: Fault | None = None

    @property
    def faults(self) -> list[Fault]:
        found = [chain.fault for chain in self.chains if chain.fault]
        return [self.head_fault, *found] if self.head_fault else found

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "chains": [
                {
                    "chain": c.chain,
                    "blocks": c.blocks,
                    "entries": c.entries,
                    "erased": c.erased,
                    "hash": c.hash,
                    "fault": c.fault.as_json() if c.fault else None,
                }
                for c in self.chains
            ],
            "faults": [fault.as_json() for fault in self.faults],
        }


class _Broken(Exception):
    def __init__(self, kind: str, block: int | None = None, entry: int | None = None) -> None:
        self.kind, self.block, self.entry = kind, block, entry


def verify(
    chain: str | None = None,
    head: HeadFile | None = None,
    *,
    progress: Progress | None = None,
) -> Report:
    """Walk one chain, or all; with `head`, also compare with what was exported before.

    The chains of an exported head are walked even where nothing of them is left. The walk covers
    what was committed when it began.
    """
    report = Report()
    known: dict[str, KnownHead] = {}
    if head is not None:
        kind = head.fault()
        if kind:
            report.head_fault = Fault(kind, chain or "")
        known = {h.chain: h for h in head.heads if chain in (None, h.chain)}
    if chain is not None:
        names = {chain}
    else:
        names = set(Head.objects.values_list("chain", flat=True)) | set(known)
        names |= set(Block.objects.order_by().values_list("chain", flat=True).distinct())
    total = sum(Head.objects.filter(chain__in=names).values_list("entries", flat=True))
    seen = 0

    def step(entries: int) -> None:
        nonlocal seen
        seen += entries
        if progress is not None:
            progress(seen, max(total, seen))

    for name in sorted(names):
        report.chains.append(_verify_chain(name, known.get(name), step))
    return report


def _verify_chain(name: str, known: KnownHead | None, step: Callable[[int], None]) -> ChainReport:
    found = ChainReport(chain=name)
    # The head is read before anything else: what is appended meanwhile is not looked at.
    head = Head.objects.filter(chain=name).first()
    try:
        _walk(found, head, known, step)
    except _Broken as broken:
        found.fault = Fault(broken.kind, name, broken.block, broken.entry)
    return found


def _walk(
    found: ChainReport,
    head: Head | None,
    known: KnownHead | None,
    step: Callable[[int], None],
) -> None:
    if head is None:
        if Block.objects.filter(chain=found.chain).exists():
            raise _Broken("head_missing")
        if known is not None and known.number:
            raise _Broken("cut", known.number)
        return
    missing = _Missing(found.chain)
    entries = _Entries(found.chain, head.number)
    for block in (
        Block.objects.filter(chain=found.chain, number__lte=head.number)
        .order_by("number")
        .iterator(chunk_size=_CHUNK)
    ):
        _check_block(block, found)
        root, count = hashlib.sha256(), 0
        for row in entries.of(block.number):
            _check_entry(row, block, count, missing)
            root.update(bytes.fromhex(row["hash"]))
            count += 1
        if count != block.count:
            raise _Broken("block_count", block.number)
        if root.hexdigest() != block.root:
            raise _Broken("block_root", block.number)
        found.blocks, found.hash = block.number, block.hash
        found.entries += count
        if known is not None and known.number == block.number and known.hash != block.hash:
            raise _Broken("rewritten", block.number)
        step(count)
    found.erased = missing.end()
    if (head.number, head.hash, head.entries) != (found.blocks, found.hash, found.entries):
        # Blocks beyond the head cannot be told from those that are just being written.
        raise _Broken("head", found.blocks + 1 if head.number > found.blocks else found.blocks)
    if Block.objects.filter(chain=found.chain, number__gt=head.number).exists():
        newer = Head.objects.get(chain=found.chain)
        if newer.number == head.number:
            raise _Broken("head", head.number + 1)
    if known is not None and known.number > found.blocks:
        raise _Broken("cut", known.number)


def _check_block(block: Block, found: ChainReport) -> None:
    if block.number != found.blocks + 1:
        raise _Broken("block_missing", found.blocks + 1)
    computed = block_hash(
        chain=block.chain,
        number=block.number,
        previous=block.previous,
        root=block.root,
        first=block.first,
        count=block.count,
        at=block.recorded_at,
    )
    if computed != block.hash:
        raise _Broken("block_hash", block.number)
    if block.previous != found.hash:
        raise _Broken("block_previous", block.number)
    if block.first != found.entries + 1:
        raise _Broken("block_first", block.number)


def _check_entry(row: dict[str, Any], block: Block, index: int, missing: _Missing) -> None:
    number = block.first + index
    place = (block.number, number)
    if row["index"] != index:
        raise _Broken("entry_place", *place)
    text = row["canonical"]
    if hashlib.sha256(text.encode()).hexdigest() != row["hash"]:
        raise _Broken("entry_hash", *place)
    document = json.loads(text)
    if not _columns_agree(row, document):
        raise _Broken("entry_columns", *place)
    digest = document.get("personal")
    if row["salt"] is not None:
        if digest is None:
            raise _Broken("payload_unexpected", *place)
        if row["payload_subject"] != row["subject"] or not _same(row, digest):
            raise _Broken("payload_changed", *place)
    elif digest is not None:
        missing.note(row["subject"], *place)
    if row["event"] == ERASED and row["subject"] is not None:
        missing.erased(row["subject"], *place)


def _same(row: dict[str, Any], digest: str) -> bool:
    try:
        return payload_digest(row["salt"], row["payload_body"]) == digest
    except ValueError:  # the salt is no hexadecimal number any more
        return False


def _columns_agree(row: dict[str, Any], document: dict[str, Any]) -> bool:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    return (
        row["event"] == document.get("event")
        and row["actor"] == document.get("actor")
        and text(row["object_id"]) == document.get("object", {}).get("id")
        and text(row["subject"]) == document.get("subject")
    )


class _Entries:
    """The entries of a chain in one streamed query, handed out block by block."""

    def __init__(self, chain: str, last: int) -> None:
        rows = (
            Entry.objects.filter(block__chain=chain, block__number__lte=last)
            .order_by("block__number", "index")
            .values(
                "index",
                "canonical",
                "hash",
                "event",
                "actor",
                "object_id",
                "subject",
                number=F("block__number"),
                salt=F("payload__salt"),
                payload_body=F("payload__body"),
                payload_subject=F("payload__subject"),
            )
        )
        self._rows = cast(Iterator[dict[str, Any]], rows.iterator(chunk_size=_CHUNK))
        self._next = next(self._rows, None)

    def of(self, block: int) -> Iterator[dict[str, Any]]:
        while self._next is not None and self._next["number"] == block:
            yield self._next
            self._next = next(self._rows, None)


class _Missing:
    """Payloads that are not there: by person, the first place and how many, until erased."""

    def __init__(self, chain: str) -> None:
        self._chain = chain
        self._open: dict[UUID, tuple[int, int, int]] = {}
        self._erased = 0

    def note(self, subject: UUID, block: int, entry: int) -> None:
        known = self._open.get(subject)
        self._open[subject] = (known[0], known[1], known[2] + 1) if known else (block, entry, 1)

    def erased(self, subject: UUID, block: int, entry: int) -> None:
        self._erased += self._open.pop(subject, (0, 0, 0))[2]
        if Payload.objects.filter(
            subject=subject, entry__block__chain=self._chain, entry__block__number__lt=block
        ).exists():
            raise _Broken("payload_kept", block, entry)

    def end(self) -> int:
        """How many payloads were erased; broken where one is missing without that."""
        for subject, (block, entry, count) in self._open.items():
            # Erased while this walk was under way, in a block that it does not cover?
            if not Entry.objects.filter(
                event=ERASED, subject=subject, block__chain=self._chain, block__number__gt=block
            ).exists():
                raise _Broken("payload_missing", block, entry)
            self._erased += count
        return self._erased
