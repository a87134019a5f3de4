"""The figures as they are counted now, their definitions, and files of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from talex.bulletin import freezing, instants, presenting, queries, tables
from talex.bulletin.counting import Cutoff
from talex.bulletin.definitions import COUNTING, DEFINITIONS
from talex.bulletin.forms import CutoffForm
from talex.bulletin.rules import can_freeze, can_open_records, can_see_figures, sees_small_counts
from talex.core.errors import Invalid, NotAllowed
from talex.editions.http import EditionRequest
from talex.ui import exports
from talex.ui.forms.service import add_errors


def _cutoff(request: EditionRequest, form: CutoffForm) -> Cutoff:
    """The cut-off of the address; what cannot be read is told beside its field."""
    data = request.GET
    try:
        return instants.read(request.edition, data.get("until", ""), data.get("known", ""))
    except Invalid as error:
        form.full_clean()
        for name in error.fields:
            form.errors.pop(name, None)
        add_errors(form, error)
        return Cutoff.present()


def figures(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Funnel and table, each number leading down to its records."""
    actor, of = request.actor, request.edition
    if not can_see_figures(actor, of.pk):
        raise NotAllowed
    by = queries.dimension(request.GET.get("by", "degree_level")) or "degree_level"
    form = CutoffForm(request.GET if request.GET.get("until") else None)
    cutoff = _cutoff(request, form)
    found = queries.figures(actor, of, cutoff, by)
    cutoff = found.cutoff
    kind = request.GET.get("export", "")
    if kind in exports.TYPES:
        return _file(request, kind, cutoff)
    chosen = bool(request.GET.get("until") or request.GET.get("known"))
    if not form.errors:
        form = CutoffForm(initial={"until": cutoff.until, "known": cutoff.known})
    opens = can_open_records(actor, of.pk)

    def address(figure: str, value: str | None) -> str:
        if not opens:
            return ""
        path = reverse("bulletin:records", kwargs={"edition": of.slug, "figure": figure})
        # An empty value is one too ("not stated"), so `by` alone names it.
        more = {} if value is None else {"by": by, "value": value}
        return f"{path}?{instants.query(cutoff, **more)}"

    definitions = freezing.definitions()
    here = reverse("bulletin:figures", kwargs={"edition": of.slug})
    kept = {"until": request.GET.get("until", ""), "known": request.GET.get("known", "")}
    context: dict[str, Any] = {
        "edition": of,
        "cutoff": cutoff,
        "chosen": chosen,
        "form": form,
        "by": by,
        "tabs": [
            {
                "label": label,
                "url": f"{here}?{_kept(by=key, **kept)}",
                "current": key == by,
            }
            for key, label in tables.DIMENSION_LABELS.items()
        ],
        "shown": presenting.shown(found.table, definitions, address),
        "picture": presenting.funnel(found.table, definitions, address),
        "empty": not any(found.table.totals) and not found.table.hides,
        "exports": [
            (k, f"{here}?{instants.query(cutoff, by=by, export=k)}")
            for k in ("xlsx", "csv", "json")
        ],
        "may_freeze": can_freeze(actor, of.pk),
        "opens": opens,
        "protected": not sees_small_counts(actor, of.pk),
        "small": tables.SMALL,
        "freeze_query": instants.query(cutoff) if chosen else "",
    }
    return render(request, "bulletin/figures.html", context)


def _kept(**values: str) -> str:
    return urlencode({k: v for k, v in values.items() if v})


def _file(request: EditionRequest, kind: str, cutoff: Cutoff) -> HttpResponseBase:
    """All figures by every dimension, one row a number."""
    of = request.edition
    found = [queries.figures(request.actor, of, cutoff, by).table for by in tables.DIMENSION_LABELS]
    rows = presenting.lines(found, freezing.definitions(), cutoff)
    return exports.export_response(
        kind,
        f"figures-{of.slug}-{cutoff.until:%Y%m%d}",
        presenting.FILE_HEADER,
        rows,
        keys=presenting.FILE_KEYS,
    )


def definitions(request: EditionRequest, edition: str) -> HttpResponse:
    """What every figure means, in the reader's language."""
    of = request.edition
    if not can_see_figures(request.actor, of.pk):
        raise NotAllowed
    return render(
        request,
        "bulletin/definitions.html",
        {
            "edition": of,
            "definitions": [
                {
                    "key": d.key,
                    "name": d.name,
                    "text": d.text,
                    "version": d.version,
                    "digest": d.digest[:12],
                    "rung": d.rung.label,
                    "dimensions": [tables.DIMENSION_LABELS[name] for name in d.dimensions],
                }
                for d in DEFINITIONS
            ],
            "counting": COUNTING,
            "crumbs": [
                {
                    "label": _("Figures"),
                    "url": reverse("bulletin:figures", kwargs={"edition": of.slug}),
                },
                {"label": _("Definitions")},
            ],
        },
    )
