"""Sides of any size from a pool of rehearsal records, for the bench of retrieval.

The pool: talents and openings of the rehearsal `province`, their titles and skill lists encoded by
the product's embedder. A row takes its title, degree, years, region and languages from one record
and its skills from another of the same industry, so texts repeat among a million rows, pairs of
them hardly. The encoded pool is kept in a folder; it depends on nothing but the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from talex.engine.matching import (
    HARD_ABLE,
    Openings,
    Problem,
    SkillSets,
    Talents,
    Vocabulary,
    Weights,
    id_sets,
)
from talex.engine.text import default_embedder
from talex.rehearsal import rehearse

Arrays = dict[str, NDArray[Any]]
_DEGREES = ("secondary", "associate", "bachelor", "master", "doctorate")
_LANGUAGES = ("zh", "en", "de", "fr", "ru", "ja", "ko", "es", "pt", "ar", "hi", "it")
_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")


class _Numbers(dict[str, int]):
    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]


def _vectors(texts: Sequence[str], tell: Callable[[str], None]) -> tuple[Any, Any]:
    """float16 vectors of the distinct texts, and the number of each text among them."""
    numbers = _Numbers()
    which = np.array([numbers[text] for text in texts], np.int32)
    distinct = list(numbers)
    made = []
    for at in range(0, len(distinct), 4_000):
        made.append(default_embedder().embed(distinct[at : at + 4_000]).astype(np.float16))
        tell(f"{at + len(made[-1]):,} of {len(distinct):,} texts encoded")
    return np.vstack(made), which


def _levels(rows: Sequence[Any]) -> NDArray[np.int8]:
    found = np.zeros((len(rows), len(_LANGUAGES)), np.int8)
    for at, row in enumerate(rows):
        for one in row.languages:
            if one.language in _LANGUAGES:
                found[at, _LANGUAGES.index(one.language)] = _CEFR.index(one.cefr) + 1
    return found


def _flat(name: str, matrix: csr_array) -> Arrays:
    return {f"{name}_{key}": getattr(matrix, key) for key in ("data", "indices", "indptr")} | {
        f"{name}_shape": np.array(matrix.shape)
    }


def make_pool(
    folder: Path, talents: int, openings: int, seed: int, tell: Callable[[str], None]
) -> Arrays:
    """The pool's arrays, made and kept in ``folder``, or read from there."""
    path = folder / f"pool-{talents}-{openings}-{seed}.npz"
    if path.exists():
        with np.load(path) as kept:
            return dict(kept)
    start = process_time()
    book = rehearse("province", seed)
    people = [book.talent(at) for at in range(1, 4 * talents + 1, 4)]
    offers = [book.opening(at) for at in range(1, 6 * openings + 1, 6)]
    tell(f"records made in {process_time() - start:.0f} CPU s")
    vocabulary, regions, trades = Vocabulary(), _Numbers(), _Numbers()
    pool: Arrays = {}
    for side, rows in (("t", people), ("o", offers)):
        titles = [getattr(row, "title", None) or getattr(row, "position", None) for row in rows]
        # Who has no position looks for one: the discipline stands in its place, as in the product.
        named = [
            title or row.discipline or row.occupation
            for title, row in zip(titles, rows, strict=True)
        ]
        pool[f"{side}_titles"], pool[f"{side}_title"] = _vectors(named, tell)
        pool[f"{side}_texts"], pool[f"{side}_text"] = _vectors(
            [", ".join(row.skills) for row in rows], tell
        )
        sets = vocabulary.encode([row.skills for row in rows])
        pool |= _flat(f"{side}_terms", sets.terms)
        pool[f"{side}_degree"] = np.array(
            [_DEGREES.index(row.degree) if row.degree else -1 for row in rows], np.int8
        )
        pool[f"{side}_levels"] = _levels(rows)
        pool[f"{side}_group"] = np.array([trades[row.industry] for row in rows], np.int32)
    pool["t_years"] = np.array([np.nan if r.years is None else r.years for r in people], np.float32)
    for key in ("years_min", "years_max"):
        values = [getattr(row, key) for row in offers]
        pool[f"o_{key}"] = np.array([np.nan if v is None else v for v in values], np.float32)
    places = [[regions[code] for code in row.wished_regions] for row in people]
    where = [[regions[row.region]] if row.region else [] for row in offers]
    wished = [[trades[code] for code in (*row.wished_industries, row.industry)] for row in people]
    for name, sets_of, width in (
        ("t_regions", places, len(regions)),
        ("o_regions", where, len(regions)),
        ("t_trades", wished, len(trades)),
        ("o_trades", [[trades[row.industry]] for row in offers], len(trades)),
    ):
        pool |= _flat(name, id_sets(sets_of, width))
    tell(f"pool made in {process_time() - start:.0f} CPU s")
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(path, **pool)
    return pool


def _csr(pool: Arrays, name: str) -> csr_array:
    parts = (pool[f"{name}_data"], pool[f"{name}_indices"], pool[f"{name}_indptr"])
    return csr_array(parts, shape=tuple(pool[f"{name}_shape"].tolist()))


def _take(matrix: csr_array, rows: NDArray[np.int64]) -> csr_array:
    """The rows of a CSR matrix with int32 columns, without SciPy's detour over int64."""
    sizes = np.diff(matrix.indptr)[rows]
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    data = np.empty(indptr[-1], matrix.data.dtype)
    indices = np.empty(indptr[-1], np.int32)
    for at in range(0, len(rows), 50_000):
        part = matrix[rows[at : at + 50_000]]
        here = slice(indptr[at], indptr[min(at + 50_000, len(rows))])
        data[here], indices[here] = part.data, part.indices
    return csr_array((data, indices, indptr), shape=(len(rows), matrix.shape[1]))


def problem_of(pool: Arrays, n: int, m: int, k: int, seed: int) -> Problem:
    """n talents and m openings from the pool; vectors float16. Degree, languages and days are
    hard; the days are drawn so that about a tenth of the pairs is admissible."""
    rng = np.random.default_rng(seed)
    made = []
    for side, count in (("t", n), ("o", m)):
        group = pool[f"{side}_group"]
        by_group = np.argsort(group, kind="stable")
        first = np.searchsorted(group[by_group], np.arange(group.max() + 2))
        one = rng.integers(0, len(group), count)
        # Skills of another record of the same industry for every second row.
        low, high = first[group[one]], first[group[one] + 1]
        two = by_group[low + (rng.random(count) * (high - low)).astype(np.int64)]
        two[::2] = one[::2]
        terms = _take(_csr(pool, f"{side}_terms"), two)
        written = csr_array((count, 0), dtype=np.float32)
        title, text = pool[f"{side}_title"][one], pool[f"{side}_text"][two]
        # Days between which one is there: the opening two of ten, the talent one to three.
        day = np.datetime64("2027-04-20") + rng.integers(0, 10, count).astype("timedelta64[D]")
        stay = rng.integers(0, 3, count) if side == "t" else np.ones(count, np.int64)
        common = {
            "title_vectors": pool[f"{side}_titles"][title],
            "skill_vectors": pool[f"{side}_texts"][text],
            "skills": SkillSets(written, terms),
            "regions": _take(_csr(pool, f"{side}_regions"), one),
            "industries": _take(_csr(pool, f"{side}_trades"), one),
            "starts": day,
            "ends": day + stay.astype("timedelta64[D]"),
            "capacity": np.ones(count, np.int32),
            "degree": pool[f"{side}_degree"][one],
            "languages": pool[f"{side}_levels"][one],
        }
        if side == "t":
            made.append(Talents(**common, years=pool["t_years"][one]))
        else:
            least, most = pool["o_years_min"][one], pool["o_years_max"][one]
            made.append(Openings(**common, years_min=least, years_max=most))
    return Problem(made[0], made[1], k=k, weights=Weights(hard=HARD_ABLE))
