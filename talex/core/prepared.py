"""Statements that are asked with every request: built and compiled once, only their values change.

Building a queryset and compiling it takes more of the processor than a small statement itself
(docs/benchmarks.md, doors). What is prepared is still a queryset, so it follows the models.

    _ROLES = Prepared(lambda user: RoleGrant.objects.filter(user_id=user).values_list("role"))
    rows = _ROLES(user)
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, UUIDField


@dataclass(frozen=True, slots=True)
class _Statement:
    """`slots`: which value stands at which parameter; None: one that never changes."""

    sql: str
    parameters: tuple[Any, ...]
    slots: tuple[int | None, ...]
    converters: tuple[tuple[int, Any, Any], ...]


class Prepared:
    """A queryset of `values_list` whose arguments are ids. Nothing else may change between calls:
    what depends on the time or the language is no part of it."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._count = len(inspect.signature(build).parameters)
        self._compiled: dict[str, _Statement] = {}

    def __call__(self, *values: UUID | str) -> list[tuple[Any, ...]]:
        """The rows. Raises TypeError where the number of values is another than the queryset's."""
        if len(values) != self._count:
            raise TypeError(f"{self._count} values are wanted, {len(values)} were given")
        known = self._compiled.get(connection.vendor)
        if known is None:
            known = self._compiled[connection.vendor] = self._compile()
        given = [_adapted(value) for value in values]
        parameters = [
            fixed if slot is None else given[slot]
            for fixed, slot in zip(known.parameters, known.slots, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(known.sql, parameters)
            rows = cursor.fetchall()
        return [_converted(row, known.converters) for row in rows] if known.converters else rows

    def _compile(self) -> _Statement:
        marks = [uuid.uuid4() for _n in range(self._count)]
        query = self._build(*marks).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        at = {mark.hex: number for number, mark in enumerate(marks)}
        slots = tuple(at.get(str(one).replace("-", "")) for one in parameters)
        if set(slots) - {None} != set(range(self._count)):
            raise TypeError("every value of a prepared statement must be a parameter of its own")
        found = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        return _Statement(
            sql,
            tuple(parameters),
            slots,
            tuple((column, each, expression) for column, (each, expression) in found.items()),
        )


_ID = UUIDField()


def _adapted(value: UUID | str) -> Any:
    return _ID.get_db_prep_value(value, connection)


def _converted(
    row: tuple[Any, ...], converters: tuple[tuple[int, Any, Any], ...]
) -> tuple[Any, ...]:
    found = list(row)
    for column, each, expression in converters:
        for convert in each:
            found[column] = convert(found[column], expression, connection)
    return tuple(found)
