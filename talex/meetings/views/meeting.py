"""One meeting: what it is, move it, call it off, tell how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.meetings import (
    calendars,
    history,
    places,
    proposals,
    reasons,
    rules,
    services,
    zones,
)
from talex.meetings.forms import CancelForm, HeldForm, PlaceForm
from talex.meetings.models import Meeting
from talex.meetings.views.common import crumbs, meeting_of, url
from talex.ui.flash import flash
from talex.ui.forms import service_form

DETAIL_EXTRAS: list[Any] = []
"""Parts that rooms above add to a meeting's page: (actor, meeting) -> safe HTML or ''."""


@require_GET
def detail(request: EditionRequest, edition: str, pk: UUID) -> HttpResponse:
    meeting = meeting_of(request, pk)
    actor = request.actor
    planned = meeting.status == Meeting.Status.PLANNED
    office = rules.can_schedule(actor, meeting.edition_id)
    zone = zones.own_zone(actor, request.edition)
    proposal = proposals.open_for([meeting.id]).get(meeting.id) if planned else None
    last = proposals.latest(meeting.id) if planned and proposal is None else None
    return render(
        request,
        "meetings/meeting.html",
        {
            "meeting": meeting,
            "place": calendars.place_line(meeting),
            "own": zones.span(meeting.starts_at, meeting.ends_at, request.edition, zone),
            "why": reasons.called_off(meeting),
            "parties": sorted(meeting.request.parties.all(), key=lambda p: p.side, reverse=True),
            "events": history.of_meeting(actor, meeting),
            "can_move": planned and rules.can_move(actor, meeting),
            "can_cancel": planned and rules.can_cancel(actor, meeting),
            "can_propose": planned and not office and rules.can_propose(actor, meeting),
            "proposal": proposal,
            "proposed": zones.span(proposal.starts_at, proposal.ends_at, request.edition, zone)
            if proposal
            else None,
            "proposed_place": calendars.table_line(proposal.table) if proposal else "",
            "by": proposals.proposer(proposal) if proposal else "",
            "may_answer": proposal is not None and proposals.may_answer(actor, proposal),
            "may_withdraw": proposal is not None and proposals.may_withdraw(actor, proposal),
            "ended": proposals.ended(last) if last else "",
            "can_tell": meeting.status != Meeting.Status.CANCELLED
            and services.has_begun(meeting)
            and rules.can_tell_outcome(actor, meeting),
            "can_lock": planned and office,
            "can_place": office
            and meeting.status == Meeting.Status.CANCELLED
            and meeting.request.state == "open",
            "extras": [extra(actor, meeting) for extra in DETAIL_EXTRAS],
            "crumbs": crumbs(request, {"label": meeting.request.subject_title}),
        },
    )


def _below(request: EditionRequest, meeting: Meeting, label: Any) -> list[dict[str, Any]]:
    page = url(request, "meeting", pk=meeting.pk)
    return crumbs(request, {"label": meeting.request.subject_title, "url": page}, {"label": label})


def move(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = meeting_of(request, pk)
    if not rules.can_move(request.actor, meeting):
        raise NotAllowed
    page = url(request, "meeting", pk=pk)
    found = places.places_for(request.edition, meeting)
    office = rules.can_schedule(request.actor, request.edition.id)
    zone = zones.own_zone(request.actor, request.edition)
    form = PlaceForm(
        request.POST or None,
        # The office may keep the time and take another table.
        places=[p for p in found if p.starts_at != meeting.starts_at or (office and p.tables)],
        edition=request.edition,
        zone=zone,
        choose_table=office,
        now=meeting.starts_at,
        initial={"sequence": meeting.sequence},
    )
    return service_form(
        request,
        form,
        lambda data, key: services.move_meeting(
            request.actor,
            request.edition,
            services.MoveMeeting(pk, data["place"], data["sequence"], data.get("table")),
        ),
        success_url=page,
        success=_("The meeting is moved. Both sides see the new time."),
        template="meetings/place.html",
        context={
            "heading": _("Move the meeting"),
            "submit_label": _("Move the meeting"),
            "cancel_url": page,
            "form_class": "form-wide",
            "request_": meeting.request,
            "meeting": meeting,
            "place": calendars.place_line(meeting),
            "own": zones.span(meeting.starts_at, meeting.ends_at, request.edition, zone),
            "places": form.places,
            "crumbs": _below(request, meeting, _("Move")),
        },
    )


def cancel(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = meeting_of(request, pk)
    theirs = rules.can_cancel(request.actor, meeting) or rules.sides_of(request.actor, meeting)
    if request.method == "GET" or not theirs:
        # What is sent the service answers at the form, with what was typed still there.
        services.check_can_cancel(request.actor, meeting)
    page, listed = url(request, "meeting", pk=pk), url(request, "meetings")
    return service_form(
        request,
        CancelForm(request.POST or None, initial={"sequence": meeting.sequence}),
        lambda data, key: services.cancel_meeting(
            request.actor,
            request.edition,
            services.CancelMeeting(pk, data["sequence"], data["reason"]),
        ),
        # Of what is over the page may name somebody who shows themselves no more.
        success_url=lambda done: page if rules.can_see(request.actor, done) else listed,
        success=_("The meeting is called off. Both calendars are told."),
        context={
            "heading": _("Call the meeting off"),
            "intro": _("Its time is free for others at once."),
            "submit_label": _("Call it off"),
            "danger": True,
            "cancel_url": page,
            # "Cancel" is called in some languages as calling off is: this one goes back.
            "cancel_label": _("Back"),
            "crumbs": _below(request, meeting, _("Call off")),
        },
    )


def outcome(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = meeting_of(request, pk)
    if not rules.can_tell_outcome(request.actor, meeting):
        raise NotAllowed
    page = url(request, "meeting", pk=pk)
    known = meeting.status in (Meeting.Status.HELD, Meeting.Status.NO_SHOW)
    return service_form(
        request,
        HeldForm(request.POST or None, initial={"status": meeting.status if known else None}),
        lambda data, key: services.tell_outcome(
            request.actor, request.edition, services.TellOutcome(pk, data["status"])
        ),
        success_url=page,
        success=_("Recorded."),
        context={
            "heading": _("How did the meeting go?"),
            "submit_label": _("Record"),
            "cancel_url": page,
            "crumbs": _below(request, meeting, _("Outcome")),
        },
    )


@require_POST
def lock(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    meeting = meeting_of(request, pk)
    changed = services.lock_meeting(request.actor, request.edition, pk, not meeting.locked)
    flash(
        request,
        _("The meeting keeps its time and table.")
        if changed.locked
        else _("The meeting may be moved again."),
    )
    return redirect("meetings:meeting", edition=edition, pk=pk)
