"""Where one meeting could go, slot by slot, and what each place would cost the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.repair import moves
from talex.engine.meetings.repair.board import CAP, FIRST, I64, LAST, Board, Rules
from talex.engine.meetings.repair.day import Day, apply
from talex.engine.meetings.repair.events import Event
from talex.engine.meetings.repair.layout import lay_out
from talex.engine.meetings.solution import Solution

#: Others that a place may move, and the steps that are tried for each slot.
_DEEP = 2
_STEPS = 150


class Verdict(IntEnum):
    """What a slot is to a meeting."""

    #: Nobody else is concerned.
    FREE = 0
    #: Others move, and all find another place.
    MOVES = 1
    #: Others lose their meeting, as far as a quick look can tell.
    LOSES = 2
    #: It is not possible, whoever moves.
    BARRED = 3


class Bar(IntEnum):
    """Why a slot is not possible: the first that holds."""

    NONE = 0
    #: It is over, or ruled out for this meeting.
    NOT_ALLOWED = 1
    #: The meeting itself is fixed elsewhere.
    FIXED = 2
    #: One of its persons is not there (``Choice.person``).
    PERSON_AWAY = 3
    #: One of its persons has no meetings at all (``Choice.person``).
    NO_MEETINGS = 4
    #: No table it may have is open, or no room online.
    NO_TABLE = 5
    #: There is less of a resource than it needs (``Choice.resource``).
    NO_RESOURCE = 6
    #: A meeting that must stay holds a person, table, resource or the order
    #: (``Choice.request``, where it is a person's).
    HELD = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One slot of one meeting.

    Attributes:
        slot: the slot.
        verdict: of ``Verdict``.
        tables: FREE: the tables it could have. MOVES, LOSES: the one it would get. Empty online.
        moved: who would move.
        lost: who would have no place.
        lost_weight: their weight.
        bar: BARRED: why.
        person: whom the bar is about, -1 nobody.
        resource: which resource is short, -1 none.
        request: the meeting that is held, -1 none.
        here: the meeting is in this slot now.
    """

    slot: int
    verdict: Verdict
    tables: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    lost_weight: float = 0.0
    bar: Bar = Bar.NONE
    person: int = -1
    resource: int = -1
    request: int = -1
    here: bool = False


class Desk:
    """A day laid out once, to be asked about many meetings.

    Args:
        problem: what was asked.
        solution: what stands.
        events: what happened since.

    Raises:
        IndexError, ValueError: like ``repair``.
    """

    def __init__(self, problem: Problem, solution: Solution, events: Iterable[Event] = ()) -> None:
        self.day: Day = apply(problem, solution, events)
        ready = lay_out(self.day)
        self._k: Rules = ready.k
        self._x: Board = ready.x
        size = max(self._k.cls.size, self._k.hall.size) + 4
        self._out: I64 = np.zeros(size + 8, np.int64)

    def choices(self, request: int) -> list[Choice]:
        """Every slot for one meeting, in order of time.

        A fixed slot or table of the meeting is respected. What a place would cost is looked for
        quickly and may be more than a repair needs: ``repair`` with ``Put`` tells.

        Raises:
            IndexError: if there is no such request.
        """
        if not 0 <= request < self._k.cls.size:
            raise IndexError(f"no request {request}")
        k, x = self._k, self._x
        s, t = int(x.slot[request]), int(x.table[request])
        held = bool(x.held[request])
        if s >= 0:
            moves.take_out(k, x, request)
        x.hold(request, False)
        try:
            return [self._choice(request, v, here=v == s) for v in range(k.slots)]
        finally:
            x.hold(request, held)
            if s >= 0:
                moves.put_at(k, x, request, s, t)

    def _choice(self, r: int, s: int, here: bool) -> Choice:
        k, x, out = self._k, self._x, self._out
        number = moves.free_tables(k, x, r, s, out)
        if number >= 0:
            return Choice(s, Verdict.FREE, tuple(out[:number].tolist()), here=here)
        if not moves.consider(k, x, r, s, _DEEP, _STEPS, out):
            return self._barred(r, s, here)
        table, moved, lost = out[:3].tolist()
        names = out[3 : 3 + moved + lost].tolist()
        return Choice(
            s,
            Verdict.LOSES if lost else Verdict.MOVES,
            tables=(table,) if table >= 0 else (),
            moved=tuple(sorted(names[:moved])),
            lost=tuple(sorted(names[moved:])),
            lost_weight=float(self.day.problem.weight[names[moved:]].sum()),
            here=here,
        )

    def _barred(self, r: int, s: int, here: bool) -> Choice:
        problem, k = self.day.problem, self._k

        def bar(why: Bar, person: int = -1, resource: int = -1, request: int = -1) -> Choice:
            return Choice(
                s,
                Verdict.BARRED,
                bar=why,
                person=person,
                resource=resource,
                request=request,
                here=here,
            )

        if problem.allowed is not None and not problem.allowed[r, s]:
            return bar(Bar.NOT_ALLOWED)
        if problem.fixed_slot[r] not in (-1, s):
            return bar(Bar.FIXED)
        party = problem.party(r).tolist()
        for p in party:
            if not problem.available[p, s]:
                return bar(Bar.PERSON_AWAY, person=p)
            if k.person[p, CAP] == 0:
                return bar(Bar.NO_MEETINGS, person=p)
        if k.cls[r] >= 0:
            possible = (k.opened[s] & k.choice[k.cls[r]]) != 0
            if not possible.any():
                return bar(Bar.NO_TABLE)
        for f, units in k.needs(r):
            if k.units[f, s] < units:
                return bar(Bar.NO_RESOURCE, resource=f - 1) if f else bar(Bar.NO_TABLE)
        return bar(Bar.HELD, request=self._holder(r, s))

    def _holder(self, r: int, s: int) -> int:
        """A meeting that must stay and has one of the persons near that time, -1 if none."""
        k, x = self._k, self._x
        for p in k.party(r):
            near: NDArray[np.int64] = x.at[p, k.times[s, FIRST] : k.times[s, LAST] + 1]
            for o in near[near >= 0].tolist():
                if x.held[o]:
                    return int(o)
        return -1
