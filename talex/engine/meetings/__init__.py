"""The timetable of meetings: who meets whom, when, at which table.

>>> solution = solve(problem, Budget(seconds=20, seed=1))      # doctest: +SKIP
>>> verify(problem, solution)                                  # doctest: +SKIP
[]
"""

from talex.engine.meetings.checker import Fault, Violation, verify
from talex.engine.meetings.inputs import combined_weight, lost_per_change
from talex.engine.meetings.outcome import Fit, barriers, fits
from talex.engine.meetings.problem import Mode, Objective, Problem
from talex.engine.meetings.solution import Bound, Budget, Figures, Prices, Reason, Solution, Stop

__all__ = [
    "Bound",
    "Budget",
    "Fault",
    "Figures",
    "Fit",
    "Mode",
    "Objective",
    "Prices",
    "Problem",
    "Reason",
    "Solution",
    "Stop",
    "Violation",
    "barriers",
    "bound",
    "combined_weight",
    "fits",
    "lost_per_change",
    "solve",
    "verify",
    "warm_up",
]


# The solvers' libraries (Numba, OR-Tools, SciPy's optimisers) take a second to load: they are
# loaded when a timetable is made, not by everything that names a problem.


def solve(
    problem: Problem, budget: Budget | None = None, warm_start: Solution | None = None
) -> Solution:
    """Make a timetable; see `solver.solve`."""
    from talex.engine.meetings import solver

    return solver.solve(problem, budget, warm_start)


def bound(problem: Problem) -> Bound:
    """What no timetable can exceed; see `bounds.bound`."""
    from talex.engine.meetings import bounds

    return bounds.bound(problem)


def warm_up() -> None:
    """Compile the kernels, or load them from Numba's cache; see `solver.warm_up`."""
    from talex.engine.meetings import solver

    solver.warm_up()
