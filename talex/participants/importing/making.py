"""Rows to instances to tables: what targets use that have no converter of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Protocol
from uuid import UUID

from django.db import models

from talex.core.chunks import chunks
from talex.core.ids import Kept, ascending
from talex.participants.importing.loading import Loading
from talex.participants.importing.registry import Batch, Row
from talex.participants.models import SourceRow

_PORTION = 1_000


class Maker(Protocol):
    """Makes the objects of one import; a new one for each attempt."""

    #: The models whose instances `make` gives, in the order in which they are inserted.
    models: Sequence[type[models.Model]]

    def make(self, rows: Sequence[Row]) -> Iterable[tuple[UUID, Sequence[Kept]]]:
        """For each row the id of its object and the unsaved instances that are to be inserted."""

    def conclude(self) -> Mapping[str, int]:
        """Inside the transaction, after everything is inserted: check and complete, set by set.

        Raises `Stale` where what `make` read does not hold any more. Returns further counts.
        """


class Making:
    """A `Prepared` of instances that wait in temporary tables."""

    def __init__(
        self,
        batch: Batch,
        kind: str,
        maker: Maker,
        rows: Iterable[Row],
    ) -> None:
        self._maker = maker
        self._stack = ExitStack()
        ids = ascending()
        self._loading = self._stack.enter_context(Loading([*maker.models, SourceRow]))
        try:
            for portion in chunks(rows, _PORTION):
                instances: list[Kept] = []
                for row, (object_id, made) in zip(portion, maker.make(portion), strict=True):
                    instances += made
                    instances += source_rows(batch, kind, row, object_id, ids)
                self._loading.add(instances)
        except BaseException:
            self._stack.close()
            raise

    def apply(self) -> Mapping[str, int]:
        """Copy the temporary tables over."""
        self._loading.insert()
        created = {
            model._meta.label_lower: count
            for model, count in self._loading.counts.items()
            if model is not SourceRow
        }
        return created | dict(self._maker.conclude())

    def close(self) -> None:
        """Drop the temporary tables."""
        self._stack.close()


def source_rows(
    batch: Batch, kind: str, row: Row, object_id: UUID | None, ids: Iterator[UUID]
) -> list[SourceRow]:
    """By what the rows of the file are known again."""
    return [
        SourceRow(
            id=next(ids),
            edition=batch.edition,
            kind=kind,
            source=batch.source,
            fingerprint=key.fingerprint,
            occurrence=key.occurrence,
            object_id=object_id,
            batch=batch.import_id,
            row_number=key.number,
        )
        for key in row.keys
    ]
