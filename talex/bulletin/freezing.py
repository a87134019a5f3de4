"""What a snapshot holds, and whether counting again gives the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from talex.bulletin import counting
from talex.bulletin.counting import Cutoff
from talex.bulletin.definitions import BY_KEY, DEFINITIONS
from talex.bulletin.models import Snapshot
from talex.bulletin.queries import cells
from talex.core.canonical import canonical, digest
from talex.evidence.models import Dimension, Evidence, SameSubject
from talex.evidence.vocabulary import DIMENSIONS
from talex.ledger.models import Entry

FROZEN = "bulletin.snapshot_frozen"
Cells = Mapping[tuple[str, str, str], int]


def hold_still() -> None:
    """Wait for whoever is writing evidence, and let nobody start until this transaction ends.

    Otherwise a row recorded before the known-until instant could be committed after the count. On
    SQLite the transaction has the write lock already.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(
        connection.ops.quote_name(model._meta.db_table)
        for model in (Evidence, Dimension, SameSubject)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")


def count(edition: UUID, cutoff: Cutoff) -> dict[tuple[str, str, str], int]:
    """(figure, by, value) -> persons: the totals, and every figure by every dimension."""
    found: dict[tuple[str, str, str], int] = {}
    for by in ("", *DIMENSIONS):
        for figure, split in counting.counts(edition, cutoff, by).items():
            if not by:
                found[figure, "", ""] = split.get("", 0)
                continue
            for value, number in split.items():
                found[figure, by, value] = number
    return found


def digest_of(snapshot: Snapshot, frozen: Cells) -> str:
    """SHA-256 over everything the snapshot says, 64 hexadecimal digits."""
    return digest(
        canonical(
            {
                "edition": snapshot.edition_id,
                "number": snapshot.number,
                "until": snapshot.until,
                "known": snapshot.known,
                "definitions": snapshot.definitions,
                "records": snapshot.records,
                "head": [snapshot.head_number, snapshot.head_hash],
                "cells": [[*key, number] for key, number in sorted(frozen.items())],
            }
        )
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is counted otherwise now."""

    figure: str
    by: str
    value: str
    frozen: int
    counted: int


@dataclass(slots=True)
class Check:
    """What checking a snapshot found; it is `equal` where nothing was.

    `redefined`: figures whose definition has another version or wording now. `reworked`: figures
    with the same numbers on other records. `altered`: the kept rows are not those whose digest the
    snapshot carries. `unrecorded`: the ledger has no entry with this digest.
    """

    snapshot: Snapshot
    differences: list[Difference] = field(default_factory=list)
    redefined: list[str] = field(default_factory=list)
    reworked: list[str] = field(default_factory=list)
    altered: bool = False
    unrecorded: bool = False

    @property
    def equal(self) -> bool:
        return not (
            self.differences or self.redefined or self.reworked or self.altered or self.unrecorded
        )


def check(snapshot: Snapshot) -> Check:
    """Count again from the evidence at the snapshot's own instants, and compare everything."""
    found = Check(snapshot)
    frozen = cells(snapshot)
    found.altered = digest_of(snapshot, frozen) != snapshot.digest
    entries = Entry.objects.filter(object_id=snapshot.pk, event=FROZEN)
    found.unrecorded = not any(
        f'"digest":"{snapshot.digest}"' in text
        for text in entries.values_list("canonical", flat=True)
    )
    cutoff = Cutoff(snapshot.until, snapshot.known)
    again = count(snapshot.edition_id, cutoff)
    for key in sorted({*frozen, *again}):
        before, now = frozen.get(key, 0), again.get(key, 0)
        if before != now:
            found.differences.append(Difference(*key, before, now))
    for given in snapshot.definitions:
        present = BY_KEY.get(given["key"])
        if present is None or present.frozen() != given:
            found.redefined.append(given["key"])
    seals = counting.seals(snapshot.edition_id, cutoff)
    differing = {d.figure for d in found.differences}
    found.reworked = [
        figure
        for figure, seal in snapshot.records.items()
        if figure not in differing and list(seal) != seals.get(figure)
    ]
    return found


def definitions() -> list[dict[str, Any]]:
    """The present definitions, as a snapshot keeps them."""
    return [d.frozen() for d in DEFINITIONS]
