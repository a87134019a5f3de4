"""Moving meetings by hand in the draft: what it would cost, the preview, lock, take back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from talex.core import clock
from talex.core.errors import Conflict, NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.meetings import board, calendars, conflicts, consequences, drafts, grids, punctuation
from talex.meetings.consequences import HERE, NO, Option
from talex.meetings.models import Meeting
from talex.meetings.views.common import crumbs, office_only, url
from talex.programme.models import Hall, Table
from talex.programme.templatetags.programme_tags import long_day
from talex.ui.flash import flash

STATE_NAMES = {"free": "ok", "soft": "warning", "moves": "warning", "no": "danger", "here": "info"}


WORDS = {
    "free": gettext_lazy("Free"),
    "soft": gettext_lazy("Possible, with a conflict"),
    "moves": gettext_lazy("Others would make room"),
    "no": gettext_lazy("Not possible"),
    "here": gettext_lazy("Here now"),
}


def says(option: Option) -> str:
    """What a slot would cost, in a few words."""
    if option.state == "free":
        return _("Free")
    if option.state == HERE:
        return _("Here now")
    if option.state == NO:
        return _("Not possible: %(why)s") % {"why": _why(option)}
    if option.state == "moves":
        count = ngettext(
            "%(count)d meeting would move", "%(count)d meetings would move", option.moves
        )
        return f"{count % {'count': option.moves}}{punctuation.colon()}{_why(option)}"
    return _("Possible, but: %(why)s") % {"why": _why(option)}


def _why(option: Option) -> str:
    return " ".join(str(c.text) for c in option.conflicts[:2])


@require_GET
def costs(request: EditionRequest, edition: str, pk: UUID) -> HttpResponse:
    """What every slot of the grid that is looked at would cost for one meeting, as JSON.

    The address takes the grid's own parameters. Keys are "start|table" by hall, "start" else.
    """
    office_only(request)
    wanted = consequences.request_of(request.edition, pk)
    view = grids.wanted(request.GET)
    day = grids.day_of(request.edition, view)
    slots = consequences.day_slots(request.edition, day.isoformat()) if day is not None else []
    if view.kind == "hall":
        tables = [t.id for t in grids.tables_of(request.edition, view)]
        found = consequences.options(request.edition, wanted, slots, tables)
        cells = {f"{_key(o.starts_at)}|{o.table}": [o.state, says(o)] for o in found}
    else:
        found = consequences.best_by_slot(request.edition, wanted, slots)
        cells = {_key(o.starts_at): [o.state, says(o), str(o.table or "")] for o in found}
    draft = board.draft_of(request.edition)
    mark = board.now_mark(request.edition, pk, draft)
    return JsonResponse({"mark": mark, "cells": cells})


def _key(start: datetime) -> str:
    return start.strftime("%Y-%m-%dT%H:%MZ")


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Http404 from error
    if found.tzinfo is None:
        raise Http404
    return found


def _undo_url(request: EditionRequest, revision: int) -> str:
    return f"{url(request, 'undo', revision=revision)}?{urlencode({'back': _back(request)})}"


def _back(request: EditionRequest) -> str:
    """Where the editor came from: the grid as it was looked at."""
    sent = request.POST.get("back") or request.GET.get("back") or ""
    page = url(request, "timetable")
    safe = url_has_allowed_host_and_scheme(sent, allowed_hosts={request.get_host()})
    return sent if safe and sent.startswith(page) else page


@require_http_methods(["GET", "POST"])
def plan(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Where a meeting could be put (GET), what that would change (GET with `start`), do it (POST).

    With `fragment` the preview comes alone, for a dialog over the grid.
    """
    office_only(request)
    if request.method == "POST":
        return _carry_out(request, pk)
    wanted = consequences.request_of(request.edition, pk)
    if "start" not in request.GET:
        return _choose(request, pk)
    start, table = _instant(request.GET["start"]), _table(request)
    if "auto" in request.GET:
        table = _best_table(request, pk, start)
    settle = request.GET.get("settle") == "1"
    made = consequences.plan(request.edition, wanted, start, table, settle=settle)
    return _preview(request, made, settle)


def _table(request: EditionRequest) -> UUID | None:
    sent = request.POST.get("table") or request.GET.get("table") or ""
    return consequences.known_table(request.edition, parse(sent)) if sent else None


def _best_table(request: EditionRequest, pk: UUID, start: datetime) -> UUID | None:
    wanted = consequences.request_of(request.edition, pk)
    slot = consequences.slot_at(request.edition, start)
    (found,) = consequences.best_by_slot(request.edition, wanted, [slot])
    return found.table


def _preview(
    request: EditionRequest,
    made: consequences.Plan,
    settle: bool,
    *,
    fault: Conflict | None = None,
) -> HttpResponse:
    tables = grids.Tables()
    every = [made.after, *([made.before] if made.before else [])]
    every += [s for a in made.asides for s in (a.spot, a.to) if s is not None]
    tables.read(every)
    strict = board.rules_of(request.edition).strictness
    fragment = bool(request.GET.get("fragment") or request.POST.get("fragment"))
    context: dict[str, Any] = {
        "plan": made,
        "place": tables.line(made.after),
        "was": tables.line(made.before) if made.before else "",
        "asides": [
            (a, tables.line(a.spot), tables.line(a.to) if a.to else "") for a in made.asides
        ],
        "may_settle": strict != "refuse_edit" and (bool(made.asides) or settle),
        "settle": settle,
        "fault": fault,
        "back": _back(request),
        "start": _key(made.after.starts_at),
        "fragment": fragment,
        "crumbs": crumbs(
            request,
            {"label": _("Timetable"), "url": _back(request)},
            {"label": made.after.title},
        ),
    }
    template = "meetings/_preview.html" if fragment else "meetings/preview.html"
    return render(request, template, context, status=409 if fault else 200)


def _carry_out(request: EditionRequest, pk: UUID) -> HttpResponseBase:
    start, table = _instant(request.POST.get("start", "")), _table(request)
    settle = request.POST.get("settle") == "1"
    command = drafts.PlaceInDraft(
        pk,
        start,
        table,
        request.POST.get("mark", ""),
        request.POST.get("token", ""),
        settle,
    )
    try:
        made = drafts.place_in_draft(request.actor, request.edition, command)
    except Conflict as fault:
        wanted = consequences.request_of(request.edition, pk)
        now = consequences.plan(request.edition, wanted, start, table, settle=settle)
        return _preview(request, now, settle, fault=fault)
    draft = board.draft_of(request.edition)
    undo = _undo_url(request, draft.revision) if draft is not None else ""
    told = ngettext(
        "%(count)d meeting moved in the draft. Nobody is told before you release it.",
        "%(count)d meetings moved in the draft. Nobody is told before you release it.",
        1 + len(made.asides),
    ) % {"count": 1 + len(made.asides)}
    flash(request, told, undo_url=undo)
    return redirect(_back(request) + f"#m{pk}")


def _choose(request: EditionRequest, pk: UUID) -> HttpResponse:
    """The plain page: every slot of a day with what it would cost. Works without a script."""
    wanted = consequences.request_of(request.edition, pk)
    here = board.spot_of(request.edition, pk)
    view = grids.wanted(request.GET)
    days = grids.days_of(request.edition)
    day = grids.day_of(request.edition, view)
    if not view.day and here is not None:
        day = grids.date_at(request.edition, here.starts_at)
    slots = consequences.day_slots(request.edition, day.isoformat()) if day else []
    found = consequences.best_by_slot(request.edition, wanted, slots)
    tables = grids.Tables()
    at = {o.table for o in found if o.table}
    if here is not None and here.table_id is not None:
        at.add(here.table_id)
    tables.known = {t.id: t for t in Table.objects.filter(id__in=at).select_related("hall")}
    live = Meeting.objects.filter(request_id=pk).first()
    return render(
        request,
        "meetings/choose.html",
        {
            "wanted": wanted,
            "here": here,
            "title": here.title if here else board.title_of(wanted),
            "was": tables.line(here) if here else "",
            "live": live,
            "days": [(d, d == day) for d in days],
            "options": [
                (
                    o,
                    _key(o.starts_at),
                    STATE_NAMES[o.state],
                    WORDS[o.state],
                    _why(o) if o.state not in ("free", HERE) else "",
                    calendars.table_line(tables.known.get(o.table)) if o.table else "",
                )
                for o in found
            ],
            "day_name": long_day(slots[0][0]) if slots else "",
            "halls": _tables_by_hall(request, consequences.tables_for(request.edition, wanted)),
            "movable": here is None or conflicts.movable(here, clock.now()),
            "can_lock": here is not None and here.status == Meeting.Status.PLANNED,
            "back": _back(request),
            "crumbs": crumbs(
                request,
                {"label": _("Timetable"), "url": _back(request)},
                {"label": here.title if here else board.title_of(wanted)},
            ),
        },
    )


def _tables_by_hall(request: EditionRequest, allowed: list[UUID]) -> list[tuple[Hall, list[Table]]]:
    """The tables it may be put at, by hall."""
    halls: dict[Hall, list[Table]] = {}
    mine = set(allowed)
    for table in (
        Table.objects.filter(hall__edition=request.edition, hall__closed=False, hall__online=False)
        .select_related("hall")
        .order_by("hall__code", "number")
    ):
        if table.id in mine:
            halls.setdefault(table.hall, []).append(table)
    return list(halls.items())


@require_POST
def lock(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Lock or unlock one meeting of the grid: `toggle` is "<request>:1" or "<request>:0"."""
    office_only(request)
    key, _colon, wanted = request.POST.get("toggle", "").partition(":")
    found = parse(key)
    if found is None or wanted not in ("0", "1"):
        raise NotFound
    drafts.lock_spot(request.actor, request.edition, found, wanted == "1")
    told = _("Locked: it stays where it is.") if wanted == "1" else _("It may be moved again.")
    flash(request, told)
    return redirect(_back(request) + f"#m{found}")


@require_POST
def undo(request: EditionRequest, edition: str, revision: int) -> HttpResponseBase:
    """Take one edit of the draft back."""
    office_only(request)
    try:
        count = drafts.undo(request.actor, request.edition, revision)
    except Conflict as fault:
        flash(request, str(fault), state="warning")
    except NotFound:
        told = _("The draft this belonged to was released or thrown away meanwhile.")
        flash(request, told, state="warning")
    else:
        flash(
            request,
            ngettext(
                "Taken back: %(count)d meeting stands where it stood.",
                "Taken back: %(count)d meetings stand where they stood.",
                count,
            )
            % {"count": count},
        )
    return redirect(_back(request))


@require_POST
def take_out(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Leave one meeting as people see it."""
    office_only(request)
    drafts.take_out(request.actor, request.edition, [pk])
    draft = board.draft_of(request.edition)
    again = _undo_url(request, draft.revision) if draft is not None else ""
    flash(request, _("This meeting stays as people see it."), undo_url=again)
    return redirect("meetings:release", edition=edition)
