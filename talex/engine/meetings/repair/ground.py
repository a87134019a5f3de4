"""What stands before anything is repaired, as the exact model reads it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.repair.board import I64, PARTY, Losses, Rules, unpack


@dataclass(frozen=True, eq=False)
class Ground:
    """What stands before anything is repaired.

    Attributes:
        slot: (R,) of the meetings that can stay where they were; -1 for the others.
        table: (R,) theirs.
        held: (R,) those that must stay.
        base: (R, S) slots that are possible at all.
        choice: (C, T) which tables a choice has.
        usable: (S, T) open and not taken by one that must stay.
        occupant: (S, T) who stands there, -1 nobody.
    """

    k: Rules
    losses: Losses
    slot: I64
    table: I64
    held: NDArray[np.bool_]
    base: NDArray[np.bool_]
    choice: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    occupant: I64
    _person: I64  # person of each row of _whose, rising
    _whose: I64

    def standing(self, p: int) -> list[int]:
        """The meetings of a person that stand."""
        a, b = np.searchsorted(self._person, [p, p + 1])
        found: list[int] = self._whose[a:b].tolist()
        return found

    def groups(self, rows: NDArray[np.int64]) -> I64:
        """(T,) tables that some meetings and no way tell apart are of one group."""
        k = self.k
        classes = np.unique(k.cls[rows])
        halls = k.hall if k.way.size else np.zeros_like(k.hall)
        looks = np.vstack([halls[None, :], self.choice[classes[classes >= 0]]]).T
        group = np.unique(looks, axis=0, return_inverse=True)[1]
        return group.reshape(-1).astype(np.int64)

    def places(self, rows: NDArray[np.int64]) -> int:
        """About how many places some meetings have between them."""
        group = self.groups(rows)
        slots = self.base[rows].sum(axis=1)
        number = {
            int(c): 1 if c < 0 else np.unique(group[self.choice[c]]).size
            for c in np.unique(self.k.cls[rows])
        }
        return int(sum(n * number[int(c)] for n, c in zip(slots, self.k.cls[rows], strict=True)))


def ground(k: Rules, losses: Losses, slot: I64, table: I64, held: NDArray[np.bool_]) -> Ground:
    """Take the state down in which all stand that can stay."""
    slots, tables = k.slots, k.hall.size
    usable = unpack(k.opened, tables)
    sit = np.flatnonzero(held & (table >= 0))
    usable[slot[sit], table[sit]] = False
    occupant = np.full((slots, tables), -1, np.int64)
    sit = np.flatnonzero((slot >= 0) & (table >= 0))
    occupant[slot[sit], table[sit]] = sit
    count = k.asked[:, PARTY + 1] - k.asked[:, PARTY]
    owner = np.repeat(np.arange(slot.size), count)
    person = k.lists[: owner.size, 0]
    there = slot[owner] >= 0
    owner, person = owner[there], person[there]
    by_person = np.argsort(person, kind="stable")
    return Ground(
        k=k,
        losses=losses,
        slot=slot.copy(),
        table=table.copy(),
        held=held.copy(),
        base=unpack(k.base, slots),
        choice=unpack(k.choice[:-1], tables),
        usable=usable,
        occupant=occupant,
        _person=person[by_person],
        _whose=owner[by_person],
    )
