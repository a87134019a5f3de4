"""The only writers of the ledger: `record`, `erase_subject`, and the block at the commit."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import canonical, canonical_of_plain, instant, plain
from talex.core.errors import NotAllowed
from talex.core.ids import Kept
from talex.core.work import Work, current, work
from talex.ledger.models import GENESIS, SITE, Block, Entry, Head, Payload
from talex.ledger.store import insert_rows

ERASED = "ledger.subject_erased"


@dataclass(slots=True)
class Pending:
    """An entry that waits for the commit."""

    chain: str
    event: str
    actor: str
    object_id: UUID | None
    subject: UUID | None
    canonical: str
    salt: str = ""
    body: str = ""


def chain_of(edition: UUID | None) -> str:
    """The chain of an edition, or of the site."""
    return str(edition) if edition else SITE


def payload_digest(salt: str, body: str) -> str:
    """What the chain keeps of a payload: HMAC-SHA256 under its salt, hexadecimal."""
    return hmac.new(bytes.fromhex(salt), body.encode(), hashlib.sha256).hexdigest()


def entry_hash(text: str) -> str:
    """SHA-256 over the canonical bytes of an entry."""
    return hashlib.sha256(text.encode()).hexdigest()


def block_hash(
    *, chain: str, number: int, previous: str, root: str, first: int, count: int, at: datetime
) -> str:
    """SHA-256 over the canonical bytes of a block's own facts."""
    return entry_hash(
        canonical(
            {
                "chain": chain,
                "number": number,
                "previous": previous,
                "root": root,
                "first": first,
                "count": count,
                "recorded_at": instant(at),
            }
        )
    )


def record(
    event: str,
    *,
    actor: Actor,
    edition: UUID | None,
    obj: Kept | tuple[str, UUID] | None,
    subject: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Tell the ledger what changed; it is written when the unit of work commits.

    `event` is `room.what_happened`; `obj` what it happened to (or its (label, id)); `facts` stay
    for ever and hold no personal data; `personal` belongs to the person `subject` and is erased
    with them. Raises RuntimeError outside of `with work():`, TypeError for a value without a
    canonical form, ValueError where `personal` has no `subject`.
    """
    if personal and subject is None:
        raise ValueError(f"{event}: personal data needs the person it belongs to")
    label: str | None = None
    object_id: UUID | None = None
    if isinstance(obj, tuple):
        label, object_id = obj
    elif obj is not None:
        label, object_id = obj._meta.label_lower, obj.pk
    salt = body = ""
    document: dict[str, Any] = {"event": event, "actor": actor.id}
    if object_id is not None:
        document["object"] = {"kind": label, "id": str(object_id)}
    if subject is not None:
        document["subject"] = str(subject)
    if facts:
        document["facts"] = plain(facts)
    if personal:
        salt = secrets.token_hex(16)
        body = canonical(personal)
        document["personal"] = payload_digest(salt, body)
    current().entries.append(
        Pending(
            chain=chain_of(edition),
            event=event,
            actor=actor.id,
            object_id=object_id,
            subject=subject,
            canonical=canonical_of_plain(document),
            salt=salt,
            body=body,
        )
    )


def erase_subject(actor: Actor, subject: UUID) -> int:
    """Delete every payload and salt of a person, and record that in each chain that held one.

    Returns how many payloads were there. The rooms' own records are erased by
    `core.registries.erase`; the service that erases a person calls both in one unit of work.
    Who may is decided by that service; here only that somebody is signed in.
    """
    if not actor.signed_in:
        raise NotAllowed
    with work() as unit:
        held = Payload.objects.filter(subject=subject)
        chains = set(held.values_list("entry__block__chain", flat=True).distinct())
        count = held.count()
        for pending in unit.entries:
            if pending.subject == subject and pending.body:
                chains.add(pending.chain)
                pending.salt = pending.body = ""
                count += 1
        for chain in sorted(chains or {SITE}):
            record(
                ERASED,
                actor=actor,
                edition=None if chain == SITE else UUID(chain),
                obj=None,
                subject=subject,
            )
        held.delete()
    return count


def write_blocks(unit: Work) -> None:
    """Append one block a chain: the last statements of the outermost transaction.

    Entries go in first, under a block id that is not there yet. Then the heads are locked one by
    one in the order of their names (a single ORDER BY … FOR UPDATE would read them before the
    lock is held, and fork), and every lock is followed by three small statements.
    """
    pendings: dict[str, list[Pending]] = {}
    erased: dict[str, list[UUID]] = {}
    for pending in unit.entries:
        pendings.setdefault(pending.chain, []).append(pending)
        if pending.event == ERASED and pending.subject is not None:
            erased.setdefault(pending.chain, []).append(pending.subject)
    unit.entries.clear()
    blocks = [(chain, uuid.uuid4()) for chain in sorted(pendings)]
    roots = {chain: _write_entries(block, pendings[chain]) for chain, block in blocks}
    for chain, block in blocks:
        _append(chain, block, len(pendings[chain]), roots[chain])
        # Under the lock once more: what another transaction committed while this one ran.
        for subject in erased.get(chain, ()):
            Payload.objects.filter(subject=subject, entry__block__chain=chain).delete()


_LOW = (1 << 62) - 1
_CHUNK = 5000


def _write_entries(block: UUID, pendings: list[Pending]) -> str:
    """Insert the entries and payloads of one block; returns its root.

    Their ids count on from the block's random one: as unguessable, and 100,000 rows go into the
    index of the key one behind the other instead of all over it. The list is emptied on the way,
    so that the rows are not in memory twice.
    """
    root = hashlib.sha256()
    high, low = block.int & ~_LOW, block.int & _LOW
    for start in range(0, len(pendings), _CHUNK):
        chunk = pendings[start : start + _CHUNK]
        pendings[start : start + _CHUNK] = [_DONE] * len(chunk)
        entries: list[tuple[Any, ...]] = []
        payloads: list[tuple[Any, ...]] = []
        for index, pending in enumerate(chunk, start):
            hashed = hashlib.sha256(pending.canonical.encode())
            root.update(hashed.digest())
            identity = UUID(int=high | ((low + index + 1) & _LOW))
            entries.append(
                (
                    identity,
                    block,
                    index,
                    pending.canonical,
                    hashed.hexdigest(),
                    pending.event,
                    pending.actor,
                    pending.object_id,
                    pending.subject,
                )
            )
            if pending.body:
                payloads.append((identity, pending.subject, pending.salt, pending.body))
        insert_rows(Entry, _ENTRY, entries)
        insert_rows(Payload, _PAYLOAD, payloads)
    return root.hexdigest()


_DONE = Pending("", "", "", None, None, "")
_ENTRY = ("id", "block", "index", "canonical", "hash", "event", "actor", "object_id", "subject")
_PAYLOAD = ("entry", "subject", "salt", "body")


def _append(chain: str, identity: UUID, count: int, root: str) -> None:
    height, previous, entries = _lock(chain)
    at = clock.now()
    number, first = height + 1, entries + 1
    block = Block(
        id=identity,
        chain=chain,
        number=number,
        previous=previous,
        hash=block_hash(
            chain=chain,
            number=number,
            previous=previous,
            root=root,
            first=first,
            count=count,
            at=at,
        ),
        root=root,
        first=first,
        count=count,
        recorded_at=at,
    )
    block.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [number, block.hash, entries + count, chain])


#: Asked with every change of state while others wait for the lock: not built anew each time.
_HEAD = "SELECT number, hash, entries FROM ledger_head WHERE chain = %s"
_MOVE = "UPDATE ledger_head SET number = %s, hash = %s, entries = %s WHERE chain = %s"


def _lock(chain: str) -> tuple[int, str, int]:
    """Number, hash and entries of the chain's head, locked until the commit; made where it is the
    first block. SQLite has one writer, so there is nothing to lock."""
    statement = f"{_HEAD} FOR UPDATE" if connection.features.has_select_for_update else _HEAD
    with connection.cursor() as cursor:
        cursor.execute(statement, [chain])
        found = cursor.fetchone()
        if found is None:
            Head.objects.bulk_create([Head(chain=chain, hash=GENESIS)], ignore_conflicts=True)
            cursor.execute(statement, [chain])
            found = cursor.fetchone()
    number, last, entries = found
    return number, last, entries
