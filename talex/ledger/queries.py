"""Reading the ledger, for pages, API and command line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.ledger.models import Entry, Head
from talex.ledger.rules import can_read_chain
from talex.ledger.services import ERASED


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry opened up. `personal` is None where there was none or it was erased."""

    id: UUID
    chain: str
    number: int
    block: int
    recorded_at: datetime
    event: str
    actor: str
    object_kind: str
    object_id: UUID | None
    subject: UUID | None
    hash: str
    block_hash: str
    facts: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] | None = None
    personal_state: str = "none"  # none | kept | erased | missing
    erased_by: int | None = None


def entries(actor: Actor, chain: str) -> QuerySet[Entry]:
    """The entries of a chain, the newest first; each has its `number` and `recorded_at`."""
    if not can_read_chain(actor, chain):
        raise NotAllowed
    return (
        Entry.objects.filter(block__chain=chain)
        .select_related("block")
        .annotate(recorded_at=F("block__recorded_at"), place=F("block__first") + F("index"))
        .order_by("-block__number", "-index")
    )


def head(actor: Actor, chain: str) -> Head:
    """Where the chain ends now (an empty head where nothing is recorded yet)."""
    if not can_read_chain(actor, chain):
        raise NotAllowed
    return Head.objects.filter(chain=chain).first() or Head(chain=chain)


def events(chain: str) -> list[str]:
    """The kinds of events that the chain knows."""
    found = Entry.objects.filter(block__chain=chain).order_by("event").distinct()
    return list(found.values_list("event", flat=True))


def entry(actor: Actor, chain: str, number: int) -> EntryDetail:
    """The entry with this running number; NotFound where the chain has none."""
    row = entries(actor, chain).select_related("payload").filter(Q(place=number)).first()
    if row is None:
        raise NotFound
    document = json.loads(row.canonical)
    payload = getattr(row, "payload", None)
    state, erased_by = "none", None
    if payload is not None:
        state = "kept"
    elif "personal" in document:
        erased_by = (
            Entry.objects.filter(
                event=ERASED,
                subject=row.subject,
                block__chain=chain,
                block__number__gte=row.block.number,
            )
            .annotate(place=F("block__first") + F("index"))
            .order_by("block__number", "index")
            .values_list("place", flat=True)
            .first()
        )
        state = "missing" if erased_by is None else "erased"
    return EntryDetail(
        id=row.id,
        chain=chain,
        number=number,
        block=row.block.number,
        recorded_at=row.block.recorded_at,
        event=row.event,
        actor=row.actor,
        object_kind=document.get("object", {}).get("kind") or "",
        object_id=row.object_id,
        subject=row.subject,
        hash=row.hash,
        block_hash=row.block.hash,
        facts=document.get("facts", {}),
        personal=json.loads(payload.body) if payload is not None else None,
        personal_state=state,
        erased_by=erased_by,
    )


def happened(event: str, obj: UUID, actor: str, *, since: datetime) -> bool:
    """Whether this actor did this to the object since then; for acts that are recorded once."""
    return Entry.objects.filter(
        event=event, object_id=obj, actor=actor, block__recorded_at__gte=since
    ).exists()
