"""Many rows at once into several tables, with the write lock held only to copy them over.

Instances are turned into rows of temporary tables first, a batch at a time, outside of any
transaction of the database's own tables: temporary tables belong to the connection, so that on
SQLite nobody waits for them, and a killed process leaves nothing. `insert()` then copies them, one
`INSERT ... SELECT` a table, inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

from django.db import DEFAULT_DB_ALIAS, connections, models

Instance = TypeVar("Instance", bound=models.Model)


class Loading:
    """Temporary tables for models, filled by `add` or `add_rows`, copied by `insert`.

    A context, or between `open` and `close`. Memory is bounded by what is added at once: on SQLite
    the temporary tables lie in a file that has no name.
    """

    def __init__(self, tables: Sequence[type[models.Model]], using: str = DEFAULT_DB_ALIAS) -> None:
        self.models = tuple(tables)
        self.counts: dict[type[models.Model], int] = dict.fromkeys(self.models, 0)
        self._connection = connections[using]
        self._name = uuid4().hex[:8]
        self._store: int | None = None
        self._is_open = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> None:
        """Make the temporary tables, empty."""
        connection = self._connection
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite" and not connection.in_atomic_block:
                cursor.execute("PRAGMA temp_store")
                (kept,) = cursor.fetchone()
                # Changing it would drop the tables of another Loading on this connection.
                cursor.execute("SELECT count(*) FROM sqlite_temp_master")
                if not cursor.fetchone()[0]:
                    self._store = int(kept)
                    cursor.execute("PRAGMA temp_store = FILE")
            for model in self.models:
                table = connection.ops.quote_name(model._meta.db_table)
                columns = ", ".join(self._columns(_names(model), model))
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {self.table(model)} AS "
                    f"SELECT {columns} FROM {table} WHERE 1 = 0"
                )
        self._is_open = True

    def close(self) -> None:
        """Drop the temporary tables; may be called twice."""
        connection = self._connection
        if not self._is_open:
            return
        self._is_open = False
        if connection.connection is None or (
            connection.in_atomic_block and connection.needs_rollback
        ):
            return  # The tables go with the connection, or with the transaction that made them.
        with connection.cursor() as cursor:
            for model in self.models:
                cursor.execute(f"DROP TABLE {self.table(model)}")
            if self._store is not None:
                cursor.execute(f"PRAGMA temp_store = {self._store}")

    def table(self, model: type[models.Model]) -> str:
        """The quoted name of the model's temporary table."""
        return self._connection.ops.quote_name(f"loading_{self._name}_{model._meta.model_name}")

    def add(self, instances: Iterable[models.Model]) -> None:
        """Put unsaved instances into the temporary tables of their models."""
        by_model: dict[type[models.Model], list[tuple[Any, ...]]] = {}
        connection = self._connection
        for instance in instances:
            rows = by_model.setdefault(type(instance), [])
            rows.append(
                tuple(
                    field.get_db_prep_save(field.pre_save(instance, True), connection)
                    for field in type(instance)._meta.local_concrete_fields
                )
            )
        self.add_rows((model, _names(model), rows) for model, rows in by_model.items())

    def add_rows(
        self,
        tables: Iterable[tuple[type[models.Model], Sequence[str], Sequence[tuple[Any, ...]]]],
    ) -> None:
        """Put rows in: a model, the names of its fields, values as the database keeps them.

        Fields that are not named become NULL.
        """
        connection = self._connection
        with connection.cursor() as cursor:
            # One transaction over temporary tables alone: without it each row is one.
            alone = not connection.in_atomic_block
            if alone:
                cursor.execute("BEGIN")
            try:
                for model, names, rows in tables:
                    if rows:
                        self._fill(cursor, model, names, rows)
                        self.counts[model] += len(rows)
            except BaseException:
                if alone:
                    cursor.execute("ROLLBACK")
                raise
            if alone:
                cursor.execute("COMMIT")

    def index(self, model: type[models.Model], *names: str) -> None:
        """Let `waiting` find rows by these fields without reading all of them."""
        with self._connection.cursor() as cursor:
            for number, column in enumerate(self._columns(names, model)):
                name = self._connection.ops.quote_name(
                    f"loading_{self._name}_{model._meta.model_name}_{number}"
                )
                cursor.execute(f"CREATE INDEX {name} ON {self.table(model)} ({column})")

    def waiting(self, model: type[Instance], name: str, values: Collection[Any]) -> list[Instance]:
        """Instances that wait and have one of these values in the field; a few hundred at once."""
        field = model._meta.get_field(name)
        if not values or not isinstance(field, models.Field):
            return []
        (column,) = self._columns([name], model)
        every = ", ".join(self._columns(_names(model), model))
        return list(
            model._default_manager.using(self._connection.alias).raw(
                f"SELECT {every} FROM {self.table(model)} "
                f"WHERE {column} IN ({', '.join(['%s'] * len(values))})",
                [field.get_db_prep_value(value, self._connection) for value in values],
            )
        )

    def replace(self, model: type[models.Model], instances: Sequence[models.Model]) -> None:
        """Let these instances of one model wait as they are now."""
        key = model._meta.pk
        (column,) = self._columns([str(key.name)], model)
        with self._connection.cursor() as cursor:
            for instance in instances:
                cursor.execute(
                    f"DELETE FROM {self.table(model)} WHERE {column} = %s",
                    [key.get_db_prep_value(instance.pk, self._connection)],
                )
        self.counts[model] -= len(instances)
        self.add(instances)

    def insert(self) -> None:
        """Copy everything; call it inside a transaction. Constraints hold as for any insert."""
        connection = self._connection
        if not connection.in_atomic_block:
            raise RuntimeError("Loading.insert() belongs into a transaction")
        with connection.cursor() as cursor:
            for model in self.models:
                if self.counts[model]:
                    table = connection.ops.quote_name(model._meta.db_table)
                    columns = ", ".join(self._columns(_names(model), model))
                    cursor.execute(
                        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {self.table(model)}"
                    )

    def _columns(self, names: Iterable[str], model: type[models.Model]) -> list[str]:
        quote = self._connection.ops.quote_name
        fields = [model._meta.get_field(name) for name in names]
        return [quote(str(field.column)) for field in fields if isinstance(field, models.Field)]

    def _fill(
        self,
        cursor: Any,
        model: type[models.Model],
        names: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
    ) -> None:
        into = f"{self.table(model)} ({', '.join(self._columns(names, model))})"
        if self._connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(names))
        cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)


def _names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields]
