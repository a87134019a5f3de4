"""What is seen without search: where meetings may be, and how many breaks there are at least."""

from __future__ import annotations

from talex.engine.meetings.forum.problem import Problem, Session


def domains(problem: Problem) -> list[set[int]] | None:
    """The slots that each meeting may have, or None where some meeting has none.

    Session, forbidden and fixed slots, and what precedences take away at both ends, until
    nothing changes.
    """
    morning = set(range(problem.morning_slots))
    afternoon = set(range(problem.morning_slots, problem.slots))
    part = {
        Session.MORNING: morning,
        Session.AFTERNOON: afternoon,
        Session.ANY: morning | afternoon,
    }
    result = []
    for number, (one, other) in enumerate(problem.meetings):
        slots = part[problem.session[number]] - problem.forbidden[one] - problem.forbidden[other]
        if problem.fixed[number] >= 0:
            slots &= {problem.fixed[number]}
        result.append(slots)
    changed = True
    while changed and all(result):
        changed = False
        for earlier, later in problem.precedences:
            first, last = min(result[earlier]), max(result[later])
            before = {slot for slot in result[earlier] if slot < last}
            after = {slot for slot in result[later] if slot > first}
            if len(before) < len(result[earlier]) or len(after) < len(result[later]):
                result[earlier], result[later], changed = before, after, True
                if not (before and after):
                    return None
    return result if all(result) else None


def fewest_breaks(problem: Problem, where: list[set[int]]) -> list[int] | None:
    """For each participant the fewest breaks they can have if they were alone, or None.

    The spread is looked at too. None where somebody has too few slots for their meetings, or
    too few meetings for the breaks that the spread asks of them. A walk over the slots keeps, for
    each number of meetings held so far and whether the last slot was one, the fewest runs.
    """
    result = []
    for numbers in problem.meetings_of():
        fewest = _fewest_runs(problem, numbers, where)
        if fewest is None:
            return None
        result.append(max(fewest - 1, 0))
    if problem.spread is not None and result:
        # Whoever has fewest must come up to within the spread of whoever has most.
        floor = max(result) - problem.spread
        if any(max(len(numbers) - 1, 0) < floor for numbers in problem.meetings_of()):
            return None
        result = [max(count, floor) for count in result]
    return result


def _fewest_runs(problem: Problem, numbers: list[int], where: list[set[int]]) -> int | None:
    usable = set().union(*(where[m] for m in numbers)) if numbers else set()
    certain = {next(iter(where[m])) for m in numbers if len(where[m]) == 1}
    early = sum(max(where[m]) < problem.morning_slots for m in numbers)
    late = sum(min(where[m]) >= problem.morning_slots for m in numbers)
    state = {(0, False): 0}
    for slot in range(problem.slots):
        if slot == problem.morning_slots:
            state = {
                key: runs for key, runs in state.items() if early <= key[0] <= len(numbers) - late
            }
        following: dict[tuple[int, bool], int] = {}
        for (held, busy), runs in state.items():
            options = []
            if slot not in certain:
                options.append((held, False, runs))
            if slot in usable and held < len(numbers):
                options.append((held + 1, True, runs + (not busy)))
            for count, now, cost in options:
                key = (count, now)
                if cost < following.get(key, cost + 1):
                    following[key] = cost
        state = following
    ends = [runs for (held, _), runs in state.items() if held == len(numbers)]
    return min(ends, default=None)


def bound(problem: Problem) -> int | None:
    """The number of breaks that no timetable falls below, or None where there is no timetable.

    The fewest of each participant alone, added up: quick, and often far from the optimum.
    ``solve`` raises it by search.
    """
    where = domains(problem)
    alone = None if where is None else fewest_breaks(problem, where)
    return None if alone is None else sum(alone)
