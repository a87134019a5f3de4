"""The board's page. It asks for itself again while it is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talex.bulletin import freezing, instants, presenting, queries
from talex.bulletin.counting import Cutoff
from talex.core import clock
from talex.core.errors import NotAllowed
from talex.core.translated import TranslatedText
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.ui import charts
from talex.web.board.halls import HOUR, DayShown, show
from talex.web.board.registry import attention

EVERY = 30
"""Seconds between two looks."""


@require_safe
def board(request: EditionRequest, edition: str) -> HttpResponse:
    """Funnel, halls now, and what needs attention, for the office and auditors."""
    actor, of = request.actor, request.edition
    if not can_audit(actor, of.pk):
        raise NotAllowed
    now = clock.now()
    cutoff = Cutoff(now, now)
    found = queries.figures(actor, of, cutoff)

    def down(figure: str, value: str | None) -> str:
        path = reverse("bulletin:records", kwargs={"edition": of.slug, "figure": figure})
        return f"{path}?{instants.query(cutoff)}"

    day = show(of, now)
    waiting = attention(actor, of)
    live = request.GET.get("live") != "0"
    here = reverse("web:board", kwargs={"edition": of.slug})
    htmx: Any = getattr(request, "htmx", None)
    context = {
        "edition": of,
        "now": now,
        "day": day,
        "funnel": presenting.funnel(found.table, freezing.definitions(), down),
        "heat": _heat(day, now) if day else None,
        "waiting": waiting,
        "open_count": len(waiting),
        "live": live,
        "here": here,
        "every": EVERY,
        "counted": dict(zip(found.table.figures, found.table.totals, strict=True)),
    }
    template = "web/board/live.html" if htmx and htmx.target == "board" else "web/board/board.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _heat(day: DayShown, now: datetime) -> charts.Heat:
    """The halls by the hour as a picture, the present hour marked."""
    here = next((i for i, hour in enumerate(day.hours) if hour <= now < hour + HOUR), None)
    return charts.Heat(
        title=_("Halls by the hour: per cent of the tables' time taken"),
        description=_("Breaks are left out. Online rooms count as tables."),
        unit=_("Per cent"),
        row_labels=[str(TranslatedText.from_json(hall.name)) for hall in day.halls],
        column_labels=[
            formats.time_format(timezone.localtime(hour), "TIME_FORMAT") for hour in day.hours
        ],
        values=[list(hall.shares) for hall in day.halls],
        full=100,
        mark=here,
        mark_word=_("now"),
    )
