"""The first evidence of many new subjects at once, as rows to be inserted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from talex.core.actor import Actor
from talex.core.ids import ascending
from talex.evidence.columns import adapter
from talex.evidence.models import Dimension, Evidence
from talex.evidence.services import Facts
from talex.evidence.vocabulary import Rung

Rows = tuple[type[Model], Sequence[str], list[tuple[Any, ...]]]
"""A model, names of its fields, and rows of them as `columns.adapter` makes them."""


def registration_rows(
    actor: Actor,
    *,
    edition: UUID,
    facts: Sequence[tuple[UUID | str, Facts]],
    at: datetime,
    source_kind: str,
    source_id: str,
    subject_kind: str = "talent",
) -> list[Rows]:
    """The rung 'registered' and the coarse facts of new subjects, as rows to be inserted.

    For imports, which make them before the write lock is taken: nothing is looked up, and the
    calling service inserts and records them. A subject may be given as its id is kept
    (`columns.adapter`).
    """
    # What is the same in every row is converted once.
    here, moment = adapter(Evidence, ("edition", "recorded_at"))((edition, at))
    key = adapter(Evidence, ("id",))
    rung, who = Rung.REGISTERED.value, actor.id
    evidence: list[tuple[Any, ...]] = []
    dimensions: list[tuple[Any, ...]] = []
    ids, others = ascending(), ascending()
    for given, known in facts:
        (subject,) = key((given,))
        (row,), (other,) = key((next(ids),)), key((next(others),))
        evidence.append(
            (row, here, subject_kind, subject, rung, moment, moment, who, source_kind, source_id)
        )
        dimensions.append(
            (
                other,
                here,
                subject_kind,
                subject,
                1,
                known.degree_level,
                known.industry[:100],
                known.region[:100],
                moment,
            )
        )
    return [(Evidence, _EVIDENCE, evidence), (Dimension, _DIMENSION, dimensions)]


_EVIDENCE = (
    "id", "edition", "subject_kind", "subject_id", "rung", "happened_at", "recorded_at",
    "confirmed_by", "source_kind", "source_id",
)  # fmt: skip
_DIMENSION = (
    "id", "edition", "subject_kind", "subject_id", "step", "degree_level", "industry", "region",
    "recorded_at",
)  # fmt: skip
