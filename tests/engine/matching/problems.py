"""Small random problems with every kind of gap, for the tests of matching."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.matching import Openings, Problem, Talents, Vocabulary, Weights, id_sets
from talex.engine.matching.problem import HARD_ABLE

SKILLS = ["Python", "数据分析", "data analysis", "Maschinenbau", "焊接", "SQL", "量子退火", "R&D"]
SKILLS += ["量子退火算法", "welding", "5G", "Fahrzeugtechnik", "Teamarbeit", "沟通能力", "C++"]


def random_problem(
    seed: int, n: int, m: int, *, k: int = 3, rare: bool = True, all_hard: bool = True
) -> Problem:
    """A problem of n talents and m openings; about a quarter of everything is unknown."""
    rng = np.random.default_rng(seed)
    vocabulary = Vocabulary()

    def vectors(count: int) -> NDArray[np.float32]:
        rows = rng.normal(size=(count, 4)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        rows[rng.random(count) < 0.25] = 0
        return rows

    def sets(count: int, width: int) -> list[list[int]]:
        return [rng.choice(width, rng.integers(0, 3), replace=False).tolist() for _ in range(count)]

    def days(count: int) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
        start = np.datetime64("2026-01-01") + rng.integers(0, 60, count).astype("timedelta64[D]")
        end = start + rng.integers(0, 30, count).astype("timedelta64[D]")
        start[rng.random(count) < 0.25] = np.datetime64("NaT")
        end[rng.random(count) < 0.25] = np.datetime64("NaT")
        return start, end

    def years(count: int) -> NDArray[np.float32]:
        values = rng.integers(0, 20, count).astype(np.float32)
        values[rng.random(count) < 0.25] = np.nan
        return values

    def skills(count: int) -> list[list[str]]:
        return [
            [str(skill) for skill in rng.choice(SKILLS, rng.integers(0, 5), replace=False)]
            for _ in range(count)
        ]

    def side(count: int) -> dict[str, Any]:
        start, end = days(count)
        return {
            "title_vectors": vectors(count),
            "skill_vectors": vectors(count),
            "skills": vocabulary.encode(skills(count)),
            "regions": id_sets(sets(count, 5), 5),
            "industries": id_sets(sets(count, 4), 4),
            "starts": start,
            "ends": end,
            "capacity": rng.integers(0, 4, count).astype(np.int32),
            "degree": rng.integers(-1, 5, count).astype(np.int8),
            "languages": rng.integers(-1, 5, (count, 2)).astype(np.int8),
        }

    talents = Talents(**side(n), years=years(n))
    least = years(m)
    openings = Openings(
        **side(m), years_min=least, years_max=least + np.float32(rng.integers(0, 5))
    )
    return Problem(
        talents,
        openings,
        k=k,
        weights=Weights(hard=HARD_ABLE if all_hard else frozenset()),
        term_weights=vocabulary.rarity(talents.skills, openings.skills) if rare else None,
    )
