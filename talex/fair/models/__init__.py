"""What the room keeps. Outcomes are read from `evidence`; meetings are kept by `meetings`."""

from talex.fair.models.coverage import OpeningCoverage, TalentCoverage
from talex.fair.models.interest import Hidden, Interest
from talex.fair.models.match import Match, MatchRun, TextVector
from talex.fair.models.opening import Opening
from talex.fair.models.outcome import Statement

__all__ = [
    "Hidden",
    "Interest",
    "Match",
    "MatchRun",
    "Opening",
    "OpeningCoverage",
    "Statement",
    "TalentCoverage",
    "TextVector",
]
