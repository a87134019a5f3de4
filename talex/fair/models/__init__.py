"""What the room keeps. Outcomes are read from `evidence`; meetings are kept by `meetings`."""

from talex.fair.models.applying import Block, RequestRules, Shortlisting, Suspension
from talex.fair.models.coverage import OpeningCoverage, TalentCoverage
from talex.fair.models.embedder import EmbedderChoice
from talex.fair.models.interest import Hidden, Interest
from talex.fair.models.match import Match, MatchRun, TextVector
from talex.fair.models.opening import Opening
from talex.fair.models.outcome import Statement
from talex.fair.models.refusal import Refusal
from talex.fair.models.searching import Alert, SavedSearch, SearchHit
from talex.fair.models.term import BuiltTable, DismissedTerm, Term, TermSource

__all__ = [
    "Alert",
    "Block",
    "BuiltTable",
    "DismissedTerm",
    "EmbedderChoice",
    "Hidden",
    "Interest",
    "Match",
    "MatchRun",
    "Opening",
    "OpeningCoverage",
    "Refusal",
    "RequestRules",
    "SavedSearch",
    "SearchHit",
    "Shortlisting",
    "Statement",
    "Suspension",
    "TalentCoverage",
    "Term",
    "TermSource",
    "TextVector",
]
