"""Matching: candidates for everyone, scores with reasons, and who is proposed to meet whom.

The way through: give each side's skills to one ``Vocabulary``, fill ``Talents`` and ``Openings``,
make a ``Problem``, call ``solve``, let ``verify`` check it, and ask ``reasons`` for the pairs
somebody looks at; ``questions`` what to
ask a row that says little. ``retrieve``, ``score`` and ``allocate`` are the steps, usable alone.
"""

from .allocate import (
    Congestion,
    Mode,
    StabilityReport,
    allocate,
    congestion,
    deferred_acceptance,
    fair,
    lift,
    top_up,
    verify_stable,
)
from .asking import Question, questions
from .best_total import BestTotal, best_total, total_bound
from .coverage import TERMS, Coverage, Reach, Term, Why, coverage, explain
from .fair_report import FairReport, verify_fair
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
from .rows import Recall, best_of_opening, best_of_talent
from .solve import Solution, solve
from .verify import Report, expected_parts, verify
from .vocabulary import SkillSets, Vocabulary

__all__ = [
    "COMPONENTS",
    "HARD_ABLE",
    "TERMS",
    "BestTotal",
    "Budget",
    "Cancelled",
    "Code",
    "Component",
    "Congestion",
    "Coverage",
    "FairReport",
    "Mode",
    "Openings",
    "Problem",
    "Question",
    "Reach",
    "Reason",
    "Recall",
    "Report",
    "Retrieved",
    "Scored",
    "SkillSets",
    "Solution",
    "StabilityReport",
    "Talents",
    "Term",
    "Vocabulary",
    "Weights",
    "Why",
    "allocate",
    "best_of_opening",
    "best_of_talent",
    "best_total",
    "congestion",
    "coverage",
    "deferred_acceptance",
    "expected_parts",
    "explain",
    "fair",
    "id_sets",
    "lift",
    "questions",
    "reasons",
    "reasons_of_pairs",
    "retrieve",
    "score",
    "solve",
    "top_up",
    "total_bound",
    "verify",
    "verify_fair",
    "verify_stable",
]
