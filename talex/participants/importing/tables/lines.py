"""Rows of a table as lines of JSON, from the process that reads a file to whoever asked."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from talex.participants.importing.notes import Note, TableError
from talex.participants.importing.tables.rows import Row


def line_of(row: Row) -> str:
    """A day is {"day": ...}, an instant {"time": ...}; what else a cell holds, JSON has as well."""
    faults = [one.as_json() for one in row.faults]
    return json.dumps([row.number, row.cells, faults], default=_plain)


MORE = json.dumps({"more": True})
"""The line that says that further rows were not read."""


def row_of(line: bytes) -> Row | None:
    """The row, or None for `MORE`. Raises `TableError` where the line says that reading ended."""
    told = json.loads(line, object_hook=_cell)
    if isinstance(told, TableError):
        raise told
    if told == {"more": True}:
        return None
    number, cells, faults = told
    return Row(number, cells, tuple(Note.from_json(one) for one in faults))


def fault_of(error: TableError) -> str:
    """The line that says so."""
    return json.dumps({"fault": error.code, "params": dict(error.note.params)})


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(type(value).__name__)


def _cell(told: dict[str, Any]) -> Any:
    if "day" in told:
        return date.fromisoformat(told["day"])
    if "time" in told:
        return datetime.fromisoformat(told["time"])
    if "fault" in told:
        return TableError(told["fault"], **told["params"])
    return told
