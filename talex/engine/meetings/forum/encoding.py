"""The problem as clauses, with the implied ones that make it easy.

What is asked is said by three families of variables: a meeting is in a slot; a participant is
busy in a slot; a participant begins a run of meetings in a slot. What makes it quick to decide
is said besides, though it follows:

* the busy participants of a slot are counted rather than its meetings. They are twice as many,
  so at most twice the tables, and even, and at least what the other slots cannot hold;
* each participant is busy exactly as often as they have meetings;
* a participant begins at least as many runs as they would alone (``bounds.fewest_breaks``);
* one without a break is told by their first slot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from talex.engine.meetings.forum.bounds import domains, fewest_breaks
from talex.engine.meetings.forum.cnf import Clauses, Literal
from talex.engine.meetings.forum.problem import Problem


@dataclass(frozen=True)
class Encoding:
    """Clauses and what their variables mean.

    Attributes:
        clauses: without any limit on the cost.
        place: for each meeting, its literal in each slot it may have. These variables come
            first: the rest of a model need not be kept.
        places: how many those are.
        breaks: for each participant, literal k is true where they have more than k breaks (and
            only there).
        least: no timetable has fewer breaks.
    """

    clauses: Clauses
    place: list[dict[int, Literal]]
    places: int
    breaks: list[list[Literal]]
    least: int

    def slots(self, true: set[Literal]) -> tuple[int, ...]:
        """The timetable in a model."""
        return tuple(
            next(slot for slot, literal in row.items() if literal in true) for row in self.place
        )


class TooLate(Exception):
    """The time was over before all clauses were made."""


def encode(problem: Problem, late: Callable[[], bool] = lambda: False) -> Encoding | None:
    """The clauses, or None where it is plain without search that there is no timetable.

    Raises:
        TooLate: ``late`` said so.
    """

    def go_on() -> None:
        if late():
            raise TooLate

    where = domains(problem)
    alone = None if where is None else fewest_breaks(problem, where)
    if where is None or alone is None:
        return None

    clauses = Clauses()
    place = [{slot: clauses.new() for slot in sorted(slots)} for slots in where]
    places = clauses.variables
    for row in place:
        go_on()
        literals = list(row.values())
        clauses.add(*literals)
        clauses.at_most_one(literals)
    busy = _busy(problem, clauses, place, go_on)
    _tables(problem, clauses, busy, go_on)
    breaks: list[list[Literal]] = []
    for person, numbers in enumerate(problem.meetings_of()):
        go_on()
        row = busy[person]
        degree = len(numbers)
        if degree < 2:
            breaks.append([])
            continue
        held = clauses.count(list(row.values()), degree + 1)
        clauses.add(held[degree - 1])
        if len(held) > degree:
            clauses.add(-held[degree])
        begun = clauses.count(_begins(clauses, row), degree)
        clauses.add(*begun[alone[person] : alone[person] + 1])
        breaks.append(begun[1:])
        if len(begun) > 1:
            _together(problem, clauses, row, degree, begun[1])
    _spread(problem, clauses, breaks)
    for earlier, later in problem.precedences:
        go_on()
        for slot, literal in place[later].items():
            clauses.add(-literal, *(x for s, x in place[earlier].items() if s < slot))
        for slot, literal in place[earlier].items():
            clauses.add(-literal, *(x for s, x in place[later].items() if s > slot))
    return Encoding(clauses, place, places, breaks, sum(alone))


def _busy(
    problem: Problem,
    clauses: Clauses,
    place: list[dict[int, Literal]],
    go_on: Callable[[], None],
) -> list[dict[int, Literal]]:
    """For each participant and slot a literal that they have a meeting; at most one each."""
    result = []
    for numbers in problem.meetings_of():
        go_on()
        row: dict[int, Literal] = {}
        for slot in range(problem.slots):
            mine = [place[m][slot] for m in numbers if slot in place[m]]
            if not mine:
                continue
            clauses.at_most_one(mine)
            if len(mine) == 1:
                row[slot] = mine[0]
                continue
            row[slot] = literal = clauses.new()
            clauses.add(-literal, *mine)
            for one in mine:
                clauses.add(-one, literal)
        result.append(row)
    return result


def _tables(
    problem: Problem,
    clauses: Clauses,
    busy: list[dict[int, Literal]],
    go_on: Callable[[], None],
) -> None:
    most = 2 * problem.tables
    least = 2 * max(0, len(problem.meetings) - problem.tables * (problem.slots - 1))
    for slot in range(problem.slots):
        go_on()
        mine = [row[slot] for row in busy if slot in row]
        count = clauses.count(mine, most + 1)
        if len(count) > most:
            clauses.add(-count[most])
            count = count[:most]
        if len(count) % 2:
            clauses.add(-count.pop())
        for odd in range(0, len(count), 2):
            clauses.add(-count[odd], count[odd + 1])
        if least:
            clauses.add(*count[least - 1 : least])


def _begins(clauses: Clauses, row: dict[int, Literal]) -> list[Literal]:
    """Literals of which as many are true as the participant has runs of meetings."""
    result = []
    for slot, now in row.items():
        before = row.get(slot - 1)
        if before is None:
            result.append(now)
            continue
        begin = clauses.new()
        clauses.add(-now, before, begin)
        clauses.add(-begin, now)
        clauses.add(-begin, -before)
        result.append(begin)
    return result


def _together(
    problem: Problem,
    clauses: Clauses,
    row: dict[int, Literal],
    degree: int,
    broken: Literal,
) -> None:
    """Without a break the first slot says all: busy from it on, as often as there are meetings.

    ``reached[s]`` says that the first meeting is in slot s or earlier; ``gone``, that it was so
    early that the last is over. Then busy is what is reached and not gone.
    """
    reached: list[Literal] = []
    for slot in range(problem.slots):
        now = row.get(slot)
        before = reached[-1] if reached else None
        literal = clauses.new()
        reached.append(literal)
        if before is not None:
            clauses.add(-before, literal)
        if now is not None:
            clauses.add(-now, literal)
            clauses.add(-literal, now, *([before] if before else []))
        else:
            clauses.add(-literal, *([before] if before else []))
        gone = reached[slot - degree] if slot >= degree else None
        if now is None:
            clauses.add(broken, -literal, *([gone] if gone else []))
        else:
            clauses.add(broken, -literal, now, *([gone] if gone else []))
            if gone:
                clauses.add(broken, -gone, -now)


def _spread(problem: Problem, clauses: Clauses, breaks: list[list[Literal]]) -> None:
    """The largest number of breaks is at most the smallest and the spread.

    ``floor[k]`` says that everybody has more than k breaks; whoever has more than k + spread
    asks for it.
    """
    if problem.spread is None or not breaks:
        return
    floor: list[Literal] = []
    for level in range(min(len(row) for row in breaks)):
        floor.append(clauses.new())
        for row in breaks:
            clauses.add(-floor[level], row[level])
    for row in breaks:
        for level in range(problem.spread, len(row)):
            lower = level - problem.spread
            clauses.add(-row[level], *floor[lower : lower + 1])
