"""Whom a repair asks before it moves them, and whom it can only tell.

A meeting whose place is gone goes to its new time when somebody of it accepts; until then the new
time is held. It cannot be asked for where others have to make room: they would move in vain if the
answer were no, and where somebody else takes the old place: that one would wait for the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.editions.models import Edition
from talex.meetings import proposals, queries, services
from talex.meetings.models import Meeting, RequestParty, Side
from talex.meetings.versions import Difference, Stand
from talex.programme.models import Table
from talex.programme.occupancy import cells

LEAST = timedelta(minutes=30)
"""Who would have less time than this to answer is told."""

Taken = set[tuple[UUID, datetime]]


def askable(differences: Sequence[Difference], touched: Collection[UUID]) -> list[UUID]:
    """Those of a repair who can be asked: requests, in the order of the differences.

    `touched`: whose place is gone because of what happened.
    """
    gone = set(touched)
    wanted = [d for d in differences if d.request in gone and _in_time(d)]
    if not wanted:
        return []
    people = queries.persons_of(d.request for d in differences)
    before, after = ({d.request: _cells(d, at, people) for d in differences} for at in (0, 1))
    left, taken = _owners(before), _owners(after)
    return [
        d.request
        for d in wanted
        # Its own old cells are free only once it has moved, so they cannot be held as well.
        if all(cell not in left for cell in after[d.request])
        and all(cell not in taken for cell in before[d.request])
    ]


def _in_time(d: Difference) -> bool:
    """Whether it moves to another time, and there is time to answer before either."""
    if d.before is None or d.after is None or d.before[0] == d.after[0]:
        return False
    return min(d.before[0], d.after[0]) - clock.now() >= LEAST


def _cells(d: Difference, at: int, people: Mapping[UUID, Sequence[UUID]]) -> Taken:
    stand: Stand | None = (d.before, d.after)[at]
    if stand is None:
        return set()
    resources = [*people.get(d.request, []), *([stand[2]] if stand[2] else [])]
    return {(resource, cell) for resource in resources for cell in cells(stand[0], stand[1])}


def _owners(found: Mapping[UUID, Taken]) -> Taken:
    return set().union(*found.values())


def ask(
    actor: Actor,
    edition: Edition,
    differences: Sequence[Difference],
    *,
    absent: UUID | None,
    why: str,
    note: str,
) -> int:
    """Propose the new times in the office's name and hold them. In `work()`.

    `absent`: the person because of whom they move; the other side is asked then, else both.
    `why`: a code of `reasons`, told where nobody accepts and the meeting is called off.
    Raises Conflict where a new time is no longer free.
    """
    moves = {d.request: d.after for d in differences if d.after is not None}
    tables = {t[2] for t in moves.values() if t[2] is not None}
    seats: dict[UUID, Table] = {}
    for some in chunks(tables):
        seats |= {t.id: t for t in Table.objects.filter(id__in=some)}
    meetings: list[Meeting] = []
    for some in chunks(moves):
        meetings += Meeting.objects.filter(edition=edition, request_id__in=some)
    services.close_proposals(actor, [m.id for m in meetings])
    sides = _sides(moves, absent)
    for meeting in meetings:
        start, end, table = moves[meeting.request_id]
        proposals.make(
            actor,
            meeting,
            proposals.Offer(
                side=proposals.OFFICE,
                starts_at=start,
                ends_at=end,
                table=seats.get(table) if table else None,
                note=note,
                asked_side=sides.get(meeting.request_id, ""),
                otherwise=why,
            ),
        )
    return len(meetings)


def _sides(requests: Collection[UUID], absent: UUID | None) -> dict[UUID, str]:
    """request -> the side across from the absent person."""
    if absent is None:
        return {}
    other = {str(Side.TALENT): str(Side.EMPLOYER), str(Side.EMPLOYER): str(Side.TALENT)}
    mine = RequestParty.objects.filter(person_id=absent).values_list("request_id", "side")
    return {request: other[side] for request, side in mine if request in requests}
