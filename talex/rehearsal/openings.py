"""The openings: which organisation has how many, and each one made from its own die."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

from .data import phrases as ph
from .dice import Dice
from .mess import OPENING_RATES, with_typo
from .model import (
    DEGREE_LEVELS,
    LANGUAGES,
    Language,
    LanguageLevel,
    Opening,
    OpeningKind,
    Organisation,
    Pay,
)
from .organisations import shares_of_openings
from .people import country, level, senior_title
from .vocabulary import Occupation, vocabulary

# Degree asked for by function: (level, weight).
DEGREES_ASKED: dict[str, tuple[tuple[str, float], ...]] = {
    "research": (("doctorate", 6), ("master", 3.5), ("bachelor", 0.5)),
    "clinical": (("doctorate", 2), ("master", 4), ("bachelor", 3), ("associate", 1)),
    "data": (("master", 5), ("bachelor", 3), ("doctorate", 2)),
    "development": (("master", 4.5), ("bachelor", 4.5), ("doctorate", 1)),
    "engineering": (("bachelor", 6), ("master", 3.5), ("doctorate", 0.5)),
    "management": (("master", 5), ("bachelor", 4), ("doctorate", 1)),
    "production": (("bachelor", 5), ("associate", 4), ("secondary", 1)),
    "field": (("associate", 4), ("bachelor", 5), ("secondary", 1)),
    "teaching": (("master", 5), ("bachelor", 4), ("doctorate", 1)),
}
_ASKED = (("bachelor", 6.0), ("master", 3.0), ("associate", 1.0))
# Thousands a year at the start of a career, by degree in the order of DEGREE_LEVELS.
_PAY: dict[str, tuple[str, tuple[int, ...]]] = {
    "CN": ("CNY", (66, 84, 125, 185, 290)),
    "DE": ("EUR", (32, 38, 50, 58, 68)),
    "US": ("USD", (42, 50, 72, 92, 118)),
    "GB": ("GBP", (24, 27, 34, 41, 52)),
    "IE": ("EUR", (31, 35, 44, 52, 63)),
    "SG": ("SGD", (32, 40, 58, 76, 102)),
    "CA": ("CAD", (44, 52, 70, 85, 104)),
}
_INDUSTRY_PAY = {
    "finance": 1.25,
    "digital_ai": 1.3,
    "integrated_circuits": 1.25,
    "new_it": 1.15,
    "education": 0.8,
    "seed_agriculture": 0.82,
    "health_care": 0.95,
}
_PROJECT = {
    "zh-hans": "项目合作：{0}",
    "en": "Joint project: {0}",
    "de": "Gemeinsames Projekt: {0}",
}


class OpeningBook:
    """Makes any opening by its number (1 .. count) without keeping it."""

    def __init__(
        self,
        base: tuple[object, ...],
        count: int,
        organisations: Sequence[Organisation],
        opens: date,
    ) -> None:
        self.base, self.count, self.organisations, self.opens = base, count, organisations, opens
        weights = [
            shares_of_openings(org.kind) * Dice(*base, "weight", org.key).skewed(20, 400, 2)
            for org in organisations
        ]
        # One each, the rest by weight, fractions carried over so that the sum is exact.
        rest, total, carried = count - len(organisations), sum(weights), 0.0
        counts = []
        for weight in weights:
            carried += rest * weight / total
            whole = int(carried)
            carried -= whole
            counts.append(1 + whole)
        counts[-1] += count - sum(counts)
        self._ends = list(accumulate(counts))

    def organisation_of(self, number: int) -> Organisation:
        return self.organisations[bisect_right(self._ends, number - 1)]

    def opening(self, number: int) -> Opening:
        """The opening of this number; one in seventy repeats its forerunner's text word by word."""
        if not 1 <= number <= self.count:
            raise IndexError(f"opening {number} of {self.count}")
        org = self.organisation_of(number)
        source = number
        while self._repeats(source, org):
            source -= 1
        return self._make(number, source, org)

    def _repeats(self, number: int, org: Organisation) -> bool:
        return (
            number > 1
            and self.organisation_of(number - 1) is org
            and Dice(*self.base, "identical", number).chance(OPENING_RATES["identical"])
        )

    def _occupation(self, dice: Dice, org: Organisation) -> Occupation:
        voc = vocabulary()
        industry = voc.industries[
            dice.weighted(
                [(code, 3.0 if at == 0 else 1.0) for at, code in enumerate(org.industries)]
            )
        ]
        likes = {
            "university": ("research", "teaching", "data"),
            "institute": ("research", "data", "development"),
            "hospital": ("clinical", "research"),
            "investor": ("finance", "management"),
        }.get(org.kind, ())
        return dice.weighted(
            [(occ, 6.0 if occ.function in likes else 1.0) for occ in industry.occupations]
        )

    def _kind(self, dice: Dice, org: Organisation, occ: Occupation) -> OpeningKind:
        if org.kind in ("university", "institute", "hospital"):
            return dice.weighted((("job", 0.62), ("postdoc", 0.28), ("project", 0.10)))
        if occ.function == "research":
            return dice.weighted((("job", 0.75), ("postdoc", 0.10), ("project", 0.15)))
        return dice.weighted((("job", 0.95), ("project", 0.05)))

    def _make(self, number: int, source: int, org: Organisation) -> Opening:
        voc = vocabulary()
        dice = Dice(*self.base, "opening", source)
        occ = self._occupation(dice, org)
        kind = self._kind(dice, org, occ)
        language = org.language
        degree = (
            "doctorate"
            if kind == "postdoc"
            else dice.weighted(DEGREES_ASKED.get(occ.function, _ASKED))
        )
        senior = kind == "job" and occ.function != "management" and dice.chance(0.22)
        years = (
            0
            if kind == "postdoc"
            else (
                dice.whole(5, 10)
                if senior
                else dice.weighted(((0, 2), (1, 2), (2, 2), (3, 2), (5, 1)))
            )
        )
        years_max = years + dice.whole(2, 5) if dice.chance(0.4) else None
        pool = voc.skills_of(occ)
        codes = tuple(
            dice.sample(pool[: len(occ.core)], dice.whole(2, 4))
            + dice.sample(pool[len(occ.core) : len(occ.core) + 12], dice.whole(1, 4))
        )
        skills = tuple(voc.skills[code].text(language) for code in codes)
        discipline = dice.pick(occ.disciplines)
        languages = _asked_languages(dice, org.language, country(org.region))
        pay = _pay(dice, kind, degree, years, occ, country(org.region))
        title = _title(dice, kind, senior, occ, discipline, language)
        lost = {name: dice.chance(rate) for name, rate in OPENING_RATES.items()}
        description = (
            ""
            if lost["description"]
            else _describe(dice, language, occ, degree, discipline, skills, languages)
        )
        if lost["typo"]:
            skills = with_typo(dice, skills)
        no_degree = lost["degree"] and kind != "postdoc"
        return Opening(
            key=f"opening-{number:06d}",
            organisation=org.key,
            kind=kind,
            language=language,
            title=title,
            description=description,
            industry=occ.industry,
            occupation=occ.code,
            discipline=None if lost["discipline"] else discipline,
            degree=None if no_degree else degree,
            years_min=None if lost["years"] else years,
            years_max=None if lost["years"] else years_max,
            skills=() if lost["skills"] else skills,
            skill_codes=() if lost["skills"] else codes,
            languages=languages,
            headcount=None
            if lost["headcount"]
            else (1 if kind == "project" else dice.skewed(1, 10, 3)),
            pay=None if lost["pay"] else pay,
            region=None if lost["region"] else org.region,
            closes_on=self.opens + timedelta(days=dice.whole(5, 120)),
            identical_to=None if source == number else f"opening-{source:06d}",
        )


def _asked_languages(
    dice: Dice, language: Language, where: str | None
) -> tuple[LanguageLevel, ...]:
    own = {"zh-hans": "zh", "en": "en", "de": "de"}[language]
    levels = {own: dice.pick(("B2", "C1", "C1", "C2"))}
    if own != "en" and dice.chance(0.4):
        levels["en"] = dice.pick(("B1", "B2", "B2", "C1"))
    if where == "CN" and own != "zh" and dice.chance(0.3):
        levels["zh"] = dice.pick(("A2", "B1"))
    return tuple(level(code, cefr) for code, cefr in levels.items())


def _pay(
    dice: Dice, kind: OpeningKind, degree: str, years: int, occ: Occupation, where: str | None
) -> Pay:
    currency, table = _PAY.get(where or "", ("EUR", (28, 33, 42, 50, 60)))
    if kind == "project":
        low = dice.pick((100, 200, 300, 500, 800, 1000, 1500)) * 1000
        return Pay(low, low * dice.pick((2, 3, 4)), currency, "project", 0)
    annual = (
        table[DEGREE_LEVELS.index(degree)]
        * (1 + 0.055 * years)
        * _INDUSTRY_PAY.get(occ.industry, 1.0)
    )
    annual *= dice.bell(1.0, 0.09) * (1.35 if occ.function == "management" else 1.0)
    width = 1.15 + 0.5 * dice.unit()
    if where == "CN" and kind == "job" and dice.chance(0.75):
        months = dice.weighted(((12, 5), (13, 3), (14, 1.5), (16, 0.5)))
        low = max(1, round(annual / months * 2)) * 500
        return Pay(low, max(low + 500, round(low * width / 500) * 500), currency, "month", months)
    low = round(annual) * 1000
    return Pay(low, max(low + 1000, round(low * width / 1000) * 1000), currency, "year", 12)


def _title(
    dice: Dice,
    kind: OpeningKind,
    senior: bool,
    occ: Occupation,
    discipline: str,
    language: Language,
) -> str:
    voc = vocabulary()
    name = occ.label.text(language)
    if kind == "postdoc":
        field = (
            voc.skills[dice.pick(occ.core)].text(language)
            if dice.chance(0.6)
            else voc.disciplines[discipline].text(language)
        )
        return {
            "zh-hans": f"博士后研究员（{field}方向）",
            "en": f"Postdoctoral researcher: {field}",
            "de": f"Postdoc (m/w/d): {field}",
        }[language]
    if kind == "project":
        return _PROJECT[language].format(voc.skills[dice.pick(occ.core)].text(language))
    if senior:
        name = senior_title(name, language)
    return name + " (m/w/d)" if language == "de" else name


def language_list(language: Language, levels: Sequence[LanguageLevel]) -> str:
    """`英语(B2)、汉语(C1)`, `English (B2), Chinese (C1)`."""
    at = LANGUAGES.index(language)
    gap = "" if language == "zh-hans" else " "
    return ph.SEPARATOR[language].join(
        f"{ph.LANGUAGE_WORDS[lv.language][at]}{gap}({lv.cefr})" for lv in levels
    )


def _describe(
    dice: Dice,
    language: Language,
    occ: Occupation,
    degree: str,
    discipline: str,
    skills: Sequence[str],
    languages: Sequence[LanguageLevel],
) -> str:
    voc = vocabulary()
    tasks = [task.text(language) for task in dice.sample(voc.tasks[occ.function], dice.whole(2, 3))]
    needs = [
        (ph.NEED_DOCTORATE if degree == "doctorate" else ph.NEED_DEGREE)[language].format(
            degree=ph.DEGREE_WORDS[degree][language][0],
            discipline=voc.disciplines[discipline].text(language),
        ),
        ph.NEED_SKILLS[language].format(skills=ph.SEPARATOR[language].join(skills)),
        ph.NEED_LANGUAGES[language].format(languages=language_list(language, languages)),
    ]
    offers = dice.sample(ph.OFFER_LINES[language], dice.whole(2, 4))
    blocks = (
        (ph.DUTIES[language], tasks),
        (ph.NEEDS[language], needs),
        (ph.OFFERS[language], offers),
    )
    if language == "zh-hans":
        return "\n".join(
            head + "".join(f"{n}、{line}；" for n, line in enumerate(lines, 1))[:-1] + "。"
            for head, lines in blocks
        )
    return "\n".join(head + "".join(f"\n- {line}" for line in lines) for head, lines in blocks)
