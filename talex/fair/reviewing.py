"""Who must agree before an opening is open: the port of the part that reviews (fair/collecting).

Without one, or where an edition does not review, the word of an opening's own side counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.fair.models import Opening


@dataclass(frozen=True, slots=True)
class Held:
    """What is written into an opening now; `plan` is what the reviewer does once it is saved."""

    values: Mapping[str, Any]
    state: str
    plan: Any = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an opening stands on its way to being open, for its own side.

    `page`: its history; `hand_in`: an address that takes a POST; `own_turn`: its side must act;
    `again`: it was handed in before and came back; `label`: what stands in place of its state.
    """

    text: Message
    page: str = ""
    hand_in: str = ""
    own_turn: bool = False
    again: bool = False
    label: Message = ""


class Reviewer(Protocol):
    """What decides whether a change waits. Both calls stand in the writer's transaction."""

    def asked(self, actor: Actor, edition: UUID) -> bool:
        """Whether what the actor opens waits for somebody's approval."""

    def hold(
        self, actor: Actor, opening: Opening, values: Mapping[str, Any], state: str, *, fresh: bool
    ) -> Held:
        """Of what is to be written into the opening: what is written, what waits."""

    def saved(self, actor: Actor, opening: Opening, held: Held) -> None:
        """The opening is saved as `hold` said."""

    def waiting(self, actor: Actor, openings: Sequence[Opening], state: str) -> set[UUID]:
        """Those of the locked openings that wait for an approval already: asking again changes
        nothing."""

    def states(self, actor: Actor, openings: Sequence[Opening], state: str) -> list[Opening]:
        """Those of the locked openings whose state changes now; the others wait."""

    def proposed(self, opening: Opening) -> Mapping[str, Any]:
        """Values that wait for approval, for whoever goes on writing."""

    def standing(self, actor: Actor, opening: Opening) -> Standing | None:
        """Where it stands and what is next; None where nothing waits."""


class _Nobody:
    def asked(self, actor: Actor, edition: UUID) -> bool:
        return False

    def hold(
        self, actor: Actor, opening: Opening, values: Mapping[str, Any], state: str, *, fresh: bool
    ) -> Held:
        return Held(values, state)

    def saved(self, actor: Actor, opening: Opening, held: Held) -> None:
        return

    def waiting(self, actor: Actor, openings: Sequence[Opening], state: str) -> set[UUID]:
        return set()

    def states(self, actor: Actor, openings: Sequence[Opening], state: str) -> list[Opening]:
        return list(openings)

    def proposed(self, opening: Opening) -> Mapping[str, Any]:
        return {}

    def standing(self, actor: Actor, opening: Opening) -> Standing | None:
        return None


_reviewers: list[Reviewer] = [_Nobody()]


def use(reviewer: Reviewer) -> None:
    """Say who reviews (one part does)."""
    _reviewers[:] = [reviewer]


def reviewer() -> Reviewer:
    """Who reviews openings here."""
    return _reviewers[0]
