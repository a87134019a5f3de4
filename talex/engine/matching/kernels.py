"""The inner loops, compiled by Numba. One definition of each term's fit serves rows and pairs.

A fit is 0 to 1, or -1 for unknown. The order of components is that of ``problem.COMPONENTS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from .packed import Packed
from .problem import COMPONENTS, Component

__all__ = [
    "jit",
    "jit_fast",
    "jit_lean",
    "keep_best_columns",
    "keep_best_rows",
    "score_pairs",
    "score_rows",
]

_F = TypeVar("_F", bound=Callable[..., Any])


def _compiled(**options: Any) -> Callable[[_F], _F]:
    def compiled(function: _F) -> _F:
        try:
            return cast(_F, numba.njit(nogil=True, cache=True, **options)(function))
        except RuntimeError:  # neither the package's folder nor the user's is writable
            return cast(_F, numba.njit(nogil=True, **options)(function))

    return compiled


#: Compile without the GIL, kept on disk where a cache folder can be written.
jit = _compiled()
#: The same for what allocates nothing: it counts no references. A call hands on some forty arrays
#: of the problem, and to count them took longer than most of the kernels.
jit_lean = _compiled(_nrt=False)
#: The same for sums whose order does not matter, so that they use vector instructions.
jit_fast = _compiled(_nrt=False, fastmath=True)


_TITLE, _SKILLS, _SKILL_TEXT, _DEGREE, _YEARS, _LANGUAGE, _REGION, _INDUSTRY, _DATES = range(
    len(COMPONENTS)
)
_NAT = np.iinfo(np.int64).min


@jit_lean
def _closeness(cosine: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (cosine - low) / (high - low)))


@jit_lean
def _degree_fit(has: int, asked: int) -> float:
    """1 at least the asked degree; 0.4 one level short; 0 further short."""
    if has < 0 or asked < 0:
        return -1.0
    if has >= asked:
        return 1.0
    return 0.4 if asked - has == 1 else 0.0


@jit_lean
def _years_fit(years: float, least: float, most: float) -> float:
    """1 inside the range; below it the share reached; above it down to 0.5 over 10 years."""
    if np.isnan(years) or (np.isnan(least) and np.isnan(most)):
        return -1.0
    if not np.isnan(least) and years < least:
        return max(0.0, years / least)
    if not np.isnan(most) and years > most:
        return max(0.5, 1.0 - (years - most) / 20.0)
    return 1.0


@jit_lean
def _language_fit(p: Packed, i: int, j: int) -> tuple[float, bool]:
    """Mean share of the asked levels that are known, and whether none is known to be short."""
    total, count, enough = 0.0, 0, True
    for language in range(p.o_levels.shape[1]):
        asked = p.o_levels[j, language]
        if asked <= 0:
            continue
        has = p.t_levels[i, language]
        if has < 0:
            continue
        count += 1
        if has >= asked:
            total += 1.0
        else:
            total += has / asked
            enough = False
    if count == 0:
        return -1.0, True
    return total / count, enough


@jit_lean
def _dates_fit(t_start: int, t_end: int, o_start: int, o_end: int) -> float:
    """0 if a known start lies after a known end, 1 if both comparisons are known to hold."""
    first = t_start != _NAT and o_end != _NAT
    second = o_start != _NAT and t_end != _NAT
    if (first and t_start > o_end) or (second and o_start > t_end):
        return 0.0
    return 1.0 if first and second else -1.0


@jit
def score_rows(
    p: Packed,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    titles: NDArray[np.float32],
    texts: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Scores of talents ``rows`` (b,) with openings ``columns`` (c,) into ``out`` (b, c); -1 is
    forbidden. titles, texts: (b, c) cosines."""
    m = p.o_degree.shape[0]
    shared = np.zeros(m)
    regions = np.zeros(p.region_count, np.bool_)
    trades = np.zeros(p.trade_count, np.bool_)
    for r in range(rows.shape[0]):
        i = rows[r]
        shared[:] = 0.0
        knows_skills = p.t_term_ptr[i + 1] > p.t_term_ptr[i]
        for at in range(p.t_term_ptr[i], p.t_term_ptr[i + 1]):
            term, mine = p.t_term_idx[at], p.t_term_val[at]
            if term >= p.post_ptr.shape[0] - 1:
                continue
            told = p.term_weight[term]
            for post in range(p.post_ptr[term], p.post_ptr[term + 1]):
                shared[p.post_idx[post]] += told * min(mine, p.post_val[post])
        regions[:] = False
        for at in range(p.t_region_ptr[i], p.t_region_ptr[i + 1]):
            regions[p.t_region_idx[at]] = True
        knows_region = p.t_region_ptr[i + 1] > p.t_region_ptr[i]
        trades[:] = False
        for at in range(p.t_trade_ptr[i], p.t_trade_ptr[i + 1]):
            trades[p.t_trade_idx[at]] = True
        knows_trade = p.t_trade_ptr[i + 1] > p.t_trade_ptr[i]
        for c in range(columns.shape[0]):
            j = columns[c]
            degree = _degree_fit(p.t_degree[i], p.o_degree[j])
            language, enough = _language_fit(p, i, j)
            dates = _dates_fit(p.t_start[i], p.t_end[i], p.o_start[j], p.o_end[j])
            if (
                (p.hard[_DEGREE] and 0.0 <= degree < 1.0)
                or (p.hard[_LANGUAGE] and not enough)
                or (p.hard[_DATES] and dates == 0.0)
            ):
                out[r, c] = -1.0
                continue
            score = 0.0
            if p.t_title[i] and p.o_title[j]:
                near = _closeness(titles[r, c], p.ranges[0, 0], p.ranges[0, 1])
                score += p.weight[_TITLE] * near
            else:
                score += p.weight[_TITLE] * p.neutral[_TITLE]
            if p.t_text[i] and p.o_text[j]:
                near = _closeness(texts[r, c], p.ranges[1, 0], p.ranges[1, 1])
                score += p.weight[_SKILL_TEXT] * near
            else:
                score += p.weight[_SKILL_TEXT] * p.neutral[_SKILL_TEXT]
            if knows_skills and p.o_term_sum[j] > 0.0:
                score += p.weight[_SKILLS] * min(1.0, shared[j] / p.o_term_sum[j])
            else:
                score += p.weight[_SKILLS] * p.neutral[_SKILLS]
            years = _years_fit(p.t_years[i], p.o_least[j], p.o_most[j])
            region = -1.0
            if knows_region and p.o_region_ptr[j + 1] > p.o_region_ptr[j]:
                region = 0.0
                for at in range(p.o_region_ptr[j], p.o_region_ptr[j + 1]):
                    if regions[p.o_region_idx[at]]:
                        region = 1.0
            trade = -1.0
            if knows_trade and p.o_trade_ptr[j + 1] > p.o_trade_ptr[j]:
                trade = 0.0
                for at in range(p.o_trade_ptr[j], p.o_trade_ptr[j + 1]):
                    if trades[p.o_trade_idx[at]]:
                        trade = 1.0
            score += p.weight[_DEGREE] * (degree if degree >= 0.0 else p.neutral[_DEGREE])
            score += p.weight[_YEARS] * (years if years >= 0.0 else p.neutral[_YEARS])
            score += p.weight[_LANGUAGE] * (language if language >= 0.0 else p.neutral[_LANGUAGE])
            score += p.weight[_REGION] * (region if region >= 0.0 else p.neutral[_REGION])
            score += p.weight[_INDUSTRY] * (trade if trade >= 0.0 else p.neutral[_INDUSTRY])
            score += p.weight[_DATES] * (dates if dates >= 0.0 else p.neutral[_DATES])
            out[r, c] = score


@jit_lean
def _meet(
    mine: NDArray[np.int32], a: int, a_end: int, theirs: NDArray[np.int32], b: int, b_end: int
) -> float:
    """Whether two sorted sets share an id; -1 where one is empty."""
    if a == a_end or b == b_end:
        return -1.0
    while a < a_end and b < b_end:
        if mine[a] == theirs[b]:
            return 1.0
        if mine[a] < theirs[b]:
            a += 1
        else:
            b += 1
    return 0.0


@jit
def score_pairs(
    p: Packed,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    titles: NDArray[np.float32],
    texts: NDArray[np.float32],
    scores: NDArray[np.float32],
    components: NDArray[np.float32],
    known: NDArray[np.bool_],
    admissible: NDArray[np.bool_],
) -> None:
    """Parts and scores of single pairs; all arrays have E rows, the last four are written."""
    fits = np.zeros(p.weight.shape[0])
    for e in range(left.shape[0]):
        i, j = left[e], right[e]
        fits[_TITLE] = (
            _closeness(titles[e], p.ranges[0, 0], p.ranges[0, 1])
            if p.t_title[i] and p.o_title[j]
            else -1.0
        )
        fits[_SKILL_TEXT] = (
            _closeness(texts[e], p.ranges[1, 0], p.ranges[1, 1])
            if p.t_text[i] and p.o_text[j]
            else -1.0
        )
        a, a_end = p.t_term_ptr[i], p.t_term_ptr[i + 1]
        b, b_end = p.o_term_ptr[j], p.o_term_ptr[j + 1]
        fits[_SKILLS] = -1.0
        if a < a_end and p.o_term_sum[j] > 0.0:
            shared = 0.0
            while a < a_end and b < b_end:
                if p.t_term_idx[a] == p.o_term_idx[b]:
                    told = p.term_weight[p.t_term_idx[a]]
                    shared += told * min(p.t_term_val[a], p.o_term_val[b])
                    a += 1
                    b += 1
                elif p.t_term_idx[a] < p.o_term_idx[b]:
                    a += 1
                else:
                    b += 1
            fits[_SKILLS] = min(1.0, shared / p.o_term_sum[j])
        fits[_DEGREE] = _degree_fit(p.t_degree[i], p.o_degree[j])
        fits[_YEARS] = _years_fit(p.t_years[i], p.o_least[j], p.o_most[j])
        fits[_LANGUAGE], enough = _language_fit(p, i, j)
        fits[_DATES] = _dates_fit(p.t_start[i], p.t_end[i], p.o_start[j], p.o_end[j])
        fits[_REGION] = _meet(
            p.t_region_idx,
            p.t_region_ptr[i],
            p.t_region_ptr[i + 1],
            p.o_region_idx,
            p.o_region_ptr[j],
            p.o_region_ptr[j + 1],
        )
        fits[_INDUSTRY] = _meet(
            p.t_trade_idx,
            p.t_trade_ptr[i],
            p.t_trade_ptr[i + 1],
            p.o_trade_idx,
            p.o_trade_ptr[j],
            p.o_trade_ptr[j + 1],
        )
        admissible[e] = not (
            (p.hard[_DEGREE] and 0.0 <= fits[_DEGREE] < 1.0)
            or (p.hard[_LANGUAGE] and not enough)
            or (p.hard[_DATES] and fits[_DATES] == 0.0)
        )
        score = 0.0
        for c in range(fits.shape[0]):
            known[e, c] = fits[c] >= 0.0
            part = fits[c] if fits[c] >= 0.0 else p.neutral[c]
            components[e, c] = part
            score += p.weight[c] * part
        scores[e] = score if admissible[e] else 0.0


@jit_lean
def _lot(i: int, j: int, seed: int) -> int:
    """A number drawn for the pair: decides ties without favouring early rows."""
    x = (i * 73_856_093) ^ (j * 19_349_663) ^ (seed * 83_492_791)
    x = (x ^ (x >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    x = (x ^ (x >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    return x ^ (x >> 16)


@jit_lean
def _put(
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    lots: NDArray[np.int64],
    s: float,
    who: int,
    lot: int,
) -> None:
    """Insert into a list of the k best, sorted by falling score, then by lot."""
    at = scores.shape[0] - 1
    if s < scores[at] or (s == scores[at] and lot >= lots[at]):
        return
    while at > 0 and (s > scores[at - 1] or (s == scores[at - 1] and lot < lots[at - 1])):
        scores[at], ids[at], lots[at] = scores[at - 1], ids[at - 1], lots[at - 1]
        at -= 1
    scores[at], ids[at], lots[at] = s, who, lot


@jit_lean
def keep_best_rows(
    block: NDArray[np.float32],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    least: float,
    seed: int,
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    lots: NDArray[np.int64],
) -> None:
    """The k best openings of each row of ``block`` (b, c) into (b, k) lists."""
    for r in range(block.shape[0]):
        for c in range(block.shape[1]):
            s = block[r, c]
            if s >= least and s >= scores[r, -1]:
                j = columns[c]
                _put(scores[r], ids[r], lots[r], s, j, _lot(rows[r], j, seed))


@jit_lean
def keep_best_columns(
    block: NDArray[np.float32],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    first: int,
    last: int,
    least: float,
    seed: int,
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    lots: NDArray[np.int64],
) -> None:
    """Fold columns first..last-1 of ``block`` (b, c) into the (c, k) lists of best talents."""
    for r in range(block.shape[0]):
        for c in range(first, last):
            s = block[r, c]
            if s >= least and s >= scores[c, -1]:
                _put(scores[c], ids[c], lots[c], s, rows[r], _lot(rows[r], columns[c], seed))


assert COMPONENTS.index(Component.DATES) == _DATES  # the order above is that of the enum
