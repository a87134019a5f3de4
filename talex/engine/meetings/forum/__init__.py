"""The compact timetable: every meeting held, as few idle stretches as can be, and proved.

For a day that is small enough to be decided (some hundred meetings), where the general
``talex.engine.meetings`` promises no proof.

>>> solution = solve(problem, Budget(seconds=10))      # doctest: +SKIP
>>> solution.status, solution.cost                     # doctest: +SKIP
(<Status.OPTIMAL: 'OPTIMAL'>, 5)
>>> verify(problem, solution)                          # doctest: +SKIP
[]
"""

from talex.engine.meetings.forum.bounds import bound
from talex.engine.meetings.forum.checker import Rule, Violation, verify
from talex.engine.meetings.forum.problem import Problem, Session
from talex.engine.meetings.forum.solution import Budget, Solution, Status

__all__ = [
    "Budget",
    "Problem",
    "Rule",
    "Session",
    "Solution",
    "Status",
    "Violation",
    "bound",
    "solve",
    "verify",
]


def solve(problem: Problem, budget: Budget | None = None) -> Solution:
    """The timetable with the fewest breaks; see ``solver.solve``."""
    # Loads python-sat, which whoever only names a problem need not wait for.
    from talex.engine.meetings.forum import solver

    return solver.solve(problem, budget)
