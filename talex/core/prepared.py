"""Statements that are asked with every request: built and compiled once, only their values change.

Building a queryset and compiling it takes more of the processor than a small statement itself
(docs/benchmarks.md, doors). What is prepared is still a queryset, so it follows the models.

    _ROLES = Prepared(lambda user: RoleGrant.objects.filter(user_id=user).values_list("role"))
    rows = _ROLES(user)
    _EDITIONS = PreparedRecords(lambda slug: Edition.objects.filter(slug=slug))
    found = _EDITIONS(slug)
"""

from __future__ import annotations

import inspect
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet, UUIDField
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class _Statement:
    """`slots`: which value stands at which parameter, and how it is given to the database; None:
    a parameter that never changes. `shape`: what its rows are made into something with."""

    sql: str
    parameters: tuple[Any, ...]
    slots: tuple[tuple[int, Callable[[Any], Any]] | None, ...]
    converters: tuple[tuple[int, Any, Any], ...]
    shape: Any

    def rows(self, values: tuple[UUID | str, ...]) -> list[tuple[Any, ...]]:
        parameters = [
            fixed if slot is None else slot[1](values[slot[0]])
            for fixed, slot in zip(self.parameters, self.slots, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        return [_converted(row, self.converters) for row in rows] if self.converters else rows


class _Compiled(ABC):
    """A queryset whose arguments are ids or texts, compiled for the database in use.

    Nothing else may change between calls: what depends on the time or the language is no part of
    it."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._count = len(inspect.signature(build).parameters)
        self._compiled: dict[str, _Statement] = {}

    def _statement(self, count: int) -> _Statement:
        if count != self._count:
            raise TypeError(f"{self._count} values are wanted, {count} were given")
        known = self._compiled.get(connection.vendor)
        if known is None:
            known = self._compiled[connection.vendor] = self._compile()
        return known

    def _compile(self) -> _Statement:
        marks = [uuid.uuid4() for _n in range(self._count)]
        compiler = self._build(*marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        # An id stands there as the database keeps ids, a text in the form that `str` gives.
        ids = {_adapted(mark): (number, _adapted) for number, mark in enumerate(marks)}
        texts = {str(mark): (number, str) for number, mark in enumerate(marks)}
        slots = tuple(ids.get(one, texts.get(one)) for one in parameters)
        if {slot[0] for slot in slots if slot} != set(range(self._count)):
            raise TypeError("every value of a prepared statement must be a parameter of its own")
        found = compiler.get_converters([one[0] for one in compiler.select])
        converters = tuple(
            (column, each, expression) for column, (each, expression) in found.items()
        )
        return _Statement(sql, tuple(parameters), slots, converters, self._shape(compiler))

    @abstractmethod
    def _shape(self, compiler: Any) -> Any:
        """What makes something of a row: of each compiled statement once."""


class Prepared(_Compiled):
    """A queryset of `values_list`."""

    def __call__(self, *values: UUID | str) -> list[tuple[Any, ...]]:
        """The rows. Raises TypeError where the number of values is another than the queryset's."""
        statement = self._statement(len(values))
        width, rows = statement.shape, statement.rows(values)
        # What is only sorted by comes behind the columns that were asked for.
        return rows if not rows or len(rows[0]) == width else [row[:width] for row in rows]

    def _shape(self, compiler: Any) -> int:
        return int(compiler.col_count)


class PreparedRecords(_Compiled, Generic[M]):
    """A queryset of records, with what `select_related` reads; no annotations."""

    def __init__(self, build: Callable[..., QuerySet[M, M]]) -> None:
        super().__init__(build)

    def __call__(self, *values: UUID | str) -> list[M]:
        """The records. Raises TypeError as `Prepared` does."""
        statement = self._statement(len(values))
        model, names, own, related = statement.shape
        found = []
        for row in statement.rows(values):
            record = model.from_db(connection.alias, names, row[own])
            for populator in related:
                populator.populate(row, record)
            found.append(record)
        return found

    def _shape(self, compiler: Any) -> tuple[Any, list[str], slice, list[Any]]:
        """As `ModelIterable` finds it for each queryset."""
        known, select = compiler.klass_info, compiler.select
        if known is None or compiler.annotation_col_map:
            raise TypeError("a queryset of plain records is wanted")
        own = slice(known["select_fields"][0], known["select_fields"][-1] + 1)
        names = [column[0].target.attname for column in select[own]]
        # The stubs are of Django 6, which asks for one argument more.
        related = get_related_populators(known, select, connection.alias)  # type: ignore[call-arg]
        return known["model"], names, own, related


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
