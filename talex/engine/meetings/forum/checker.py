"""Whether a timetable keeps every rule.

Shares no code with the solver and believes nothing it says: it reads the problem's fields and
the answer, and counts anew from the definitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from talex.engine.meetings.forum.problem import Problem, Session
from talex.engine.meetings.forum.solution import Solution, Status


class Rule(Enum):
    """What can be broken."""

    SHAPE = "the answer does not have one slot for each meeting"
    SLOT = "there is no such slot"
    TWICE = "a participant has two meetings in one slot"
    TABLES = "a slot holds more meetings than there are tables"
    SESSION = "a meeting is in the wrong part of the day"
    FORBIDDEN = "a participant cannot be met in this slot"
    FIXED = "a fixed meeting is in another slot"
    PRECEDENCE = "a meeting is not after one that must come before"
    SPREAD = "the numbers of breaks differ by too much"
    COST = "the cost is not the number of breaks"
    BOUND = "bound, cost and status contradict each other"


@dataclass(frozen=True)
class Violation:
    """A broken rule, and where: meetings, a participant or a slot, as the rule has it."""

    rule: Rule
    where: tuple[int, ...] = ()


def breaks(problem: Problem, slots: tuple[int, ...]) -> list[int]:
    """The number of breaks of each participant, by the definition."""
    held: dict[int, set[int]] = {person: set() for person in range(problem.participants)}
    for (one, other), slot in zip(problem.meetings, slots, strict=True):
        held[one].add(slot)
        held[other].add(slot)
    return [
        sum(1 for before, after in pairwise(sorted(times)) if after - before > 1)
        for times in held.values()
    ]


def verify(problem: Problem, solution: Solution) -> list[Violation]:
    """Every rule that the answer breaks; an empty list where it breaks none.

    What cannot be seen from an answer is not told: that a bound is right (see ``bench.meetings
    --confirm``, which asks a second solver with another encoding).
    """
    faults = _claims(solution)
    slots = solution.slots
    if slots is None:
        return faults
    if len(slots) != len(problem.meetings):
        return [*faults, Violation(Rule.SHAPE)]
    outside = [m for m, slot in enumerate(slots) if not 0 <= slot < problem.slots]
    if outside:
        return [*faults, Violation(Rule.SLOT, tuple(outside))]

    faults += _crowding(problem, slots)
    for number, slot in enumerate(slots):
        faults += _placing(problem, number, slot)
    for earlier, later in problem.precedences:
        if slots[earlier] >= slots[later]:
            faults.append(Violation(Rule.PRECEDENCE, (earlier, later)))
    count = breaks(problem, slots)
    if problem.spread is not None and count and max(count) - min(count) > problem.spread:
        faults.append(Violation(Rule.SPREAD, (count.index(max(count)), count.index(min(count)))))
    if sum(count) != solution.cost:
        faults.append(Violation(Rule.COST, (sum(count),)))
    return faults


def _claims(solution: Solution) -> list[Violation]:
    cost, bound = solution.cost, solution.bound
    has_slots = solution.slots is not None
    match solution.status:
        case Status.OPTIMAL:
            good = has_slots and cost is not None and cost == bound
        case Status.FEASIBLE:
            good = has_slots and cost is not None and bound is not None and 0 <= bound < cost
        case Status.INFEASIBLE:
            good = not has_slots and cost is None and bound is None
        case Status.UNKNOWN:
            good = not has_slots and cost is None and bound is not None and bound >= 0
    return [] if good else [Violation(Rule.BOUND)]


def _crowding(problem: Problem, slots: tuple[int, ...]) -> list[Violation]:
    faults = []
    at_person: dict[tuple[int, int], int] = {}
    at_slot: dict[int, int] = {}
    for pair, slot in zip(problem.meetings, slots, strict=True):
        at_slot[slot] = at_slot.get(slot, 0) + 1
        for person in pair:
            at_person[person, slot] = at_person.get((person, slot), 0) + 1
    faults += [Violation(Rule.TWICE, key) for key, count in at_person.items() if count > 1]
    faults += [
        Violation(Rule.TABLES, (slot,)) for slot, count in at_slot.items() if count > problem.tables
    ]
    return faults


def _placing(problem: Problem, number: int, slot: int) -> list[Violation]:
    faults = []
    morning = slot < problem.morning_slots
    wanted = problem.session[number]
    if (wanted == Session.MORNING and not morning) or (wanted == Session.AFTERNOON and morning):
        faults.append(Violation(Rule.SESSION, (number,)))
    for person in problem.meetings[number]:
        if slot in problem.forbidden[person]:
            faults.append(Violation(Rule.FORBIDDEN, (number, person)))
    if problem.fixed[number] not in (-1, slot):
        faults.append(Violation(Rule.FIXED, (number,)))
    return faults
