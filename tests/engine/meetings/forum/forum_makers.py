"""Small compact timetables to be made, and every timetable there is for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from talex.engine.meetings.forum import Problem, Session


def plain(meetings: list[tuple[int, int]], slots: int, tables: int = 9, **fields: Any) -> Problem:
    """A problem without anything special, but for what is given."""
    people = max((max(pair) for pair in meetings), default=-1) + 1
    given: dict[str, Any] = {
        "participants": people,
        "meetings": tuple(meetings),
        "session": (Session.ANY,) * len(meetings),
        "slots": slots,
        "morning_slots": slots // 2,
        "tables": tables,
        "forbidden": (frozenset(),) * people,
        "fixed": (-1,) * len(meetings),
    }
    return Problem(**(given | fields))


@st.composite
def problems(draw: st.DrawFn, most_meetings: int = 6, most_slots: int = 5) -> Problem:
    """Anything that a problem may say, small enough to look at all timetables."""
    people = draw(st.integers(2, 5))
    count = draw(st.integers(0, most_meetings))
    slots = draw(st.integers(1, most_slots))
    pair = st.tuples(st.integers(0, people - 1), st.integers(1, people - 1)).map(
        lambda two: (two[0], (two[0] + two[1]) % people)
    )
    rarely = st.integers(0, 9).map(lambda number: number == 0)
    number = st.integers(0, max(count - 1, 0))
    return Problem(
        participants=people,
        meetings=tuple(draw(pair) for _ in range(count)),
        session=tuple(draw(st.sampled_from([3, 3, 3, 1, 2]).map(Session)) for _ in range(count)),
        slots=slots,
        morning_slots=draw(st.integers(0, slots)),
        tables=draw(st.integers(1, 3)),
        forbidden=tuple(frozenset(s for s in range(slots) if draw(rarely)) for _ in range(people)),
        fixed=tuple(draw(st.integers(0, slots - 1)) if draw(rarely) else -1 for _ in range(count)),
        precedences=tuple(draw(st.lists(st.tuples(number, number), max_size=2))) if count else (),
        spread=draw(st.sampled_from([None, 0, 1, 2])),
    )


def every_timetable(problem: Problem) -> Iterator[tuple[tuple[int, ...], int]]:
    """All timetables that keep the rules, with their costs: by trying."""
    total = len(problem.meetings)

    def holds(slots: list[int]) -> bool:
        new, slot = len(slots) - 1, slots[-1]
        one, other = problem.meetings[new]
        if slots.count(slot) > problem.tables:
            return False
        for number, pair in enumerate(problem.meetings[:new]):
            if slots[number] == slot and (one in pair or other in pair):
                return False
        if slot in problem.forbidden[one] or slot in problem.forbidden[other]:
            return False
        is_morning = slot < problem.morning_slots
        if problem.session[new] == 1 + is_morning:
            return False
        if problem.fixed[new] != -1 and problem.fixed[new] != slot:
            return False
        return all(slots[a] < slots[b] for a, b in problem.precedences if a <= new and b <= new)

    def grow(slots: list[int]) -> Iterator[tuple[int, ...]]:
        if len(slots) == total:
            yield tuple(slots)
            return
        for slot in range(problem.slots):
            slots.append(slot)
            if holds(slots):
                yield from grow(slots)
            slots.pop()

    for slots in grow([]):
        counts = []
        for person in range(problem.participants):
            line = "".join(
                "x"
                if any(
                    slots[m] == slot and person in pair for m, pair in enumerate(problem.meetings)
                )
                else "."
                for slot in range(problem.slots)
            )
            stretches = line.strip(".").split(".")
            counts.append(max(0, sum(1 for part in stretches if part) - 1))
        if problem.spread is None or max(counts) - min(counts) <= problem.spread:
            yield slots, sum(counts)
