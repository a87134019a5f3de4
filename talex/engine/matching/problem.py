"""What matching is given: two sides as arrays, weights, limits. No person, no name.

Name, sex, age, photograph and nationality have no field here, so they cannot count.
Everything may be unknown; unknown is neither fit nor misfit (see ``Weights.neutral``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .vocabulary import SkillSets

__all__ = [
    "COMPONENTS",
    "HARD_ABLE",
    "Budget",
    "Cancelled",
    "Component",
    "Openings",
    "Problem",
    "Talents",
    "Weights",
    "id_sets",
]


class Component(StrEnum):
    """The parts of a score, in the order of the columns of ``components``."""

    TITLE = "title"  #: closeness of profession or discipline to the opening's title
    SKILLS = "skills"  #: share of the asked skills that the talent names, rare ones counting more
    SKILL_TEXT = "skill_text"  #: closeness of the texts that describe skills
    DEGREE = "degree"
    EXPERIENCE = "experience"
    LANGUAGE = "language"
    REGION = "region"
    INDUSTRY = "industry"
    DATES = "dates"


COMPONENTS: tuple[Component, ...] = tuple(Component)
#: The terms that may be made hard: a known misfit then forbids the pair.
HARD_ABLE = frozenset({Component.DEGREE, Component.LANGUAGE, Component.DATES})


def id_sets(rows: list[list[int]], width: int) -> csr_array:
    """Sets of ids 0..width-1 (regions, industries) as a CSR pattern, one row each."""
    sets = [sorted(set(row)) for row in rows]
    indptr = np.zeros(len(sets) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in sets], out=indptr[1:])
    indices = np.fromiter((key for row in sets for key in row), np.int32, indptr[-1])
    return csr_array((np.ones(len(indices), np.float32), indices, indptr), shape=(len(sets), width))


@dataclass(frozen=True)
class _Side:
    """What both sides have. n rows.

    title_vectors: (n, d) float32 or, for half the memory, float16; unit rows of the title or
        discipline; zeros if unknown.
    skill_vectors: (n, e) float32 or float16, unit rows of the text about skills; zeros if unknown.
    skills: sets over the vocabulary both sides share; an empty row is unknown.
    regions, industries: (n, R), (n, I) CSR patterns; an empty row is unknown. A place inside a
        region is matched by naming both on the opening's side.
    starts, ends: (n,) datetime64[D], the days between which one is there; NaT is unknown.
    capacity: (n,) int32, the most meetings proposed to this row; 0 proposes none.
    """

    title_vectors: NDArray[np.float32]
    skill_vectors: NDArray[np.float32]
    skills: SkillSets
    regions: csr_array
    industries: csr_array
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    capacity: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.title_vectors)

    def _check(self, name: str, arrays: Mapping[str, ArrayLike | csr_array]) -> None:
        everything: dict[str, ArrayLike | csr_array] = {
            "title_vectors": self.title_vectors,
            "skill_vectors": self.skill_vectors,
            "skills.written": self.skills.written,
            "skills.terms": self.skills.terms,
            "regions": self.regions,
            "industries": self.industries,
            "starts": self.starts,
            "ends": self.ends,
            "capacity": self.capacity,
            **arrays,
        }
        for key, array in everything.items():
            rows = array.shape[0] if hasattr(array, "shape") else np.shape(array)[0]
            if rows != len(self):
                raise ValueError(f"{name}.{key} has {rows} rows, title_vectors {len(self)}")
        for key in ("title_vectors", "skill_vectors"):
            vectors = np.asarray(everything[key])
            if vectors.ndim != 2:
                raise ValueError(f"{name}.{key} must be a finite matrix")
            for at in range(0, len(vectors), 65_536):  # without a copy of a large side
                rows = vectors[at : at + 65_536].astype(np.float32, copy=False)
                lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
                if not np.isfinite(lengths).all():
                    raise ValueError(f"{name}.{key} must be a finite matrix")
                if ((np.abs(lengths - 1) > 1e-3) & (lengths > 0)).any():
                    raise ValueError(
                        f"{name}.{key} must have rows of length 1, or zeros for unknown"
                    )
        if (np.asarray(self.capacity) < 0).any():
            raise ValueError(f"{name}.capacity must not be negative")


@dataclass(frozen=True)
class Talents(_Side):
    """The people who look for an opening: :class:`_Side` and

    degree: (n,) int8, an ordinal of your choosing (higher is more), -1 unknown.
    years: (n,) float32 of experience, nan unknown.
    languages: (n, L) int8, level per language (say 1 to 6 for A1 to C2); 0 none, -1 unknown.
    ``regions`` are the wished ones.
    ways: (n,) uint8, a bit for each way of meeting (on site, online); a pair without a common
        bit is never proposed. None on either side: any pair can meet.
    """

    degree: NDArray[np.int8]
    years: NDArray[np.float32]
    languages: NDArray[np.int8]
    ways: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        own = {"degree": self.degree, "years": self.years, "languages": self.languages}
        if self.ways is not None:
            own["ways"] = self.ways
        self._check("talents", own)


@dataclass(frozen=True)
class Openings(_Side):
    """What is offered: :class:`_Side` and

    degree: (m,) int8, the least degree asked, -1 unknown or none asked.
    years_min, years_max: (m,) float32, nan unknown or not asked.
    languages: (m, L) int8, the least level asked per language; 0 or less: not asked.
    ways: as of talents.
    ``capacity`` follows from the headcount: the interviews one is willing to give.
    """

    degree: NDArray[np.int8]
    years_min: NDArray[np.float32]
    years_max: NDArray[np.float32]
    languages: NDArray[np.int8]
    ways: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        own = {
            "degree": self.degree,
            "years_min": self.years_min,
            "years_max": self.years_max,
            "languages": self.languages,
        }
        if self.ways is not None:
            own["ways"] = self.ways
        self._check("openings", own)


def _default_weights() -> dict[Component, float]:
    return {
        Component.TITLE: 0.32,
        Component.SKILLS: 0.22,
        Component.SKILL_TEXT: 0.14,
        Component.DEGREE: 0.07,
        Component.EXPERIENCE: 0.06,
        Component.LANGUAGE: 0.06,
        Component.REGION: 0.06,
        Component.INDUSTRY: 0.05,
        Component.DATES: 0.02,
    }


def _default_neutral() -> dict[Component, float]:
    return {
        component: {Component.TITLE: 0.3, Component.SKILLS: 0.2, Component.SKILL_TEXT: 0.3}.get(
            component, 0.5
        )
        for component in COMPONENTS
    }


@dataclass(frozen=True)
class Weights:
    """How the parts are weighed. Chosen by hand, not fitted.

    weights: of each component; not negative, together above 0; scaled to sum 1.
    neutral: the value of a component that is unknown on either side: what a pair can expect of
        which nothing is known, half for yes-or-no terms, less for closeness and overlap, where
        few pairs reach half. So an empty profile is neither pushed up nor down.
    hard: terms whose known misfit forbids the pair (of ``HARD_ABLE``); their unknown forbids
        nothing.
    title_range, skill_range: cosines that count as no and as full closeness, linear between.
    """

    weights: Mapping[Component, float] = field(default_factory=_default_weights)
    neutral: Mapping[Component, float] = field(default_factory=_default_neutral)
    hard: frozenset[Component] = frozenset({Component.DEGREE, Component.LANGUAGE})
    title_range: tuple[float, float] = (0.15, 0.85)
    skill_range: tuple[float, float] = (0.15, 0.85)

    def __post_init__(self) -> None:
        values = list(self.weights.values())
        if any(not 0 <= value < np.inf for value in values) or not sum(values) > 0:
            raise ValueError("weights must not be negative, and one must be above 0")
        if any(not 0 <= value <= 1 for value in self.neutral.values()):
            raise ValueError("neutral values must be between 0 and 1")
        if not self.hard <= HARD_ABLE:
            raise ValueError(f"only {sorted(HARD_ABLE)} can be hard")
        for low, high in (self.title_range, self.skill_range):
            if not low < high:
                raise ValueError("a range of cosines must rise")

    def vector(self) -> NDArray[np.float64]:
        """(C,) weights in the order of ``COMPONENTS``, sum 1."""
        values = np.array([self.weights.get(part, 0.0) for part in COMPONENTS], dtype=np.float64)
        return values / values.sum()

    def neutral_vector(self) -> NDArray[np.float64]:
        return np.array([self.neutral.get(part, 0.5) for part in COMPONENTS], dtype=np.float64)


@dataclass(frozen=True)
class Problem:
    """Two sides to be matched.

    k: how many of the best each row gets as candidates, at least 1.
    term_weights: (V,) float32 how much a term of the vocabulary tells
        (``Vocabulary.rarity``); None counts all alike.
    minimum_score: pairs below it are never candidates.
    forbidden: (n, m) CSR pattern of pairs that are never candidates (decided before), or None.
    """

    talents: Talents
    openings: Openings
    k: int = 20
    weights: Weights = field(default_factory=Weights)
    term_weights: NDArray[np.float32] | None = None
    minimum_score: float = 0.0
    forbidden: csr_array | None = None

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError("k must be at least 1")
        if self.forbidden is not None and self.forbidden.shape != (
            len(self.talents),
            len(self.openings),
        ):
            raise ValueError(f"forbidden has the shape {self.forbidden.shape}")
        for key in ("title_vectors", "skill_vectors", "languages"):
            mine, other = getattr(self.talents, key), getattr(self.openings, key)
            if mine.shape[1] != other.shape[1]:
                raise ValueError(f"{key}: {mine.shape[1]} columns for talents, {other.shape[1]}")
        terms = max(side.skills.terms.shape[1] for side in (self.talents, self.openings))
        if self.term_weights is not None:
            if len(self.term_weights) < terms:
                raise ValueError(f"{len(self.term_weights)} term weights for {terms} terms")
            if not (np.asarray(self.term_weights) > 0).all():
                raise ValueError("term weights must be positive")


class Cancelled(Exception):
    """The caller's ``cancelled`` said so; nothing was kept."""


def _never() -> bool:
    return False


def _silent(share: float) -> None:
    del share


@dataclass(frozen=True)
class Budget:
    """Limits of one call.

    seconds: stop retrieving after that and answer with what there is (``Solution.complete``
        tells); None has no limit. Counted from the making of the budget.
    seed: decides ties, and nothing else.
    memory_bytes: of working arrays, beside input and result.
    threads: of the kernels; None takes the cores this process may use. (The matrix product
        follows the settings of BLAS.)
    exact_pairs: up to so many pairs all are scored; past it retrieval is nearly exact.
    width: dimensions of each kind of vectors in which it then searches.
    sampled: rows a side on which its recall is then measured.
    progress: called with the share done, 0 to 1, never falling.
    cancelled: asked between blocks; True raises :class:`Cancelled`.
    """

    seconds: float | None = None
    seed: int = 0
    memory_bytes: int = 256 * 2**20
    threads: int | None = None
    exact_pairs: int = 2_000_000_000
    width: int = 64
    sampled: int = 50
    progress: Callable[[float], None] = _silent
    cancelled: Callable[[], bool] = _never
    started: float = field(default_factory=monotonic)

    def expired(self) -> bool:
        """Whether time is up. Raises :class:`Cancelled` when asked to stop."""
        if self.cancelled():
            raise Cancelled
        return self.seconds is not None and monotonic() - self.started > self.seconds
