"""The timetable of meetings: who meets whom, when, at which table.

>>> solution = solve(problem, Budget(seconds=20, seed=1))      # doctest: +SKIP
>>> verify(problem, solution)                                  # doctest: +SKIP
[]
"""

from talex.engine.meetings.bounds import bound
from talex.engine.meetings.checker import Fault, Violation, verify
from talex.engine.meetings.outcome import Fit, fits
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Bound, Budget, Figures, Reason, Solution, Stop
from talex.engine.meetings.solver import solve, warm_up

__all__ = [
    "Bound",
    "Budget",
    "Fault",
    "Figures",
    "Fit",
    "Mode",
    "Problem",
    "Reason",
    "Solution",
    "Stop",
    "Violation",
    "bound",
    "fits",
    "solve",
    "verify",
    "warm_up",
]
