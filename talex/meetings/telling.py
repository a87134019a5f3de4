"""Mails about meetings: each person gets one for each change set, with a calendar part.

It follows the ledger's entries within their transaction (`ledger.within`), so a meeting is told of
whoever changes it, by whichever way, and a release of a whole timetable is one mail a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy

from talex.core import clock, outbox
from talex.core.chunks import chunks
from talex.core.outbox import CalendarPart, Group, Kind, Letter, Recipient
from talex.editions.models import Edition
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.meetings import calendars, ended, proposals, reasons
from talex.meetings.models import Meeting, Proposal, RequestParty, Side
from talex.meetings.wording import Item, context
from talex.participants.addresses import recipients_of

PLACED, MOVED, CANCELLED = (
    "meetings.meeting.placed", "meetings.meeting.moved", "meetings.meeting.cancelled",
)  # fmt: skip
MADE = "meetings.proposal.made"
ENDED = frozenset(
    f"meetings.proposal.{state}"
    for state in (Proposal.State.DECLINED, Proposal.State.EXPIRED, Proposal.State.WITHDRAWN)
)
RELEASED = "meetings.timetable.released"
EVENTS = frozenset({PLACED, MOVED, CANCELLED, MADE, RELEASED}) | ENDED


def _kind(name: str, title: Any, whom: Any, *, urgent: bool = False) -> Kind:
    return Kind(
        f"meetings.{name}", title, f"meetings/mail/{name}",
        group=Group.MEETINGS, urgent=urgent, whom=whom,
    )  # fmt: skip


EACH = gettext_lazy("Each person of both sides")
ASKED_SIDE = gettext_lazy("Each person of the side that is asked")
KINDS = (
    _kind("timetable", gettext_lazy("Timetable released: all one's meetings"), EACH),
    _kind("placed", gettext_lazy("Meeting placed"), EACH),
    _kind("moved", gettext_lazy("Meeting moved"), EACH, urgent=True),
    _kind("cancelled", gettext_lazy("Meeting called off"), EACH, urgent=True),
    _kind("changed", gettext_lazy("Several changes to one's meetings"), EACH, urgent=True),
    _kind(
        "time_proposed", gettext_lazy("Another time proposed by a side"), ASKED_SIDE, urgent=True
    ),
    _kind(
        "confirm_asked", gettext_lazy("Office asks to confirm a new time"), ASKED_SIDE, urgent=True
    ),
    _kind("time_kept", gettext_lazy("Proposed time came to nothing"), EACH),
)


def register() -> None:
    """Called once, when Talex starts."""
    for kind in KINDS:
        outbox.register_kind(kind)
    register_within("meetings.telling", EVENTS, tell)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one meeting in a unit of work. `before`: where it was."""

    meeting: Meeting
    what: str  # placed | moved | cancelled | proposed | kept
    before: datetime | None = None
    proposal: Proposal | None = None


def tell(entries: list[Pending]) -> None:
    """Write to everybody whose meetings changed. In the transaction of the changes."""
    by_edition: dict[str, list[Pending]] = {}
    for entry in entries:
        by_edition.setdefault(entry.chain, []).append(entry)
    for chain, mine in by_edition.items():
        edition = Edition.objects.get(pk=UUID(chain))
        released = any(e.event == RELEASED for e in mine)
        outbox.tell_many(_letters(edition, _changes(mine), released=released))


def _changes(entries: Sequence[Pending]) -> list[Change]:
    happened: dict[UUID, list[Pending]] = {}
    for entry in entries:
        if entry.event != RELEASED and entry.object_id is not None:
            happened.setdefault(entry.object_id, []).append(entry)
    meetings = load(happened)
    asking = proposals.open_for(
        pk for pk, found in happened.items() if any(e.event == MADE for e in found)
    )
    changes = []
    for pk, found in happened.items():
        meeting = meetings.get(pk)
        # What is over is history: nobody is told of it, however it comes to be written.
        if meeting is None or meeting.starts_at <= clock.now():
            continue
        change = _change(meeting, found, asking.get(pk))
        if change is not None:
            changes.append(change)
    return sorted(changes, key=lambda c: (c.meeting.starts_at, str(c.meeting.id)))


def _change(meeting: Meeting, found: Sequence[Pending], asked: Proposal | None) -> Change | None:
    acts = [e for e in found if e.event in (PLACED, MOVED, CANCELLED)]
    if acts:
        new = acts[0].event == PLACED
        if meeting.status == Meeting.Status.CANCELLED:
            # Placed and called off in one act: nobody ever knew of it.
            return None if new else Change(meeting, "cancelled")
        if meeting.status != Meeting.Status.PLANNED:
            return None
        return Change(meeting, "placed" if new else "moved", None if new else _before(acts[0]))
    if meeting.status != Meeting.Status.PLANNED:
        return None
    return Change(meeting, "proposed", proposal=asked) if asked else Change(meeting, "kept")


def _before(entry: Pending) -> datetime | None:
    said = json.loads(entry.canonical).get("facts", {}).get("before")
    return datetime.fromisoformat(said) if said else None


def load(ids: Iterable[UUID]) -> dict[UUID, Meeting]:
    """Meetings with all that a mail about them says."""
    found: dict[UUID, Meeting] = {}
    parties = RequestParty.objects.select_related("person__user")
    for some in chunks(ids):
        rows = Meeting.objects.filter(pk__in=some).select_related(
            "edition", "request__organisation", "table__hall"
        )
        rows = rows.prefetch_related(Prefetch("request__parties", parties))
        found |= {meeting.pk: meeting for meeting in rows}
    return found


def _letters(edition: Edition, changes: Sequence[Change], *, released: bool) -> list[Letter]:
    theirs: dict[Recipient, dict[str, list[Item]]] = {}
    everybody = {p.person_id for c in changes for p in c.meeting.request.parties.all()}
    known = recipients_of(everybody, edition.pk)
    gone = _out_of_sight(edition, changes)
    for change in changes:
        reached: set[Recipient] = set()
        for party in change.meeting.request.parties.all():
            to = known.get(party.person_id)
            if to is None or to in reached or not _concerns(change, party.side):
                continue
            reached.add(to)
            item = Item(
                change.meeting, change.what, party.person, change.before, change.proposal,
                opens=party.side == Side.TALENT or change.meeting.request_id not in gone,
            )  # fmt: skip
            theirs.setdefault(to, {}).setdefault(_bucket(change), []).append(item)
    return [
        letter(edition, to, name_of(bucket, items, released=released), items)
        for to, buckets in theirs.items()
        for bucket, items in buckets.items()
    ]


def _out_of_sight(edition: Edition, changes: Sequence[Change]) -> set[UUID]:
    """The requests whose called off meetings the employer's people cannot open any more."""
    gone: set[UUID] = set()
    theirs: dict[UUID, set[UUID]] = {}
    for change in changes:
        request = change.meeting.request
        if change.what != "cancelled" or request.organisation_id is None:
            continue
        if reasons.keeps_secret(change.meeting):
            gone.add(request.pk)
        theirs.setdefault(request.organisation_id, set()).add(request.pk)
    for organisation, requests in theirs.items():
        unnamed = ended.unnamed(edition.pk, organisation).values_list("request_id", flat=True)
        gone |= requests.intersection(unnamed)
    return gone


def _concerns(change: Change, side: str) -> bool:
    """A proposal is told to the side that has to answer; all else to everybody."""
    found = change.proposal
    if found is None:
        return True
    return side == found.asked_side if found.asked_side else side != found.side


def _bucket(change: Change) -> str:
    if change.proposal is not None:
        office = change.proposal.side == proposals.OFFICE
        return "confirm_asked" if office else "time_proposed"
    return "time_kept" if change.what == "kept" else "changes"


def name_of(bucket: str, items: Sequence[Item], *, released: bool) -> str:
    """The kind that tells a person of these."""
    if bucket != "changes":
        return bucket
    kinds = {item.what for item in items}
    if kinds == {"placed"}:
        return "timetable" if released else "placed"
    return kinds.pop() if len(kinds) == 1 else "changed"


def letter(
    edition: Edition, to: Recipient, name: str, items: Sequence[Item], **more: Any
) -> Letter:
    """One person's mail about these meetings."""
    agenda = settings.TALEX_URL + reverse("meetings:agenda", args=[edition.slug])
    return Letter(
        to,
        f"meetings.{name}",
        lambda: context(edition, name, items, agenda),
        edition.pk,
        calendar=_part(edition, to, items),
        about=about(items),
        **more,
    )


def about(items: Sequence[Item]) -> frozenset[UUID]:
    """Whom the mail names beside its readers."""
    readers = {item.reader.pk for item in items}
    named = {p.person_id for item in items for p in item.meeting.request.parties.all()}
    return frozenset(named - readers)


def _part(edition: Edition, to: Recipient, items: Sequence[Item]) -> Callable[[], CalendarPart]:
    """One meeting is a REQUEST or CANCEL, which programmes put into the calendar by themselves;
    several are published together (see `calendars.published`)."""
    meetings = [item.meeting for item in items]
    readers = {item.reader.pk for item in items}
    if len(meetings) > 1:
        return lambda: calendars.published(edition, meetings, readers=readers)
    asked = items[0].proposal is not None
    return lambda: calendars.invitation(
        meetings[0], to.email, to.language, asked=asked, readers=readers
    )
