"""Retrieval on a Dask cluster: the same call and the same result as on one machine.

Blocks of talents are tasks. Each is a pure function of the problem and its rows, so a task whose
worker dies runs again elsewhere. A talent's list is whole in its block; the lists of the openings
are merged by score and then by lot, as one machine does it. Needs ``talex[cluster]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .packed import pack
from .problem import Budget, Problem
from .retrieve import Lists, Retrieved, block_size, scan, united_lists

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["retrieve_on"]


def _task(problem: Problem, limits: dict[str, Any], first: int, last: int) -> tuple[Lists, Lists]:
    rows, columns = np.arange(first, last), np.arange(len(problem.openings))
    best, other, _ = scan(problem, Budget(**limits), pack(problem), rows, columns)
    return best, other


def _merged(one: Lists, two: Lists) -> Lists:
    """The k best of both, by score and then by lot."""
    scores = np.concatenate([one[0], two[0]], axis=1)
    ids = np.concatenate([one[1], two[1]], axis=1)
    lots = np.concatenate([one[2], two[2]], axis=1)
    order = np.lexsort((lots, -scores), axis=1)[:, : one[0].shape[1]]
    return (
        np.take_along_axis(scores, order, axis=1),
        np.take_along_axis(ids, order, axis=1),
        np.take_along_axis(lots, order, axis=1),
    )


def retrieve_on(
    client: Client, problem: Problem, budget: Budget | None = None, *, tasks: int | None = None
) -> Retrieved:
    """As :func:`retrieve` does it exactly, on the workers of a Dask ``client``.

    tasks: into how many the talents are cut, four for each worker if None. ``budget.threads`` is
    of each task, 1 if None; ``budget.seconds`` is not looked at by the workers: when it is over,
    what is not done is given up and ``complete`` is False. Raises :class:`Cancelled`, and
    ``ImportError`` without ``distributed``.
    """
    try:
        from distributed import as_completed
    except ImportError as error:
        raise ImportError("a cluster needs Dask: pip install 'talex[cluster]'") from error
    budget = budget or Budget()
    n, m = len(problem.talents), len(problem.openings)
    if not n or not m:
        return Retrieved(csr_array((n, m), dtype=np.float32), True)
    limits = {
        "seed": budget.seed,
        "memory_bytes": budget.memory_bytes,
        "threads": budget.threads or 1,
    }
    # Cut where one machine would cut too, so that the same numbers are multiplied together.
    size = block_size(budget, m)
    wanted = tasks or 4 * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    step = size * max(1, -(-n // (size * wanted)))
    shared = client.scatter(problem, broadcast=True, hash=False)
    futures = [
        client.submit(_task, shared, limits, at, min(at + step, n), pure=False)
        for at in range(0, n, step)
    ]
    place = {future.key: at for at, future in enumerate(futures)}
    parts: list[Lists | None] = [None] * len(futures)
    other: Lists | None = None
    try:
        for done, (future, (mine, theirs)) in enumerate(
            as_completed(futures, with_results=True), start=1
        ):
            parts[place[future.key]] = mine
            other = theirs if other is None else _merged(other, theirs)
            budget.progress(done / len(futures))
            if budget.expired():
                break
    finally:
        client.cancel([*futures, shared], force=True)
    rows = [
        np.arange(at * step, min(at * step + step, n))
        for at, part in enumerate(parts)
        if part is not None
    ]
    found = [part for part in parts if part is not None]
    best: list[NDArray[Any]] = [np.concatenate([part[at] for part in found]) for at in range(3)]
    assert other is not None  # one part at least is there
    candidates = united_lists(
        problem, pack(problem), np.concatenate(rows), np.arange(m), (best[0], best[1], best[2]),
        other,
    )  # fmt: skip
    return Retrieved(candidates, len(found) == len(parts))
