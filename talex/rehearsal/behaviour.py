"""What people do once the conference runs: whom they ask, how they answer, whether they come.

The simulation's own, deliberately simple guess of fit drives it; the product's matching must not
read any of this. Every choice comes from a die of the two keys concerned, so it does not depend on
the order in which a timetable is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .data import phrases as ph
from .dice import Dice
from .model import DEGREE_LEVELS, Answer, Attendance, Edition, Fate, Interest, Opening, Side
from .openings import OpeningBook
from .talents import Facts, TalentBook
from .vocabulary import vocabulary

VERIFIED, COMES = 0.94, 0.86
LATE_CANCELLATION, NO_SHOW = 0.05, 0.06
EXPIRES = 0.12
ASKS_NOBODY = 0.25
# Rungs above a held meeting: chance at fit 0 and at fit 1, days after the meeting (from, to).
_RUNGS = (
    ("mutual_intent", 0.10, 0.60, 0, 3),
    ("offer_accepted", 0.12, 0.55, 7, 45),
    ("arrived", 0.55, 0.85, 30, 150),
    ("retained", 0.75, 0.90, 365, 400),
)
_CEFR = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 6}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the simulation keeps of an opening (some 200 bytes each)."""

    number: int
    organisation: str
    industry: str
    occupation: str
    degree: int
    years: int
    region: str | None
    languages: tuple[tuple[str, str], ...]


def wanted(number: int, opening: Opening) -> Wanted:
    return Wanted(
        number=number,
        organisation=opening.organisation,
        industry=opening.industry,
        occupation=opening.occupation,
        degree=DEGREE_LEVELS.index(opening.degree) if opening.degree else 0,
        years=opening.years_min or 0,
        region=opening.region,
        languages=tuple((level.language, level.cefr) for level in opening.languages),
    )


def fit(talent: Facts, opening: Wanted) -> float:
    """In [0, 1]: occupation .4 (industry alone .2), degree .2, years .1, language .2, region .1."""
    score = (
        0.4
        if talent.occupation == opening.occupation
        else 0.2 * (talent.industry == opening.industry)
    )
    lacking = opening.degree - DEGREE_LEVELS.index(talent.degree)
    score += 0.2 if lacking <= 0 else (0.08 if lacking == 1 else 0.0)
    score += 0.1 * min(1.0, (talent.years + 1) / (opening.years + 1))
    levels = {level.language: _CEFR[level.cefr] for level in talent.languages}
    if opening.languages:
        met = sum(levels.get(code, 0) >= _CEFR[cefr] - 1 for code, cefr in opening.languages)
        score += 0.2 * met / len(opening.languages)
    if opening.region is not None:
        path = vocabulary().region_path(opening.region)
        score += 0.1 * any(region in path for region in talent.wished_regions)
    return min(1.0, score)


class Simulation:
    """The behaviour of one rehearsal; it reads every opening once, when first needed."""

    def __init__(
        self, base: tuple[object, ...], talents: TalentBook, openings: OpeningBook, edition: Edition
    ) -> None:
        self.base, self.talents, self.openings, self.edition = base, talents, openings, edition
        self._wanted: list[Wanted] | None = None
        self._kept: dict[int, Facts] = {}
        self._by_industry: dict[str, list[Wanted]] = {}
        self._by_occupation: dict[str, list[Wanted]] = {}

    def _all_wanted(self) -> list[Wanted]:
        if self._wanted is None:
            book = self.openings
            self._wanted = [wanted(n, book.opening(n)) for n in range(1, book.count + 1)]
            for want in self._wanted:
                self._by_industry.setdefault(want.industry, []).append(want)
                self._by_occupation.setdefault(want.occupation, []).append(want)
        return self._wanted

    def _facts(self, number: int) -> Facts:
        """Kept after the first use (some 600 bytes each): invitations come back to them often."""
        if number not in self._kept:
            self._kept[number] = self.talents.facts(number)
        return self._kept[number]

    def fit(self, talent: str, opening: str) -> float:
        want = self._all_wanted()[_number(opening) - 1]
        return fit(self._facts(_number(talent)), want)

    def interests(self) -> Iterator[Interest]:
        """All interests: those of each talent, then those of each opening; ranks from 1 per asker.

        No pair of talent and opening is asked for twice by the same side; both sides may ask.
        """
        for number in range(1, self.talents.count + 1):
            yield from self._of_talent(number)
        yield from self._of_openings()

    def _of_talent(self, number: int) -> Iterator[Interest]:
        everything = self._all_wanted()
        dice = Dice(*self.base, "asks", number)
        if dice.chance(ASKS_NOBODY):
            return
        facts = self._facts(number)
        pools = (
            (self._by_occupation.get(facts.occupation, []), 6),
            (self._by_industry.get(facts.industry, []), 6),
            (self._by_industry.get(facts.wished_industries[-1], []), 3),
            (everything, 2),
        )
        seen = {
            want.number: want
            for pool, count in pools
            if pool
            for want in (dice.pick(pool) for _ in range(count))
        }
        scored = sorted(
            ((fit(facts, want), dice.unit() * 0.25, want) for want in seen.values()),
            key=lambda item: (-item[0] - item[1], item[2].number),
        )
        count = dice.skewed(1, 8, 2)
        for rank, (value, _, want) in enumerate(scored[:count], start=1):
            if dice.chance(0.25 + 0.75 * value):
                yield self._interest(dice, "talent", number, want, rank, value)

    def _of_openings(self) -> Iterator[Interest]:
        by_occupation: dict[str, list[int]] = {}
        for number in range(1, self.talents.count + 1):
            by_occupation.setdefault(self._facts(number).occupation, []).append(number)
        for want in self._all_wanted():
            dice = Dice(*self.base, "invites", want.number)
            pool = by_occupation.get(want.occupation, [])
            if not pool or dice.chance(0.35):
                continue
            drawn = dict.fromkeys(dice.pick(pool) for _ in range(8))
            scored = sorted(
                ((fit(self._facts(n), want), n) for n in drawn),
                key=lambda pair: (-pair[0], pair[1]),
            )
            for rank, (value, number) in enumerate(scored[: dice.skewed(1, 4, 2)], start=1):
                yield self._interest(dice, "organisation", number, want, rank, value)

    def _interest(
        self, dice: Dice, side: Side, talent: int, want: Wanted, rank: int, value: float
    ) -> Interest:
        message = ""
        if dice.chance(0.55):
            opening = self.openings.opening(want.number)
            language = self._facts(talent).language if side == "talent" else opening.language
            title = (
                opening.title
                if language == opening.language
                else vocabulary().occupations[want.occupation].label.text(language)
            )
            message = dice.pick((ph.ASKS if side == "talent" else ph.INVITES)[language]).format(
                title=title
            )
        opens = datetime.combine(
            self.edition.days[0].day, time(9), ZoneInfo(self.edition.time_zone)
        )
        return Interest(
            key=f"interest-{side[0]}-{talent:06d}-{want.number:06d}",
            by=side,
            talent=f"talent-{talent:06d}",
            opening=f"opening-{want.number:06d}",
            organisation=want.organisation,
            rank=rank,
            fit=round(value, 4),
            message=message,
            sent_at=opens - timedelta(minutes=dice.whole(2 * 24 * 60, 20 * 24 * 60)),
        )

    def answer(self, interest: Interest) -> Answer:
        """How the other side reacts; the better the fit the likelier it accepts."""
        dice = Dice(*self.base, "answer", interest.key)
        if dice.chance(EXPIRES):
            return Answer("expired", 72.0)
        hours = round(0.2 + 47.8 * min(dice.unit(), dice.unit()), 2)
        return Answer("accepted" if dice.chance(0.15 + 0.75 * interest.fit) else "declined", hours)

    def attendance(self, talent: str) -> Attendance:
        """Whether the person is verified and comes: the same for both records of one person."""
        dice = Dice(*self.base, "attendance", self.talents.original_of(_number(talent)))
        verified = dice.chance(VERIFIED)
        comes = verified and dice.chance(COMES)
        if not comes:
            return Attendance(verified, False, None)
        day = dice.pick(self.edition.days)
        opens = datetime.combine(day.day, day.opens, ZoneInfo(self.edition.time_zone))
        return Attendance(True, True, opens + timedelta(minutes=dice.skewed(-25, 300, 3)))

    def fate(self, talent: str, opening: str) -> Fate:
        """What becomes of their meeting once it is placed."""
        dice = Dice(*self.base, "fate", talent, opening)
        side: Side = "talent" if dice.chance(0.7) else "organisation"
        if dice.chance(LATE_CANCELLATION):
            return Fate(side, round(0.5 + 35.5 * dice.unit() * dice.unit(), 2), None, ())
        if dice.chance(NO_SHOW) or not self.attendance(talent).attended:
            return Fate(None, None, side if self.attendance(talent).attended else "talent", ())
        value = self.fit(talent, opening)
        reached = [("interviewed", 0)]
        days = 0
        for rung, worst, best, soon, late in _RUNGS:
            if not dice.chance(worst + (best - worst) * value):
                break
            days = max(days, dice.whole(soon, late))
            reached.append((rung, days))
        return Fate(None, None, None, tuple(reached))


def _number(key: str) -> int:
    return int(key.rsplit("-", 1)[1])
