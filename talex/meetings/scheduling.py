"""Making the whole timetable: solve outside of any transaction, write in one, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.meetings import Reason, Solution
from talex.ledger.services import record
from talex.meetings import drafts, events, reasons, rules, timetable
from talex.meetings.board import Spot
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, TimetableVersion
from talex.meetings.queries import persons_of
from talex.meetings.services import CHUNK, hold_of, locked_rows
from talex.participants.models import Person
from talex.programme import occupancy
from talex.programme.models import Occupancy


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a run of the scheduler did. `changed`: all that differ from what people see."""

    requests: int
    placed: int
    new: int
    moved: int
    changed: int
    unplaced: dict[str, int]
    bound: int
    proved: bool
    seconds: float

    def as_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def keep_timetable(
    actor: Actor, edition: Edition, found: timetable.Frame, solution: Solution
) -> Scheduled:
    """Make a solved timetable the draft; nobody is told before it is released.

    Raises Conflict where the draft, or a meeting, has changed since it was read.
    """
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    with work():
        # First the edition, then its meetings: the order in which a release holds them.
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        unchanged(edition, found)
        requests = {r.id: r for r in MeetingRequest.objects.filter(edition=edition)}
        spots: dict[UUID, Spot | None] = {}
        groups: dict[str, list[UUID]] = {}
        for row, request in enumerate(found.requests):
            if request in found.kept:
                continue
            at = int(solution.slot[row])
            if at < 0:
                spots[request] = None
                why = Reason(int(solution.reason[row])).name.lower()
                groups.setdefault(why, []).append(request)
                continue
            table = found.tables[solution.table[row]] if solution.table[row] >= 0 else None
            spots[request] = Spot(requests[request], *found.slots[at], table, table is None)
        counts = drafts.keep_solution(
            actor, edition, spots, revision=found.draft_revision, locked=found.draft_locked
        )
        for why, ids in groups.items():
            for some in chunks(ids):
                MeetingRequest.objects.filter(id__in=some).update(unplaced=why)
    return Scheduled(
        len(found.requests),
        solution.figures.placed,
        counts["placed"],
        counts["moved"],
        sum(counts.values()),
        {why: len(ids) for why, ids in groups.items()},
        solution.bound.placed,
        solution.proved,
        round(solution.seconds, 2),
    )


def apply_timetable(
    actor: Actor, edition: Edition, found: timetable.Frame, solution: Solution
) -> Scheduled:
    """Write a solved timetable into what people see, at once; a draft is thrown away.

    Raises Conflict where what was read has changed meanwhile.
    """
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    with work():
        unchanged(edition, found)
        changed, created, unplaced = _differences(edition, found, solution)
        dropped = _write(edition, found, solution, changed, created)
        TimetableVersion.objects.filter(edition=edition, state="draft").delete()
        facts = {
            "requests": str(len(found.requests)),
            "placed": str(solution.figures.placed),
            "new": str(len(created)),
            "moved": str(len(changed)),
        }
        record("meetings.timetable.made", actor=actor, edition=edition.id, obj=edition, facts=facts)
        for meeting in [*changed, *created]:
            record(
                "meetings.meeting.placed",
                actor=actor,
                edition=edition.id,
                obj=meeting,
                facts=events.place_facts(meeting),
            )
        for meeting in dropped:
            record(
                "meetings.meeting.cancelled",
                actor=actor,
                edition=edition.id,
                obj=meeting,
                facts={"sequence": str(meeting.sequence)},
            )
    return Scheduled(
        len(found.requests),
        solution.figures.placed,
        len(created),
        len(changed),
        len(changed) + len(created) + len(dropped),
        unplaced,
        solution.bound.placed,
        solution.proved,
        round(solution.seconds, 2),
    )


def unchanged(edition: Edition, found: timetable.Frame) -> None:
    """Compare with what was read, holding whatever could change it until the commit."""
    rows = MeetingRequest.objects.filter(edition=edition).exclude(
        state=MeetingRequest.State.WITHDRAWN
    )
    now = set(locked_rows(rows).values_list("id", flat=True))
    people = Person.objects.filter(
        id__in=RequestParty.objects.filter(request__edition=edition).values("person_id")
    )
    list(locked_rows(people).values_list("id", flat=True))
    marks = {
        m.request_id: timetable.mark_of(m)
        for m in Meeting.objects.filter(edition=edition).exclude(status=Meeting.Status.CANCELLED)
    }
    same = (
        all(
            request in now and marks.get(request, timetable.NO_MARK) == mark
            for request, mark in found.seen.items()
        )
        and found.slots == timetable.slots_of(edition)
        and found.tables == [t.id for t in timetable.open_tables(edition)]
    )
    if not same:
        raise Conflict(
            _("Meetings were changed while the timetable was being made. Make it again.")
        )


def _differences(
    edition: Edition, found: timetable.Frame, solution: Solution
) -> tuple[list[Meeting], list[Meeting], dict[str, int]]:
    """Meetings to move, meetings to create, and how many have no place by reason."""
    known = {m.request_id: m for m in Meeting.objects.filter(edition=edition)}
    changed: list[Meeting] = []
    created: list[Meeting] = []
    unplaced: dict[str, int] = {}
    now = clock.now()
    for row, request in enumerate(found.requests):
        if request in found.kept:
            continue
        at = int(solution.slot[row])
        if at < 0:
            name = Reason(int(solution.reason[row])).name.lower()
            unplaced[name] = unplaced.get(name, 0) + 1
            continue
        starts_at, ends_at = found.slots[at]
        table = found.tables[solution.table[row]] if solution.table[row] >= 0 else None
        meeting = known.get(request)
        if meeting is None:
            meeting = Meeting(edition=edition, request_id=request, sequence=-1)
            created.append(meeting)
        else:
            was = (meeting.starts_at, meeting.ends_at, meeting.table_id)
            if request in found.meetings and was == (starts_at, ends_at, table):
                continue
            changed.append(meeting)
        meeting.starts_at, meeting.ends_at, meeting.table_id = starts_at, ends_at, table
        meeting.online = table is None
        meeting.status, meeting.reason = Meeting.Status.PLANNED, ""
        meeting.sequence += 1
        meeting.changed_at = now
    return changed, created, unplaced


def _write(
    edition: Edition,
    found: timetable.Frame,
    solution: Solution,
    changed: list[Meeting],
    created: list[Meeting],
) -> list[Meeting]:
    """Write the places; returns the meetings that lost theirs."""
    out = [
        request
        for row, request in enumerate(found.requests)
        if solution.slot[row] < 0 and request in found.meetings and request not in found.kept
    ]
    dropped = [m for some in chunks(out) for m in Meeting.objects.filter(request_id__in=some)]
    occupancy.release("meeting", [m.id for m in [*changed, *dropped]])
    for meeting in dropped:
        meeting.status, meeting.reason = Meeting.Status.CANCELLED, reasons.NO_PLACE
        meeting.sequence += 1
        meeting.changed_at = clock.now()
    fields = [
        "starts_at",
        "ends_at",
        "table",
        "online",
        "status",
        "reason",
        "sequence",
        "changed_at",
    ]
    Meeting.objects.bulk_update([*changed, *dropped], fields, batch_size=200)
    Meeting.objects.bulk_create(created, batch_size=CHUNK)
    moved = [*changed, *created]
    people = persons_of([m.request_id for m in moved])
    occupancy.hold(*(hold_of(m, people) for m in moved))
    _tell_requests(found, solution)
    return dropped


def _tell_requests(found: timetable.Frame, solution: Solution) -> None:
    groups: dict[tuple[str, str], list[UUID]] = {}
    for row, request in enumerate(found.requests):
        if request in found.kept:
            continue
        placed = solution.slot[row] >= 0
        state = str(MeetingRequest.State.PLACED if placed else MeetingRequest.State.OPEN)
        why = "" if placed else Reason(int(solution.reason[row])).name.lower()
        groups.setdefault((state, why), []).append(request)
    for (kept, why), ids in groups.items():
        for at in range(0, len(ids), CHUNK):
            MeetingRequest.objects.filter(id__in=ids[at : at + CHUNK]).update(
                state=kept, unplaced=why
            )


def verify_edition(edition: Edition) -> list[str]:
    """Check the kept timetable without the scheduler: nobody and no table twice, all recorded.

    Returns faults as plain sentences for the operator (empty when all is well).
    """
    with transaction.atomic():
        meetings = list(
            Meeting.objects.filter(edition=edition)
            .exclude(status=Meeting.Status.CANCELLED)
            .order_by("starts_at")
        )
        people = persons_of([m.request_id for m in meetings])
        held: dict[UUID, set[tuple[UUID, object]]] = {}
        for holder, resource, cell in Occupancy.objects.filter(
            edition=edition, holder_kind="meeting"
        ).values_list("holder_id", "resource_id", "cell"):
            held.setdefault(holder, set()).add((resource, cell))
    faults: list[str] = []
    busy: dict[UUID, list[Meeting]] = {}
    for meeting in meetings:
        everyone = [*people.get(meeting.request_id, [])]
        everyone += [meeting.table_id] if meeting.table_id else []
        if not meeting.online and meeting.table_id is None:
            faults.append(f"meeting {meeting.id} is on site but has no table")
        for resource in everyone:
            earlier = busy.setdefault(resource, [])
            if earlier and earlier[-1].ends_at > meeting.starts_at:
                faults.append(f"{resource} is in {earlier[-1].id} and {meeting.id} at once")
            earlier.append(meeting)
        try:
            span = occupancy.cells(meeting.starts_at, meeting.ends_at)
        except Invalid as fault:
            faults.append(f"meeting {meeting.id}: {fault}")
            span = []
        due = {(resource, cell) for resource in everyone for cell in span}
        if held.pop(meeting.id, set()) != due:
            faults.append(f"meeting {meeting.id} does not hold exactly what it occupies")
    faults += [f"cells are held by {holder}, which is no meeting" for holder in held]
    return faults
