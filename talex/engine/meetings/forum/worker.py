"""The search in the clauses: from below a proof, from above ever better timetables.

Runs inside the caller, or as a child of its own (``python -P worker.py``) that reads one pickled
job from its input and writes pickled events. A child is a script and not a module of Talex, so
that it starts in the time that python-sat takes to load.
"""

from __future__ import annotations

import pickle
import random
import sys
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypedDict

from pysat.solvers import Solver

#: Conflicts until the solver comes back to say that it still lives: a tenth of a second or so.
SLICE = 1000
#: Conflicts spent on one neighbourhood.
EFFORT = 800
#: Share of neighbourhoods in which a timetable of the same cost is good enough.
SIDEWAYS = 0.3


class Job(TypedDict):
    """What to search.

    kind: "rise" or "improve". clauses: the formula. total: literal k is true where the cost is
    more than k, and perhaps elsewhere. complete: no cost is larger than total can say. meetings:
    the participants of each. place: the variable of each meeting in each slot it may have.
    places: those are the variables 1 to this. start: the first cost to be tried (rise), or where
    to stop (improve). slots: a timetable to begin with, or none. seed: of what is random.
    """

    kind: str
    clauses: list[list[int]]
    total: list[int]
    complete: bool
    meetings: list[tuple[int, int]]
    place: list[dict[int, int]]
    places: int
    start: int
    slots: list[int]
    seed: int


#: ("tick", None) nothing new; ("bound", k) no cost below k; ("model", true literals among the
#: places); ("infeasible", None); ("exhausted", None) total is too short to go on. The search is
#: over after the last event.
Event = tuple[str, Any]


def search(job: Job) -> Iterator[Event]:
    """The events of a job, in order."""
    yield from (_rise if job["kind"] == "rise" else _improve)(job)


def _decide(solver: Solver, assumptions: list[int]) -> Iterator[bool | None]:
    """None again and again, then whether there is a model."""
    while True:
        solver.conf_budget(SLICE)
        answer = solver.solve_limited(assumptions=assumptions)
        yield answer
        if answer is not None:
            return


def _rise(job: Job) -> Iterator[Event]:
    """Refute one cost after the other; the first that cannot be refuted is the least."""
    total = job["total"]
    with Solver(name="cadical195") as solver:
        solver.configure({"seed": job["seed"]})
        solver.append_formula(job["clauses"])
        for cost in range(job["start"], len(total) + 1):
            if cost == len(total) and not job["complete"]:
                yield "exhausted", None
                return
            assumptions = [-total[cost]] if cost < len(total) else []
            answer = None
            for answer in _decide(solver, assumptions):
                if answer is None:
                    yield "tick", None
            if answer:
                yield "model", _true(solver, job)
                return
            if not assumptions or not solver.get_core():
                yield "infeasible", None
                return
            yield "bound", cost + 1


def _improve(job: Job) -> Iterator[Event]:
    """Hold most of a timetable fast and look for a better one that differs in the rest.

    Large-neighbourhood search (Shaw, CP 1998) with a SAT solver: what stays is assumed, so that
    nothing learnt is lost from one neighbourhood to the next. It proves nothing.
    """
    slots = job["slots"]
    if not slots:
        with Solver(name="cadical195", bootstrap_with=job["clauses"]) as solver:
            answer = None
            for answer in _decide(solver, []):
                if answer is None:
                    yield "tick", None
            if not answer:
                yield "infeasible", None
                return
            model = _true(solver, job)
        yield "model", model
        slots = _timetable(job, model)
    # Glucose starts an assumed search sooner than CaDiCaL, which simplifies first each time.
    with Solver(name="glucose42", bootstrap_with=job["clauses"]) as solver:
        yield from _Neighbourhoods(job, slots).walk(solver)


class _Neighbourhoods:
    """What to hold fast and what to leave open, and how much of it."""

    def __init__(self, job: Job, slots: list[int]) -> None:
        self.job = job
        self.slots = slots
        self.random = random.Random(job["seed"])
        self.people = 1 + max((max(pair) for pair in job["meetings"]), default=0)
        self.mine: list[list[int]] = [[] for _ in range(self.people)]
        for number, pair in enumerate(job["meetings"]):
            for person in pair:
                self.mine[person].append(number)
        self.breaks = self._count()
        #: Meetings to leave open, at first and at least; grows where nothing better is there.
        self.least = min(30.0, len(job["meetings"]))
        self.size = self.least

    def walk(self, solver: Solver) -> Iterator[Event]:
        """Better and better timetables; ends where the cost is what it is to stop at."""
        job, total = self.job, self.job["total"]
        cost = sum(self.breaks)
        while cost > job["start"]:
            open_ = self._choose()
            # Now and then an equal timetable is taken: another place to go on from.
            aside = self.random.random() < SIDEWAYS
            if aside:
                solver.set_phases(
                    [
                        literal if self.random.random() < 0.5 else -literal
                        for number in open_
                        for literal in job["place"][number].values()
                    ]
                )
            most = cost if aside else cost - 1
            assumptions = [-total[most]] if most < len(total) else []
            assumptions += [
                job["place"][number][slot]
                for number, slot in enumerate(self.slots)
                if number not in open_
            ]
            solver.conf_budget(EFFORT)
            answer = solver.solve_limited(assumptions=assumptions)
            if answer:
                model = _true(solver, job)
                self.slots = _timetable(job, model)
                self.breaks = self._count()
                if sum(self.breaks) < cost:
                    cost = sum(self.breaks)
                    self.size = max(self.least, self.size * 0.97)
                    yield "model", model
                    continue
            elif answer is False:
                self.size = min(float(len(job["meetings"])), self.size * 1.02)
            else:
                self.size = max(self.least, self.size * 0.97)
            yield "tick", None

    def _count(self) -> list[int]:
        result = []
        for numbers in self.mine:
            times = sorted(self.slots[number] for number in numbers)
            result.append(sum(b - a > 1 for a, b in pairwise(times)))
        return result

    def _choose(self) -> set[int]:
        """The meetings to leave open: near a break, within some hours, or of random people."""
        draw = self.random.random()
        if draw < 0.5:
            return self._around()
        if draw < 0.8:
            times = sorted(set(self.slots))
            width = max(2, round(self.size / len(self.slots) * len(times)))
            first = self.random.randrange(max(1, len(times) - width + 1))
            inside = set(times[first : first + width])
            return {number for number, slot in enumerate(self.slots) if slot in inside}
        order = sorted(
            range(self.people), key=lambda person: self.random.random() - 0.3 * self.breaks[person]
        )
        result: set[int] = set()
        for person in order:
            if len(result) >= self.size:
                break
            result.update(self.mine[person])
        return result

    def _around(self) -> set[int]:
        weights = [3 * count + 0.05 for count in self.breaks]
        person = self.random.choices(range(self.people), weights)[0]
        order, seen = deque([person]), {person}
        result: set[int] = set()
        while order and len(result) < self.size:
            person = order.popleft()
            result.update(self.mine[person])
            near = [
                other
                for number in self.mine[person]
                for other in self.job["meetings"][number]
                if other not in seen
            ]
            self.random.shuffle(near)
            for other in near[:6]:
                if other not in seen:
                    seen.add(other)
                    order.append(other)
        return result


def _true(solver: Solver, job: Job) -> list[int]:
    return [literal for literal in solver.get_model()[: job["places"]] if literal > 0]


def _timetable(job: Job, model: list[int]) -> list[int]:
    true = set(model)
    return [next(s for s, literal in row.items() if literal in true) for row in job["place"]]


def main() -> None:
    """Read a job, write its events."""
    out = sys.stdout.buffer
    for event in search(pickle.load(sys.stdin.buffer)):
        pickle.dump(event, out)
        out.flush()


if __name__ == "__main__":
    main()
