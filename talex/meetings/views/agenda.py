"""Agendas as page, print and iCalendar."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.meetings import agendas, calendars, proposals, queries, rules, versions, zones
from talex.meetings.models import Meeting, RequestParty, Side
from talex.meetings.views.common import crumbs, url
from talex.participants.barred import refuse_barred
from talex.participants.models import Organisation, Person
from talex.programme.models import Hall, Table

ICS = "text/calendar; charset=utf-8"


@require_GET
def my_agenda(request: EditionRequest, edition: str) -> HttpResponse:
    if not rules.has_agenda(request.actor, request.edition.id):
        # Who acts for a suspended organisation has the role, and reads why it opens nothing.
        for one in request.actor.organisations(request.edition.id, pending=True):
            refuse_barred(request.edition.id, one)
        raise NotAllowed
    mine = list(_mine(request))
    zone = zones.own_zone(request.actor, request.edition)
    book = agendas.book(request.edition, mine, zone=zone, reader=request.actor.persons())
    person = next(iter(sorted(request.actor.persons(), key=str)), None)
    feed_url = ""
    if person is not None:
        token = calendars.feed_token(request.edition, person)
        feed_url = request.build_absolute_uri(reverse("meetings:feed", kwargs={"token": token}))
    organisations = Organisation.objects.filter(
        id__in=request.actor.organisations(request.edition.id)
    )
    return render(
        request,
        "meetings/my_agenda.html",
        {
            "book": book,
            "called_off": agendas.called_off(mine),
            "proposed": sorted(
                proposals.open_for(m.id for m in mine).values(), key=lambda p: p.meeting.starts_at
            ),
            "news": versions.news_for(request.edition, request.actor.persons()),
            "calendar_url": url(request, "calendar"),
            "feed_url": feed_url,
            "zone": zone,
            "organisations": organisations,
            "released": queries.was_released(request.edition),
        },
    )


@require_GET
def agenda_of(request: EditionRequest, edition: str, kind: str, pk: UUID) -> HttpResponse:
    owner = _of(request, kind, pk)
    meetings = list(_of_whom(request, kind, pk))
    return render(
        request,
        "meetings/agenda.html",
        {
            "sheets": agendas.sheets(request.edition, kind, owner, meetings),
            "title": agendas.title(kind, owner),
            "kind": kind,
            "count": len(meetings),
            "released": queries.was_released(request.edition),
            "calendar_url": url(request, "calendar_of", kind=kind, pk=pk),
            "crumbs": crumbs(request, {"label": _("Agenda")}),
        },
    )


def _mine(request: EditionRequest) -> QuerySet[Meeting]:
    with_me = RequestParty.objects.filter(person_id__in=request.actor.persons())
    return queries.meetings(request.actor, request.edition).filter(
        request_id__in=with_me.values("request_id")
    )


KINDS: dict[str, Any] = {
    "person": Person.objects,
    "organisation": Organisation.objects,
    "table": Table.objects.select_related("hall"),
    "hall": Hall.objects,
}


def _of(request: EditionRequest, kind: str, pk: UUID) -> Any:
    rows = KINDS.get(kind)
    owner = rows.filter(id=pk).first() if rows is not None else None
    if owner is None or not rules.can_see_agenda(request.actor, request.edition.id, kind, pk):
        raise NotFound
    hall = {"hall": owner, "table": getattr(owner, "hall", None)}.get(kind)
    if hall is not None and hall.edition_id != request.edition.id:
        raise NotFound
    return owner


def _of_whom(
    request: EditionRequest, kind: str, pk: UUID, *, cancelled: bool = False
) -> QuerySet[Meeting]:
    whose: dict[str, Any] = {kind: pk}
    return queries.agenda(request.actor, request.edition, cancelled=cancelled, **whose)


@require_GET
def my_calendar(request: EditionRequest, edition: str) -> HttpResponse:
    if not rules.has_agenda(request.actor, request.edition.id):
        raise NotAllowed
    return _ics(request, request.edition, _mine(request), request.actor.persons())


@require_GET
def calendar_of(request: EditionRequest, edition: str, kind: str, pk: UUID) -> HttpResponse:
    _of(request, kind, pk)
    readers = {pk}
    if kind == "organisation":
        theirs = RequestParty.objects.filter(request__edition=request.edition, side=Side.EMPLOYER)
        theirs = theirs.filter(request__organisation=pk)
        readers = set(theirs.values_list("person_id", flat=True))
    return _ics(request, request.edition, _of_whom(request, kind, pk, cancelled=True), readers)


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's agenda for a calendar programme: the address itself is the key."""
    found = calendars.read_token(token)
    # A calendar programme cannot sign in: what is not there is 404 to it, not the way to the door.
    if found is None:
        raise Http404
    try:
        edition, meetings, language, readers = queries.feed(*found)
    except NotFound as error:
        raise Http404 from error
    with translation.override(language or translation.get_language()):
        return _ics(request, edition, meetings, readers)


def _ics(
    request: HttpRequest,
    edition: Edition,
    meetings: QuerySet[Meeting],
    readers: Collection[UUID],
) -> HttpResponse:
    address = request.build_absolute_uri("/").rstrip("/")
    body = calendars.calendar(edition, meetings, address, readers=readers)
    return HttpResponse(
        body,
        content_type=ICS,
        headers={"Content-Disposition": f'inline; filename="{edition.slug}.ics"'},
    )
