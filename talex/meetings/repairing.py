"""The living day: something happened, the timetable is repaired with least change.

First the preview (`preview`): what would change, found outside of any transaction. Then
`carry_out`: exactly that, compared with what stands now and written in one transaction with
occupancy, calendar and ledger, as a version of its own. Nobody moves who need not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.meetings import absences, asking, reasons, releasing, rules, services, timetable
from talex.meetings.happened import (
    TIMED,
    Happened,
    Kind,
    Repair,
    changed,
    digest,
    read_token,
    repair_of,
)
from talex.meetings.models import (
    Meeting,
    MeetingRequest,
    Placement,
    RequestParty,
    TimetableVersion,
)
from talex.meetings.versions import Difference, Stand
from talex.programme.models import CELL_MINUTES, Hall, Table

LONGEST = timedelta(days=31)
NOBODY = UUID(int=0)


def preview(actor: Actor, edition: Edition, happened: Happened) -> Repair:
    """What a repair would change; nothing is written. Raises Invalid, NotFound, NotAllowed."""
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    return _find(edition, _checked(edition, happened))


def carry_out(
    actor: Actor,
    edition: Edition,
    happened: Happened,
    token: str,
    note: str = "",
    *,
    ask: bool = False,
) -> TimetableVersion:
    """Do exactly what the preview showed, in one transaction, and keep it as a version.

    With `ask` those who can be asked (see `asking`) get a proposal with a hold in place of a new
    time; how many is the figure `asked` of the version. All others are told.

    Raises Conflict where a meeting of it was changed since, or another one now stands where
    somebody is away. A second click does nothing new.
    """
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    releasing.checked_note(note)
    with work():
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        told = read_token(token)
        if (done := _done_already(edition, told)) is not None:
            return done
        happened = _checked(edition, happened)
        repair = repair_of(told, happened)
        _still_so(edition, repair)
        # What changed one by one since the last version is no part of this one.
        releasing.keep_what_stands(actor, edition)
        asked = _write(actor, edition, repair, note, ask=ask)
        version = releasing.keep_version(
            actor,
            edition,
            None,
            releasing.ReleaseTimetable(note, origin=TimetableVersion.Origin.REPAIR),
        )
        version.repair = digest(told)
        version.figures["asked"] = asked
        version.save(update_fields=["repair", "figures"])
    return version


def _still_so(edition: Edition, repair: Repair) -> None:
    """Hold what is about to change, and compare it with what was shown."""
    ids = list(repair.sequences)
    for some in chunks(ids):
        requests = MeetingRequest.objects.filter(id__in=some)
        list(services.locked_rows(requests).values_list("id", flat=True))
    now: dict[UUID, int] = {}
    for some in chunks(ids):
        now |= dict(
            Meeting.objects.filter(request_id__in=some).values_list("request_id", "sequence")
        )
    if any(now.get(request, -1) != sequence for request, sequence in repair.sequences.items()):
        raise changed()
    if set(touched_meetings(edition, repair.happened)) - set(ids):
        raise changed()


def touched_meetings(edition: Edition, happened: Happened) -> list[UUID]:
    """Requests whose planned meeting, still to come, stands in what is taken away."""
    if happened.kind not in TIMED or happened.starts_at is None or happened.ends_at is None:
        return []
    rows = Meeting.objects.filter(
        edition=edition,
        status=Meeting.Status.PLANNED,
        starts_at__lt=happened.ends_at,
        ends_at__gt=happened.starts_at,
    ).filter(starts_at__gt=clock.now())
    if happened.person is not None:
        mine = RequestParty.objects.filter(person_id=happened.person).values("request_id")
        rows = rows.filter(request_id__in=mine)
    elif happened.table is not None:
        rows = rows.filter(table_id=happened.table)
    elif happened.hall is not None:
        rows = rows.filter(table__hall_id=happened.hall)
    return list(rows.values_list("request_id", flat=True))


# ── what happened ────────────────────────────────────────────────────────────


def _checked(edition: Edition, happened: Happened) -> Happened:
    """What counts of it, with times on the grid of cells; refuses what makes no sense."""
    if happened.kind == Kind.NO_SHOW:
        _exists(Meeting.objects.filter(edition=edition), happened.meeting)
        return Happened(happened.kind, meeting=happened.meeting)
    if happened.kind == Kind.BOOKING:
        wanted = MeetingRequest.objects.filter(edition=edition)
        _exists(wanted, happened.request)
        if not wanted.filter(id=happened.request or "", state=MeetingRequest.State.OPEN).exists():
            raise Conflict(_("This meeting is placed already, or is no longer wanted."))
        return Happened(happened.kind, request=happened.request)
    if happened.kind == Kind.CLOSED and happened.table is not None:
        _exists(Table.objects.filter(hall__edition=edition), happened.table)
        happened = replace(happened, hall=None, person=None)
    elif happened.kind == Kind.CLOSED:
        _exists(Hall.objects.filter(edition=edition), happened.hall)
        happened = replace(happened, person=None)
    else:
        happened = replace(happened, hall=None, table=None)
        mine = RequestParty.objects.filter(person_id=happened.person or NOBODY)
        if not mine.filter(request__edition=edition).exists():
            raise NotFound
    start, end = happened.starts_at, happened.ends_at
    if start is None or end is None:
        raise Invalid({"starts_at": _("Say from when until when.")})
    almost = timedelta(minutes=CELL_MINUTES) - timedelta(microseconds=1)
    start, end = _floor(start.astimezone(UTC)), _floor(end.astimezone(UTC) + almost)
    if not start < end:
        raise Invalid({"ends_at": _("The end must be after the start.")})
    if end - start > LONGEST:
        raise Invalid({"ends_at": _("At most 31 days at once.")})
    return replace(happened, meeting=None, request=None, starts_at=start, ends_at=end)


def _exists(rows: QuerySet[Any], pk: UUID | None) -> None:
    if pk is None or not rows.filter(pk=pk).exists():
        raise NotFound


def _floor(instant: datetime) -> datetime:
    return instant.replace(
        minute=instant.minute - instant.minute % CELL_MINUTES, second=0, microsecond=0
    )


def _done_already(edition: Edition, told: dict[str, Any]) -> TimetableVersion | None:
    """The version that carried out exactly this preview, for a second click."""
    return TimetableVersion.objects.filter(
        edition=edition, origin="repair", repair=digest(told)
    ).first()


# ── finding the repair ───────────────────────────────────────────────────────


def _find(edition: Edition, happened: Happened) -> Repair:
    """Let the engine repair what people see now (the draft plays no part)."""
    frame = timetable.frame(edition, live=True)
    if frame is None:
        return Repair(happened)
    from talex.meetings import repair_engine

    found = repair_engine.repaired(edition, frame, happened)
    differences: list[Difference] = []
    for row in found.rows:
        request = frame.requests[row]
        meeting = frame.meetings.get(request)
        before: Stand | None = (
            (meeting.starts_at, meeting.ends_at, meeting.table_id) if meeting is not None else None
        )
        at, seat = int(found.slot[row]), int(found.table[row])
        after = (*frame.slots[at], frame.tables[seat] if seat >= 0 else None) if at >= 0 else None
        if before != after:
            differences.append(Difference(request, before, after))
    differences.sort(key=lambda d: ((d.before or d.after)[0], str(d.request)))  # type: ignore[index]
    known: dict[UUID, int] = {}
    for some in chunks(d.request for d in differences):
        rows = Meeting.objects.filter(request_id__in=some)
        known |= dict(rows.values_list("request_id", "sequence"))
    return Repair(
        happened,
        differences,
        found.touched,
        found.seconds,
        asking.askable(differences, touched_meetings(edition, happened)),
        known | {d.request: -1 for d in differences if d.request not in known},
        {
            frame.requests[row]: code
            for row, code in found.why.items()
            if frame.requests[row] in {d.request for d in differences}
        },
    )


# ── writing it ───────────────────────────────────────────────────────────────


def _write(actor: Actor, edition: Edition, repair: Repair, note: str, *, ask: bool) -> int:
    """Returns how many are asked."""
    happened = repair.happened
    touched = touched_meetings(edition, happened) if ask else []
    asked = set(asking.askable(repair.differences, touched))
    if happened.kind == Kind.NO_SHOW:
        _did_not_come(actor, edition, happened)
    known = {
        m.request_id: m
        for m in Meeting.objects.filter(edition=edition)
        if m.status != Meeting.Status.CANCELLED
    }
    rows: list[Placement] = []
    for d in repair.differences:
        if d.request in asked:
            continue
        live = known.get(d.request)
        if live is None and d.after is None:
            continue  # called off just now, because somebody did not come
        row = Placement(request_id=d.request, kind=d.kind)
        row.locked = live is not None and live.locked
        if d.after is not None:
            row.starts_at, row.ends_at, row.table_id = d.after
        rows.append(row)
    releasing.apply(actor, edition, rows, why=_why(happened))
    for code in sorted(set(repair.why.values())):
        without = [request for request, why in repair.why.items() if why == code]
        for some in chunks(without):
            waiting = MeetingRequest.objects.filter(id__in=some, state=MeetingRequest.State.OPEN)
            waiting.update(unplaced=code)
    # What an asked meeting still holds stays its own until its people have answered.
    absences.begin(actor, edition, happened)
    return asking.ask(
        actor,
        edition,
        [d for d in repair.differences if d.request in asked],
        absent=happened.person,
        why=_why(happened),
        note=note,
    )


def _why(happened: Happened) -> str:
    return {
        Kind.ILL: reasons.AWAY,
        Kind.LATE: reasons.AWAY,
        Kind.CLOSED: reasons.HALL_CLOSED,
    }.get(happened.kind, reasons.NO_PLACE)


def _did_not_come(actor: Actor, edition: Edition, happened: Happened) -> None:
    """A meeting that has begun is a no-show; one still to come is called off, its place is free."""
    assert happened.meeting is not None
    meeting = services.get_held(actor, edition, happened.meeting)
    if meeting.status != Meeting.Status.PLANNED:
        raise Conflict(_("This meeting is over or was called off, so it can no longer be changed."))
    if meeting.starts_at <= clock.now():
        services.tell_outcome(
            actor, edition, services.TellOutcome(meeting.id, Meeting.Status.NO_SHOW)
        )
    else:
        services.call_off(actor, meeting, reasons.NOT_COMING, MeetingRequest.State.WITHDRAWN)
