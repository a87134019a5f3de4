"""Values of fields as the database keeps them, for inserting many rows without model instances.

What is converted here before a transaction need not be converted while it holds the write lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import connections, models, router

Adapter = Callable[[Sequence[Any]], tuple[Any, ...]]


def adapter(model: type[models.Model], names: Sequence[str]) -> Adapter:
    """A function from values of the fields `names` to what `ledger.store.insert_rows` takes.

    JSON becomes text; ids, moments, days and times become what the database keeps, so that the
    rows are `ready`.
    """
    connection = connections[router.db_for_write(model)]
    ops, native = connection.ops, connection.features.has_native_uuid_field
    converters: list[tuple[int, Callable[[Any], Any]]] = []
    for index, name in enumerate(names):
        field = model._meta.get_field(name)
        if isinstance(getattr(field, "target_field", field), models.UUIDField):
            converters.append((index, str if native else _hex))
        elif isinstance(field, models.JSONField):
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


def _hex(value: UUID | str) -> str:
    return value if isinstance(value, str) else value.hex


def _json(value: Any) -> str:
    to_json = getattr(value, "to_json", None)
    return json.dumps(to_json() if to_json else value, ensure_ascii=False)
