"""The search in the clauses: from below, a proof; from above, ever better timetables.

Runs inside the caller, or as a child of its own (``python -P worker.py``) that reads one pickled
job from its input and writes pickled events. A child is a script and not a module of Talex, so
that it starts in the time that python-sat takes to load.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from typing import Any, TypedDict

from pysat.solvers import Solver

#: Conflicts until the solver comes back to say that it still lives: a tenth of a second or so.
SLICE = 1000


class Job(TypedDict):
    """What to search.

    kind: "rise" or "fall". clauses: the formula. total: literal k is true where the cost is more
    than k, and perhaps elsewhere. breaks: as many of these are true as the cost is. places: the
    variables 1 to this are the ones to tell. start: first cost to be tried (rise), or the first
    that is no longer of interest (fall; -1 where all are). hint: literals to try first.
    complete: no cost is larger than total can say. options: for CaDiCaL.
    """

    kind: str
    clauses: list[list[int]]
    total: list[int]
    breaks: list[int]
    places: int
    start: int
    hint: list[int]
    complete: bool
    options: dict[str, int]


#: ("tick", None) nothing new; ("bound", k) no cost below k; ("model", true literals among the
#: places); ("infeasible", None); ("exhausted", None) total is too short to go on. The search is
#: over after the last event.
Event = tuple[str, Any]


def search(job: Job) -> Iterator[Event]:
    """The events of a job, in order."""
    solver = Solver(name="cadical195")
    try:
        for name, value in job["options"].items():
            solver.configure({name: value})
        solver.append_formula(job["clauses"])
        if job["hint"]:
            solver.set_phases(job["hint"])
        yield from (_rise if job["kind"] == "rise" else _fall)(solver, job)
    finally:
        solver.delete()


def _decide(solver: Solver, assumptions: list[int]) -> Iterator[bool | None]:
    """None again and again, then whether there is a model."""
    while True:
        solver.conf_budget(SLICE)
        answer = solver.solve_limited(assumptions=assumptions)
        yield answer
        if answer is not None:
            return


def _rise(solver: Solver, job: Job) -> Iterator[Event]:
    total = job["total"]
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


def _fall(solver: Solver, job: Job) -> Iterator[Event]:
    total, cost = job["total"], job["start"]
    while cost:
        assumptions = [] if cost < 0 else [-total[cost - 1]]
        answer = None
        for answer in _decide(solver, assumptions):
            if answer is None:
                yield "tick", None
        if not answer:
            known = assumptions and solver.get_core()
            yield ("bound", cost) if known else ("infeasible", None)
            return
        model = solver.get_model()
        cost = min(len(total), sum(model[literal - 1] > 0 for literal in job["breaks"]))
        yield "model", _true(solver, job)


def _true(solver: Solver, job: Job) -> list[int]:
    return [literal for literal in solver.get_model()[: job["places"]] if literal > 0]


def main() -> None:
    """Read a job, write its events."""
    out = sys.stdout.buffer
    for event in search(pickle.load(sys.stdin.buffer)):
        pickle.dump(event, out)
        out.flush()


if __name__ == "__main__":
    main()
