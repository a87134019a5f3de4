"""What happened, in the engine's words, and the repaired timetable back."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from talex.core import clock
from talex.editions.models import Edition
from talex.meetings import absences, board, repairing, timetable
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Meeting

if TYPE_CHECKING:
    from talex.engine.meetings import Problem

Places = NDArray[np.int32]


@dataclass(frozen=True)
class Repaired:
    """The engine's answer: where the requests of the frame are, and which rows count.

    Attributes:
        slot, table: (R,) as in the engine's `Solution`.
        rows: those that stood or were to have a place, and of those that waited only who gains by
            what happened: a repair is no new timetable.
        touched: how many stood in what was taken away.
        seconds: that it took.
        why: row -> why it has no place (a code of `reasons.UNPLACED`), for those without one.
    """

    slot: Places
    table: Places
    rows: list[int]
    touched: int
    seconds: float
    why: dict[int, str]


def repaired(edition: Edition, frame: timetable.Frame, happened: Happened) -> Repaired:
    """The repaired timetable."""
    from talex.engine.meetings import Fault, Reason, repair, verify

    started = time.monotonic()
    stood = timetable.as_solution(frame, frame.warm_slot, frame.warm_table)
    told, touched = _events(edition, frame, happened)
    problem = _with_notice(edition, frame, touched)
    found = repair.repair(problem, stood, told)
    # Only places are taken from the answer: a wrong word about why somebody has none, or a wrong
    # figure, must not stop the day.
    told_only = {Fault.WRONG_REASON, Fault.FIGURES, Fault.BOUND}
    faults = [v for v in verify(found.problem, found.solution) if v.fault not in told_only]
    if faults:
        raise AssertionError(f"the repair does not verify: {faults[:3]}")
    gains = {int(p) for row in touched for p in frame.problem.party(row)}
    if happened.kind == Kind.CLOSED:
        gains = set()
    wanted = {n for n, r in enumerate(frame.requests) if r == happened.request}
    rows = [
        n
        for n in range(len(frame.requests))
        if not _is_over(frame, n)
        and (
            frame.warm_slot[n] >= 0
            or n in wanted
            or (gains and not gains.isdisjoint(frame.problem.party(n).tolist()))
        )
    ]
    return Repaired(
        found.solution.slot,
        found.solution.table,
        rows,
        len(touched),
        time.monotonic() - started,
        {
            row: Reason(int(found.solution.reason[row])).name.lower()
            for row in rows
            if found.solution.slot[row] < 0
        },
    )


def _is_over(frame: timetable.Frame, row: int) -> bool:
    """Whether its outcome was told: whatever happens now, it was held or missed."""
    meeting = frame.meetings.get(frame.requests[row])
    return meeting is not None and meeting.status != Meeting.Status.PLANNED


def _with_notice(edition: Edition, frame: timetable.Frame, touched: list[int]) -> Problem:
    """The problem in which nobody is sent to a time that is about to begin.

    Who meets then stays, unless what happened strikes that meeting itself.
    """
    problem, now = frame.problem, clock.now()
    soon = now + timedelta(minutes=board.rules_of(edition).notice_minutes)
    near = [n for n, (start, _end) in enumerate(frame.slots) if now < start < soon]
    if not near:
        return problem
    allowed = np.ones((problem.requests, problem.slots), np.bool_)
    if problem.allowed is not None:
        allowed = problem.allowed.copy()
    allowed[:, near] = False
    fixed_slot, fixed_table = problem.fixed_slot.copy(), problem.fixed_table.copy()
    stays = np.isin(frame.warm_slot, near)
    stays[touched] = False
    fixed_slot[stays], fixed_table[stays] = frame.warm_slot[stays], frame.warm_table[stays]
    allowed[stays, frame.warm_slot[stays]] = True
    return replace(problem, allowed=allowed, fixed_slot=fixed_slot, fixed_table=fixed_table)


def _events(
    edition: Edition, frame: timetable.Frame, happened: Happened
) -> tuple[list[Any], list[int]]:
    """What to tell the engine, and the rows that stand in what is taken away."""
    from talex.engine.meetings.repair import events

    now = clock.now()
    told: list[Any] = [events.Begun(sum(start <= now for start, _end in frame.slots))]
    rows = {request: n for n, request in enumerate(frame.requests)}
    if happened.kind == Kind.NO_SHOW:
        assert happened.meeting is not None
        meeting = Meeting.objects.get(edition=edition, id=happened.meeting)
        if meeting.request_id not in rows:
            return told, []
        row = rows[meeting.request_id]
        if meeting.starts_at > now:
            told.append(events.Withdrawn(row))
        return told, [row]
    if happened.kind == Kind.BOOKING:
        assert happened.request is not None
        return [*told, events.Put(rows[happened.request])], []
    assert happened.starts_at is not None and happened.ends_at is not None
    slots = tuple(
        n
        for n, (start, end) in enumerate(frame.slots)
        if start < happened.ends_at and happened.starts_at < end
    )
    away = set(repairing.touched_meetings(edition, happened))
    touched = [rows[request] for request in away if request in rows]
    # What was locked cannot be kept where nobody can come.
    told += [events.Unlock(row) for row in touched if frame.requests[row] in frame.kept]
    if happened.person is not None:
        persons = {person: n for n, person in enumerate(frame.persons)}
        if happened.person in persons:
            told.append(events.Away(persons[happened.person], slots))
        return told, touched
    tables = {table: n for n, table in enumerate(frame.tables)}
    for _kind, resource in absences.resources(edition, happened):
        if resource in tables:
            told.append(events.TableClosed(tables[resource], slots))
    return told, touched
