"""What can be imported. Rooms above register their own kinds of rows in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.participants.importing.fields import Target
from talex.participants.importing.notes import Note


@dataclass(frozen=True, slots=True)
class Batch:
    """The import that is applied: who by, into which edition, from which source."""

    actor: Actor
    edition: Edition
    source: str
    import_id: UUID


@dataclass(frozen=True, slots=True)
class SourceKey:
    """Which row of the source: fingerprint (SHA-256 in hex), occurrence, number in the file."""

    fingerprint: str
    occurrence: int
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is to become an object.

    `values`: field -> value in the shapes of `importing.values`; may lack what a row that was
    accepted as it stands does not say. `kept`: heading -> text, to be kept as it is. `keys`: the
    rows of the file that this is, several where identical ones were merged.
    """

    number: int
    values: Mapping[str, Any]
    kept: Mapping[str, str]
    keys: Sequence[SourceKey] = ()


class Prepared(Protocol):
    """What rows become, ready to be written."""

    def apply(self) -> Mapping[str, int]:
        """Write everything; called inside the one transaction. Returns model label -> count.

        Raises `Stale` where something that was read before has changed meanwhile (prepare anew),
        Conflict or IntegrityError where rows came in another way.
        """

    def close(self) -> None:
        """Give back what is held (temporary tables, files), applied or not."""


class Stale(Exception):
    """What was read before the transaction has changed; the rows are to be prepared once more."""


Check = Callable[[Sequence[Row]], Mapping[int, Sequence[Note]]]
"""What to say about rows in the light of what the database holds: number -> notes."""


class ImportTarget(Protocol):
    """A kind of rows. `key` names its fields (`importing.fields`) and its `SourceRow.kind`."""

    key: Target
    label: Message
    #: Whether somebody has to decide about groups of identical rows before they come in.
    decide_identical: bool

    def may_import(self, actor: Actor, edition: Edition) -> bool:
        """Whether the actor may bring in rows of this kind."""

    def likeness(self, values: Mapping[str, Any]) -> str:
        """What two rows of the same object share although they differ; '' where nothing does."""

    def aside(self, values: Mapping[str, Any]) -> Collection[str]:
        """The fields that the object has no place for: their text is kept as it stands."""

    def unfit(self, values: Mapping[str, Any]) -> Collection[str]:
        """The fields whose values cannot be kept (too long, say); they are kept as text."""

    def checking(self, edition: Edition) -> Check:
        """What is called with the rows of a file, some at a time; may keep what it read once."""

    def prepare(self, batch: Batch, rows: Iterable[Row]) -> Prepared:
        """Read `rows` once and make of them what is to be written, `SourceRow`s included.

        Called outside of any transaction: reads the database, changes nothing in it, holds a
        bounded part of the rows in memory.
        """

    def list_url(self, edition: Edition) -> str:
        """The page that lists what was made."""


_targets: dict[str, ImportTarget] = {}


def register_target(target: ImportTarget) -> None:
    """Let rows of this kind be imported; the same key again replaces it."""
    _targets[target.key] = target


def target_of(key: str) -> ImportTarget:
    """The target of this key; KeyError where no room registered it."""
    return _targets[key]


def targets() -> list[ImportTarget]:
    """All kinds of rows, in the order of their registration."""
    return list(_targets.values())
