"""What a person has to do next because of meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from talex.core import clock
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.meetings import calendars, proposals, punctuation, queries, rules
from talex.meetings.availability import stated
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side
from talex.programme.models import Day, Table

NEWS = timedelta(days=3)
"""How long a new time or a meeting called off is told as news."""


def steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """One's next meeting and what changed; outcomes to tell; what the office has to place."""
    if actor.persons() and rules.has_agenda(actor, edition.id):
        yield from _own(actor, edition)
    if rules.has_agenda(actor, edition.id):
        yield from _asked(actor, edition)
    if rules.can_schedule(actor, edition.id):
        yield from _office(edition)
    elif organisations := actor.organisations(edition.id):
        untold = queries.without_outcome(edition).filter(request__organisation_id__in=organisations)
        yield from _outcomes(untold.count(), reverse("meetings:agenda", args=[edition.slug]))


def _own(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    now = clock.now()
    with_me = RequestParty.objects.filter(person_id__in=actor.persons()).values("request_id")
    ahead = list(
        Meeting.objects.filter(rules.visible(actor), edition=edition, request_id__in=with_me)
        .filter(ends_at__gt=now)
        .exclude(status__in=[Meeting.Status.HELD, Meeting.Status.NO_SHOW])
        .select_related("request__organisation", "table__hall")
        .order_by("starts_at", "id")
    )
    planned = [m for m in ahead if m.status == Meeting.Status.PLANNED]
    news = [m for m in ahead if m.sequence > 0 and m.changed_at > now - NEWS]
    agenda = reverse("meetings:agenda", args=[edition.slug])
    if planned:
        first = planned[0]
        yield NextStep(
            "meetings.next",
            _("Your next meeting: %(when)s") % {"when": calendars.when_line(first)},
            reverse("meetings:meeting", args=[edition.slug, first.id]),
            _("%(with)s, %(place)s")
            % {"with": _with(actor, first), "place": calendars.place_line(first)},
            "calendar",
            _("See the meeting"),
            order=10,
        )
    yield from _unsuitable(actor, edition, planned)
    for meeting in news[:3]:
        off = meeting.status == Meeting.Status.CANCELLED
        yield NextStep(
            f"meetings.changed.{meeting.id}",
            _("A meeting was called off") if off else _("A meeting has a new time or table"),
            agenda if off else reverse("meetings:meeting", args=[edition.slug, meeting.id]),
            _("%(with)s, %(when)s")
            % {"with": _with(actor, meeting), "when": calendars.when_line(meeting)},
            "bell",
            _("My agenda") if off else _("See the meeting"),
            order=5,
        )
    if (more := len(news) - 3) > 0:
        yield NextStep(
            "meetings.changed.more",
            ngettext(
                "%(count)d more meeting was changed", "%(count)d more meetings were changed", more
            )
            % {"count": more},
            agenda,
            "",
            "bell",
            _("My agenda"),
            order=5,
        )


def _unsuitable(actor: Actor, edition: Edition, planned: list[Meeting]) -> Iterator[NextStep]:
    """Meetings at times that one has said since do not suit; they stay until they are moved."""
    said = [one for rows in stated(edition, actor.persons()).values() for one in rows]
    off = [m for m in planned if not all(one.suits((m.starts_at, m.ends_at)) for one in said)]
    if off:
        yield NextStep(
            "meetings.unsuitable",
            ngettext(
                "%(count)s meeting is at a time that does not suit you",
                "%(count)s meetings are at times that do not suit you",
                len(off),
            )
            % {"count": len(off)},
            reverse("meetings:propose", args=[edition.slug, off[0].id]),
            _("You said since when you can meet. Propose another time, or call it off."),
            "clock",
            _("Find another time"),
            order=6,
            count=len(off),
        )


def _asked(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Times proposed by the other side that wait for an answer; how one's own ended."""
    for proposal in proposals.waiting_for(actor, edition)[:5]:
        meeting = proposal.meeting
        yield NextStep(
            f"meetings.proposal.{proposal.id}",
            _("Another time is proposed: %(when)s")
            % {"when": calendars.moment_line(proposal.starts_at, edition)},
            reverse("meetings:meeting", args=[edition.slug, meeting.id]),
            _("%(with)s. Answer until %(until)s.")
            % {
                "with": _with(actor, meeting),
                "until": calendars.moment_line(proposal.expires_at, edition),
            },
            "clock",
            _("Answer"),
            order=4,
        )
    for proposal in proposals.ended_for(actor, edition)[:3]:
        yield NextStep(
            f"meetings.proposal.ended.{proposal.id}",
            proposals.ended(proposal),
            reverse("meetings:meeting", args=[edition.slug, proposal.meeting_id]),
            _("%(with)s, %(when)s")
            % {
                "with": _with(actor, proposal.meeting),
                "when": calendars.when_line(proposal.meeting),
            },
            "info",
            _("See the meeting"),
            order=6,
        )


def _with(actor: Actor, meeting: Meeting) -> str:
    """The other side, as the actor meets it."""
    organisation = meeting.request.organisation
    if organisation and organisation.pk in actor.organisations(meeting.edition_id):
        talents = RequestParty.objects.filter(request=meeting.request_id, side=Side.TALENT)
        names = [name for name in talents.values_list("person__name", flat=True) if name]
        if names:
            return str(punctuation.listed(names))
    return str(organisation.name) if organisation else str(meeting.request.subject_title)


def _outcomes(count: int, url: str) -> Iterator[NextStep]:
    if count:
        yield NextStep(
            "meetings.outcomes",
            ngettext_lazy(
                "Tell how %(count)d meeting went", "Tell how %(count)d meetings went", count
            )
            % {"count": count},
            url,
            _("They are over, and nobody has said yet whether they were held."),
            "check-circle",
            _("Tell it"),
            order=20,
            count=count,
        )


def _office(edition: Edition) -> Iterator[NextStep]:
    slug = [edition.slug]
    waiting = MeetingRequest.objects.filter(
        edition=edition, state=MeetingRequest.State.OPEN
    ).count()
    ready = Day.objects.filter(edition=edition).exists() and (
        Table.objects.filter(hall__edition=edition, hall__closed=False).exists()
    )
    if not ready:
        yield NextStep(
            "meetings.places",
            _("Set up halls with tables and the days of the meetings"),
            reverse("programme:halls", args=slug),
            _("The timetable needs to know where and when meetings can be held."),
            "building",
            _("Halls and days"),
            order=40,
        )
    elif waiting:
        yield NextStep(
            "meetings.waiting",
            ngettext_lazy(
                "Find a place for %(count)d wanted meeting",
                "Find places for %(count)d wanted meetings",
                waiting,
            )
            % {"count": waiting},
            reverse("meetings:timetable", args=slug),
            _("Make the timetable, or place them by hand."),
            "clock",
            _("Timetable"),
            order=50,
            count=waiting,
        )
    over = queries.without_outcome(edition).count()
    yield from _outcomes(over, reverse("meetings:meetings", args=slug) + "?over=yes")
