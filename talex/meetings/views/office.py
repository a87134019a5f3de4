"""What the office works with: lists, the timetable, placing by hand."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.jobs import cancel as cancel_job
from talex.editions.http import EditionRequest
from talex.meetings import (
    board,
    grids,
    lists,
    marks,
    places,
    queries,
    reasons,
    rules,
    services,
    tasks,
    zones,
)
from talex.meetings.forms import PlaceForm, ScheduleForm
from talex.meetings.models import Meeting, MeetingRequest, TimetableVersion
from talex.meetings.views.common import crumbs, office_only, url
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import list_view

NOTHING = UUID(int=0)
"""Stands for a meeting in an address that a script fills in."""


def meeting_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    if not rules.can_list(request.actor, request.edition.id):
        raise NotAllowed
    office = rules.can_schedule(request.actor, request.edition.id)
    return list_view(
        request,
        lists.meetings(
            request.edition, office=rules.can_schedule(request.actor, request.edition.id)
        ),
        queries.meetings(request.actor, request.edition),
        context={
            "heading": _("Meetings"),
            "crumbs": [{"label": _("Meetings")}],
            "actions_template": "meetings/_list_actions.html",
            "can_schedule": office,
        },
    )


def request_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    if not rules.can_audit_meetings(request.actor, request.edition.pk):
        raise NotAllowed
    may_place = rules.can_schedule(request.actor, request.edition.pk)
    return list_view(
        request,
        lists.requests(request.edition, may_place=may_place),
        queries.open_requests(request.edition),
        context={
            "heading": _("Waiting for a place"),
            "crumbs": crumbs(request, {"label": _("Waiting for a place")}),
        },
    )


@require_GET
def timetable_page(request: EditionRequest, edition: str) -> HttpResponse:
    """The timetable as a grid: by hall, by organisation or by person, one day at a time."""
    office_only(request)
    view = grids.wanted(request.GET)
    grid = marks.marked(request.edition, grids.grid(request.edition, view))
    draft = board.draft_of(request.edition)
    waiting = queries.waiting(request.edition, draft)
    last_job = tasks.last_job(request.edition)
    return render(
        request,
        "meetings/timetable.html",
        {
            "grid": grid,
            "used_share": grid.used / grid.places if grid.places else 0,
            "used_note": ngettext(
                "%(used)s of %(places)s place", "%(used)s of %(places)s places", grid.places
            )
            % {"used": grid.used, "places": grid.places},
            "tabs": grids.tabs(view, url(request, "timetable")),
            "last": TimetableVersion.objects.filter(edition=request.edition, state="released")
            .order_by("-number")
            .first(),
            "draft": draft,
            "changes": board.differing(draft),
            "nothing": NOTHING,
            "grid_query": view.query(day=grid.day.isoformat() if grid.day else ""),
            "waiting": [(code, reasons.unplaced(code), n) for code, n in waiting],
            "waiting_count": sum(n for _code, n in waiting),
            "placed": Meeting.objects.filter(edition=request.edition)
            .exclude(status=Meeting.Status.CANCELLED)
            .count(),
            "job": last_job,
            "phase": tasks.phase(last_job.done) if last_job is not None else "",
            "unchanged": tasks.unchanged(last_job) if draft is None else None,
            "crumbs": crumbs(request, {"label": _("Timetable")}),
        },
    )


@require_GET
def job(request: EditionRequest, edition: str) -> HttpResponse:
    """How far the timetable is; tells the page to load anew once it is there."""
    office_only(request)
    found = tasks.last_job(request.edition)
    shown = {"job": found, "phase": tasks.phase(found.done) if found is not None else ""}
    answer = render(request, "meetings/_job.html", shown)
    if found is None or found.finished:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def stop(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Cancel the timetable that is being made; what stands now stays."""
    office_only(request)
    found = tasks.last_job(request.edition)
    if found is not None and not found.finished:
        cancel_job(request.actor, found.id)
        flash(request, _("The timetable is being stopped. What people see stays as it is."))
    return redirect("meetings:timetable", edition=edition)


def make(request: EditionRequest, edition: str) -> HttpResponseBase:
    office_only(request)
    page = url(request, "timetable")
    return service_form(
        request,
        ScheduleForm(request.POST or None, initial={"seconds": 30}),
        lambda data, key: tasks.start(
            request.actor, request.edition, seconds=float(data["seconds"])
        ),
        success_url=page,
        success=_("The timetable is being made, as a draft. You can go on working meanwhile."),
        context={
            "heading": _("Make the timetable"),
            "intro": _(
                "Every wanted meeting gets a place where there is one. Meetings that are locked, "
                "over or under way stay where they are; the others move only "
                "where that places more, or makes somebody's day shorter."
            ),
            "submit_label": _("Make the timetable"),
            "cancel_url": page,
            "crumbs": crumbs(
                request, {"label": _("Timetable"), "url": page}, {"label": _("Make the timetable")}
            ),
        },
    )


def book(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Place one wanted meeting by hand: the office, or its sides once a timetable is out."""
    wanted = MeetingRequest.objects.filter(edition=request.edition, id=pk).first()
    office = rules.can_schedule(request.actor, request.edition.pk)
    if wanted is None:
        raise NotFound
    if not rules.can_place(request.actor, wanted):
        raise NotAllowed
    if wanted.state == MeetingRequest.State.WITHDRAWN or not (
        office or wanted.state == MeetingRequest.State.OPEN
    ):
        raise Conflict(reasons.NOT_WANTED)
    page = url(request, "requests" if office else "agenda")
    meeting = Meeting.objects.filter(request=wanted).first() or Meeting(
        edition=request.edition, request=wanted
    )
    form = PlaceForm(
        request.POST or None,
        places=places.places_for(request.edition, meeting) if wanted.state == "open" else [],
        edition=request.edition,
        zone=zones.own_zone(request.actor, request.edition),
        choose_table=office,
        initial={"sequence": 0},
    )
    return service_form(
        request,
        form,
        lambda data, key: services.book_meeting(
            request.actor,
            request.edition,
            services.BookMeeting(pk, data["place"], data.get("table")),
        ),
        success_url=lambda made: url(request, "meeting", pk=made.pk),
        success=_("The meeting has a place now. Both sides see it."),
        template="meetings/place.html",
        context={
            "heading": _("Place the meeting by hand")
            if office
            else _("Choose a time for your meeting"),
            "submit_label": _("Place the meeting") if office else _("Take this time"),
            "of_a_side": not office,
            "cancel_url": page,
            "form_class": "form-wide",
            "request_": wanted,
            "parties": queries.names_for(request.actor, wanted),
            # What the office has to do next is nothing to tell the two sides.
            "why": lists.why(wanted) if office or wanted.unplaced else "",
            "places": form.places,
            "crumbs": crumbs(
                request,
                *([{"label": _("Waiting for a place"), "url": page}] if office else ()),
                {"label": wanted.subject_title},
            ),
        },
    )
