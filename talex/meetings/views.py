"""Pages of meetings: thin; what is read is in `queries`, what is written in `services`."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.meetings import calendars, grids, lists, queries, rules, scheduling, services, tasks
from talex.meetings.forms import CancelForm, HeldForm, MoveForm, ReleaseForm, ScheduleForm
from talex.meetings.models import Meeting, RequestParty, TimetableVersion
from talex.participants.models import Organisation, Person
from talex.programme.models import Hall, Table
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import list_view

ICS = "text/calendar; charset=utf-8"


def _meeting(request: EditionRequest, pk: UUID) -> Meeting:
    found = queries.meetings(request.actor, request.edition).filter(id=pk).first()
    if found is None:
        raise NotFound
    return found


def _office(request: EditionRequest) -> None:
    if not rules.can_schedule(request.actor, request.edition.id):
        raise NotAllowed


def meeting_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    if not rules.can_list(request.actor, request.edition.id):
        raise NotAllowed
    return list_view(
        request,
        lists.meetings(request.edition),
        queries.meetings(request.actor, request.edition),
        context={
            "heading": _("Meetings"),
            "crumbs": [{"label": _("Meetings")}],
            "actions_template": "meetings/_list_actions.html",
        },
    )


def request_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    _office(request)
    return list_view(
        request,
        lists.requests(request.edition),
        queries.open_requests(request.edition),
        context={"heading": _("Waiting for a place"), "crumbs": _crumbs(request)},
    )


def _crumbs(request: EditionRequest, *more: dict[str, Any]) -> list[dict[str, Any]]:
    top = {
        "label": _("Meetings"),
        "url": reverse("meetings:meetings", kwargs={"edition": request.edition.slug}),
    }
    return [top, *more]


@require_GET
def timetable_page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The timetable as a grid: one hall and day at a time, tables across, times down."""
    _office(request)
    return render(
        request,
        "meetings/timetable.html",
        {
            "grid": grids.hall_grid(
                request.edition, request.GET.get("hall", ""), request.GET.get("day", "")
            ),
            "versions": TimetableVersion.objects.filter(edition=request.edition)[:10],
            "waiting": queries.open_requests(request.edition).count(),
            "job": grids.running_job(request.edition),
            "crumbs": _crumbs(request, {"label": _("Timetable")}),
        },
    )


def make(request: EditionRequest, edition: str) -> HttpResponseBase:
    _office(request)
    page = reverse("meetings:timetable", kwargs={"edition": edition})
    return service_form(
        request,
        ScheduleForm(request.POST or None, initial={"seconds": 30}),
        lambda data, key: tasks.start(
            request.actor, request.edition, seconds=float(data["seconds"])
        ),
        success_url=page,
        success=_("The timetable is being made. You can go on working meanwhile."),
        context={
            "heading": _("Make the timetable"),
            "submit_label": _("Make the timetable"),
            "cancel_url": page,
            "crumbs": _crumbs(request, {"label": _("Make the timetable")}),
        },
    )


def release(request: EditionRequest, edition: str) -> HttpResponseBase:
    _office(request)
    page = reverse("meetings:timetable", kwargs={"edition": edition})
    return service_form(
        request,
        ReleaseForm(request.POST or None),
        lambda data, key: scheduling.release_timetable(
            request.actor, request.edition, data["note"]
        ),
        success_url=page,
        success=_("The timetable is released."),
        context={
            "heading": _("Release the timetable"),
            "submit_label": _("Release"),
            "cancel_url": page,
            "crumbs": _crumbs(request, {"label": _("Release")}),
        },
    )


@require_GET
def detail(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    actor = request.actor
    return render(
        request,
        "meetings/meeting.html",
        {
            "meeting": meeting,
            "place": calendars.place_line(meeting),
            "parties": list(meeting.request.parties.all()),
            "can_move": rules.can_move(actor, meeting) and meeting.status == Meeting.Status.PLANNED,
            "can_tell": rules.can_tell_outcome(actor, meeting)
            and meeting.status != Meeting.Status.CANCELLED,
            "can_lock": rules.can_schedule(actor, meeting.edition_id)
            and meeting.status == Meeting.Status.PLANNED,
            "extras": [extra(actor, meeting) for extra in DETAIL_EXTRAS],
            "crumbs": _crumbs(request, {"label": meeting.request.subject_title}),
        },
    )


DETAIL_EXTRAS: list[Any] = []
"""Parts that rooms above add to a meeting's page: (actor, meeting) -> safe HTML or ''."""


def move(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    if not rules.can_move(request.actor, meeting):
        raise NotAllowed
    page = reverse("meetings:meeting", kwargs={"edition": edition, "pk": pk})
    places = [
        place
        for place in queries.places_for(request.edition, meeting)
        if place.starts_at != meeting.starts_at
    ]
    form = MoveForm(request.POST or None, places=places, initial={"sequence": meeting.sequence})
    return service_form(
        request,
        form,
        lambda data, key: services.move_meeting(
            request.actor,
            request.edition,
            services.MoveMeeting(pk, data["place"], data["sequence"]),
        ),
        success_url=page,
        success=_("The meeting is moved. Both sides see the new time."),
        template="meetings/move.html",
        context={
            "heading": _("Move the meeting"),
            "submit_label": _("Move the meeting"),
            "cancel_url": page,
            "meeting": meeting,
            "places": places,
            "crumbs": _crumbs(
                request, {"label": meeting.request.subject_title, "url": page}, {"label": _("Move")}
            ),
        },
    )


def cancel(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    if not rules.can_cancel(request.actor, meeting):
        raise NotAllowed
    page = reverse("meetings:meeting", kwargs={"edition": edition, "pk": pk})
    return service_form(
        request,
        CancelForm(request.POST or None, initial={"sequence": meeting.sequence}),
        lambda data, key: services.cancel_meeting(
            request.actor,
            request.edition,
            services.CancelMeeting(pk, data["sequence"], data["reason"]),
        ),
        success_url=page,
        success=_("The meeting is called off. Both calendars are told."),
        context={
            "heading": _("Call the meeting off"),
            "submit_label": _("Call it off"),
            "cancel_url": page,
            "crumbs": _crumbs(
                request,
                {"label": meeting.request.subject_title, "url": page},
                {"label": _("Call off")},
            ),
        },
    )


def outcome(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    if not rules.can_tell_outcome(request.actor, meeting):
        raise NotAllowed
    page = reverse("meetings:meeting", kwargs={"edition": edition, "pk": pk})
    return service_form(
        request,
        HeldForm(request.POST or None),
        lambda data, key: services.tell_outcome(
            request.actor, request.edition, services.TellOutcome(pk, data["status"])
        ),
        success_url=page,
        success=_("Recorded."),
        context={
            "heading": _("How did the meeting go?"),
            "submit_label": _("Record"),
            "cancel_url": page,
            "crumbs": _crumbs(
                request,
                {"label": meeting.request.subject_title, "url": page},
                {"label": _("Outcome")},
            ),
        },
    )


@require_POST
def lock(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    changed = services.lock_meeting(request.actor, request.edition, pk, not meeting.locked)
    flash(
        request,
        _("The meeting keeps its time and table.")
        if changed.locked
        else _("The meeting may be moved again."),
    )
    return redirect("meetings:meeting", edition=edition, pk=pk)


KINDS: dict[str, Any] = {
    "person": Person, "organisation": Organisation, "table": Table, "hall": Hall,
}  # fmt: skip


def _of(request: EditionRequest, kind: str, pk: UUID) -> Any:
    model = KINDS.get(kind)
    owner = model.objects.filter(id=pk).first() if model else None
    if owner is None or not rules.can_see_agenda(request.actor, request.edition.id, kind, pk):
        raise NotFound
    return owner


def _agenda_page(
    request: EditionRequest, meetings: list[Meeting], title: Any, calendar: str, feed_url: str = ""
) -> HttpResponseBase:
    days = [
        (day, list(rows))
        for day, rows in groupby(meetings, lambda m: timezone.localtime(m.starts_at).date())
    ]
    return render(
        request,
        "meetings/agenda.html",
        {
            "days": days,
            "title": title,
            "calendar_url": calendar,
            "feed_url": feed_url,
            "now": timezone.now(),
            "crumbs": [{"label": _("Agenda")}],
        },
    )


@require_GET
def my_agenda(request: EditionRequest, edition: str) -> HttpResponseBase:
    if not rules.has_agenda(request.actor, request.edition.id):
        raise NotAllowed
    mine = _mine(request).exclude(status=Meeting.Status.CANCELLED)
    feed_url = ""
    person = next(iter(sorted(request.actor.persons(), key=str)), None)
    if person is not None:
        token = calendars.feed_token(request.edition, person)
        feed_url = request.build_absolute_uri(reverse("meetings:feed", kwargs={"token": token}))
    return _agenda_page(
        request,
        list(mine),
        _("My agenda"),
        reverse("meetings:calendar", kwargs={"edition": edition}),
        feed_url,
    )


def _mine(request: EditionRequest) -> Any:
    with_me = RequestParty.objects.filter(person_id__in=request.actor.persons())
    return queries.meetings(request.actor, request.edition).filter(
        request_id__in=with_me.values("request_id")
    )


@require_GET
def my_calendar(request: EditionRequest, edition: str) -> HttpResponseBase:
    if not rules.has_agenda(request.actor, request.edition.id):
        raise NotAllowed
    return _ics(request, request.edition, _mine(request))


def _ics(request: HttpRequest, edition: Any, meetings: Any) -> HttpResponseBase:
    address = request.build_absolute_uri("/").rstrip("/")
    body = calendars.calendar(edition, meetings, address)
    return HttpResponse(
        body,
        content_type=ICS,
        headers={"Content-Disposition": f'inline; filename="{edition.slug}.ics"'},
    )


@require_GET
def agenda_of(request: EditionRequest, edition: str, kind: str, pk: UUID) -> HttpResponseBase:
    owner = _of(request, kind, pk)
    meetings = queries.agenda(request.actor, request.edition, **{kind: pk})
    name = owner.label if kind == "table" else owner.name
    return _agenda_page(
        request,
        list(meetings),
        name,
        reverse("meetings:calendar_of", kwargs={"edition": edition, "kind": kind, "pk": pk}),
    )


@require_GET
def calendar_of(request: EditionRequest, edition: str, kind: str, pk: UUID) -> HttpResponseBase:
    _of(request, kind, pk)
    return _ics(
        request, request.edition, queries.agenda(request.actor, request.edition, **{kind: pk})
    )


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """A person's agenda for a calendar programme: the address itself is the key."""
    found = calendars.read_token(token)
    if found is None:
        raise NotFound
    edition, meetings = queries.feed(*found)
    return _ics(request, edition, meetings)
