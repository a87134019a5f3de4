"""Which tables a request may have: classes of requests, groups and kinds of tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from talex.engine.meetings.problem import Mode, Problem


def table_classes(problem: Problem, rooms: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Requests with the same tables share a class: (R,) and (C, T + rooms)."""
    total = problem.tables + rooms
    rows: list[NDArray[np.bool_]] = []
    known: dict[bytes, int] = {}
    cls = np.full(problem.requests, -1, np.int64)

    def number(row: NDArray[np.bool_]) -> int:
        key = np.packbits(row).tobytes()
        if key not in known:
            known[key] = len(rows)
            rows.append(row)
        return known[key]

    anywhere = np.zeros(total, np.bool_)
    anywhere[: problem.tables] = True
    plain = (np.diff(problem.request_tables_ptr) == 0) & (problem.fixed_table < 0)
    onsite = problem.mode == Mode.ONSITE
    cls[plain & onsite] = number(anywhere)
    # many ask for the same: only the first of them makes a row
    before: dict[tuple[int, bytes], int] = {}
    ptr, idx = problem.request_tables_ptr, problem.request_tables_idx
    for request in map(int, np.flatnonzero(onsite & ~plain)):
        key = int(problem.fixed_table[request]), idx[ptr[request] : ptr[request + 1]].tobytes()
        if key not in before:
            row = np.zeros(total, np.bool_)
            row[problem.tables_of(request)] = True
            before[key] = number(row)
        cls[request] = before[key]
    if rooms:
        online = np.zeros(total, np.bool_)
        online[problem.tables :] = True
        cls[~onsite] = number(online)
    return cls, np.array(rows, np.bool_).reshape(len(rows), total)


def groups(class_rows: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(T,) and (C,) numbers of what classes and tables are connected, however indirectly."""
    classes, tables = class_rows.shape
    if classes == 0 or tables == 0:
        return np.zeros(tables, np.int64), np.zeros(classes, np.int64)
    row, column = np.nonzero(class_rows)
    edges = sparse.coo_array(
        (np.ones(row.size), (row, classes + column)), shape=(classes + tables, classes + tables)
    )
    _, label = connected_components(edges, directed=False)
    return label[classes:].astype(np.int64), label[:classes].astype(np.int64)


def kinds(class_rows: NDArray[np.bool_], halls: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Fields of ``Static`` about tables that nothing tells apart."""
    tables = halls.size
    told = np.concatenate(
        [halls.view(np.uint8).reshape(tables, 8), np.packbits(class_rows, axis=0).T], 1
    )
    _, first, kind = np.unique(
        np.ascontiguousarray(told).view(f"V{told.shape[1]}").ravel(),
        return_index=True,
        return_inverse=True,
    )
    row, column = np.nonzero(class_rows[:, first])
    return {
        "kind": kind.astype(np.int64),
        "kind_ptr": pointers(kind, first.size),
        "kind_idx": np.argsort(kind, kind="stable").astype(np.int64),
        "kind_hall": halls[first],
        "class_kind_ptr": pointers(row, class_rows.shape[0]),
        "class_kind_idx": column.astype(np.int64),
    }


def pointers(row: NDArray[Any], rows: int) -> NDArray[np.int64]:
    """(rows + 1,) where each row begins once entries are sorted by row."""
    ptr = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=ptr[1:])
    return ptr
