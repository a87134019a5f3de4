"""The files that people really have: where they lie, and what was counted in them by hand.

They are not part of the project; tests that read them are skipped where they are not beside the
checkout.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Advertisements:
    """Rows, those that state degree, years and pay in a way that is understood, empty ones."""

    rows: int
    degree: int
    years: int
    pay: int
    # Advertisements that say nothing at all: [] in each cell.
    nothing: int = 0

    def understood(self) -> dict[str, int]:
        """By the words of the page."""
        return {
            "Degree asked for": self.degree,
            "Years of experience asked for": self.years,
            "Pay": self.pay,
        }


@dataclass(frozen=True)
class Resumes:
    """One file of résumés: rows, and the different people in them."""

    name: str
    rows: int
    people: int


OPENINGS = {
    "openings-zh-gb18030.csv": Advertisements(3000, 2587, 2262, 2778, nothing=17),
    "openings-zh-utf8-bom.csv": Advertisements(1829, 1829, 1829, 1829),
    "openings-zh-descriptions.csv": Advertisements(395, 395, 395, 392),
}
RESUMES = Resumes("talents-en-resumes.csv", 962, 166)


def folder() -> Path | None:
    """`shared/data/real-files` beside one of the folders that the checkout lies in."""
    for parent in Path(__file__).resolve().parents:
        found = parent / "shared" / "data" / "real-files"
        if found.is_dir():
            return found
    return None
