import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from talex.engine.text import MappedEmbedder, SentenceEncoder
from talex.engine.text import side_by_side as module
from talex.engine.text.side_by_side import SideBySide

BASE = MappedEmbedder(SentenceEncoder())
TEXTS = [f"{job} {at}" for at in range(4) for job in ("Laser engineer", "激光工程师", "Koch", "")]


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[SideBySide]:
    monkeypatch.setattr(module, "WORTH", 4)
    with SideBySide(BASE, processes=2) as made:
        yield made


def test_two_processes_give_the_vectors_of_one_also_when_a_helper_dies(pair: SideBySide) -> None:
    expected = BASE.embed(TEXTS)
    np.testing.assert_allclose(pair.embed(TEXTS), expected, atol=1e-6)
    (helper,) = pair._helpers
    process = helper._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    np.testing.assert_allclose(pair.embed(TEXTS), expected, atol=1e-6)
    process.wait()
    np.testing.assert_allclose(pair.embed(TEXTS), expected, atol=1e-6)
    assert not helper.alive


def test_no_helper_is_started_for_few_texts_and_none_is_left_behind(pair: SideBySide) -> None:
    pair.embed(TEXTS[:3])
    assert pair._helpers == []
    pair.embed(TEXTS)
    process = pair._helpers[0]._process
    assert process is not None
    pair.__exit__(None, None, None)
    assert process.returncode is not None


def test_where_no_process_can_be_started_the_texts_are_encoded_here(
    pair: SideBySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    np.testing.assert_allclose(pair.embed(TEXTS), BASE.embed(TEXTS), atol=1e-6)
