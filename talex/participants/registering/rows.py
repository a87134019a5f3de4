"""A list of things with a few facts each (degrees, posts), as rows of plain inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

MOST_ROWS = 30
Row = dict[str, str]


@dataclass(frozen=True)
class Part:
    """One fact of a row: its name on the wire, its label, and how it is asked.

    `kind`: line, text, month, year or choice (with `choices`). `wide`: it takes the whole width.
    """

    name: str
    label: Any
    kind: str = "line"
    choices: Sequence[tuple[str, Any]] = ()
    wide: bool = False
    hint: Any = ""


class RowsInput(forms.Widget):
    """Names on the wire: `education_0_level`, `education_0_year`, `education_1_level`, ...

    Below what is filled in stands one empty row; `spare` asks for more.
    """

    template_name = "participants/registering/widgets/rows.html"
    use_fieldset = True

    def __init__(self, parts: Sequence[Part], row_label: Any) -> None:
        super().__init__()
        self.parts, self.row_label, self.spare = list(parts), row_label, 1

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        rows = []
        for number in range(MOST_ROWS + 5):
            keys = [f"{name}_{number}_{part.name}" for part in self.parts]
            if not any(key in data for key in keys):
                break
            rows.append(
                {part.name: str(data.get(key) or "").strip()
                 for part, key in zip(self.parts, keys, strict=True)}
            )  # fmt: skip
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_0_{part.name}" in data for part in self.parts)

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled = [row for row in value or () if any(row.values())]
        empty: Row = {part.name: "" for part in self.parts}
        shown = [*filled, *([empty] * max(0, min(self.spare, MOST_ROWS - len(filled))))]
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"] |= {
            "row_label": self.row_label,
            "rows": [
                {
                    "number": number + 1,
                    "cells": [
                        {
                            "part": part,
                            "name": f"{name}_{number}_{part.name}",
                            "id": f"{base}_{number}_{part.name}",
                            "value": row.get(part.name) or "",
                        }
                        for part in self.parts
                    ],
                }
                for number, row in enumerate(shown)
            ],
        }
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0_{self.parts[0].name}" if id_ else id_


class RowsField(forms.Field):
    """Clean value: the rows that say something, as texts; what they mean is the service's."""

    def __init__(self, *, parts: Sequence[Part], row_label: Any, **kwargs: Any) -> None:
        super().__init__(widget=RowsInput(parts, row_label), **kwargs)

    def to_python(self, value: Any) -> list[Row]:
        return list(value or ())[:MOST_ROWS]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != list(data or ())
