"""The inner loops of approximate retrieval: bounds, heaps, exact cosines of stored vectors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kernels import _dates_fit, _degree_fit, _language_fit, _meet, _years_fit, jit_fast, jit_lean
from .packed import Packed
from .problem import COMPONENTS, Component

__all__ = ["Block", "admissible_openings", "admissible_talents", "cosines", "drain", "screen"]

_TITLE, _SKILLS, _SKILL_TEXT, _DEGREE, _YEARS, _LANGUAGE, _REGION, _INDUSTRY, _DATES = range(
    len(COMPONENTS)
)


class Block(NamedTuple):
    """A block of openings, as the kernels take it; c is their number.

    columns: (c,) their numbers. starts: (s + 1,) where openings begin that ask for something else
    by their hard terms than the one before, and c. titled, texted, asks: (c,) float32, 1 where
    the title, the text, the skills are known, else 0. share: (c,) float32, 1 by the sum of what
    is asked, or 0. rest: (c,) float32, the most that the other parts can give. post_*: the
    openings of the block by term, as places in the block.
    """

    columns: NDArray[np.int64]
    starts: NDArray[np.int64]
    titled: NDArray[np.float32]
    texted: NDArray[np.float32]
    asks: NDArray[np.float32]
    share: NDArray[np.float32]
    rest: NDArray[np.float32]
    post_ptr: NDArray[np.int64]
    post_idx: NDArray[np.int32]
    post_val: NDArray[np.float32]


@jit_lean
def _fails(p: Packed, i: int, j: int) -> bool:
    """Whether a hard term is known to fail."""
    if p.hard[_DEGREE] and 0 <= p.t_degree[i] < p.o_degree[j]:
        return True
    if p.hard[_LANGUAGE]:
        for language in range(p.o_levels.shape[1]):
            if 0 <= p.t_levels[i, language] < p.o_levels[j, language]:
                return True
    if p.hard[_DATES]:
        return _dates_fit(p.t_start[i], p.t_end[i], p.o_start[j], p.o_end[j]) == 0.0
    return False


@jit_lean
def admissible_talents(p: Packed, openings: NDArray[np.int64], out: NDArray[np.bool_]) -> None:
    """Mark in ``out`` (n,) the talents that one of ``openings`` could take."""
    for i in range(out.shape[0]):
        for j in openings:
            if not _fails(p, i, j):
                out[i] = True
                break


@jit_lean
def admissible_openings(p: Packed, talent: int, out: NDArray[np.bool_]) -> None:
    """Mark in ``out`` (m,) the openings that could take ``talent``."""
    for j in range(out.shape[0]):
        out[j] = not _fails(p, talent, j)


@jit_lean
def _rest(p: Packed, i: int, j: int) -> float:
    """The weighted parts beside title, text and skills."""
    degree = _degree_fit(p.t_degree[i], p.o_degree[j])
    years = _years_fit(p.t_years[i], p.o_least[j], p.o_most[j])
    language, _ = _language_fit(p, i, j)
    dates = _dates_fit(p.t_start[i], p.t_end[i], p.o_start[j], p.o_end[j])
    region = _meet(
        p.t_region_idx, p.t_region_ptr[i], p.t_region_ptr[i + 1],
        p.o_region_idx, p.o_region_ptr[j], p.o_region_ptr[j + 1],
    )  # fmt: skip
    trade = _meet(
        p.t_trade_idx, p.t_trade_ptr[i], p.t_trade_ptr[i + 1],
        p.o_trade_idx, p.o_trade_ptr[j], p.o_trade_ptr[j + 1],
    )  # fmt: skip
    score = p.weight[_DEGREE] * (degree if degree >= 0.0 else p.neutral[_DEGREE])
    score += p.weight[_YEARS] * (years if years >= 0.0 else p.neutral[_YEARS])
    score += p.weight[_LANGUAGE] * (language if language >= 0.0 else p.neutral[_LANGUAGE])
    score += p.weight[_DATES] * (dates if dates >= 0.0 else p.neutral[_DATES])
    score += p.weight[_REGION] * (region if region >= 0.0 else p.neutral[_REGION])
    score += p.weight[_INDUSTRY] * (trade if trade >= 0.0 else p.neutral[_INDUSTRY])
    return score


@jit_lean
def _push(scores: NDArray[np.float32], ids: NDArray[np.int32], s: np.float32, who: int) -> None:
    """Replace the least of a full heap of the best, the least on top."""
    at, count = 0, scores.shape[0]
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and scores[child + 1] < scores[child]:
            child += 1
        if scores[child] >= s:
            break
        scores[at], ids[at] = scores[child], ids[child]
        at = child
    scores[at], ids[at] = s, who


@jit_fast
def _bounds(
    titles: NDArray[np.float32],
    texts: NDArray[np.float32],
    shared: NDArray[np.float32],
    block: Block,
    knows: tuple[bool, bool, bool],
    terms: NDArray[np.float32],
    first: int,
    last: int,
    out: NDArray[np.float32],
) -> None:
    """What title, text and skills give openings first to last-1 of the block, about, into
    ``out`` (c,)."""
    a, b, x, y = terms[0], terms[1], terms[2], terms[3]
    title_neutral, text_neutral, skill_neutral = terms[4], terms[5], terms[6]
    title_weight, text_weight, skill_weight = terms[7], terms[8], terms[9]
    one, zero = np.float32(1), np.float32(0)
    titled, texted = one if knows[0] else zero, one if knows[1] else zero
    skilled = one if knows[2] else zero
    for c in range(first, last):
        title = min(one, max(zero, titles[c] * a + b))
        text = min(one, max(zero, texts[c] * x + y))
        skill = min(one, shared[c] * block.share[c])
        out[c] = (
            title_weight * (title_neutral + titled * block.titled[c] * (title - title_neutral))
            + text_weight * (text_neutral + texted * block.texted[c] * (text - text_neutral))
            + skill_weight * (skill_neutral + skilled * block.asks[c] * (skill - skill_neutral))
        )


@jit_lean
def screen(
    p: Packed,
    rows: NDArray[np.int64],
    block: Block,
    titles: NDArray[np.float32],
    texts: NDArray[np.float32],
    terms: NDArray[np.float32],
    least: float,
    t_scores: NDArray[np.float32],
    t_ids: NDArray[np.int32],
    o_scores: NDArray[np.float32],
    o_ids: NDArray[np.int32],
    shared: NDArray[np.float32],
    part: NDArray[np.float32],
    o_least: NDArray[np.float32],
) -> None:
    """Fold a block into the heaps of the best of its talents, ``t_`` (n, k), and openings, ``o_``
    (c, k). titles, texts: (b, c) cosines, about; the last three, (c,), are room to work. A pair
    is looked at as a whole only if what title, text and skills give leaves it a chance on either
    side."""
    for c in range(o_least.shape[0]):
        o_least[c] = o_scores[c, 0]
    for r in range(rows.shape[0]):
        i = rows[r]
        shared[:] = 0
        for at in range(p.t_term_ptr[i], p.t_term_ptr[i + 1]):
            term, mine = p.t_term_idx[at], p.t_term_val[at]
            if term >= block.post_ptr.shape[0] - 1:
                continue
            for post in range(block.post_ptr[term], block.post_ptr[term + 1]):
                c = block.post_idx[post]
                shared[c] += p.term_weight[term] * min(mine, block.post_val[post])
        knows = (p.t_title[i], p.t_text[i], p.t_term_ptr[i + 1] > p.t_term_ptr[i])
        for segment in range(block.starts.shape[0] - 1):
            first, last = block.starts[segment], block.starts[segment + 1]
            if _fails(p, i, block.columns[first]):
                continue
            _bounds(titles[r], texts[r], shared, block, knows, terms, first, last, part)
            worst = t_scores[i, 0]
            for c in range(first, last):
                most = part[c] + block.rest[c]
                if most <= worst and most <= o_least[c]:
                    continue
                j = block.columns[c]
                s = np.float32(part[c] + _rest(p, i, j))
                if s < least:
                    continue
                if s > worst:
                    _push(t_scores[i], t_ids[i], s, j)
                    worst = t_scores[i, 0]
                if s > o_least[c]:
                    _push(o_scores[c], o_ids[c], s, i)
                    o_least[c] = o_scores[c, 0]


@jit_lean
def drain(
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    into_scores: NDArray[np.float32],
    into_ids: NDArray[np.int32],
) -> None:
    """Fold the heaps of one thread (c, k) into those of another."""
    for c in range(scores.shape[0]):
        for at in range(scores.shape[1]):
            if scores[c, at] > into_scores[c, 0]:
                _push(into_scores[c], into_ids[c], scores[c, at], ids[c, at])


@jit_fast
def _single(half: np.uint16) -> np.float32:
    """A float16 from its bits: shifted into the place of float32, the exponent raised by 112.
    What has no exponent is below 0.00007 and counts as 0."""
    bits = np.uint32(((half & 0x7FFF) << 13) + 0x38000000 | ((half & 0x8000) << 16))
    return bits.view(np.float32) * np.float32((half & 0x7C00) != 0)


@jit_fast
def _half_cosines(
    a: NDArray[np.uint16],
    b: NDArray[np.uint16],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    out: NDArray[np.float32],
) -> None:
    for e in range(left.shape[0]):
        i, j = left[e], right[e]
        total = np.float32(0)
        for at in range(a.shape[1]):
            total += _single(a[i, at]) * _single(b[j, at])
        out[e] = total


@jit_fast
def _cosines(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    out: NDArray[np.float32],
) -> None:
    for e in range(left.shape[0]):
        i, j = left[e], right[e]
        total = np.float32(0)
        for at in range(a.shape[1]):
            total += a[i, at] * b[j, at]
        out[e] = total


def cosines(
    a: NDArray[Any], b: NDArray[Any], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(E,) products of the unit rows ``a[left[e]]`` and ``b[right[e]]``, float16 or float32."""
    out = np.empty(len(left), np.float32)
    if a.dtype == b.dtype == np.float16:
        _half_cosines(a.view(np.uint16), b.view(np.uint16), left, right, out)
    else:
        _cosines(
            a.astype(np.float32, copy=False), b.astype(np.float32, copy=False), left, right, out
        )
    return out


assert COMPONENTS.index(Component.DATES) == _DATES  # the order above is that of the enum
