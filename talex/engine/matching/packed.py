"""The problem as plain arrays of fixed types, which is what the compiled kernels take."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .problem import COMPONENTS, Problem

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


def pack(problem: Problem) -> Packed:
    """Arrays of the types the kernels were compiled for."""
    talents, openings, weights = problem.talents, problem.openings, problem.weights
    width = max(talents.skills.terms.shape[1], openings.skills.terms.shape[1])
    terms = (
        np.ones(width, np.float32)
        if problem.term_weights is None
        else np.ascontiguousarray(problem.term_weights, np.float32)
    )
    t_terms, asked = _sorted(talents.skills.terms), _sorted(openings.skills.terms)
    t_region, o_region = _sorted(talents.regions), _sorted(openings.regions)
    t_trade, o_trade = _sorted(talents.industries), _sorted(openings.industries)
    asked.resize((len(openings), width))
    postings = asked.tocsc()
    total = np.bincount(
        np.repeat(np.arange(len(openings)), np.diff(asked.indptr)),
        weights=asked.data.astype(np.float64) * terms[asked.indices],
        minlength=len(openings),
    )

    def days(values: NDArray[np.datetime64]) -> NDArray[np.int64]:
        return np.ascontiguousarray(values.astype("datetime64[D]").astype(np.int64))

    def ptr(matrix: Any) -> NDArray[np.int64]:
        return np.ascontiguousarray(matrix.indptr, np.int64)

    def idx(matrix: Any) -> NDArray[np.int32]:
        return np.ascontiguousarray(matrix.indices, np.int32)

    def val(matrix: Any) -> NDArray[np.float32]:
        return np.ascontiguousarray(matrix.data, np.float32)

    def known(vectors: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which rows are not zeros. A few columns tell nearly all; the rest are looked at whole."""
        found = np.asarray(vectors[:, :8].any(axis=1))
        unsure = np.flatnonzero(~found)
        found[unsure] = vectors[unsure].any(axis=1)
        return found

    return Packed(
        t_title=known(talents.title_vectors),
        o_title=known(openings.title_vectors),
        t_text=known(talents.skill_vectors),
        o_text=known(openings.skill_vectors),
        t_degree=np.ascontiguousarray(talents.degree, np.int8),
        o_degree=np.ascontiguousarray(openings.degree, np.int8),
        t_years=np.ascontiguousarray(talents.years, np.float32),
        o_least=np.ascontiguousarray(openings.years_min, np.float32),
        o_most=np.ascontiguousarray(openings.years_max, np.float32),
        t_levels=np.ascontiguousarray(talents.languages, np.int8),
        o_levels=np.ascontiguousarray(openings.languages, np.int8),
        t_start=days(talents.starts),
        t_end=days(talents.ends),
        o_start=days(openings.starts),
        o_end=days(openings.ends),
        t_region_ptr=ptr(t_region),
        t_region_idx=idx(t_region),
        o_region_ptr=ptr(o_region),
        o_region_idx=idx(o_region),
        t_trade_ptr=ptr(t_trade),
        t_trade_idx=idx(t_trade),
        o_trade_ptr=ptr(o_trade),
        o_trade_idx=idx(o_trade),
        t_term_ptr=ptr(t_terms),
        t_term_idx=idx(t_terms),
        t_term_val=val(t_terms),
        o_term_ptr=ptr(asked),
        o_term_idx=idx(asked),
        o_term_val=val(asked),
        o_term_sum=total.astype(np.float64),
        post_ptr=ptr(postings),
        post_idx=idx(postings),
        post_val=val(postings),
        term_weight=terms,
        weight=weights.vector(),
        neutral=weights.neutral_vector(),
        hard=np.array([part in weights.hard for part in COMPONENTS], dtype=np.bool_),
        ranges=np.array([weights.title_range, weights.skill_range], dtype=np.float64),
        region_count=max(talents.regions.shape[1], openings.regions.shape[1]),
        trade_count=max(talents.industries.shape[1], openings.industries.shape[1]),
    )
