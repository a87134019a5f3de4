"""The preview: every row with its faults, mended where they stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import Invalid, NotFound
from talex.editions.http import EditionRequest
from talex.participants.importing import queries, services
from talex.participants.importing.cells import fact, plain
from talex.participants.importing.labels import field_choices, field_label
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import, RowState, StagedRow
from talex.participants.importing.notes import ACCEPTABLE, BLOCKING, INFO, WARNING, gist
from talex.participants.importing.registry import target_of
from talex.participants.importing.rules import can_change_import
from talex.participants.importing.values import cell_from_json
from talex.participants.importing.views.common import context, found, url
from talex.ui.flash import flash

PAGE = 50
_LABELS = {
    "all": pgettext_lazy("rows", "All"),
    "faults": pgettext_lazy("rows", "To be mended"),
    "warnings": pgettext_lazy("rows", "With remarks"),
    "identical": pgettext_lazy("rows", "Identical"),
    "similar": pgettext_lazy("rows", "Alike"),
    "new": pgettext_lazy("rows", "New"),
    "known": pgettext_lazy("rows", "Known"),
    "excluded": pgettext_lazy("rows", "Left out"),
    "merged": pgettext_lazy("rows", "Merged"),
}
_LOOKS = {
    RowState.NEW: "ok",
    RowState.KNOWN: "none",
    RowState.FAULT: "danger",
    RowState.EXCLUDED: "none",
    RowState.MERGED: "info",
}
_GRAVITY = {
    BLOCKING: ("danger", pgettext_lazy("remark", "To be mended")),
    WARNING: ("warning", pgettext_lazy("remark", "To be checked")),
    INFO: ("info", pgettext_lazy("remark", "Good to know")),
}


def preview_page(request: EditionRequest, one: Import) -> HttpResponseBase:
    """The rows, narrowed and paged, and what is to be decided about all of them."""
    show = request.GET.get("show", "all")
    show = show if show in queries.SHOWS else "all"
    code, group = request.GET.get("code", ""), request.GET.get("group", "")
    summary = queries.summary(one)
    paged = Paginator(queries.rows(one, show, code, group), PAGE)
    page = paged.get_page(request.GET.get("page"))
    may_change = can_change_import(request.actor, one)
    mapping = Mapping.from_json(one.mapping)
    return render(
        request,
        "participants/importing/preview.html",
        context(
            request,
            one,
            summary=summary,
            tabs=_tabs(one, summary, show),
            codes=[
                {
                    "label": gist(code_),
                    "count": count,
                    "url": f"{url(one)}?{urlencode({'code': code_})}",
                    "current": code_ == code,
                }
                for code_, count in summary.codes
            ],
            page=page,
            rows=[row_context(one, row, mapping, may_change) for row in page.object_list],
            narrowed=show != "all" or code or group,
            target=target_of(one.target),
            here=request.get_full_path(),
        ),
    )


def _tabs(one: Import, summary: queries.Summary, show: str) -> list[dict[str, Any]]:
    counts = {
        "all": summary.total,
        "faults": summary.states[RowState.FAULT],
        "warnings": summary.remarked,
        "identical": summary.identical_rows,
        "similar": summary.similar_rows,
        **{state: summary.states[state] for state in ("new", "known", "excluded", "merged")},
    }
    tabs = []
    for key, label in _LABELS.items():
        count = counts.get(key)
        if key == "similar" and not summary.similar_groups:
            continue
        if key != "all" and count == 0 and key != show:
            continue
        tabs.append(
            {
                "label": label,
                "url": f"{url(one)}?show={key}",
                "current": key == show,
                "count": count,
            }
        )
    return tabs


def row_context(
    one: Import, row: StagedRow, mapping: Mapping, may_change: bool, error: Invalid | None = None
) -> dict[str, Any]:
    """What the template of one row shows."""
    faults = queries.faults(one, row, mapping)
    return {
        "row": row,
        "look": _LOOKS[RowState(row.state)],
        "faults": [(fault, *_GRAVITY[fault.severity]) for fault in faults],
        "acceptable": row.state == RowState.FAULT
        and any(fault.code in ACCEPTABLE for fault in faults),
        "values": queries.values(one, row),
        "kept": list(row.kept.items()),
        "cells": [
            (heading, plain(cell_from_json(cell)))
            for heading, cell in zip(one.headings, row.cells, strict=False)
            if cell is not None
        ],
        "may_change": may_change and row.state != RowState.KNOWN,
        "fields": field_choices(target_of(one.target).key),
        "errors": {name: [str(m) for m in ms] for name, ms in error.fields.items()}
        if error
        else {},
        "one": one,
    }


@require_POST
def correct(request: EditionRequest, edition: str, pk: UUID, number: int) -> HttpResponseBase:
    """Mend cells of one row; htmx gets the row, a plain form goes back to where it was."""
    one = found(request, pk)
    values: dict[str, str | None] = {
        name.removeprefix("value-"): text
        for name, text in request.POST.items()
        if name.startswith("value-") and isinstance(text, str)
    }
    if field := request.POST.get("field"):
        values[field] = request.POST.get("text", "")
    error = None
    try:
        services.correct_row(request.actor, services.CorrectRow(one.pk, number, values))
    except Invalid as refused:
        error = refused
    return _row_response(request, one, number, error)


@require_POST
def decide_row(request: EditionRequest, edition: str, pk: UUID, number: int) -> HttpResponseBase:
    """Leave one row out, take it in again, or take it as it stands."""
    one = found(request, pk)
    act = request.POST.get("act", "")
    if act in ("exclude", "include"):
        services.exclude_rows(
            request.actor, services.ExcludeRows(one.pk, [number], act == "exclude")
        )
    elif act in ("accept", "refuse"):
        services.accept_rows(request.actor, services.AcceptRows(one.pk, [number], act == "accept"))
    else:
        raise NotFound
    return _row_response(request, one, number)


def _row_response(
    request: EditionRequest, one: Import, number: int, error: Invalid | None = None
) -> HttpResponseBase:
    if not request.htmx:  # type: ignore[attr-defined]
        if error:
            flash(request, str(error), state="danger")
        return redirect(f"{_back(request, one)}#row-{number}")
    one.refresh_from_db()
    row = one.rows.get(number=number)
    may_change = can_change_import(request.actor, one)
    return render(
        request,
        "participants/importing/_row_changed.html",
        {
            "changed": row_context(one, row, Mapping.from_json(one.mapping), may_change, error),
            "one": one,
            "summary": queries.summary(one),
            "may_change_import": may_change,
        },
        status=422 if error else 200,
    )


def _back(request: EditionRequest, one: Import) -> str:
    """Where the form stood: the same import with the narrowing that was sent along."""
    given = QueryDict(request.POST.get("back", "").partition("?")[2])
    kept = {key: given[key] for key in ("show", "code", "group", "page") if key in given}
    return f"{url(one)}?{urlencode(kept)}" if kept else url(one)


@require_POST
def decide_all(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One act for all rows: leave the faulty ones out, take them as they are, merge, keep."""
    one = found(request, pk)
    act = request.POST.get("act", "")
    group = request.POST.get("group", "")
    groups = [group] if group else None
    if act == "exclude":
        count = services.exclude_rows(request.actor, services.ExcludeRows(one.pk))
        text = ngettext("%(n)s row is left out.", "%(n)s rows are left out.", count)
    elif act == "accept":
        count = services.accept_rows(request.actor, services.AcceptRows(one.pk))
        text = ngettext(
            "%(n)s row is taken as it stands.", "%(n)s rows are taken as they stand.", count
        )
    elif act == "merge":
        count = services.merge_identical(request.actor, services.MergeIdentical(one.pk, groups))
        text = ngettext(
            "%(n)s row is merged into an identical one.",
            "%(n)s rows are merged into identical ones.",
            count,
        )
    elif act == "keep":
        services.merge_identical(request.actor, services.MergeIdentical(one.pk, groups, False))
        count, text = 0, str(_("Identical rows are kept apart."))
    else:
        raise NotFound
    flash(request, text % {"n": count} if "%" in text else text)
    return redirect(_back(request, one))


@require_GET
def alike(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """The groups of rows that differ although they are probably the same, one after the other."""
    one = found(request, pk)
    waiting = queries.similar_groups(one)
    wanted = request.GET.get("group", "")
    likeness = wanted or (waiting[0] if waiting else "")
    rows = list(queries.rows(one, group=likeness)) if likeness else []
    return render(
        request,
        "participants/importing/alike.html",
        context(
            request,
            one,
            likeness=likeness,
            rows=rows,
            table=_compared(one, rows),
            waiting=len(waiting),
        ),
    )


def _compared(one: Import, rows: list[StagedRow]) -> list[dict[str, Any]]:
    """A line a field: what each row says, and whether they differ."""
    shown = [{field: text for field, _label, text in queries.values(one, row)} for row in rows]
    lines = []
    for field, _label in field_choices(target_of(one.target).key):
        texts = [values.get(field, "") for values in shown]
        if any(texts):
            different = len({fact(text) for text in texts if text}) > 1
            lines.append({"label": field_label(field), "texts": texts, "different": different})
    return lines


@require_POST
def decide_alike(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Merge a group into one of its rows, or keep its rows apart."""
    one = found(request, pk)
    into = request.POST.get("into", "")
    services.decide_similar(
        request.actor,
        services.DecideSimilar(
            one.pk, request.POST.get("group", ""), int(into) if into.isdecimal() else None
        ),
    )
    return redirect(url(one, "alike"))
