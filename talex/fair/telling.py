"""Mails about requests to meet: to the side that did not act, in the reader's language.

It follows the fair's entries within their transaction (`ledger.within`), so a request is told of by
whichever way it is made, answered or ended; several of one act are one mail a reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.core import outbox
from talex.core.chunks import chunks
from talex.core.masking import mask
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.editions.models import Edition
from talex.fair import privacy, stages
from talex.fair.choices import EndedBy, InterestState, Side
from talex.fair.models import Interest, Shortlisting
from talex.fair.services.interests import conference_over
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.meetings.models import Meeting
from talex.participants.addresses import delegates_of, recipients_of

OFF = "meetings.meeting.cancelled"
SHORTLISTED = "fair.talent.shortlisted"
WHAT = {
    "fair.interest.asked": "asked",
    "fair.interest.accepted": "accepted",
    "fair.interest.declined": "declined",
    "fair.interest.expired": "expired",
    "fair.interest.withdrawn": "withdrawn",
    "fair.interest.reminded": "ends_soon",
}
Shown = Mapping[tuple[UUID, UUID], privacy.Shown]
"""(talent, organisation) -> what it sees of them."""
ASKED = gettext_lazy("The side that is asked: the talent, or each delegate")
ASKING = gettext_lazy("The side that asked: the talent, or each delegate")


def _kind(name: str, title: Any, whom: Any) -> Kind:
    return Kind(f"fair.{name}", title, f"fair/mail/{name}", group=Group.REQUESTS, whom=whom)


KINDS = (
    _kind("asked", gettext_lazy("Request or invitation to meet"), ASKED),
    _kind("accepted", gettext_lazy("Request accepted"), ASKING),
    _kind("declined", gettext_lazy("Request declined, with the reason"), ASKING),
    _kind("expired", gettext_lazy("Request expired without an answer"), ASKING),
    _kind(
        "withdrawn", gettext_lazy("Request taken back"), gettext_lazy("The side that did not do it")
    ),
    _kind(
        "shortlisted",
        gettext_lazy("Shortlisted, where the organisation tells it"),
        gettext_lazy("The talent"),
    ),
    Kind(
        "fair.ends_soon",
        gettext_lazy("Request that ends soon without an answer"),
        "fair/mail/ends_soon",
        group=Group.REMINDERS,
        by_day=True,
        whom=ASKED,
    ),
)


def register() -> None:
    """Called once, when Talex starts."""
    for kind in KINDS:
        outbox.register_kind(kind)
    register_within("fair.telling", frozenset({*WHAT, SHORTLISTED, OFF}), tell)


@dataclass(frozen=True)
class Sides:
    """Who is written to: each talent's person, each organisation's delegates; looked up for all
    requests at once, when first asked for."""

    edition: Edition
    interests: Sequence[Interest]

    @cached_property
    def talents(self) -> Mapping[UUID, Recipient]:
        return recipients_of((i.talent.person_id for i in self.interests), self.edition.pk)

    @cached_property
    def employers(self) -> Mapping[UUID, Sequence[Recipient]]:
        return delegates_of((i.opening.organisation_id for i in self.interests), self.edition.pk)

    def of(self, interest: Interest, side: str) -> list[Recipient]:
        if side == Side.TALENT:
            to = self.talents.get(interest.talent.person_id)
            return [to] if to is not None else []
        return list(self.employers.get(interest.opening.organisation_id, ()))


def tell(entries: list[Pending]) -> None:
    """Write to those whose requests changed. In the transaction of the changes."""
    by_edition: dict[str, list[Pending]] = {}
    for entry in entries:
        by_edition.setdefault(entry.chain, []).append(entry)
    for chain, mine in by_edition.items():
        known = _interests(e.object_id for e in mine if e.event in WHAT and e.object_id is not None)
        edition = next((one.edition for one in known.values()), None)
        edition = edition or Edition.objects.get(pk=UUID(chain))
        # After the conference nobody can do anything about a request.
        if not conference_over(edition):
            outbox.tell_many([*_of_requests(edition, mine, known), *_of_shortlists(edition, mine)])


def _of_requests(
    edition: Edition, entries: Sequence[Pending], known: Mapping[UUID, Interest]
) -> list[Letter]:
    acts = [(e, WHAT[e.event]) for e in entries if e.event in WHAT and e.object_id is not None]
    off = _called_off(entries)
    sides = Sides(edition, list(known.values()))
    theirs: dict[tuple[Recipient, str, str], list[Interest]] = {}
    for entry, what in acts:
        interest = known.get(entry.object_id) if entry.object_id is not None else None
        if interest is None:
            continue
        # Both get a mail about the meeting that is called off with it.
        if what == "withdrawn" and (interest.opening_id, interest.talent.person_id) in off:
            continue
        for side in _told(interest, what, entry, sides):
            for to in sides.of(interest, side):
                theirs.setdefault((to, what, side), []).append(interest)
    read = {one for (_to, _what, side), found in theirs.items() if side != Side.TALENT
            for one in found}  # fmt: skip
    shown = privacy.shown_in((one.talent, one.opening.organisation_id) for one in read)
    return [
        _letter(edition, to, what, side, found, shown) for (to, what, side), found in theirs.items()
    ]


#: What the mails say; most columns of the five tables are not read for it.
_READ = (
    "side", "state", "ended_by", "message", "answer", "decline_reason", "expires_at",
    "talent__edition", "talent__person__name", "opening__title", "opening__organisation__name",
    "edition__slug", "edition__name", "edition__state", "edition__ends_on", "edition__time_zone",
)  # fmt: skip


def _interests(ids: Any) -> dict[UUID, Interest]:
    found: dict[UUID, Interest] = {}
    for some in chunks(ids):
        rows = Interest.objects.filter(pk__in=some)
        rows = rows.select_related("talent__person", "opening__organisation", "edition")
        found |= {one.pk: one for one in rows.only(*_READ)}
    return found


def _called_off(entries: Sequence[Pending]) -> set[tuple[UUID, UUID]]:
    """(opening, person) of the meetings that this unit of work calls off."""
    ids = [e.object_id for e in entries if e.event == OFF and e.object_id is not None]
    found: set[tuple[UUID, UUID]] = set()
    for some in chunks(ids):
        rows = Meeting.objects.filter(pk__in=some)
        found |= set(rows.values_list("request__subject_id", "request__parties__person_id"))
    return found


def _told(interest: Interest, what: str, entry: Pending, sides: Sides) -> list[str]:
    """Which sides are told."""
    asking, asked = str(interest.side), str(Side(interest.side).other)
    if what in ("asked", "ends_soon"):
        return [asked]
    if what != "withdrawn":
        return [asking]
    if interest.ended_by:
        return {
            # Who does not want to be heard from is not announced by mail.
            EndedBy.BLOCK.value: [],
            EndedBy.CONSENT.value: [str(Side.EMPLOYER)],
            EndedBy.OPENING.value: [str(Side.TALENT)],
        }.get(interest.ended_by, [asking])
    return [
        side
        for side in (asking, asked)
        if all(str(to.user) != entry.actor for to in sides.of(interest, side))
    ]


def _letter(
    edition: Edition,
    to: Recipient,
    what: str,
    side: str,
    interests: Sequence[Interest],
    shown: Shown,
) -> Letter:
    """`side`: the reader's."""
    inbox = settings.TALEX_URL + reverse("fair:requests", args=[edition.slug])

    def context() -> Mapping[str, Any]:
        return {
            "edition": str(edition.name),
            "count": len(interests),
            "talent": side == Side.TALENT,
            "name": _name(interests[0], side, shown),
            "title": str(interests[0].opening.title),
            "greeting": _("Hello,"),
            "intro": _intro(what, side),
            "items": [_lines(one, what, side, shown) for one in interests],
            "url": inbox,
        }

    return Letter(to, f"fair.{what}", context, edition.pk)


def _name(interest: Interest, side: str, shown: Shown) -> str:
    """The other side as the reader may call it: a talent by an alias before they consent."""
    if side == Side.TALENT:
        return str(interest.opening.organisation.name)
    talent = interest.talent
    own = talent.person.name if shown[talent.pk, interest.opening.organisation_id].profile else ""
    return own or privacy.alias(talent)


def _intro(what: str, side: str) -> str:
    if what == "asked":
        if side == Side.TALENT:
            return _("an organisation invites you to meet. Please accept or decline:")
        return _("a talent asks to meet you. Please accept or decline:")
    return {
        "accepted": _("your request was accepted. The meeting gets its time with the timetable:"),
        "declined": _("your request was declined:"),
        "expired": _("nobody answered your request in time. You can ask again:"),
        "withdrawn": _("this was taken back:"),
        "ends_soon": _("this waits for your answer and ends soon:"),
    }[what]


def _lines(interest: Interest, what: str, side: str, shown: Shown) -> list[str]:
    lines = [f"{interest.opening.title} · {_name(interest, side, shown)}"]
    if what == "declined":
        lines.append(str(stages.declined_words(interest.decline_reason, interest.side)))
    if what == "withdrawn" and interest.ended_by:
        lines.append(str(stages.over_words(interest.state, interest.ended_by, mine=True)))
    words = interest.message if what == "asked" else interest.answer
    if words and what in ("asked", "accepted", "declined"):
        agreed = interest.state == InterestState.ACCEPTED
        lines.append(f"“{words if agreed else mask(words).text}”")
    if what in ("asked", "ends_soon"):
        lines.append(_("Answer until %(when)s") % {"when": stages.venue_instant(interest)})
    return [line for line in lines if line]


def _of_shortlists(edition: Edition, entries: Sequence[Pending]) -> list[Letter]:
    told = [
        e.object_id
        for e in entries
        if e.event == SHORTLISTED
        and e.object_id is not None
        and json.loads(e.canonical)["facts"].get("told") == "yes"
    ]
    if not told:
        return []
    rows = list(
        Shortlisting.objects.filter(pk__in=told, told=True).select_related(
            "talent__person", "opening__organisation"
        )
    )
    known = recipients_of((row.talent.person_id for row in rows), edition.pk)
    url = settings.TALEX_URL + reverse("fair:applications", args=[edition.slug])
    return [
        Letter(
            known[row.talent.person_id],
            "fair.shortlisted",
            {
                "edition": edition.name,
                "name": row.opening.organisation.name,
                "title": row.opening.title,
                "url": url,
            },
            edition.pk,
            # What a talent was told is not told again with each change of the note.
            key=f"fair.shortlisted/{row.pk}",
        )
        for row in rows
        if row.talent.person_id in known
    ]
