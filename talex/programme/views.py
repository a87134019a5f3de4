"""Pages of the programme."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import NotAllowed, NotFound
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.programme import queries, rules, services
from talex.programme.forms import ActivityForm, DayForm, HallForm
from talex.programme.models import Activity, Day, Hall
from talex.ui.flash import flash
from talex.ui.forms import service_form


def _office(request: EditionRequest) -> None:
    if not rules.can_manage(request.actor, request.edition.id):
        raise NotAllowed


def _url(name: str, request: EditionRequest) -> str:
    return reverse(f"programme:{name}", kwargs={"edition": request.edition.slug})


@require_GET
def programme(request: EditionRequest, edition: str) -> HttpResponse:
    """The programme, day by day, for everybody who may see the edition."""
    found = list(queries.activities(request.actor, request.edition))
    days = [
        (day, list(rows))
        for day, rows in groupby(found, lambda a: timezone.localtime(a.starts_at).date())
    ]
    return render(
        request,
        "programme/programme.html",
        {
            "days": days,
            "can_manage": rules.can_manage(request.actor, request.edition.id),
        },
    )


def activity(request: EditionRequest, edition: str, pk: UUID | None = None) -> HttpResponseBase:
    _office(request)
    initial: dict[str, Any] = {}
    if pk is not None:
        found = Activity.objects.filter(edition=request.edition, id=pk).first()
        if found is None:
            raise NotFound
        names = ("title", "summary", "kind", "main", "hall", "starts_at", "ends_at")
        initial = {name: getattr(found, name) for name in names}
    page = _url("programme", request)
    heading = _("Edit the activity") if pk else _("New activity")

    def call(data: dict[str, Any], key: str) -> Activity:
        hall_of = {"hall": data["hall"].id if data["hall"] else None, "activity": pk}
        command = services.SaveActivity(**(data | hall_of))
        return once(
            request.actor,
            key,
            command,
            lambda: services.save_activity(request.actor, request.edition, command),
        )

    return service_form(
        request,
        ActivityForm(
            request.POST or None,
            initial=initial,
            halls=Hall.objects.filter(edition=request.edition),
        ),
        call,
        success_url=page,
        success=_("Saved."),
        context={
            "heading": heading,
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": [{"label": _("Programme"), "url": page}, {"label": heading}],
        },
    )


@require_GET
def halls(request: EditionRequest, edition: str) -> HttpResponse:
    """Halls with their tables, and the days of the meetings with their breaks."""
    _office(request)
    days = [(day, len(list(day.slots()))) for day in queries.days(request.edition)]
    found = list(queries.halls(request.actor, request.edition))
    return render(
        request,
        "programme/halls.html",
        {
            "halls": found,
            "days": days,
            "tables": sum(h.table_count for h in found if not h.online and not h.closed),  # type: ignore[attr-defined]
            "crumbs": [{"label": _("Halls and days")}],
        },
    )


def hall(request: EditionRequest, edition: str, pk: UUID | None = None) -> HttpResponseBase:
    _office(request)
    initial: dict[str, Any] = {"tables": 20}
    if pk is not None:
        found = Hall.objects.filter(edition=request.edition, id=pk).first()
        if found is None:
            raise NotFound
        initial = {name: getattr(found, name) for name in ("code", "name", "seats", "online")}
        initial["tables"] = found.tables.count()
    page = _url("halls", request)
    heading = _("Edit the hall") if pk else _("New hall")
    return service_form(
        request,
        HallForm(request.POST or None, initial=initial),
        lambda data, key: services.save_hall(
            request.actor,
            request.edition,
            services.SaveHall(**(data | {"seats": data["seats"] or 0, "hall": pk})),
        ),
        success_url=page,
        success=_("Saved."),
        context={
            "heading": heading,
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": [{"label": _("Halls and days"), "url": page}, {"label": heading}],
        },
    )


@require_POST
def close(request: EditionRequest, edition: str, pk: UUID) -> HttpResponse:
    count = services.close_hall(request.actor, request.edition, pk)
    flash(
        request,
        ngettext(
            "The hall is closed; %(count)d meeting waits for a new place.",
            "The hall is closed; %(count)d meetings wait for a new place.",
            count,
        )
        % {"count": count},
    )
    return redirect("programme:halls", edition=edition)


def day(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The hours of one day (?date=…), new or known."""
    _office(request)
    page = _url("halls", request)
    initial: dict[str, Any] = {"date": request.edition.starts_on}
    wanted = request.GET.get("date", "")
    known = next((d for d in queries.days(request.edition) if d.date.isoformat() == wanted), None)
    if known is not None:
        initial = _day_initial(known)
    return service_form(
        request,
        DayForm(request.POST or None, initial=initial),
        lambda data, key: services.save_day(
            request.actor, request.edition, services.SaveDay(**data)
        ),
        success_url=page,
        success=_("Saved."),
        context={
            "heading": _("Day of meetings"),
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": [{"label": _("Halls and days"), "url": page}, {"label": _("Day")}],
        },
    )


def _day_initial(known: Day) -> dict[str, Any]:
    names = ("date", "opens", "closes", "meeting_minutes", "pause_minutes")
    lines = "\n".join(f"{a}-{b}" for a, b in known.breaks)
    return {name: getattr(known, name) for name in names} | {"breaks": lines}
