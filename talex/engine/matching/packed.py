"""The problem as plain arrays of fixed types, which is what the compiled kernels take."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .problem import COMPONENTS, Openings, Problem, Talents

__all__ = ["Packed", "pack"]


class Packed(NamedTuple):
    """The problem as plain arrays for the kernels: ``t_`` talents, ``o_`` openings,
    ``*_ptr``/``*_idx``/``*_val`` the parts of CSR matrices, ``post_`` openings by term."""

    t_title: NDArray[np.bool_]
    o_title: NDArray[np.bool_]
    t_text: NDArray[np.bool_]
    o_text: NDArray[np.bool_]
    t_degree: NDArray[np.int8]
    o_degree: NDArray[np.int8]
    t_years: NDArray[np.float32]
    o_least: NDArray[np.float32]
    o_most: NDArray[np.float32]
    t_levels: NDArray[np.int8]
    o_levels: NDArray[np.int8]
    t_start: NDArray[np.int64]
    t_end: NDArray[np.int64]
    o_start: NDArray[np.int64]
    o_end: NDArray[np.int64]
    t_region_ptr: NDArray[np.int64]
    t_region_idx: NDArray[np.int32]
    o_region_ptr: NDArray[np.int64]
    o_region_idx: NDArray[np.int32]
    t_trade_ptr: NDArray[np.int64]
    t_trade_idx: NDArray[np.int32]
    o_trade_ptr: NDArray[np.int64]
    o_trade_idx: NDArray[np.int32]
    t_term_ptr: NDArray[np.int64]
    t_term_idx: NDArray[np.int32]
    t_term_val: NDArray[np.float32]
    o_term_ptr: NDArray[np.int64]
    o_term_idx: NDArray[np.int32]
    o_term_val: NDArray[np.float32]
    o_term_sum: NDArray[np.float64]
    post_ptr: NDArray[np.int64]
    post_idx: NDArray[np.int32]
    post_val: NDArray[np.float32]
    term_weight: NDArray[np.float32]
    weight: NDArray[np.float64]
    neutral: NDArray[np.float64]
    hard: NDArray[np.bool_]
    ranges: NDArray[np.float64]
    region_count: int
    trade_count: int


def _sorted(matrix: csr_array) -> csr_array:
    """A copy with sorted, unique columns: the kernels merge rows."""
    matrix = matrix.copy()
    matrix.sum_duplicates()
    return matrix


def _days(values: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return np.ascontiguousarray(values.astype("datetime64[D]").astype(np.int64))


def _csr(prefix: str, matrix: Any) -> dict[str, Any]:
    return {
        f"{prefix}_ptr": np.ascontiguousarray(matrix.indptr, np.int64),
        f"{prefix}_idx": np.ascontiguousarray(matrix.indices, np.int32),
        f"{prefix}_val": np.ascontiguousarray(matrix.data, np.float32),
    }


def _known(vectors: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which rows are not zeros. A few columns tell nearly all; the rest are looked at whole."""
    found = np.asarray(vectors[:, :8].any(axis=1))
    unsure = np.flatnonzero(~found)
    found[unsure] = vectors[unsure].any(axis=1)
    return found


def _side(prefix: str, side: Talents | Openings) -> dict[str, Any]:
    """The arrays both sides have, by their names in :class:`Packed` and more."""
    return {
        f"{prefix}_title": _known(side.title_vectors),
        f"{prefix}_text": _known(side.skill_vectors),
        f"{prefix}_degree": np.ascontiguousarray(side.degree, np.int8),
        f"{prefix}_levels": np.ascontiguousarray(side.languages, np.int8),
        f"{prefix}_start": _days(side.starts),
        f"{prefix}_end": _days(side.ends),
        **_csr(f"{prefix}_region", _sorted(side.regions)),
        **_csr(f"{prefix}_trade", _sorted(side.industries)),
    }


def pack(problem: Problem, *, talents_of: Packed | None = None) -> Packed:
    """Arrays of the types the kernels were compiled for.

    talents_of: an earlier packing of a problem with the very same talents, whose arrays are taken
        over: so a new opening does not cost a copy of a million talents.
    """
    talents, openings, weights = problem.talents, problem.openings, problem.weights
    width = max(talents.skills.terms.shape[1], openings.skills.terms.shape[1])
    terms = (
        np.ones(width, np.float32)
        if problem.term_weights is None
        else np.ascontiguousarray(problem.term_weights, np.float32)
    )
    asked = _sorted(openings.skills.terms)
    asked.resize((len(openings), width))
    total = np.bincount(
        np.repeat(np.arange(len(openings)), np.diff(asked.indptr)),
        weights=asked.data.astype(np.float64) * terms[asked.indices],
        minlength=len(openings),
    )
    if talents_of is None:
        mine = _side("t", talents) | _csr("t_term", _sorted(talents.skills.terms))
        mine["t_years"] = np.ascontiguousarray(talents.years, np.float32)
    else:
        if len(talents_of.t_degree) != len(talents):
            raise ValueError("the earlier packing has other talents")
        mine = {name: array for name, array in talents_of._asdict().items() if name[:2] == "t_"}
    every = {
        **mine,
        **_side("o", openings),
        **_csr("o_term", asked),
        **_csr("post", asked.tocsc()),
        "o_least": np.ascontiguousarray(openings.years_min, np.float32),
        "o_most": np.ascontiguousarray(openings.years_max, np.float32),
        "o_term_sum": total.astype(np.float64),
        "term_weight": terms,
        "weight": weights.vector(),
        "neutral": weights.neutral_vector(),
        "hard": np.array([part in weights.hard for part in COMPONENTS], dtype=np.bool_),
        "ranges": np.array([weights.title_range, weights.skill_range], dtype=np.float64),
        "region_count": max(talents.regions.shape[1], openings.regions.shape[1]),
        "trade_count": max(talents.industries.shape[1], openings.industries.shape[1]),
    }
    return Packed(**{name: every[name] for name in Packed._fields})
