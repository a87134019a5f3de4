"""Why two fit or do not, without a word of any language: codes with parameters.

The reader's language is the app's business: it has one sentence for each :class:`Code`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .problem import COMPONENTS, Component, Openings, Problem, Talents
from .retrieve import score
from .vocabulary import Vocabulary

__all__ = ["Code", "Reason", "reasons", "reasons_of_pairs"]


class Code(StrEnum):
    """What can be said about a pair. Every code has ``value`` (0 to 1, the component's value,
    neutral if unknown); codes that do not fit have ``gain`` too: by how much the score would rise
    if it fitted fully (for a failed hard term: from 0 to the score without the prohibition).
    ``*_UNKNOWN`` has ``missing``: a list of 'talent', 'opening', the sides that said nothing.
    """

    #: title closeness of at least a half. Parameters: cosine (float)
    TITLE_CLOSE = "title_close"
    #: title closeness below a half. Parameters: cosine (float)
    TITLE_FAR = "title_far"
    TITLE_UNKNOWN = "title_unknown"
    #: skills in common. Parameters: matched (list of (talent's words, opening's words, strength 0
    #: to 1), strongest first), missing (list of the opening's words that matched nothing)
    SKILLS_MATCHED = "skills_matched"
    #: no skill in common. Parameters: missing (list of the opening's words)
    SKILLS_NONE = "skills_none"
    SKILLS_UNKNOWN = "skills_unknown"
    #: the texts about skills are close, or not. Parameters: cosine (float)
    SKILL_TEXT_CLOSE = "skill_text_close"
    SKILL_TEXT_FAR = "skill_text_far"
    SKILL_TEXT_UNKNOWN = "skill_text_unknown"
    #: Parameters: has (int), wanted (int): ordinals of the problem
    DEGREE_MET = "degree_met"
    #: Parameters: has (int), wanted (int), hard (bool)
    DEGREE_BELOW = "degree_below"
    DEGREE_UNKNOWN = "degree_unknown"
    #: Parameters of the three: has (float years), least, most (float years or None)
    EXPERIENCE_MET = "experience_met"
    EXPERIENCE_BELOW = "experience_below"
    EXPERIENCE_ABOVE = "experience_above"
    EXPERIENCE_UNKNOWN = "experience_unknown"
    #: Parameters of both: languages (list of (column, has, wanted), those known on both sides),
    #: unsaid (list of (column, wanted) the talent says nothing about), and for BELOW hard (bool)
    LANGUAGE_MET = "language_met"
    LANGUAGE_BELOW = "language_below"
    #: and ``unsaid`` as of LANGUAGE_MET
    LANGUAGE_UNKNOWN = "language_unknown"
    #: Parameters: common (list of region ids)
    REGION_MET = "region_met"
    #: Parameters: wished, offered (lists of region ids)
    REGION_OTHER = "region_other"
    REGION_UNKNOWN = "region_unknown"
    #: Parameters: common (list of industry ids)
    INDUSTRY_MET = "industry_met"
    #: Parameters: known, offered (lists of industry ids)
    INDUSTRY_OTHER = "industry_other"
    INDUSTRY_UNKNOWN = "industry_unknown"
    #: Parameters of both: talent, opening: (start, end), each an ISO date or None; and for APART
    #: hard (bool)
    DATES_MEET = "dates_meet"
    DATES_APART = "dates_apart"
    DATES_UNKNOWN = "dates_unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, one a component.

    weight: its part of the score; the weights of all reasons of a pair sum to the score (a
    failed hard term carries what takes it to 0).
    fits: whether it speaks for the pair; None is neither, because something is unknown.
    """

    code: Code
    component: Component
    params: dict[str, Any]
    weight: float
    fits: bool | None


def reasons(
    problem: Problem, talent: int, opening: int, vocabulary: Vocabulary | None = None
) -> list[Reason]:
    """The reasons of one pair, one for each component, the weightiest first.

    vocabulary: that of both sides, for the words in the skill reasons; without it the lists of
    words are empty. Raises ``IndexError`` for a row that does not exist.
    """
    return next(reasons_of_pairs(problem, np.array([[talent, opening]]), vocabulary))


def reasons_of_pairs(
    problem: Problem, pairs: NDArray[np.integer], vocabulary: Vocabulary | None = None
) -> Iterator[list[Reason]]:
    """As :func:`reasons`, for many pairs (E, 2), in their order: the problem is packed and the
    pairs are scored once."""
    pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    scored = score(problem, pairs)
    weights = problem.weights.vector()
    written = vocabulary.written if vocabulary is not None else None
    for at, (talent, opening) in enumerate(pairs.tolist()):
        pair = _Pair(problem, talent, opening, written)
        yield _reasons(pair, weights, scored.components[at], scored.known[at], vocabulary)


def _reasons(
    pair: _Pair,
    weights: NDArray[np.float64],
    components: NDArray[np.float32],
    known: NDArray[np.bool_],
    vocabulary: Vocabulary | None,
) -> list[Reason]:
    hard = pair.problem.weights.hard
    values = components.astype(np.float64)
    shares = weights * values
    total = float(shares.sum())
    failed = [part for part in COMPONENTS if part in pair.failures() & hard]
    found = []
    for at, part in enumerate(COMPONENTS):
        if known[at]:
            code, params, fits = _DESCRIBE[part](pair, float(values[at]), vocabulary)
        else:
            code, params, fits = _UNKNOWN[part], {"missing": pair.silent(part)}, None
            if part is Component.LANGUAGE:
                params["unsaid"] = _language(pair, 0.0, vocabulary)[1]["unsaid"]
        share = float(shares[at])
        rise = float(weights[at] * (1.0 - values[at]))
        params["value"] = float(values[at])
        if part in failed:
            share -= total / len(failed)
            # With a second prohibition nothing is won by mending the first alone.
            rise = total + rise if len(failed) == 1 else 0.0
        elif failed:
            rise = 0.0
        if fits is False:
            params["gain"] = rise
        found.append(Reason(code, part, params, share, fits))
    return sorted(found, key=lambda reason: -abs(reason.weight))


@dataclass(frozen=True, slots=True)
class _Pair:
    problem: Problem
    i: int
    j: int
    # The written skills by number: Vocabulary.written makes its list anew at each call.
    written: list[str] | None = None

    def failures(self) -> frozenset[Component]:
        """Which of the terms that can be hard are known to fail."""
        talents, openings = self.problem.talents, self.problem.openings
        levels, asked = talents.languages[self.i], openings.languages[self.j]
        degree = int(talents.degree[self.i])
        late = talents.starts[self.i] > openings.ends[self.j]
        early = openings.starts[self.j] > talents.ends[self.i]
        fails = {
            Component.DEGREE: 0 <= degree < int(openings.degree[self.j]),
            Component.LANGUAGE: bool(((levels >= 0) & (levels < asked)).any()),
            Component.DATES: bool(late or early),
        }
        return frozenset(part for part, failed in fails.items() if failed)

    def silent(self, part: Component) -> list[str]:
        """The sides that say nothing about ``part``."""
        talents, openings, i, j = self.problem.talents, self.problem.openings, self.i, self.j
        says: dict[Component, tuple[bool, bool]] = {
            Component.TITLE: (talents.title_vectors[i].any(), openings.title_vectors[j].any()),
            Component.SKILLS: (
                bool(_ids(talents.skills.terms, i)),
                bool(_ids(openings.skills.terms, j)),
            ),
            Component.SKILL_TEXT: (
                talents.skill_vectors[i].any(),
                openings.skill_vectors[j].any(),
            ),
            Component.DEGREE: (talents.degree[i] >= 0, openings.degree[j] >= 0),
            Component.EXPERIENCE: (
                not np.isnan(talents.years[i]),
                not (np.isnan(openings.years_min[j]) and np.isnan(openings.years_max[j])),
            ),
            Component.LANGUAGE: (
                bool((talents.languages[i][openings.languages[j] > 0] >= 0).any()),
                bool((openings.languages[j] > 0).any()),
            ),
            Component.REGION: (bool(_ids(talents.regions, i)), bool(_ids(openings.regions, j))),
            Component.INDUSTRY: (
                bool(_ids(talents.industries, i)),
                bool(_ids(openings.industries, j)),
            ),
            Component.DATES: (
                not (np.isnat(talents.starts[i]) or np.isnat(talents.ends[i])),
                not (np.isnat(openings.starts[j]) or np.isnat(openings.ends[j])),
            ),
        }
        talent, opening = says[part]
        if part is Component.LANGUAGE and not opening:
            # The problem knows only languages that some opening asks for: whether the talent
            # names others cannot be said, and for this opening no answer would change anything.
            talent = True
        return [name for name, said in (("talent", talent), ("opening", opening)) if not said]


def _ids(matrix: csr_array, row: int) -> list[int]:
    return [int(key) for key in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]


_Told = tuple[Code, dict[str, Any], bool | None]
_Words = Vocabulary | None


def _title(pair: _Pair, value: float, words: _Words) -> _Told:
    sides = pair.problem.talents.title_vectors, pair.problem.openings.title_vectors
    near = value >= 0.5
    cosine = float(np.dot(sides[0][pair.i], sides[1][pair.j]))
    return Code.TITLE_CLOSE if near else Code.TITLE_FAR, {"cosine": cosine}, near


def _skill_text(pair: _Pair, value: float, words: _Words) -> _Told:
    sides = pair.problem.talents.skill_vectors, pair.problem.openings.skill_vectors
    near = value >= 0.5
    cosine = float(np.dot(sides[0][pair.i], sides[1][pair.j]))
    return Code.SKILL_TEXT_CLOSE if near else Code.SKILL_TEXT_FAR, {"cosine": cosine}, near


def _skills(pair: _Pair, value: float, words: _Words) -> _Told:
    matched: list[tuple[str, str, float]] = []
    missing: list[str] = []
    if words is not None:
        text = pair.written if pair.written is not None else words.written
        has = _ids(pair.problem.talents.skills.written, pair.i)
        for asked in _ids(pair.problem.openings.skills.written, pair.j):
            wanted = dict(words.terms_of(asked))
            strength, best = 0.0, -1
            for mine in has:
                shared = sum(
                    min(share, wanted.get(term, 0.0)) for term, share in words.terms_of(mine)
                )
                if shared > strength:
                    strength, best = shared, mine
            if best < 0:
                missing.append(text[asked])
            else:
                matched.append((text[best], text[asked], strength))
    matched.sort(key=lambda match: -match[2])
    if value > 0:
        return Code.SKILLS_MATCHED, {"matched": matched, "missing": missing}, True
    return Code.SKILLS_NONE, {"missing": missing}, False


def _degree(pair: _Pair, value: float, words: _Words) -> _Told:
    has = int(pair.problem.talents.degree[pair.i])
    wanted = int(pair.problem.openings.degree[pair.j])
    params: dict[str, Any] = {"has": has, "wanted": wanted}
    if has >= wanted:
        return Code.DEGREE_MET, params, True
    params["hard"] = Component.DEGREE in pair.problem.weights.hard
    return Code.DEGREE_BELOW, params, False


def _experience(pair: _Pair, value: float, words: _Words) -> _Told:
    openings = pair.problem.openings
    has = float(pair.problem.talents.years[pair.i])
    least, most = float(openings.years_min[pair.j]), float(openings.years_max[pair.j])
    params = {
        "has": has,
        "least": None if np.isnan(least) else least,
        "most": None if np.isnan(most) else most,
    }
    if has < least:
        return Code.EXPERIENCE_BELOW, params, False
    if has > most:
        return Code.EXPERIENCE_ABOVE, params, False
    return Code.EXPERIENCE_MET, params, True


def _language(pair: _Pair, value: float, words: _Words) -> _Told:
    levels = pair.problem.talents.languages[pair.i]
    asked = pair.problem.openings.languages[pair.j]
    params: dict[str, Any] = {"languages": [], "unsaid": []}
    for column in np.flatnonzero(asked > 0).tolist():
        if levels[column] >= 0:
            params["languages"].append((column, int(levels[column]), int(asked[column])))
        else:
            params["unsaid"].append((column, int(asked[column])))
    if all(has >= wanted for _, has, wanted in params["languages"]):
        return Code.LANGUAGE_MET, params, True
    params["hard"] = Component.LANGUAGE in pair.problem.weights.hard
    return Code.LANGUAGE_BELOW, params, False


def _region(pair: _Pair, value: float, words: _Words) -> _Told:
    wished = _ids(pair.problem.talents.regions, pair.i)
    offered = _ids(pair.problem.openings.regions, pair.j)
    common = sorted(set(wished) & set(offered))
    if common:
        return Code.REGION_MET, {"common": common}, True
    return Code.REGION_OTHER, {"wished": wished, "offered": offered}, False


def _industry(pair: _Pair, value: float, words: _Words) -> _Told:
    mine = _ids(pair.problem.talents.industries, pair.i)
    offered = _ids(pair.problem.openings.industries, pair.j)
    common = sorted(set(mine) & set(offered))
    if common:
        return Code.INDUSTRY_MET, {"common": common}, True
    return Code.INDUSTRY_OTHER, {"known": mine, "offered": offered}, False


def _dates(pair: _Pair, value: float, words: _Words) -> _Told:
    def days(side: Talents | Openings, at: int) -> tuple[str | None, str | None]:
        start, end = side.starts[at], side.ends[at]
        return (
            None if np.isnat(start) else str(start.astype("datetime64[D]")),
            None if np.isnat(end) else str(end.astype("datetime64[D]")),
        )

    params: dict[str, Any] = {
        "talent": days(pair.problem.talents, pair.i),
        "opening": days(pair.problem.openings, pair.j),
    }
    if value > 0:
        return Code.DATES_MEET, params, True
    params["hard"] = Component.DATES in pair.problem.weights.hard
    return Code.DATES_APART, params, False


_DESCRIBE: dict[Component, Callable[[_Pair, float, _Words], _Told]] = {
    Component.TITLE: _title,
    Component.SKILLS: _skills,
    Component.SKILL_TEXT: _skill_text,
    Component.DEGREE: _degree,
    Component.EXPERIENCE: _experience,
    Component.LANGUAGE: _language,
    Component.REGION: _region,
    Component.INDUSTRY: _industry,
    Component.DATES: _dates,
}
_UNKNOWN: dict[Component, Code] = {
    Component.TITLE: Code.TITLE_UNKNOWN,
    Component.SKILLS: Code.SKILLS_UNKNOWN,
    Component.SKILL_TEXT: Code.SKILL_TEXT_UNKNOWN,
    Component.DEGREE: Code.DEGREE_UNKNOWN,
    Component.EXPERIENCE: Code.EXPERIENCE_UNKNOWN,
    Component.LANGUAGE: Code.LANGUAGE_UNKNOWN,
    Component.REGION: Code.REGION_UNKNOWN,
    Component.INDUSTRY: Code.INDUSTRY_UNKNOWN,
    Component.DATES: Code.DATES_UNKNOWN,
}
