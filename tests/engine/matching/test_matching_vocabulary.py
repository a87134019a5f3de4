from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.engine.matching import Vocabulary


@given(st.text(max_size=20))
def test_terms_of_a_skill_sum_to_one(skill: str) -> None:
    words = Vocabulary()
    number = words.add(skill)
    if number is None:
        assert not any(sign.isalpha() for sign in skill)
    else:
        assert sum(weight for _, weight in words.terms_of(number)) == pytest.approx(1)


def shared(one: str, other: str) -> float:
    words = Vocabulary()
    numbers = [words.add(text) for text in (one, other)]
    assert None not in numbers
    mine, theirs = (dict(words.terms_of(number)) for number in numbers if number is not None)
    return sum(min(weight, theirs.get(term, 0)) for term, weight in mine.items())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("数据分析", "Data analysis"),
        ("Datenanalyse", "data analytics"),
        ("ＳＱＬ", "sql"),
        ("机器 学习", "机器学习"),
        ("焊接", "Schweißen"),
        ("量子退火", "量子 退火"),
    ],
)
def test_the_same_skill_written_otherwise(one: str, other: str) -> None:
    assert shared(one, other) == pytest.approx(1)


def test_parts_of_chinese_without_spaces_are_shared() -> None:
    assert 0.3 < shared("量子退火算法研究", "量子退火") < 1
    assert shared("量子退火", "海洋钻井") == 0
    assert shared("数据分析能力", "数据分析") == pytest.approx(1)


def test_rows_are_sets_with_the_largest_weight() -> None:
    words = Vocabulary()
    block = words.encode([["SQL", ("SQL", 3.0), "  ", "!!"], []])
    assert block.written.shape[0] == 2
    assert block.written.nnz == 1
    assert block.written.data[0] == 3
    assert block.terms.data.max() <= 1


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_faulty_weights_are_refused(weight: float) -> None:
    with pytest.raises(ValueError):
        Vocabulary().encode([[("SQL", weight)]])


def test_rare_terms_tell_more() -> None:
    words = Vocabulary()
    block = words.encode([["SQL"], ["SQL"], ["SQL", "焊接"]])
    told = words.rarity(block)
    sql, welding = (dict(words.terms_of(number)).popitem()[0] for number in (0, 1))
    assert 0 < told[sql] < told[welding] <= 1
    assert np.isfinite(Vocabulary().rarity()).all()
