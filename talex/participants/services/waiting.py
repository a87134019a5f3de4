"""What the bulk services of lists share: rows wait in temporary tables, then come in at once.

While rows are read and cleaned nothing is locked, and memory is bounded by one portion of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Invalid
from talex.core.work import work
from talex.participants.importing.loading import Loading

PORTION = 2000
FAULTS_MOST = 20
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SourceKey:
    """Which row of which list: `fingerprint` is SHA-256 in hex, `row_number` is for people."""

    source: str
    fingerprint: str
    occurrence: int = 1
    row_number: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """How many were made, and how many rows were known already and left as they are."""

    created: int
    known: int


class Waiting:
    """Rows that wait in temporary tables. Use it as a context manager; they go with it."""

    def __init__(
        self,
        actor: Actor,
        edition: UUID,
        batch: UUID | None,
        tables: Sequence[type[models.Model]],
    ) -> None:
        self.actor, self.edition, self.batch = actor, edition, batch
        self.known = 0
        self._loading = Loading(tables)
        self._loading.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop the temporary tables; may be called twice."""
        self._loading.close()

    @property
    def imported(self) -> tuple[str, UUID] | None:
        """The import as what the ledger's entry is about."""
        return ("participants.import", self.batch) if self.batch else None


def read_portions(
    rows: Iterable[Row],
    keep: Callable[[list[Row], int], None],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Read `rows` once: `keep(portion, rows before it)`; `progress(rows read)` may raise."""
    read = 0
    for portion in chunks(rows, PORTION):
        keep(portion, read)
        read += len(portion)
        if progress:
            progress(read)


@contextmanager
def taking_over() -> Iterator[None]:
    """One transaction. `Conflict` where another import took rows of the same list meanwhile."""
    try:
        with work():
            yield
    except IntegrityError as error:
        raise Conflict(
            _("Rows of this list were taken over in the meantime. Prepare the import again.")
        ) from error


class Faults:
    """What is wrong in rows, by `row <number>.<field>`: the first ones, then it is enough."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def add(self, sources: Sequence[SourceKey], number: int, error: Invalid) -> None:
        """`number` counts where the row's source gives it none."""
        shown = sources[0].row_number if sources else None
        for name, messages in error.fields.items():
            self._found[f"row {shown or number}.{name}"] = messages

    @property
    def enough(self) -> bool:
        return len(self._found) >= FAULTS_MOST

    def refuse(self) -> None:
        """Raise `Invalid` where anything was found."""
        if self._found:
            raise Invalid(self._found)
