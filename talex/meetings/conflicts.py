"""What stands in the way of a meeting at a time and table, and what the edition makes of it.

Hard conflicts (somebody or a table twice, a closed hall, a time that is over) can stand in a draft
where the edition lets edits pass, but are never released: the database refuses them as well. Soft
conflicts (a stated absence, a full day, a walk between halls that is too short, somebody else's
table) are judged by the edition's strictness, here and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from talex.core import clock
from talex.core.chunks import chunks
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.meetings import board, punctuation
from talex.meetings.availability import DELEGATE_DAILY, Stated, stated
from talex.meetings.board import Spot
from talex.meetings.models import Meeting, MeetingRequest, Proposal, Strictness
from talex.programme.models import Occupancy, Table
from talex.programme.occupancy import cells

Slot = tuple[datetime, datetime]
EDIT, RELEASE = "edit", "release"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in the way. `other`: the meeting that would have to move."""

    kind: str
    text: Message
    hard: bool
    other: Spot | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the edition makes of conflicts: refused ones, and ones only told."""

    refused: tuple[Conflict, ...] = ()
    warned: tuple[Conflict, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.refused


def judge(strictness: str, found: Iterable[Conflict], at: str) -> Verdict:
    """The one place where strictness counts. `at`: EDIT, or RELEASE (also what is live at once)."""
    refused: list[Conflict] = []
    warned: list[Conflict] = []
    for conflict in found:
        if at == RELEASE:
            refuses = conflict.hard or strictness in (
                Strictness.REFUSE_EDIT,
                Strictness.REFUSE_RELEASE,
            )
        else:
            refuses = strictness == Strictness.REFUSE_EDIT or conflict.kind == "past"
        if refuses:
            refused.append(conflict)
        elif conflict.hard or strictness != Strictness.ALLOW:
            warned.append(conflict)
    return Verdict(tuple(refused), tuple(warned))


@dataclass(slots=True)
class Facts:
    """Everything that decides about one meeting at some times and tables, read once.

    `moved`: meetings that the plan puts elsewhere (request -> new spot, or None for no place).
    """

    edition: Edition
    request: MeetingRequest
    tables: Mapping[UUID, Table]
    walk: timedelta
    zone: ZoneInfo
    now: datetime
    said: dict[UUID, list[Stated]]
    names: dict[UUID, str]
    theirs: list[Spot]  # of the request's persons, on all days asked for
    at_tables: list[Spot]
    held: dict[tuple[UUID, datetime], str]
    halls: dict[UUID, UUID]
    own_tables: bool
    moved: dict[UUID, Spot | None] = field(default_factory=dict)

    def at(self, slot: Slot, table: UUID | None) -> list[Conflict]:
        """What is in the way of the meeting in this slot at this table (None: online)."""
        return [*self.of_persons(slot, table), *self.of_table(slot, table)]

    def of_persons(self, slot: Slot, table: UUID | None) -> list[Conflict]:
        """What the persons have against it; `table` matters for walks between halls."""
        start, end = slot
        found: list[Conflict] = []
        text: Message
        if start <= self.now:
            found.append(Conflict("past", _("This time is over."), True))
        span = cells(start, end)
        for person, name in self.names.items():
            if any(kind := self.held.get((person, cell), "") for cell in span):
                found.append(_held(name, kind))
            elif not all(record.suits(slot) for record in self.said.get(person, [])):
                text = _("%(name)s does not come at this time.") % {"name": name}
                found.append(Conflict("not_available", text, False))
        others = self._standing(self.theirs)
        for other in others:
            if other.starts_at < end and start < other.ends_at:
                who = [self.names[p] for p in other.persons if p in self.names]
                text = _("%(name)s has another meeting: %(meeting)s") % {
                    "name": punctuation.listed(who), "meeting": other.title,
                }  # fmt: skip
                found.append(Conflict("person_busy", _with_lock(text, other), True, other))
        found += self._full(start, others)
        found += self._walks(slot, table, others)
        return found

    def of_table(self, slot: Slot, table: UUID | None) -> list[Conflict]:
        """What is in the way of the table itself."""
        start, end = slot
        if table is None:
            if self.request.mode == "onsite":
                return [Conflict("mode", _("This meeting is to be held on site."), False)]
            return []
        kept = self.tables.get(table)
        if kept is None or kept.hall.closed:
            return [Conflict("table_closed", _("The hall or table is closed."), True)]
        found: list[Conflict] = []
        text: Message
        if self.request.mode == "online":
            found.append(Conflict("mode", _("This meeting is to be held online."), False))
        elif self.own_tables and kept.organisation_id != self.request.organisation_id:
            text = _("The organisation has tables of its own; this is not one of them.")
            found.append(Conflict("not_their_table", text, False))
        elif kept.organisation_id and kept.organisation_id != self.request.organisation_id:
            text = _("This table belongs to another organisation.")
            found.append(Conflict("not_their_table", text, False))
        if any(self.held.get((table, cell)) for cell in cells(start, end)):
            found.append(Conflict("table_held", _("The table is taken or closed then."), True))
        for other in self._standing(self.at_tables):
            if other.table_id == table and other.starts_at < end and start < other.ends_at:
                text = _("The table is taken: %(meeting)s") % {"meeting": other.title}
                found.append(Conflict("table_busy", _with_lock(text, other), True, other))
        return found

    def _standing(self, spots: Sequence[Spot]) -> list[Spot]:
        """The other meetings as the plan has them so far."""
        mine = self.request.id
        kept = [s for s in spots if s.request.id != mine and s.request.id not in self.moved]
        for request, spot in self.moved.items():
            if spot is None or request == mine:
                continue
            if spots is self.at_tables or any(p in self.names for p in spot.persons):
                kept.append(spot)
        return kept

    def _full(self, start: datetime, others: Sequence[Spot]) -> list[Conflict]:
        day = start.astimezone(self.zone).date()
        counts = Counter(
            person
            for other in others
            if other.starts_at.astimezone(self.zone).date() == day
            for person in other.persons
        )
        found: list[Conflict] = []
        for person, name in self.names.items():
            most = max((r.daily_max for r in self.said.get(person, [])), default=DELEGATE_DAILY)
            if counts[person] >= most:
                text = ngettext_lazy(
                    "%(name)s wants at most %(count)d meeting a day.",
                    "%(name)s wants at most %(count)d meetings a day.",
                    most,
                ) % {"name": name, "count": most}
                found.append(Conflict("daily_max", text, False))
        return found

    def _walks(self, slot: Slot, table: UUID | None, others: Sequence[Spot]) -> list[Conflict]:
        if not self.walk or table is None or table not in self.tables:
            return []
        hall = self.tables[table].hall_id
        found: list[Conflict] = []
        for other in others:
            if other.table_id is None or self.halls.get(other.table_id, hall) == hall:
                continue
            gap = max(slot[0] - other.ends_at, other.starts_at - slot[1])
            if timedelta(0) <= gap < self.walk:
                who = [self.names[p] for p in other.persons if p in self.names]
                minutes = int(gap.total_seconds()) // 60
                text = ngettext(
                    "%(name)s would have to change halls in %(minutes)s minute.",
                    "%(name)s would have to change halls in %(minutes)s minutes.",
                    minutes,
                ) % {"name": punctuation.listed(who), "minutes": minutes}
                found.append(Conflict("hall_change", text, False))
        return found


def _with_lock(text: Message, other: Spot) -> Message:
    """What is in the way; that it is locked is why it cannot make room."""
    if not other.locked:
        return text
    return _("%(conflict)s (locked: unlock it first)") % {"conflict": text}


def _held(name: str, kind: str) -> Conflict:
    texts = {
        "absence": _("%(name)s is away then.") % {"name": name},
        "proposal": _("%(name)s was asked for this time for another meeting.") % {"name": name},
    }
    return Conflict("held", texts.get(kind, _("%(name)s is taken then.") % {"name": name}), True)


def facts(
    edition: Edition,
    request: MeetingRequest,
    slots: Sequence[Slot],
    tables: Collection[UUID],
    *,
    moved: dict[UUID, Spot | None] | None = None,
) -> Facts:
    """Read what decides about these slots (of one or several days) and tables."""
    names = {p.person_id: str(p.person.name or _("No name")) for p in request.parties.all()}
    zone = ZoneInfo(edition.time_zone)
    first = min(start for start, _end in slots).astimezone(zone)
    last = max(end for _start, end in slots).astimezone(zone)
    day = timedelta(days=1)
    between = (
        first.replace(hour=0, minute=0, second=0, microsecond=0),
        last.replace(hour=0, minute=0, second=0, microsecond=0) + day,
    )
    draft = board.draft_of(edition)
    theirs = board.spots(edition, between=between, persons=list(names), draft=draft)
    wanted = list(tables)
    at_tables = board.spots(edition, between=between, tables=wanted, draft=draft) if wanted else []
    known = {t.id: t for t in Table.objects.filter(id__in=wanted).select_related("hall")}
    elsewhere = {s.table_id for s in theirs if s.table_id} - set(known)
    halls = {t.id: t.hall_id for t in known.values()}
    halls |= dict(Table.objects.filter(id__in=elsewhere).values_list("id", "hall_id"))
    return Facts(
        edition,
        request,
        known,
        timedelta(minutes=board.rules_of(edition).walk_minutes),
        zone,
        clock.now(),
        stated(edition, list(names)),
        names,
        theirs,
        at_tables,
        _holds(request, [*names, *wanted], between),
        halls,
        bool(request.organisation_id)
        and Table.objects.filter(
            hall__edition=edition, hall__closed=False, organisation_id=request.organisation_id
        ).exists(),
        moved if moved is not None else {},
    )


def _holds(
    request: MeetingRequest, resources: Sequence[UUID], between: Slot
) -> dict[tuple[UUID, datetime], str]:
    """What others than meetings hold; a proposal for this very meeting is no obstacle to it."""
    own = Proposal.objects.filter(meeting__request=request, state="open").values("id")
    held: dict[tuple[UUID, datetime], str] = {}
    for some in chunks(resources):
        rows = (
            # Not by edition: the index of resource and cell is what finds these few rows.
            Occupancy.objects.filter(
                Q(expires_at=None) | Q(expires_at__gt=clock.now()),
                resource_id__in=some,
                cell__gte=between[0],
                cell__lt=between[1],
            )
            .exclude(holder_kind="meeting")
            .exclude(holder_id__in=own)
        )
        for resource, cell, kind in rows.values_list("resource_id", "cell", "holder_kind"):
            held[resource, cell] = kind
    return held


def movable(spot: Spot, now: datetime) -> bool:
    """Whether a meeting may be asked to make room."""
    return spot.status == Meeting.Status.PLANNED and not spot.locked and spot.starts_at > now
