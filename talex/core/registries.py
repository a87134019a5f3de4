"""Ports: how a lower room lets the rooms above it take part in what must succeed as a whole.

Upper rooms register in `AppConfig.ready()`; the lower room's service calls every port inside its
transaction. Where one raises, nothing has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import Message


class Named(Protocol):
    """Every port has a name, `room.what`, and is registered once under it."""

    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Named)


class Registry(Generic[P]):
    """The ports of one protocol, called in the order of their names."""

    def __init__(self) -> None:
        self._ports: dict[str, P] = {}

    def register(self, port: P) -> P:
        """Add a port; registering the same name again replaces it (modules load twice)."""
        self._ports[port.name] = port
        return port

    def unregister(self, name: str) -> None:
        self._ports.pop(name, None)

    def __iter__(self) -> Iterator[P]:
        return iter([self._ports[name] for name in sorted(self._ports)])

    def __len__(self) -> int:
        return len(self._ports)

    def __getitem__(self, name: str) -> P:
        return self._ports[name]


class MergePort(Named, Protocol):
    """A room that refers to persons (or organisations) and moves what it holds of one to another.

    `kind` is what is merged: "person" or "organisation".
    """

    @property
    def kind(self) -> str: ...

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        """Why the two cannot be one (two meetings at the same time); empty where they can."""

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        """Move what is of `gone` to `keep`; returns what `undo` needs (plain JSON)."""

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        """Put back what `merge` moved."""


class ErasePort(Named, Protocol):
    """A room that holds personal data."""

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        """Delete or blank what is personal; returns how many records of which sort."""

    def export(self, person: UUID) -> Mapping[str, Any]:
        """What the room holds of the person, as plain JSON for them to take out."""


class FilesPort(Named, Protocol):
    """A room that keeps files people gave of themselves."""

    def files(self, person: UUID) -> Iterable[tuple[UUID, str]]:
        """The uploads of a person, each with a name to know it by (without a folder)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it is, what it is called, a line about it."""

    kind: Message
    title: str
    url: str
    detail: str = ""
    score: float = 0.0


class SearchSource(Named, Protocol):
    """A room whose things are found by the one search."""

    def search(
        self, actor: Actor, query: str, *, edition: UUID | None, limit: int
    ) -> Sequence[Hit]:
        """The best hits among what the actor may see, best first."""


class Level(StrEnum):
    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of the installation says, and what to do about it."""

    level: Level
    message: Message
    remedy: Message = ""


class DoctorCheck(Named, Protocol):
    """A check of the installation (`talex doctor`)."""

    def check(self) -> Iterable[Finding]:
        """What was found; a fine installation gives one FINE finding a check."""


merge: Registry[MergePort] = Registry()
erase: Registry[ErasePort] = Registry()
own_files: Registry[FilesPort] = Registry()
search: Registry[SearchSource] = Registry()
doctor: Registry[DoctorCheck] = Registry()


__all__ = [
    "DoctorCheck",
    "ErasePort",
    "FilesPort",
    "Finding",
    "Hit",
    "Level",
    "MergePort",
    "Named",
    "Registry",
    "SearchSource",
    "doctor",
    "erase",
    "merge",
    "own_files",
    "search",
]
