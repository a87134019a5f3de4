from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest

from talex.engine.matching import Budget, Cancelled, retrieve
from talex.engine.matching.cluster import retrieve_on
from tests.engine.matching.problems import random_problem

distributed = pytest.importorskip("distributed", reason="Dask is not installed (talex[cluster])")


@pytest.fixture(scope="module")
def cluster():  # type: ignore[no-untyped-def]
    """Two workers, each a process of its own, that can be killed."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as made,
        distributed.Client(made) as client,
    ):
        yield made, client


def test_the_result_is_that_of_one_machine_though_a_worker_dies(cluster) -> None:  # type: ignore[no-untyped-def]
    made, client = cluster
    problem = random_problem(7, 900, 120, k=6)
    # Blocks of 32 talents, so that there are many tasks.
    budget = Budget(seed=3, memory_bytes=32 * 12 * 120)
    local = retrieve(problem, budget).candidates
    victim = next(iter(made.workers.values())).pid
    killed = threading.Event()

    def kill(share: float) -> None:
        # In the middle: some of the tasks are done, the rest is on both workers.
        if share < 1 and not killed.is_set():
            killed.set()
            os.kill(victim, signal.SIGKILL)

    found = retrieve_on(client, problem, replace(budget, progress=kill), tasks=24)
    assert killed.is_set()
    assert found.complete
    assert np.array_equal(found.candidates.indptr, local.indptr)
    assert np.array_equal(found.candidates.indices, local.indices)
    assert np.array_equal(found.candidates.data, local.data)
    with pytest.raises(Cancelled):
        retrieve_on(client, problem, replace(budget, cancelled=lambda: True))
    assert retrieve_on(client, random_problem(0, 0, 3)).candidates.shape == (0, 3)
    assert not retrieve_on(client, problem, replace(budget, seconds=-1), tasks=9).complete
