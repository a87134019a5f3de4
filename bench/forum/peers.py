"""Two plain ways to make the compact timetable, to measure ours against.

Each is what one writes down first from the definition, without implied constraints. Neither
uses code of the engine but its problem.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model
from pysat.card import CardEnc, EncType
from pysat.solvers import Solver

from talex.engine.meetings.forum import Problem, Session, Solution, Status


def allowed(problem: Problem, number: int) -> list[int]:
    """The slots of a meeting by session, forbidden and fixed slots."""
    first, last = 0, problem.slots
    if problem.session[number] == Session.MORNING:
        last = problem.morning_slots
    elif problem.session[number] == Session.AFTERNOON:
        first = problem.morning_slots
    one, other = problem.meetings[number]
    closed = problem.forbidden[one] | problem.forbidden[other]
    fixed = problem.fixed[number]
    return [s for s in range(first, last) if s not in closed and fixed in (-1, s)]


def plain_cp_sat(problem: Problem, seconds: float) -> Solution:
    """The textbook CP-SAT model on two cores."""
    started = time.monotonic()
    model = cp_model.CpModel()
    place = [
        {s: model.new_bool_var("") for s in allowed(problem, m)}
        for m in range(len(problem.meetings))
    ]
    for row in place:
        model.add_exactly_one(row.values())
    for slot in range(problem.slots):
        model.add(sum(row[slot] for row in place if slot in row) <= problem.tables)
    totals: list[Any] = []
    for numbers in problem.meetings_of():
        begins: list[Any] = []
        before: Any = None
        for slot in range(problem.slots):
            busy = model.new_bool_var("")
            model.add(sum(place[m][slot] for m in numbers if slot in place[m]) == busy)
            begin = model.new_bool_var("")
            if before is None:
                model.add(begin == busy)
            else:
                model.add_bool_and(busy, before.negated()).only_enforce_if(begin)
                model.add_bool_or(busy.negated(), before, begin)
            begins.append(begin)
            before = busy
        totals.append(sum(begins) - 1 if numbers else 0)
    for earlier, later in problem.precedences:
        model.add(
            sum(s * x for s, x in place[earlier].items())
            < sum(s * x for s, x in place[later].items())
        )
    if problem.spread is not None and totals:
        lowest = model.new_int_var(0, problem.slots, "")
        for total in totals:
            model.add(total >= lowest)
            model.add(total <= lowest + problem.spread)
    model.minimize(sum(totals))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(0.01, seconds - (time.monotonic() - started))
    status = solver.solve(model)
    spent = time.monotonic() - started
    if status == cp_model.INFEASIBLE:
        return Solution(Status.INFEASIBLE, None, None, None, spent)
    bound = max(0, round(solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solution(Status.UNKNOWN, None, bound, None, spent)
    slots = tuple(next(s for s, x in row.items() if solver.boolean_value(x)) for row in place)
    cost = round(solver.objective_value)
    known = Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE
    return Solution(known, cost, bound, slots, spent)


class _Plain:
    """The plain clauses."""

    def __init__(self, problem: Problem) -> None:
        self.top = 0
        self.clauses: list[list[int]] = []
        self.place = [
            {s: self.new() for s in allowed(problem, m)} for m in range(len(problem.meetings))
        ]
        for row in self.place:
            literals = list(row.values())
            self.clauses.append(literals)
            self.pairs(literals)
        for slot in range(problem.slots):
            literals = [row[slot] for row in self.place if slot in row]
            if len(literals) > problem.tables:
                counter = CardEnc.atmost(
                    literals, problem.tables, top_id=self.top, encoding=EncType.seqcounter
                )
                self.clauses += counter.clauses
                self.top = max(self.top, counter.nv)
        self.breaks = [self.runs(problem, numbers)[1:] for numbers in problem.meetings_of()]
        for earlier, later in problem.precedences:
            for s, literal in self.place[later].items():
                before = [x for t, x in self.place[earlier].items() if t < s]
                self.clauses.append([-literal, *before])
        self.spread(problem)
        self.total = self.unary([x for row in self.breaks for x in row])

    def new(self) -> int:
        self.top += 1
        return self.top

    def pairs(self, literals: Sequence[int]) -> None:
        self.clauses += [[-a, -b] for a, b in combinations(literals, 2)]

    def runs(self, problem: Problem, numbers: list[int]) -> list[int]:
        """The runs of a participant, in unary."""
        begins = []
        before: list[int] = []
        for slot in range(problem.slots):
            now = [self.place[m][slot] for m in numbers if slot in self.place[m]]
            self.pairs(now)
            if now:
                begin = self.new()
                self.clauses += [[-x, *before, begin] for x in now]
                self.clauses.append([-begin, *now])
                self.clauses += [[-begin, -x] for x in before]
                begins.append(begin)
            before = now
        return self.unary(begins)

    def unary(self, literals: Sequence[int]) -> list[int]:
        """Output k is true where more than k literals are, and only there: a totalizer."""
        if len(literals) <= 1:
            return list(literals)
        left = self.unary(literals[: len(literals) // 2])
        right = self.unary(literals[len(literals) // 2 :])
        out = [self.new() for _ in literals]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if i + j:
                    under = [-x for x in (*left[i - 1 : i][: i > 0], *right[j - 1 : j][: j > 0])]
                    self.clauses.append([out[i + j - 1], *under])
                if i + j < len(out):
                    self.clauses.append([-out[i + j], *left[i : i + 1], *right[j : j + 1]])
        return out

    def spread(self, problem: Problem) -> None:
        if problem.spread is None:
            return
        most = max(map(len, self.breaks), default=0)
        floor = [self.new() for _ in range(most)]
        for level in range(most):
            for row in self.breaks:
                self.clauses.append([-floor[level], *row[level : level + 1]])
                high = row[level + problem.spread : level + problem.spread + 1]
                if high:
                    self.clauses.append([-high[0], floor[level]])


def plain_sat(problem: Problem, seconds: float) -> Solution:
    """The plain SAT model, its total raised from 0, with CaDiCaL on one core."""
    started = time.monotonic()
    plain = _Plain(problem)
    with Solver(name="cadical195", bootstrap_with=plain.clauses) as solver:
        cost = 0
        while True:
            assumptions = [-plain.total[cost]] if cost < len(plain.total) else []
            answer = None
            while answer is None and time.monotonic() - started < seconds:
                solver.conf_budget(1000)
                answer = solver.solve_limited(assumptions=assumptions)
            spent = time.monotonic() - started
            if answer is None:
                return Solution(Status.UNKNOWN, None, cost, None, spent)
            if answer:
                true = {literal for literal in solver.get_model() if literal > 0}
                slots = tuple(next(s for s, x in row.items() if x in true) for row in plain.place)
                return Solution(Status.OPTIMAL, cost, cost, slots, spent)
            if not assumptions or not solver.get_core():
                return Solution(Status.INFEASIBLE, None, None, None, spent)
            cost += 1


PEERS = {"plain CP-SAT": plain_cp_sat, "plain SAT": plain_sat}
