"""Another time: proposed by one side, answered by the other."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.meetings import board, calendars, places, proposals, rules, zones
from talex.meetings.forms import ProposeForm
from talex.meetings.models import Meeting, Proposal
from talex.meetings.views.common import crumbs, meeting_of, url
from talex.ui.flash import flash, flash_done
from talex.ui.forms import service_form


def propose(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Choose among the times that are free for both sides; the other side is asked."""
    meeting = meeting_of(request, pk)
    if not rules.can_propose(request.actor, meeting):
        raise NotAllowed
    page = url(request, "meeting", pk=pk)
    found = places.places_for(request.edition, meeting)
    zone = zones.own_zone(request.actor, request.edition)
    hours = board.rules_of(request.edition).hold_minutes / 60
    form = ProposeForm(
        request.POST or None,
        places=[p for p in found if p.starts_at != meeting.starts_at],
        edition=request.edition,
        zone=zone,
        choose_table=False,
        initial={"sequence": meeting.sequence},
    )
    return service_form(
        request,
        form,
        lambda data, key: proposals.propose(
            request.actor,
            request.edition,
            proposals.ProposeTime(pk, data["place"], data["sequence"], note=data["note"]),
        ),
        success_url=page,
        success=_("The other side is asked. The time is held until they answer."),
        template="meetings/place.html",
        context={
            "heading": _("Propose another time"),
            "intro": ngettext(
                "The meeting stays where it is until the other side accepts. The time you choose"
                " is held for at most %(hours)s hour.",
                "The meeting stays where it is until the other side accepts. The time you choose"
                " is held for at most %(hours)s hours.",
                # Half an hour and one and a half are several.
                int(hours) if hours == int(hours) else 2,
            )
            % {"hours": number_format(round(hours, 2) if hours % 1 else int(hours))},
            "submit_label": _("Propose this time"),
            "cancel_url": page,
            "form_class": "form-wide",
            "request_": meeting.request,
            "meeting": meeting,
            "place": calendars.place_line(meeting),
            "own": zones.span(meeting.starts_at, meeting.ends_at, request.edition, zone),
            "places": form.places,
            "crumbs": crumbs(
                request,
                {"label": meeting.request.subject_title, "url": page},
                {"label": _("Propose another time")},
            ),
        },
    )


def _meeting_page(request: EditionRequest, pk: UUID) -> str:
    """The page of the proposal's meeting. Raises NotFound where the reader may not see it."""
    found = Proposal.objects.filter(id=pk, meeting__edition=request.edition).first()
    if found is None:
        raise NotFound
    return url(request, "meeting", pk=meeting_of(request, found.meeting_id).pk)


@require_POST
def answer(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Accept or decline (`accept` is "1" or "0")."""
    page = _meeting_page(request, pk)
    accept = request.POST.get("accept") == "1"
    try:
        meeting = proposals.answer(
            request.actor, request.edition, proposals.AnswerProposal(pk, accept)
        )
    except Conflict as fault:
        flash(request, str(fault), state="warning")
    else:
        if accept:
            told = _("Accepted: the meeting has its new time, and both calendars know.")
        elif meeting.status == Meeting.Status.CANCELLED:
            told = _("Declined: the meeting is called off and waits for another place.")
        else:
            told = _("Declined: the meeting stays where it is.")
        flash(request, told)
    return redirect(page)


@require_POST
def withdraw(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Take one's proposal back."""
    page = _meeting_page(request, pk)
    flash_done(
        request,
        lambda: proposals.withdraw(request.actor, request.edition, pk),
        _("Your proposal is taken back; the time is free again."),
    )
    return redirect(page)
