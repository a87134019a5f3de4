"""Rows that a bulk service of the room lets wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from talex.participants.services.waiting import Applied


class _Waiting(Protocol):
    def apply(self) -> Applied: ...

    def close(self) -> None: ...


class Served:
    """A `registry.Prepared` around what a bulk service prepared; `model` is what it counts."""

    def __init__(self, model: str, prepared: _Waiting) -> None:
        self._model = model
        self._prepared = prepared

    def apply(self) -> Mapping[str, int]:
        """Insert what is not known."""
        return {self._model: self._prepared.apply().created}

    def close(self) -> None:
        """Drop the tables that the rows wait in."""
        self._prepared.close()
