"""The page that says which column is which field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from talex.core.errors import Invalid
from talex.editions.http import EditionRequest
from talex.participants.importing import queries, services
from talex.participants.importing.labels import PERIODS, field_choices
from talex.participants.importing.mapping import DATES, Column, Mapping
from talex.participants.importing.models import Import, ImportState
from talex.participants.importing.notes import Note
from talex.participants.importing.registry import target_of
from talex.participants.importing.views.common import context, found, url
from talex.ui.flash import flash

_CURRENCIES = ("CNY", "EUR", "USD", "GBP", "JPY", "HKD", "CHF", "SGD", "KRW", "CAD", "AUD")


def mapping_page(
    request: EditionRequest,
    one: Import,
    errors: Invalid | None = None,
    sent: Mapping | None = None,
) -> HttpResponseBase:
    """Columns with samples, a field for each; `sent` is what was posted and refused."""
    target = target_of(one.target)
    mapping = sent or Mapping.from_json(one.mapping)
    columns = queries.columns(one)
    late = one.state != ImportState.UPLOADED or one.mapping_version
    told = (
        {name: [str(m) for m in messages] for name, messages in errors.fields.items()}
        if errors
        else {}
    )
    rows = [
        {
            "column": column,
            "chosen": mapping.columns[place],
            "errors": told.get(column.heading, []),
        }
        for place, column in enumerate(columns)
    ]
    return render(
        request,
        "participants/importing/mapping.html",
        context(
            request,
            one,
            rows=rows,
            general=told.get("", []),
            failed=bool(errors),
            choices=field_choices(target.key),
            dates=sorted(DATES),
            currencies=_CURRENCIES,
            periods=list(PERIODS.items()),
            defaults=[
                (field, label, mapping.defaults.get(field, ""), told.get(field, []))
                for field, label in field_choices(target.key)
            ],
            file_notes=[Note.from_json(note).message for note in one.file_facts.get("notes", [])],
            stopped=one.state in (ImportState.MAPPED, ImportState.PARSING),
            target=target,
            sheets=[
                (name, name == one.sheet) for name in one.file_facts.get("sheets", []) if not late
            ],
        ),
        status=422 if errors else 200,
    )


@require_POST
def sheet(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Read another sheet of the workbook."""
    one = found(request, pk)
    name = request.POST.get("sheet", "")
    try:
        services.choose_sheet(request.actor, services.ChooseSheet(one.pk, name))
    except Invalid as error:
        flash(request, str(error), state="danger")
    return redirect(url(one))


@require_POST
def set_mapping(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Take the columns as chosen and read the file."""
    one = found(request, pk)
    mapping = _sent(request.POST, one)
    try:
        services.set_mapping(
            request.actor, services.SetMapping(one.pk, mapping.columns, mapping.defaults)
        )
    except Invalid as error:
        return mapping_page(request, one, error, mapping)
    return redirect(url(one))


def _sent(data: Any, one: Import) -> Mapping:
    columns = []
    for place, heading in enumerate(one.headings):
        day_first = {"day": True, "month": False}.get(data.get(f"days-{place}", ""))
        columns.append(
            Column(
                heading,
                data.get(f"field-{place}") or None,
                day_first,
                data.get(f"currency-{place}") or None,
                data.get(f"period-{place}") or None,
            )
        )
    defaults = {
        name.removeprefix("default-"): text.strip()
        for name, text in data.items()
        if name.startswith("default-") and text.strip()
    }
    return Mapping(tuple(columns), defaults)
