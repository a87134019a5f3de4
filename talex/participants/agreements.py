"""What rooms above know of requests between a talent and organisations, asked from below.

They register here what the end of a consent, or of taking part, has to consider: with whom the
talent agreed to meet, how many requests wait on the profile, and how many meetings have a time.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Agreements(Protocol):
    """A room in which talents and organisations ask each other."""

    def agreed_with(self, edition: UUID, person: UUID) -> set[UUID]:
        """The organisations the person agreed to meet: they see the profile by that."""
        ...

    def waiting(self, edition: UUID, person: UUID, organisation: UUID | None = None) -> int:
        """How many requests end once the profile is shared with nobody any more, or no longer
        with this organisation."""
        ...

    def placed(self, edition: UUID, person: UUID) -> int:
        """How many meetings still to come are called off where the person no longer takes part."""
        ...


_ROOMS: list[Agreements] = []


def register(room: Agreements) -> None:
    """Called once, when Talex starts."""
    if not any(type(one) is type(room) for one in _ROOMS):
        _ROOMS.append(room)


def agreed_with(edition: UUID, person: UUID) -> set[UUID]:
    """The organisations the person agreed to meet in an edition."""
    return set().union(*(one.agreed_with(edition, person) for one in _ROOMS))


def waiting(edition: UUID, person: UUID, organisation: UUID | None = None) -> int:
    """How many waiting requests of an edition end once the profile is shared with nobody, or no
    longer with this organisation."""
    return sum(one.waiting(edition, person, organisation) for one in _ROOMS)


def placed(edition: UUID, person: UUID) -> int:
    """How many meetings of an edition are called off where the person no longer takes part."""
    return sum(one.placed(edition, person) for one in _ROOMS)
