"""Answers as people read them: labels of questions, choices in words, rows as lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from talex.core.cities import city
from talex.participants.forms import NamesField
from talex.participants.registering.forms import STEPS
from talex.participants.registering.rows import RowsField
from talex.participants.words import degree_name, months_shown
from talex.ui.forms import DateField, NumberField, WholeField, number_shown


def labels_of(kind: str) -> dict[str, Any]:
    """Field -> its question."""
    return {
        name: field.label
        for form in STEPS[kind].values()
        for name, field in form.base_fields.items()
    }


def _field(name: str) -> Any:
    for forms in STEPS.values():
        for form in forms.values():
            if name in form.base_fields:
                return form.base_fields[name]
    return None


def shown(name: str, value: Any) -> list[str]:
    """An answer as lines to read; empty where nothing is said."""
    field = _field(name)
    if value in (None, "", []):
        return []
    if name == "time_zone":
        return [city(str(value))]
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    if isinstance(field, NumberField | WholeField) and isinstance(value, str):
        return [_number(field, value)]
    if isinstance(field, DateField) and isinstance(value, str):
        return [_day(value)]
    if isinstance(value, str):
        return [choices.get(value, value)]
    if isinstance(field, RowsField) or (value and isinstance(value[0], Mapping)):
        return [line for row in value if (line := _row(name, row))]
    if choices:
        return [choices.get(str(one), str(one)) for one in value]
    if isinstance(field, NamesField):
        return [str(one) for one in value]
    return [", ".join(str(one) for one in value)]


def _number(field: Any, typed: str) -> str:
    """As it was understood, so that a wrong reading is seen before it is sent."""
    try:
        return number_shown(field.to_python(typed))
    except ValidationError:
        return typed


def _day(typed: str) -> str:
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    return date_format(day, "SHORT_DATE_FORMAT") if day else typed


def _row(name: str, row: Mapping[str, Any]) -> str:
    if name == "education":
        parts = [degree_name(row.get("level") or ""), row.get("discipline"),
                 row.get("institution"), row.get("year")]  # fmt: skip
    elif name == "experience":
        parts = [months_shown(row), row.get("position"), row.get("employer")]
    elif name == "windows":
        parts = [_day(row.get("date") or ""), f"{row.get('start')} – {row.get('end')}"]
    else:
        parts = list(row.values())
    return ", ".join(str(part) for part in parts if part)
