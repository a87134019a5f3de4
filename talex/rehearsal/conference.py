"""One rehearsal: everything about an invented conference, made from a scale and a seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .behaviour import Simulation
from .edition import make_edition
from .model import (
    Answer,
    Attendance,
    Edition,
    Fate,
    Interest,
    Opening,
    Organisation,
    RegionRecord,
    Talent,
)
from .openings import OpeningBook
from .organisations import make_organisations
from .scales import GENERATOR_VERSION, SCALES, Scale
from .talents import TalentBook
from .vocabulary import Vocabulary, vocabulary

DEFAULT_START = date(2027, 4, 20)


class Rehearsal:
    """The same (scale, seed, starts_on, generator version) gives the same conference, everywhere.

    Edition and organisations are kept; talents, openings and interests are made when asked for,
    in order by the iterators or one by its number (from 1), so a province needs little memory.
    """

    def __init__(self, scale: Scale, seed: int, starts_on: date) -> None:
        self.scale, self.seed, self.starts_on = scale, seed, starts_on
        base = (GENERATOR_VERSION, scale.name, seed)
        self.base: tuple[object, ...] = base
        self.edition: Edition = make_edition(base, scale, starts_on)
        self.organisations: tuple[Organisation, ...] = make_organisations(base, scale)
        self._openings = OpeningBook(base, scale.openings, self.organisations, starts_on)
        self._talents = TalentBook(base, scale.talents, self.edition)
        self._simulation = Simulation(base, self._talents, self._openings, self.edition)

    @property
    def vocabulary(self) -> Vocabulary:
        """Industries, occupations, skills, disciplines and regions that the records' codes name."""
        return vocabulary()

    def regions(self) -> Iterator[RegionRecord]:
        """The region tree, parents before children."""
        yield from vocabulary().regions.values()

    def talent(self, number: int) -> Talent:
        return self._talents.talent(number)

    def talents(self) -> Iterator[Talent]:
        for number in range(1, self.scale.talents + 1):
            yield self._talents.talent(number)

    def opening(self, number: int) -> Opening:
        return self._openings.opening(number)

    def openings(self) -> Iterator[Opening]:
        """All openings; those of one organisation follow each other."""
        for number in range(1, self.scale.openings + 1):
            yield self._openings.opening(number)

    def interests(self) -> Iterator[Interest]:
        return self._simulation.interests()

    def fit(self, talent: str, opening: str) -> float:
        return self._simulation.fit(talent, opening)

    def answer(self, interest: Interest) -> Answer:
        return self._simulation.answer(interest)

    def attendance(self, talent: str) -> Attendance:
        return self._simulation.attendance(talent)

    def fate(self, talent: str, opening: str) -> Fate:
        return self._simulation.fate(talent, opening)


def rehearse(scale: str = "small", seed: int = 1, starts_on: date = DEFAULT_START) -> Rehearsal:
    """The rehearsal of the scale `small`, `city` or `province`; ValueError for another name."""
    if scale not in SCALES:
        raise ValueError(f"no scale {scale!r}: choose one of {', '.join(SCALES)}")
    return Rehearsal(SCALES[scale], seed, starts_on)
