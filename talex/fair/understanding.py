"""What texts of an edition are understood by: the taxonomy with its own terms, and the embedder."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

from talex.core.actor import SYSTEM
from talex.core.clock import now
from talex.core.jobs import enqueue
from talex.core.work import work
from talex.editions.models import Edition, EditionState
from talex.engine.text import (
    Concept,
    ConceptEmbedder,
    ConceptTable,
    Embedder,
    Kind,
    default_base,
    default_embedder,
)
from talex.engine.text.esco import table_of as with_classification
from talex.fair.embedders import base_embedder
from talex.fair.models import BuiltTable, Term, TermSource

__all__ = [
    "OPEN",
    "TABLE_JOB",
    "base_embedder",
    "concept",
    "concept_of",
    "embedder_of",
    "own_table",
    "prepare",
    "table_at_hand",
    "table_of",
]

TABLE_JOB = "fair.table"
#: Editions for which vectors and terms are kept ready.
OPEN = (EditionState.DRAFT, EditionState.OPEN, EditionState.RUNNING)


def concept_of(term: Term) -> Concept:
    """A kept term as the engine's concept."""
    return Concept(
        term.concept,
        Kind(term.kind),
        {language: tuple(labels) for language, labels in term.labels.items() if labels},
        tuple(term.parents),
        tuple(term.abbreviations),
    )


def _grown(table: ConceptTable, concepts: Iterable[Concept]) -> ConceptTable:
    """The table with concepts, without those that clash with it.

    They were checked when they were kept, but a newer Talex may ship a label since.
    """
    concepts = list(concepts)
    try:
        return table.extended(concepts)
    except ValueError:
        for concept in concepts:
            try:
                table = table.extended([concept])
            except ValueError:
                continue
        return table


def own_table(edition: Edition, *, without: UUID | None = None) -> ConceptTable:
    """The shipped taxonomy with the edition's own terms, but for the term `without`."""
    own = [term for term in Term.objects.filter(edition=edition) if term.pk != without]
    return _grown(ConceptTable.default(), map(concept_of, own)) if own else ConceptTable.default()


def _signature(edition: Edition) -> str:
    """Changes whenever a term of the edition, a classification, or the shipped taxonomy changes;
    '' where there is nothing but the shipped one."""
    own = Term.objects.filter(edition=edition).order_by("pk").values_list("pk", "version")
    sources = TermSource.objects.order_by("pk").values_list("pk", "imported_at")
    said = [*map(str, own), "|", *map(str, sources)]
    if len(said) == 1:
        return ""
    said.append(ConceptTable.default().fingerprint)
    return hashlib.sha256(repr(said).encode()).hexdigest()


class _Tables:
    """The last tables of this process, by their signature."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[str, ConceptTable] = OrderedDict()

    def get(self, key: str) -> ConceptTable | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        return found

    def keep(self, key: str, table: ConceptTable) -> ConceptTable:
        with self._lock:
            table = self._kept.setdefault(key, table)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return table

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_tables = _Tables(most=4)


def _read(row: BuiltTable | None) -> ConceptTable | None:
    if row is None:
        return None
    try:
        return _tables.get(row.signature) or _tables.keep(
            row.signature, ConceptTable.loads(bytes(row.table))
        )
    except ValueError:
        # Of another version of Talex, or broken: it is made anew.
        return None


def _built(edition: Edition, signature: str) -> ConceptTable:
    table = own_table(edition)
    imported = Term.objects.filter(source__isnull=False).iterator(chunk_size=2000)
    concepts = [
        concept
        for concept in map(concept_of, imported)
        if (own := table.get(concept.id)) is None or own.kind is concept.kind
    ]
    if not concepts:
        return table
    # What is written here and what the office wrote go before a classification.
    table = with_classification(concepts, table)
    with work():
        BuiltTable.objects.update_or_create(
            edition=edition,
            defaults={"signature": signature, "table": table.dumps(), "made_at": now()},
        )
    return table


def table_of(edition: Edition) -> ConceptTable:
    """The concepts that count in an edition, made where nobody made them yet: with a
    classification that takes tens of seconds, so that it is for jobs and the command line."""
    signature = _signature(edition)
    if not signature:
        return ConceptTable.default()
    found = _tables.get(signature)
    if found is None:
        row = BuiltTable.objects.filter(edition=edition, signature=signature).first()
        found = _read(row) or _tables.keep(signature, _built(edition, signature))
    return found


def table_at_hand(edition: Edition) -> tuple[ConceptTable, bool]:
    """The concepts of an edition for a page, and whether they are those that count.

    Never waits for a classification: while one is prepared in the background (a job, asked for
    here), the table before it serves, or the edition's own terms alone.
    """
    signature = _signature(edition)
    if not signature:
        return ConceptTable.default(), True
    found = _tables.get(signature)
    if found is not None:
        return found, True
    if not TermSource.objects.exists():
        return _tables.keep(signature, own_table(edition)), True
    row = BuiltTable.objects.filter(edition=edition).first()
    table = _read(row)
    if row is not None and table is not None and row.signature == signature:
        return table, True
    prepare(edition, signature)
    return (table or _own_at_hand(edition, signature)), False


def _own_at_hand(edition: Edition, signature: str) -> ConceptTable:
    key = f"own/{signature}"
    return _tables.get(key) or _tables.keep(key, own_table(edition))


def prepare(edition: Edition, signature: str = "") -> None:
    """Let the table be made in the background; once, however many ask."""
    signature = signature or _signature(edition)
    if signature and TermSource.objects.exists():
        key = f"{edition.pk}/{signature[:32]}"
        enqueue(SYSTEM, TABLE_JOB, {"edition": str(edition.pk)}, edition=edition.pk, key=key)


def concept(edition: Edition, key: str) -> Concept | None:
    """The concept with this id, shipped, own or of a classification; without the whole table."""
    found = own_table(edition).get(key)
    if found is None:
        term = Term.objects.filter(source__isnull=False, concept=key).first()
        found = concept_of(term) if term is not None else None
    return found


@lru_cache(maxsize=4)
def _with_table(base: Embedder, table: ConceptTable) -> Embedder:
    return ConceptEmbedder(base, table)


def embedder_of(edition: Edition) -> Embedder:
    """The embedder with the concepts of an edition."""
    base: Any = base_embedder()
    table = table_of(edition)
    if base is default_base() and table is ConceptTable.default():
        return default_embedder()
    return _with_table(base, table)
