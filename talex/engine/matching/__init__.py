"""Matching: candidates for everyone, scores with reasons, and who is proposed to meet whom.

The way through: give each side's skills to one ``Vocabulary``, fill ``Talents`` and ``Openings``,
make a ``Problem``, call ``solve``, let ``verify`` check it, and ask ``reasons`` for the pairs
somebody looks at. ``retrieve``, ``score`` and ``allocate`` are the steps, usable alone.
"""

from .allocate import StabilityReport, allocate, deferred_acceptance, top_up, verify_stable
from .problem import (
    COMPONENTS,
    HARD_ABLE,
    Budget,
    Cancelled,
    Component,
    Openings,
    Problem,
    Talents,
    Weights,
    id_sets,
)
from .reasons import Code, Reason, reasons, reasons_of_pairs
from .retrieve import Retrieved, Scored, retrieve, score
from .solve import Solution, solve
from .verify import Report, expected_parts, verify
from .vocabulary import SkillSets, Vocabulary

__all__ = [
    "COMPONENTS",
    "HARD_ABLE",
    "Budget",
    "Cancelled",
    "Code",
    "Component",
    "Openings",
    "Problem",
    "Reason",
    "Report",
    "Retrieved",
    "Scored",
    "SkillSets",
    "Solution",
    "StabilityReport",
    "Talents",
    "Vocabulary",
    "Weights",
    "allocate",
    "deferred_acceptance",
    "expected_parts",
    "id_sets",
    "reasons",
    "reasons_of_pairs",
    "retrieve",
    "score",
    "solve",
    "top_up",
    "verify",
    "verify_stable",
]
