"""Mails about requests to meet: to the side that did not act, in the reader's language.

It follows the fair's entries in the worker (`ledger.after`): in the first minutes of a conference
hundreds ask within a second, and composing the mail was two fifths of such a request. A request is
told of by whichever way it is made, answered or ended; several of one act are one mail a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from talex.core.quoting import quoted
from talex.editions.models import Edition
from talex.fair import privacy, stages
from talex.fair.choices import EndedBy, InterestState, Side
from talex.fair.models import Interest, Match, Shortlisting
from talex.fair.outside import suspension
from talex.fair.services.deadlines import conference_over
from talex.fair.services.ending import PLAN_ENDED
from talex.ledger.after import register_after
from talex.ledger.outbox import Event
from talex.meetings.models import Meeting
from talex.participants.addresses import delegates_of, recipients_of

NAME = "fair.telling"
OFF = "meetings.meeting.cancelled"
SHORTLISTED = "fair.talent.shortlisted"
WHAT = {
    "fair.interest.asked": "asked",
    "fair.interest.accepted": "accepted",
    "fair.interest.declined": "declined",
    "fair.interest.expired": "expired",
    "fair.interest.withdrawn": "withdrawn",
    "fair.interest.reminded": "ends_soon",
    PLAN_ENDED: "withdrawn",
}
Shown = Callable[[Interest], privacy.Shown]
"""What the organisation sees of the talent."""
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
    register_after(NAME, frozenset({*WHAT, SHORTLISTED, OFF}), tell)


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


def tell(blocks: Sequence[list[Event]]) -> None:
    """Write to those whose requests changed: of each unit of work one mail a reader and kind."""
    events = [event for block in blocks for event in block]
    here = events[0].edition
    edition = Edition.objects.filter(pk=here).first() if here is not None else None
    if edition is None:
        return
    told = [e for e in events if e.event in WHAT and e.object_id is not None]
    known = _interests(e.object_id for e in told if e.event != PLAN_ENDED)
    known |= _plans({e.object_id: e for e in told if e.event == PLAN_ENDED})
    news = News(edition, known, Sides(edition, list(known.values())), _called_off(events))
    listed = _shortlisted(events)
    letters: list[Letter] = []
    for block in blocks:
        happened = block[0].recorded_at
        # After the conference nobody can do anything about a request.
        if not conference_over(edition, happened):
            new = [*news.letters(block), *_of_shortlists(edition, block, *listed)]
            letters += [replace(letter, at=happened) for letter in new]
    outbox.tell_many(letters)


@dataclass(frozen=True)
class News:
    """What is known of the requests, asked once for all units of work that are told of together.

    `off`: (opening, person) of the meetings that one of them calls off, with its place.
    """

    edition: Edition
    known: Mapping[UUID, Interest]
    sides: Sides
    off: Mapping[UUID, set[tuple[UUID, UUID]]]
    _shown: dict[UUID, dict[UUID, privacy.Shown]] = field(default_factory=dict)

    def shown(self, interest: Interest) -> privacy.Shown:
        """What the organisation may see of the talent; asked once for all requests to it."""
        here = interest.opening.organisation_id
        if here not in self._shown:
            theirs = (i for i in self.known.values() if i.opening.organisation_id == here)
            self._shown[here] = privacy.shown_to(here, (i.talent for i in theirs))
        return self._shown[here][interest.talent_id]

    def letters(self, events: Sequence[Event]) -> Iterator[Letter]:
        """Of one unit of work."""
        off = {pair for event in events for pair in self.off.get(event.id, ())}
        theirs: dict[tuple[Recipient, str, str], list[Interest]] = {}
        for event in events:
            what = WHAT.get(event.event)
            interest = self.known.get(event.object_id) if what and event.object_id else None
            if what is None or interest is None:
                continue
            # Both get a mail about the meeting that is called off with it.
            if what == "withdrawn" and (interest.opening_id, interest.talent.person_id) in off:
                continue
            for side in _told(interest, what, event, self.sides):
                for to in self.sides.of(interest, side):
                    theirs.setdefault((to, what, side), []).append(interest)
        for (to, what, side), found in theirs.items():
            yield _letter(self.edition, to, what, side, found, self.shown)


#: What the mails say; most columns of the five tables are not read for it.
_READ = (
    "side", "state", "ended_by", "message", "answer", "decline_reason", "expires_at",
    "talent__edition", "talent__person__name", "opening__title", "opening__state",
    "opening__last_open", "opening__organisation__name",
    "edition__slug", "edition__name", "edition__state", "edition__ends_on", "edition__time_zone",
)  # fmt: skip


def _interests(ids: Any) -> dict[UUID, Interest]:
    found: dict[UUID, Interest] = {}
    for some in chunks(ids):
        rows = Interest.objects.filter(pk__in=some)
        rows = rows.select_related("talent__person", "opening__organisation", "edition")
        found |= {one.pk: one for one in rows.only(*_READ)}
    return found


def _plans(ended: Mapping[Any, Event]) -> dict[UUID, Interest]:
    """What the office had approved is told of like a request; nothing of it is kept as one."""
    found: dict[UUID, Interest] = {}
    for some in chunks(ended):
        rows = Match.objects.filter(pk__in=some).select_related(
            "talent__person", "opening__organisation", "edition"
        )
        for one in rows.defer("reasons", "components"):
            found[one.pk] = Interest(
                id=one.pk,
                edition=one.edition,
                talent=one.talent,
                opening=one.opening,
                side=Side.EMPLOYER,
                state=InterestState.WITHDRAWN,
                ended_by=str(ended[one.pk].facts.get("why", "")),
            )
    return found


def _called_off(events: Sequence[Event]) -> dict[UUID, set[tuple[UUID, UUID]]]:
    """entry -> (opening, person) of the meeting that it says is called off."""
    entries = {e.object_id: e.id for e in events if e.event == OFF and e.object_id is not None}
    found: dict[UUID, set[tuple[UUID, UUID]]] = {}
    for some in chunks(entries):
        rows = Meeting.objects.filter(pk__in=some)
        for pk, *pair in rows.values_list(
            "pk", "request__subject_id", "request__parties__person_id"
        ):
            found.setdefault(entries[pk], set()).add((pair[0], pair[1]))
    return found


def _told(interest: Interest, what: str, event: Event, sides: Sides) -> list[str]:
    """Which sides are told."""
    asking, asked = str(interest.side), str(Side(interest.side).other)
    if what in ("asked", "ends_soon"):
        return [asked]
    if what != "withdrawn":
        return [asking]
    if interest.ended_by == EndedBy.OFFICE:
        # Who was suspended reads it with the decision; the other side, whoever asked, only here.
        if suspension(interest.edition_id, interest.opening.organisation_id) is not None:
            return [str(Side.TALENT)]
        return [asking, asked]
    if interest.ended_by:
        return {
            # Who does not want to be heard from is not announced by mail.
            EndedBy.BLOCK.value: [],
            EndedBy.CONSENT.value: [str(Side.EMPLOYER)],
            EndedBy.LEFT.value: [str(Side.EMPLOYER)],
            EndedBy.OPENING.value: [str(Side.TALENT)],
            EndedBy.ORG_LEFT.value: [str(Side.TALENT)],
        }.get(interest.ended_by, [asking])
    return [
        side
        for side in (asking, asked)
        if all(str(to.user) != event.actor for to in sides.of(interest, side))
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
            "invitation": _invitations(interests),
            "name": _name(interests[0], side, shown),
            "title": str(interests[0].opening.shown_title),
            "greeting": _("Hello,"),
            "intro": _intro(what, side, invitation=_invitations(interests)),
            "items": [_lines(one, what, side, shown) for one in interests],
            "url": inbox,
        }

    # The organisation is told of talents; these are told of an organisation.
    about = (one.talent.person_id for one in interests if side == Side.EMPLOYER)
    return Letter(to, f"fair.{what}", context, edition.pk, about=frozenset(about))


def _name(interest: Interest, side: str, shown: Shown) -> str:
    """The other side as the reader may call it: a talent by an alias before they consent."""
    if side == Side.TALENT:
        return str(interest.opening.organisation.name)
    talent = interest.talent
    own = talent.person.name if shown(interest).profile else ""
    return own or privacy.alias(talent)


def _invitations(interests: Sequence[Interest]) -> bool:
    """Whether the organisation asked: what it sent, its delegates know as an invitation."""
    return all(one.side == Side.EMPLOYER for one in interests)


def _intro(what: str, side: str, *, invitation: bool) -> str:
    if what == "asked":
        if side == Side.TALENT:
            return _("an organisation invites you to meet. Please accept or decline:")
        return _("a talent asks to meet you. Please accept or decline:")
    if invitation and what in _OF_INVITATIONS:
        return str(_OF_INVITATIONS[what])
    return {
        "accepted": _("your request was accepted. The meeting gets its time with the timetable:"),
        "declined": _("your request was declined:"),
        "expired": _("nobody answered your request in time. You can ask again:"),
        "withdrawn": _("this was taken back:"),
        "ends_soon": _("this waits for your answer and ends soon:"),
    }[what]


_OF_INVITATIONS = {
    "accepted": gettext_lazy(
        "your invitation was accepted. The meeting gets its time with the timetable:"
    ),
    "declined": gettext_lazy("your invitation was declined:"),
    "expired": gettext_lazy("nobody answered your invitation in time. You can invite again:"),
}


def _lines(interest: Interest, what: str, side: str, shown: Shown) -> list[str]:
    lines = [f"{interest.opening.shown_title} · {_name(interest, side, shown)}"]
    if what == "declined":
        lines.append(str(stages.declined_words(interest.decline_reason, interest.side)))
    if what == "withdrawn" and interest.ended_by:
        lines.append(str(stages.over_words(interest.state, interest.ended_by, mine=True)))
    words = interest.message if what == "asked" else interest.answer
    if words and what in ("asked", "accepted", "declined"):
        agreed = interest.state == InterestState.ACCEPTED
        lines.append(quoted(words if agreed else mask(words).text))
    if what in ("asked", "ends_soon"):
        lines.append(_("Answer until %(when)s") % {"when": stages.venue_instant(interest)})
    return [line for line in lines if line]


def _shortlisted(
    events: Sequence[Event],
) -> tuple[Mapping[UUID, Shortlisting], Mapping[UUID, Recipient]]:
    """The shortlistings that are told of, and where their talents are written to."""
    ids = [e.object_id for e in events if _is_told(e) and e.object_id is not None]
    if not ids:
        return {}, {}
    rows = {
        row.pk: row
        for row in Shortlisting.objects.filter(pk__in=ids, told=True).select_related(
            "talent__person", "opening__organisation"
        )
    }
    edition = events[0].edition
    assert edition is not None
    return rows, recipients_of((row.talent.person_id for row in rows.values()), edition)


def _is_told(event: Event) -> bool:
    return event.event == SHORTLISTED and event.facts.get("told") == "yes"


def _of_shortlists(
    edition: Edition,
    events: Sequence[Event],
    rows: Mapping[UUID, Shortlisting],
    known: Mapping[UUID, Recipient],
) -> Iterator[Letter]:
    """Of one unit of work."""
    url = settings.TALEX_URL + reverse("fair:applications", args=[edition.slug])
    for event in events:
        row = rows.get(event.object_id) if _is_told(event) and event.object_id else None
        if row is not None and row.talent.person_id in known:
            yield Letter(
                known[row.talent.person_id],
                "fair.shortlisted",
                {
                    "edition": edition.name,
                    "name": row.opening.organisation.name,
                    "title": row.opening.shown_title,
                    "url": url,
                },
                edition.pk,
                # What a talent was told is not told again with each change of the note.
                key=f"fair.shortlisted/{row.pk}",
            )
