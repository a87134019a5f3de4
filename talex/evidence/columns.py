"""Values of fields as the database keeps them, for inserting many rows without model instances.

What is converted here before a transaction need not be converted while it holds the write lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, models, router

Adapter = Callable[[Sequence[Any]], tuple[Any, ...]]


def adapter(model: type[models.Model], names: Sequence[str]) -> Adapter:
    """A function from values of the fields `names` to what `ledger.store.insert_rows` takes.

    JSON becomes text, moments, days and times what the database takes; ids are left to
    `insert_rows`.
    """
    ops = connections[router.db_for_write(model)].ops
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for index, name in enumerate(names):
        field = model._meta.get_field(name)
        if isinstance(field, models.JSONField):
            converters.append((index, _json))
        elif isinstance(field, models.DateTimeField):
            converters.append((index, ops.adapt_datetimefield_value))
        elif isinstance(field, models.DateField):
            converters.append((index, ops.adapt_datefield_value))
        elif isinstance(field, models.TimeField):
            converters.append((index, ops.adapt_timefield_value))

    def adapt(values: Sequence[Any]) -> tuple[Any, ...]:
        row = list(values)
        for index, convert in converters:
            if row[index] is not None:
                row[index] = convert(row[index])
        return tuple(row)

    return adapt


def _json(value: Any) -> str:
    to_json = getattr(value, "to_json", None)
    return json.dumps(to_json() if to_json else value, ensure_ascii=False)
