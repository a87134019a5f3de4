"""What texts of an edition are understood by: the taxonomy with its own terms, and the embedder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from talex.editions.models import Edition
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
from talex.fair.models import Term, TermSource

__all__ = ["base_embedder", "concept", "concept_of", "embedder_of", "own_table", "table_of"]


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


def _signature(edition: Edition) -> tuple[Any, ...]:
    """Changes whenever a term of the edition, or a classification, changes."""
    own = Term.objects.filter(edition=edition).order_by("pk").values_list("pk", "version")
    sources = TermSource.objects.order_by("pk").values_list("pk", "imported_at")
    return tuple(own), tuple(sources)


@lru_cache(maxsize=4)
def _built(edition: UUID, signature: tuple[Any, ...]) -> ConceptTable:
    del signature  # part of the key
    table = own_table(Edition.objects.get(pk=edition))
    imported = Term.objects.filter(source__isnull=False).iterator(chunk_size=2000)
    concepts = [
        concept
        for concept in map(concept_of, imported)
        if (own := table.get(concept.id)) is None or own.kind is concept.kind
    ]
    # What is written here and what the office wrote go before a classification.
    return with_classification(concepts, table) if concepts else table


def table_of(edition: Edition) -> ConceptTable:
    """The concepts that count in an edition; made once for as long as nothing changes."""
    signature = _signature(edition)
    if not any(signature):
        return ConceptTable.default()
    return _built(edition.pk, signature)


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
