"""A release: the draft becomes what people see, in one transaction, and is kept as a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Invalid, Message, NotAllowed
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import absences, board, conflicts, events, reasons, rules, versions
from talex.meetings.board import Spot
from talex.meetings.models import Meeting, MeetingRequest, Placement, RequestParty, TimetableVersion
from talex.meetings.queries import persons_of
from talex.meetings.services import CHUNK, close_proposals, hold_of, locked_rows
from talex.participants.models import Person
from talex.programme import occupancy

MEETING_FIELDS = [
    "starts_at",
    "ends_at",
    "table",
    "online",
    "status",
    "reason",
    "sequence",
    "locked",
    "changed_at",
]


class NothingToRelease(Conflict):
    """Everything stands as in the version before."""


class NotReleasable(Conflict):
    """Something of the draft stands in the way; `items` say what."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands in the way of a release, and what is only told."""

    stale: list[Placement] = field(default_factory=list)
    refused: list[tuple[Spot, conflicts.Conflict]] = field(default_factory=list)
    warned: list[tuple[Spot, conflicts.Conflict]] = field(default_factory=list)

    @property
    def passes(self) -> bool:
        return not self.stale and not self.refused


def check(edition: Edition, draft: TimetableVersion | None) -> Checked:
    """Judge a draft: what changed under it, and the conflicts of what was moved by hand.

    What the scheduler placed was verified when it was made; that nobody is in two places is
    refused by the database in any case.
    """
    if draft is None:
        return Checked()
    found = Checked(stale=board.stale(draft))
    level = board.rules_of(edition).strictness
    mine = draft.placements.filter(by_hand=True).exclude(kind=Placement.Kind.CANCELLED)
    spots = board.spots(edition, requests=mine.values_list("request_id", flat=True), draft=draft)
    for spot in spots:
        tables = [spot.table_id] if spot.table_id else []
        slot = (spot.starts_at, spot.ends_at)
        problems = conflicts.facts(edition, spot.request, [slot], tables).at(slot, spot.table_id)
        verdict = conflicts.judge(level, problems, conflicts.RELEASE)
        found.refused.extend((spot, c) for c in verdict.refused)
        found.warned.extend((spot, c) for c in verdict.warned)
    found.refused.extend(_overtaken(edition, draft))
    return found


def _overtaken(edition: Edition, draft: TimetableVersion) -> list[tuple[Spot, conflicts.Conflict]]:
    """What the scheduler placed well, and what was booked or moved since has made a conflict of.

    Only meetings of those are looked at who got another meeting after the draft was made.
    """
    later = Meeting.objects.filter(
        edition=edition, changed_at__gt=draft.made_at, status=Meeting.Status.PLANNED
    ).exclude(request_id__in=draft.placements.values("request_id"))
    people = RequestParty.objects.filter(request_id__in=later.values("request_id"))
    theirs = draft.placements.filter(
        by_hand=False, request__parties__person_id__in=people.values("person_id")
    ).exclude(kind=Placement.Kind.CANCELLED)
    found: list[tuple[Spot, conflicts.Conflict]] = []
    ids = set(theirs.values_list("request_id", flat=True))
    for spot in board.spots(edition, requests=ids, draft=draft) if ids else []:
        slot, tables = (spot.starts_at, spot.ends_at), [spot.table_id] if spot.table_id else []
        problems = conflicts.facts(edition, spot.request, [slot], tables).at(slot, spot.table_id)
        found += [(spot, c) for c in problems if c.hard or c.kind == "daily_max"]
    return found


NOTE = 300
"""The most characters of the note of a release or repair: it is read on telephones."""


def checked_note(note: str) -> str:
    """The note as it is kept. Raises Invalid where it is too long."""
    kept = note.strip()
    if len(kept) > NOTE:
        raise Invalid({"note": _("At most %(count)s characters.") % {"count": NOTE}})
    return kept


@dataclass(frozen=True, slots=True)
class ReleaseTimetable:
    """Release what the draft says. `revision` is the draft's as it was read (None: any)."""

    note: str = ""
    revision: int | None = None
    origin: str = TimetableVersion.Origin.TIMETABLE


def release_timetable(
    actor: Actor, edition: Edition, command: ReleaseTimetable
) -> TimetableVersion:
    """Make the draft what people see, and keep it as a numbered version with its differences.

    What was changed one by one since the last version is kept as a version of its own first, so
    that the figures of a version are those of its draft, as they were shown before.

    Without a draft what people see now is kept as a version: a record of where it stands. Raises
    Conflict where a meeting changed under the draft, where the edition refuses a conflict, or
    where somebody or a table would be in two places; NothingToRelease where the draft changes
    nothing, or all stands as in the version before.
    """
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    checked_note(command.note)
    with work():
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        draft = TimetableVersion.objects.filter(edition=edition, state="draft").first()
        if command.revision is not None and command.revision != (draft.revision if draft else 0):
            raise board.DraftChanged
        if draft is not None:
            _hold_rows(draft)
            _passes(check(edition, draft))
            keep_what_stands(actor, edition)
            apply(actor, edition, list(draft.placements.all()))
            draft.placements.all().delete()
            draft.edits.all().delete()
        last = _last_number(edition)
        version = keep_version(actor, edition, draft, command)
        if not version.figures["changed"]:
            raise NothingToRelease(_nothing(last, draft is not None))
        return version


def _nothing(last: int, draft: bool) -> Message:
    if draft:
        return _("The draft changes nothing. Change it before you release it, or throw it away.")
    if not last:
        return _("There is no meeting to release. Make the timetable first.")
    told = _(
        "Everybody sees version %(number)s already. Make the timetable or move a meeting first."
    )
    return told % {"number": last}


def _hold_rows(draft: TimetableVersion) -> None:
    """Hold the wanted meetings and their persons, in the order everybody does."""
    ids = draft.placements.values("request_id")
    list(locked_rows(MeetingRequest.objects.filter(id__in=ids)).values_list("id", flat=True))
    people = Person.objects.filter(
        id__in=RequestParty.objects.filter(request_id__in=ids).values("person_id")
    )
    list(locked_rows(people).values_list("id", flat=True))


def _passes(found: Checked) -> None:
    if found.passes:
        return
    items: list[Message] = [
        _("%(meeting)s: changed or withdrawn since") % {"meeting": board.title_of(row.request)}
        for row in found.stale
    ]
    items += [
        _("%(meeting)s: %(why)s") % {"meeting": spot.title, "why": c.text}
        for spot, c in found.refused
    ]
    raise NotReleasable(_("The draft cannot be released as it is."), items=items[:50])


def apply(
    actor: Actor, edition: Edition, rows: Sequence[Placement], why: str = reasons.NO_PLACE
) -> list[Meeting]:
    """Write placements into the meetings people see, with occupancy and ledger. In `work()`.

    `why`: what those who lose their place are told.
    """
    known = {
        m.request_id: m for m in Meeting.objects.filter(edition=edition).select_related("request")
    }
    left = _in_absences(edition, [m for r in rows if (m := known.get(r.request_id)) is not None])
    now = clock.now()
    moved: list[Meeting] = []
    created: list[Meeting] = []
    dropped: list[Meeting] = []
    before: dict[UUID, str] = {}
    for row in rows:
        meeting = known.get(row.request_id)
        if row.kind == Placement.Kind.CANCELLED:
            if meeting is None:
                continue
            meeting.status, meeting.reason = Meeting.Status.CANCELLED, why
            dropped.append(meeting)
        else:
            if meeting is None:
                meeting = Meeting(edition=edition, request_id=row.request_id, sequence=-1)
                created.append(meeting)
            else:
                if meeting.status != Meeting.Status.CANCELLED:
                    before[meeting.id] = meeting.starts_at.isoformat()
                moved.append(meeting)
            assert row.starts_at is not None and row.ends_at is not None
            meeting.starts_at, meeting.ends_at = row.starts_at, row.ends_at
            meeting.table_id, meeting.online = row.table_id, row.table_id is None
            meeting.status, meeting.reason = Meeting.Status.PLANNED, ""
            meeting.locked = row.locked
        meeting.sequence += 1
        meeting.changed_at = now
    occupancy.release("meeting", [m.id for m in [*moved, *dropped]])
    close_proposals(actor, [m.id for m in [*moved, *dropped]])
    Meeting.objects.bulk_update([*moved, *dropped], MEETING_FIELDS, batch_size=200)
    Meeting.objects.bulk_create(created, batch_size=CHUNK)
    standing = [*moved, *created]
    people = persons_of(m.request_id for m in standing)
    occupancy.hold(*(hold_of(m, people) for m in standing))
    absences.take_left(edition.id, left)
    _tell_requests([m.request_id for m in standing], MeetingRequest.State.PLACED)
    _tell_requests([m.request_id for m in dropped], MeetingRequest.State.OPEN)
    _record(actor, edition, standing, dropped, before)
    return [*standing, *dropped]


def _in_absences(edition: Edition, meetings: Sequence[Meeting]) -> list[occupancy.Hold]:
    """What those hold, before they move, that go on while somebody is away or a hall closed."""
    spans = {(a.starts_at, a.ends_at) for a in absences.standing(edition)}
    crossing = [
        m
        for m in meetings
        if m.status != Meeting.Status.CANCELLED
        and any(start < m.ends_at and m.starts_at < end for start, end in spans)
    ]
    people = persons_of(m.request_id for m in crossing)
    return [hold_of(m, people) for m in crossing]


def _tell_requests(requests: Sequence[UUID], state: str) -> None:
    for some in chunks(requests):
        rows = MeetingRequest.objects.filter(id__in=some)
        if state == MeetingRequest.State.PLACED:
            rows.update(state=state, unplaced="")
        else:
            rows.update(state=state)


def _record(
    actor: Actor,
    edition: Edition,
    standing: Sequence[Meeting],
    dropped: Sequence[Meeting],
    before: Mapping[UUID, str],
) -> None:
    for meeting in standing:
        was = before.get(meeting.id)
        record(
            "meetings.meeting.moved" if was else "meetings.meeting.placed",
            actor=actor,
            edition=edition.id,
            obj=meeting,
            facts=events.place_facts(meeting) | ({"before": was} if was else {}),
        )
    for meeting in dropped:
        record(
            "meetings.meeting.cancelled",
            actor=actor,
            edition=edition.id,
            obj=meeting,
            facts={"sequence": str(meeting.sequence)},
        )


def nothing_changed(edition: Edition) -> bool:
    """Whether what people see is what the last version says."""
    return versions.stands(edition, _last_number(edition)) == versions.live_stands(edition)


def keep_what_stands(actor: Actor, edition: Edition) -> TimetableVersion | None:
    """Keep what people see as a version where it differs from the last one. In `work()`."""
    if nothing_changed(edition):
        return None
    command = ReleaseTimetable(origin=TimetableVersion.Origin.SINGLE)
    return keep_version(actor, edition, None, command)


def _last_number(edition: Edition) -> int:
    released = TimetableVersion.objects.filter(edition=edition, state="released")
    return released.order_by("-number").values_list("number", flat=True).first() or 0


def keep_version(
    actor: Actor, edition: Edition, draft: TimetableVersion | None, command: ReleaseTimetable
) -> TimetableVersion:
    """Keep where everything stands now as the next version. In `work()`."""
    last = _last_number(edition)
    standing = versions.live_stands(edition)
    found = versions.between(versions.stands(edition, last), standing)
    version = draft or TimetableVersion(edition=edition, made_at=clock.now())
    version.state = TimetableVersion.State.RELEASED
    version.origin = command.origin
    version.number = last + 1
    version.note = checked_note(command.note)
    version.released_at = clock.now()
    version.released_by = actor.id
    version.figures = versions.counts(found) | {"meetings": len(standing)}
    version.save()
    sequences = dict(Meeting.objects.filter(edition=edition).values_list("request_id", "sequence"))
    Placement.objects.bulk_create(
        (_kept(version, d, sequences.get(d.request, -1)) for d in found), batch_size=CHUNK
    )
    record(
        "meetings.timetable.released",
        actor=actor,
        edition=edition.id,
        obj=version,
        facts={name: str(n) for name, n in version.figures.items()}
        | {"number": str(version.number), "origin": str(version.origin)},
    )
    return version


def _kept(version: TimetableVersion, d: versions.Difference, sequence: int) -> Placement:
    row = Placement(version=version, request_id=d.request, kind=d.kind, sequence=sequence)
    if d.after is not None:
        row.starts_at, row.ends_at, row.table_id = d.after
        row.online = d.after[2] is None
    if d.before is not None:
        row.was_starts_at, row.was_ends_at, row.was_table_id = d.before
        row.was_online = d.before[2] is None
    return row
