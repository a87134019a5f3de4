"""Tables are loaded before the first test: hypothesis times each example."""

from __future__ import annotations

import pytest

from talex.engine.text import CompoundSplitter, chinese_words, normalise


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    normalise("軟體")
    chinese_words("软体")
    CompoundSplitter.default()
