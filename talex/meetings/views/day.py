"""Something happened: tell what, see what the repair would change, carry it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talex.core import clock
from talex.core.errors import Conflict, Invalid, NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.meetings import absences, board, grids, happening, reasons, repairing, versions
from talex.meetings.happened import TIMED, Happened, Kind, Repair
from talex.meetings.models import Absence
from talex.meetings.views.common import crumbs, office_only, url
from talex.ui.flash import flash

TITLES: dict[Kind, Any] = {
    Kind.ILL: _("Somebody is ill or has to leave"),
    Kind.LATE: _("Somebody arrives late"),
    Kind.CLOSED: _("A hall or table is closed"),
    Kind.NO_SHOW: _("Somebody does not come to a meeting"),
    Kind.BOOKING: _("A meeting is to have a place now"),
}
ICONS = {
    Kind.ILL: "user",
    Kind.LATE: "clock",
    Kind.CLOSED: "building",
    Kind.NO_SHOW: "minus",
    Kind.BOOKING: "plus",
}
TEXTS: dict[Kind, Any] = {
    Kind.ILL: _("Their meetings move to where they are there again, or are called off."),
    Kind.LATE: _("Meetings before the arrival move to later."),
    Kind.CLOSED: _("Its meetings move to other tables or times."),
    Kind.NO_SHOW: _("The place is free; the waiting list takes it."),
    Kind.BOOKING: _("Others make room where they must, as few as can be."),
}
SHOWN = 100


@require_GET
def happened(request: EditionRequest, edition: str) -> HttpResponse:
    """What can happen, and who or what is away now."""
    office_only(request)
    found = absences.standing(request.edition)
    return render(
        request,
        "meetings/happened.html",
        {
            "kinds": [(k.value, TITLES[k], TEXTS[k], ICONS[k]) for k in Kind],
            "absences": happening.named(request.edition, found),
            "crumbs": _crumbs(request, _("Something happened")),
        },
    )


def _crumbs(request: EditionRequest, *labels: Any) -> list[dict[str, Any]]:
    top = {"label": _("Timetable"), "url": url(request, "timetable")}
    middle = {"label": _("Something happened"), "url": url(request, "happened")}
    more = [{"label": label} for label in labels[-1:]]
    return crumbs(request, top, *([middle] if len(labels) > 1 else []), *more)


@require_http_methods(["GET", "POST"])
def repair(request: EditionRequest, edition: str, kind: str) -> HttpResponseBase:
    """Ask what is missing (GET), show what would change (GET, complete), do it (POST)."""
    office_only(request)
    try:
        what = Kind(kind)
    except ValueError as error:
        raise NotFound from error
    sent = request.POST if request.method == "POST" else request.GET
    told = _told(request, what, sent)
    if request.method == "POST":
        return _carry_out(request, told)
    # Where a hall alone is chosen, its tables and the time are asked next.
    if not _complete(told) or (what == Kind.CLOSED and "asked" not in sent):
        return _ask(request, what, told)
    try:
        found = repairing.preview(request.actor, request.edition, told)
    except Invalid as fault:
        return _ask(request, what, told, fault)
    except Conflict as fault:
        flash(request, str(fault), state="warning")
        return redirect("meetings:happened", edition=edition)
    return _preview(request, found)


def _told(request: EditionRequest, kind: Kind, sent: Any) -> Happened:
    day = _day(request, sent.get("day", ""))
    person, timed = sent.get("person", ""), kind in TIMED
    return Happened(
        kind,
        person=parse(person) if kind in (Kind.ILL, Kind.LATE) else None,
        hall=parse(sent.get("hall", "")) if kind == Kind.CLOSED else None,
        table=parse(sent.get("table", "")) if kind == Kind.CLOSED else None,
        meeting=parse(sent.get("meeting", "")) if kind == Kind.NO_SHOW else None,
        request=parse(sent.get("request", "")) if kind == Kind.BOOKING else None,
        starts_at=_instant(request, day, sent.get("from", ""), end=False) if timed else None,
        ends_at=_instant(request, day, sent.get("until", ""), end=True) if timed else None,
    )


def _complete(told: Happened) -> bool:
    if told.kind == Kind.NO_SHOW:
        return told.meeting is not None
    if told.kind == Kind.BOOKING:
        return told.request is not None
    whom = told.person if told.kind != Kind.CLOSED else told.hall or told.table
    return whom is not None and told.starts_at is not None and told.ends_at is not None


def _day(request: EditionRequest, text: str) -> Any:
    view = grids.Wanted(day=text)
    return grids.day_of(request.edition, view)


def _instant(request: EditionRequest, day: Any, text: str, *, end: bool) -> datetime | None:
    """A clock time of the day at the venue; '' is its end, or its beginning (today: now)."""
    if day is None:
        return None
    zone = ZoneInfo(request.edition.time_zone)
    if not text:
        start = datetime.combine(day, time(0), zone)
        last = start + timedelta(days=1)
        found = last if end else start
        if not end and start <= (now := clock.now()) < last:
            found = now
        return found.astimezone(UTC)
    try:
        return datetime.combine(day, time.fromisoformat(text), zone).astimezone(UTC)
    except ValueError:
        return None


def _ask(
    request: EditionRequest, kind: Kind, told: Happened, fault: Invalid | None = None
) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:100]
    days = grids.days_of(request.edition)
    sent = request.POST if request.method == "POST" else request.GET
    halls = grids.halls_of(request.edition, usable=True) if kind == Kind.CLOSED else []
    choices: dict[Kind, Callable[[], Any]] = {
        Kind.ILL: lambda: happening.people(request.edition, search),
        Kind.LATE: lambda: happening.people(request.edition, search),
        Kind.CLOSED: lambda: halls,
        Kind.NO_SHOW: lambda: happening.near_meetings(request.edition, search),
        Kind.BOOKING: lambda: happening.waiting(request.edition, search),
    }
    chosen = happening.person(told.person) if told.person else None
    hall = happening.hall_of(halls, told)
    return render(
        request,
        "meetings/happened_ask.html",
        {
            "kind": kind.value,
            "heading": TITLES[kind],
            "text": TEXTS[kind],
            "search": search,
            "choices": choices[kind](),
            "chosen": chosen,
            "hall": hall,
            "tables": [(t, t.id == told.table) for t in hall.tables.order_by("number")]
            if hall is not None
            else [],
            "days": [(d, d == _day(request, sent.get("day", ""))) for d in days],
            "from": sent.get("from", ""),
            "until": sent.get("until", ""),
            "fault": fault,
            "asked": "asked" in request.GET,
            "crumbs": _crumbs(request, "", TITLES[kind]),
        },
        status=422 if fault is not None else 200,
    )


def _preview(request: EditionRequest, found: Repair, fault: Conflict | None = None) -> HttpResponse:
    told = found.happened
    zone = ZoneInfo(request.edition.time_zone)
    hidden = {
        "person": told.person, "hall": told.hall, "table": told.table, "meeting": told.meeting,
        "request": told.request,
    }  # fmt: skip
    if told.starts_at is not None and told.ends_at is not None and told.kind in TIMED:
        start, end = told.starts_at.astimezone(zone), told.ends_at.astimezone(zone)
        hidden["day"] = start.date().isoformat()  # type: ignore[assignment]
        hidden["from"] = f"{start:%H:%M}"  # type: ignore[assignment]
        hidden["until"] = f"{end:%H:%M}" if end.date() == start.date() else ""  # type: ignore[assignment]
    shown = found.differences[:SHOWN]
    return render(
        request,
        "meetings/happened_preview.html",
        {
            "found": found,
            "heading": TITLES[told.kind],
            "subject": happening.subject(request.edition, told),
            "starts_at": told.starts_at if told.kind in TIMED else None,
            "ends_at": told.ends_at,
            "counts": versions.counts(found.differences),
            "people_count": len(versions.persons_of(found.differences)),
            "lines": versions.lines(shown),
            "why": {request: reasons.unplaced(code) for request, code in found.why.items()},
            "more": len(found.differences) - len(shown),
            "hidden": [(k, v) for k, v in hidden.items() if v],
            "draft": board.draft_of(request.edition),
            "fault": fault,
            "crumbs": _crumbs(request, "", TITLES[told.kind]),
        },
        status=409 if fault is not None else 200,
    )


def _carry_out(request: EditionRequest, told: Happened) -> HttpResponseBase:
    try:
        version = repairing.carry_out(
            request.actor,
            request.edition,
            told,
            request.POST.get("token", ""),
            request.POST.get("note", ""),
            ask=request.POST.get("how") == "ask",
        )
    except Invalid as fault:
        return _ask(request, told.kind, told, fault)
    except Conflict as fault:
        try:
            now = repairing.preview(request.actor, request.edition, told)
        except Conflict:
            flash(request, str(fault), state="warning")
            return redirect("meetings:happened", edition=request.edition.slug)
        return _preview(request, now, fault)
    count = version.figures["changed"]
    told_text = ngettext(
        "Done, as version %(number)s: %(count)d meeting changed. Those concerned see it.",
        "Done, as version %(number)s: %(count)d meetings changed. Those concerned see it.",
        count,
    ) % {"number": version.number, "count": count}
    flash(request, told_text)
    if asked := version.figures.get("asked", 0):
        flash(
            request,
            ngettext(
                "For %(count)d meeting people are asked whether the new time suits; it is held.",
                "For %(count)d meetings people are asked whether the new time suits; it is held.",
                asked,
            )
            % {"count": asked},
        )
    return redirect("meetings:happened", edition=request.edition.slug)


@require_POST
def end(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Somebody is back, or a hall is open again."""
    office_only(request)
    if not Absence.objects.filter(edition=request.edition, id=pk).exists():
        raise NotFound
    absences.end(request.actor, request.edition, pk)
    flash(request, _("Their time can be used again."))
    return redirect("meetings:happened", edition=edition)
