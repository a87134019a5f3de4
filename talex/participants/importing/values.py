"""From the cell of a field to a value that JSON can hold, and cells themselves as JSON.

Shapes: text and choices as text; lists as lists of text; days as '2026-03-01'; years and sizes as
{"least", "most"}; pay as {"low", "high", "currency", "period", "months", "negotiable"} with the
amounts as text; languages as [{"code", "level"}]; headcount as a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from talex.participants.importing.cells import (
    Cell,
    PayDefaults,
    Period,
    Read,
    read_country,
    read_date,
    read_degree,
    read_degree_required,
    read_email,
    read_experience,
    read_headcount,
    read_languages,
    read_line,
    read_list,
    read_mode,
    read_opening_kind,
    read_organisation_kind,
    read_pay,
    read_phone,
    read_size,
    read_text,
    read_time_zone,
    read_yes_no,
)
from talex.participants.importing.fields import FIELDS, Target
from talex.participants.importing.mapping import DATES, Column

Reader = Callable[[Cell, Column], Read[Any]]


def _simple(read: Callable[[Cell], Read[Any]]) -> Reader:
    return lambda cell, _column: read(cell)


def _date(cell: Cell, column: Column) -> Read[date]:
    return read_date(cell, day_first=column.day_first)


def _pay(cell: Cell, column: Column) -> Read[Any]:
    period = Period(column.period) if column.period else None
    return read_pay(cell, PayDefaults(column.currency, period))


_BY_FIELD: dict[str, Callable[[Cell], Read[Any]]] = {
    "email": read_email, "contact_email": read_email, "phone": read_phone,
    "degree_level": read_degree, "degree_required": read_degree_required,
    "experience_years": read_experience, "experience_required": read_experience,
    "skills": read_list, "wished_regions": read_list, "wished_industries": read_list,
    "discipline": read_list, "languages": read_languages, "language": read_languages,
    "resume_text": read_text, "description": read_text,
    "headcount": read_headcount, "size": read_size, "mode": read_mode,
    "time_zone": read_time_zone, "country": read_country, "consent": read_yes_no,
}  # fmt: skip
_KINDS: dict[Target, Callable[[Cell], Read[Any]]] = {
    "organisation": read_organisation_kind,
    "opening": read_opening_kind,
}


def _reader(target: Target, field: str) -> Reader:
    if field in DATES:
        return _date
    if field == "pay":
        return _pay
    if field == "kind":
        return _simple(_KINDS[target])
    return _simple(_BY_FIELD.get(field, read_line))


#: target -> field -> reader of its cells.
READERS: dict[Target, dict[str, Reader]] = {
    target: {field: _reader(target, field) for field in fields} for target, fields in FIELDS.items()
}


def plain_value(value: Any) -> Any:
    """What a reader made of a cell, in the shapes above."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain_value(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain_value(item) for name, item in asdict(value).items()}
    return value


# Neither database keeps these in text: NUL, and halves of surrogate pairs.
_UNKEEPABLE = {0: None} | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def keepable(text: str) -> str:
    """The text without what no database can keep."""
    return text if text.isascii() and "\0" not in text else text.translate(_UNKEEPABLE)


def cell_to_json(cell: Cell) -> Any:
    """A cell so that `cell_from_json` gives the same back, days and instants of workbooks too."""
    if isinstance(cell, str):
        return keepable(cell)
    if isinstance(cell, datetime):
        return {"time": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf"))):
        return str(cell)
    return cell


def cell_from_json(value: Any) -> Cell:
    """What `cell_to_json` wrote."""
    if isinstance(value, dict):
        if "time" in value:
            return datetime.fromisoformat(value["time"])
        return date.fromisoformat(value["day"])
    cell: Cell = value
    return cell
