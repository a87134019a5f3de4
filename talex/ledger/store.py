"""Inserting many rows quickly: an import records 100,000 entries while writers wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections, models, router

_FEW = 200


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    ready: bool = False,
) -> None:
    """Insert `rows` (one value a field of `names`, already of the field's Python type).

    Few rows go by one INSERT each through the driver; many by COPY on PostgreSQL and
    `executemany` on SQLite, without making a model instance a row. `ready` says that the ids are
    what the database keeps already (text on SQLite), so that nothing is converted while the write
    lock is held.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    if connection.vendor == "postgresql" and len(rows) > _FEW:
        with (
            connection.cursor() as cursor,
            cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",
            rows
            if ready or connection.features.has_native_uuid_field
            else [_without_uuids(row) for row in rows],
        )


def _without_uuids(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple([value.hex if type(value) is UUID else value for value in row])
