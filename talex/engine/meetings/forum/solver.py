"""Search from both sides until they meet, or the time is over."""

from __future__ import annotations

import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from talex.engine.meetings.forum import worker
from talex.engine.meetings.forum.bounds import domains
from talex.engine.meetings.forum.capacity import too_many
from talex.engine.meetings.forum.encoding import Encoding, TooLate, encode
from talex.engine.meetings.forum.problem import Problem
from talex.engine.meetings.forum.solution import Budget, Solution, Status
from talex.engine.meetings.forum.worker import Event, Job

#: Slices that the caller's own thread searches before children are started: most timetables are
#: decided sooner than a child has read them.
ALONE = 3
#: The cost is counted so far above its lower bound at first; a longer count only when needed.
HEADROOM = 24


def solve(problem: Problem, budget: Budget | None = None) -> Solution:
    """The timetable with the fewest breaks that the time allows to find, and a bound.

    From below, costs are refuted one by one, beginning with what each participant needs alone:
    the first that cannot be refuted comes with an optimal timetable. Where that takes longer
    than a moment, a second search improves some timetable piece by piece at the same time.

    Args:
        problem: what is asked.
        budget: time, seed and processes.

    Raises:
        RuntimeError: a child ended without an answer.
    """
    started = time.monotonic()
    return _Search(problem, budget or Budget(), started).run()


class _Search:
    """What is known so far, and how it becomes more."""

    def __init__(self, problem: Problem, budget: Budget, started: float) -> None:
        self.problem = problem
        self.budget = budget
        self.started = started
        self.best: tuple[int, ...] | None = None
        self.cost: int | None = None
        self.bound = 0
        self.infeasible = False

    def run(self) -> Solution:
        try:
            encoding = encode(self.problem, self._over)
        except TooLate:
            return self._answer()
        if encoding is None:
            self.infeasible = True
            return self._answer()
        self.encoding: Encoding = encoding
        self.bound = encoding.least
        self._alone()
        if not self._over():
            self._race()
        return self._answer()

    def _over(self) -> bool:
        """Whether all is known or the time is over."""
        if self.infeasible or (self.cost is not None and self.bound >= self.cost):
            return True
        cancelled = self.budget.cancelled is not None and self.budget.cancelled()
        return cancelled or time.monotonic() - self.started >= self.budget.seconds

    def _answer(self) -> Solution:
        seconds = time.monotonic() - self.started
        if self.infeasible:
            return Solution(Status.INFEASIBLE, None, None, None, seconds)
        if self.cost is None:
            return Solution(Status.UNKNOWN, None, self.bound, None, seconds)
        status = Status.OPTIMAL if self.bound >= self.cost else Status.FEASIBLE
        return Solution(status, self.cost, self.bound, self.best, seconds)

    # What a search tells.

    def _take(self, event: Event, kind: str) -> None:
        name, value = event
        if name == "bound":
            self.bound = max(self.bound, value)
        elif name == "infeasible":
            self.infeasible = True
        elif name == "model":
            slots = self.encoding.slots(set(value))
            cost = sum(_breaks(self.problem, slots))
            if self.cost is None or cost < self.cost:
                self.best, self.cost = slots, cost
            if kind == "rise":
                self.bound = max(self.bound, cost)

    def _job(self, kind: str, headroom: int | None = None) -> Job:
        encoding = self.encoding
        clauses = encoding.clauses.fork()
        numbers = [row for row in encoding.breaks if row]
        most = sum(map(len, numbers))
        limit = most if headroom is None else min(most, self.bound + headroom)
        total = clauses.sum(numbers, limit)
        return Job(
            kind=kind,
            clauses=clauses.clauses,
            total=total,
            complete=limit == most,
            meetings=list(self.problem.meetings),
            place=encoding.place,
            places=encoding.places,
            start=self.bound,
            slots=list(self.best or ()),
            seed=self.budget.seed,
        )

    # First alone, then in a race.

    def _alone(self) -> None:
        slices, again = 0, True
        while again:
            again = False
            for event in worker.search(self._job("rise", HEADROOM)):
                self._take(event, "rise")
                again = event[0] == "exhausted"
                slices += event[0] == "tick"
                if self._over() or slices >= ALONE:
                    return

    def _race(self) -> None:
        if self.cost is None and too_many(self.problem, domains(self.problem) or []):
            self.infeasible = True
            return
        kinds = ["rise", "improve"]
        if self.budget.processes < 2:
            self._take_turns([(kind, worker.search(self._job(kind))) for kind in kinds])
            return
        events: queue.Queue[tuple[str, Event | None]] = queue.Queue()
        children = [_Child(kind, self._job(kind), events) for kind in kinds]
        try:
            while not self._over():
                try:
                    kind, event = events.get(timeout=0.1)
                except queue.Empty:
                    continue
                if event is None:
                    raise RuntimeError(f"the search from {kind!r} ended without an answer")
                self._take(event, kind)
        finally:
            for child in children:
                child.end()

    def _take_turns(self, searches: list[tuple[str, Iterator[Event]]]) -> None:
        while searches and not self._over():
            kind, events = searches.pop(0)
            event = next(events, None)
            if event is not None:
                self._take(event, kind)
                searches.append((kind, events))


class _Child:
    """A search in a process of its own."""

    def __init__(self, kind: str, job: Job, events: queue.Queue[tuple[str, Event | None]]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(worker.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._thread = threading.Thread(target=self._listen, args=(kind, job, events), daemon=True)
        self._thread.start()

    def _listen(self, kind: str, job: Job, events: queue.Queue[tuple[str, Event | None]]) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            with stdin:
                pickle.dump(job, stdin)
            while True:
                events.put((kind, pickle.load(stdout)))
        except (EOFError, OSError, pickle.UnpicklingError):
            events.put((kind, None))

    def end(self) -> None:
        """Stop it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _breaks(problem: Problem, slots: tuple[int, ...]) -> list[int]:
    """Breaks of each participant."""
    result = []
    for numbers in problem.meetings_of():
        times = sorted(slots[m] for m in numbers)
        result.append(sum(b - a > 1 for a, b in pairwise(times)))
    return result
