"""Where the documents are kept: FTS5 on SQLite, a GIN index over `simple` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from talex.core.models import SearchDocument
from talex.core.search import words
from talex.core.search.documents import Document

CHUNK = 400
TABLE = "core_search_words"
#: What the index stands on; the migration and every query say it alike.
VECTOR = (
    "(setweight(to_tsvector('simple', core_searchdocument.title), 'A')"
    " || setweight(to_tsvector('simple', core_searchdocument.body), 'B'))"
)


def in_sqlite() -> bool:
    return connection.vendor == "sqlite"


def one_at_a_time(source: str) -> None:
    """Until the commit nobody else writes documents of the source: what was read stays true.

    Otherwise a rebuilding that read somebody just before they were erased could write them again
    just after. SQLite has one writer anyway.
    """
    if not in_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('talex.search'), hashtext(%s))", [source]
            )


def remove(source: str, ids: Collection[UUID]) -> int:
    """Forget these things."""
    gone = 0
    wanted = list(ids)
    for at in range(0, len(wanted), CHUNK):
        rows = SearchDocument.objects.filter(source=source, object_id__in=wanted[at : at + CHUNK])
        gone += _delete(rows)
    return gone


def forget_others(source: str, edition: UUID | None, keep: Collection[UUID]) -> int:
    """Forget whatever of the source (in the edition) is no longer there."""
    rows = SearchDocument.objects.filter(source=source)
    if edition is not None:
        rows = rows.filter(edition_id=edition)
    known = set(rows.values_list("object_id", flat=True))
    return remove(source, known - set(keep))


def _delete(rows: QuerySet[SearchDocument]) -> int:
    if in_sqlite():
        numbers = list(rows.values_list("number", flat=True))
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(n,) for n in numbers])
    return rows.delete()[0]


def purge() -> None:
    """Write SQLite's index anew without what was deleted.

    FTS5 only marks a deleted row; its words stay in the file until its segments are merged.
    PostgreSQL clears its index with the rows, by VACUUM.
    """
    if in_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")


def write(source: str, ids: Collection[UUID], documents: Iterable[Document]) -> int:
    """Put these documents in the place of whatever was known of `ids`."""
    with transaction.atomic():
        remove(source, ids)
        rows, texts = [], []
        sqlite = in_sqlite()
        for one in documents:
            title, body = " ".join(words.words_of(one.title)), " ".join(words.words_of(one.body))
            row = SearchDocument(
                source=source, object_id=one.object_id, edition_id=one.edition, level=one.level
            )
            if sqlite:
                texts.append((row.number, title, body))
            else:
                row.title, row.body = title, body
            rows.append(row)
        SearchDocument.objects.bulk_create(rows, batch_size=CHUNK)
        if sqlite:
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {TABLE} (rowid, title, body) VALUES (%s, %s, %s)", texts
                )
    return len(rows)


def find(
    source: str,
    level: str,
    phrases: Sequence[list[str]],
    seen: QuerySet[Any],
    *,
    edition: UUID | None,
    limit: int,
) -> list[tuple[UUID, UUID, float]]:
    """(object, edition, score) of the best among the rows `seen` (a queryset), best first."""
    try:
        inner, parameters = seen.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    if in_sqlite():
        start = (
            f"SELECT d.object_id, d.edition_id, -bm25({TABLE}, 8.0, 1.0) AS score FROM {TABLE}"
            # In this order: found by their words first, then looked up by their number.
            f" CROSS JOIN core_searchdocument d ON d.number = {TABLE}.rowid WHERE {TABLE} MATCH %s"
        )
        first: list[Any] = [words.for_fts5(list(phrases))]
    else:
        query = "to_tsquery('simple', %s)"
        vector = VECTOR.replace("core_searchdocument.", "d.")
        start = (
            f"SELECT d.object_id, d.edition_id, ts_rank({vector}, {query}) AS score"
            f" FROM core_searchdocument d WHERE {vector} @@ {query}"
        )
        first = [words.for_postgresql(list(phrases))] * 2
    where, more = " AND d.source = %s AND d.level = %s", [source, level]
    if edition is not None:
        where += " AND d.edition_id = %s"
        more.append(edition.hex if in_sqlite() else edition)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{start}{where} AND d.object_id IN ({inner})"
            " ORDER BY score DESC, d.object_id LIMIT %s",
            [*first, *more, *parameters, limit],
        )
        rows = cursor.fetchall()
    return [(UUID(str(one)), UUID(str(where_)), float(score)) for one, where_, score in rows]
