"""The talents: bare facts first (cheap, for the simulation), then the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .data import phrases as ph
from .dice import Dice
from .mess import TALENT_RATES, typo, with_typo
from .model import (
    DEGREE_LEVELS,
    Edition,
    Language,
    LanguageLevel,
    OpeningKind,
    Presence,
    Talent,
    Window,
)
from .naming import person_names, personal_email
from .openings import DEGREES_ASKED
from .people import country, german_title, home, senior_title, spoken, time_zone, written
from .places import company, schools, schools_for, stem_culture
from .vocabulary import HOST_CITY, HOST_PROVINCE, Occupation, vocabulary

_CULTURES = (
    ("zh", 64.0),
    ("de", 12.0),
    ("en", 8.0),
    ("ja", 2.5),
    ("ko", 2.5),
    ("fr", 2.5),
    ("es", 2.0),
    ("ru", 2.5),
    ("ar", 2.0),
    ("hi", 2.0),
)
_SOURCES = (
    ("portal", 5.0),
    ("university-list", 1.5),
    ("employer-list-1", 1.0),
    ("employer-list-2", 1.0),
    ("partner-association", 0.8),
    ("agency", 0.7),
)
_DEGREES_HELD = (("bachelor", 5.0), ("master", 3.0), ("associate", 1.6), ("secondary", 0.4))
_DAY_STARTS, _DAY_ENDS = time(7, 0), time(22, 30)  # when people meet online, by their own clock
FORERUNNERS = 10  # the first talents are never duplicates: there must be someone to repeat


@dataclass(frozen=True, slots=True)
class Facts:
    """What the simulation needs of a talent, as meant: nothing missing, no slip."""

    number: int
    original: int
    culture: str
    female: bool
    region: str
    degree: str
    industry: str
    occupation: str
    years: int
    languages: tuple[LanguageLevel, ...]
    language: Language
    wished_regions: tuple[str, ...]
    wished_industries: tuple[str, ...]


class TalentBook:
    """Makes any talent by its number (1 .. count) without keeping it."""

    def __init__(self, base: tuple[object, ...], count: int, edition: Edition) -> None:
        self.base, self.count, self.edition = base, count, edition
        self._venue = ZoneInfo(edition.time_zone)
        self._opens = datetime.combine(edition.days[0].day, time(9), self._venue)

    def original_of(self, number: int) -> int:
        """The number of the registration that this one repeats, or its own."""
        if not self._repeats(number):
            return number
        other = Dice(*self.base, "original", number).whole(1, number - 1)
        while self._repeats(other):
            other -= 1
        return other

    def _repeats(self, number: int) -> bool:
        return number > FORERUNNERS and Dice(*self.base, "repeats", number).chance(
            TALENT_RATES["duplicate"]
        )

    def facts(self, number: int) -> Facts:
        if not 1 <= number <= self.count:
            raise IndexError(f"talent {number} of {self.count}")
        voc = vocabulary()
        original = self.original_of(number)
        dice = Dice(*self.base, "talent", original)
        culture = dice.weighted(_CULTURES)
        female = dice.chance(0.46)
        region = home(dice, culture)
        industry = voc.industries[dice.pick(tuple(voc.industries))]
        occ = dice.pick(industry.occupations)
        degree = dice.weighted(DEGREES_ASKED.get(occ.function, _DEGREES_HELD))
        years = 0 if dice.chance(0.18) else dice.skewed(1, 28, 2)
        levels = spoken(dice, culture, country(region), DEGREE_LEVELS.index(degree))
        others = [code for code in voc.industries if code != industry.code]
        return Facts(
            number=number,
            original=original,
            culture=culture,
            female=female,
            region=region,
            degree=degree,
            industry=industry.code,
            occupation=occ.code,
            years=years,
            languages=levels,
            language=written(dice, levels),
            wished_regions=_wished_regions(dice, region),
            wished_industries=(
                industry.code,
                *(dice.sample(others, 1) if dice.chance(0.35) else ()),
            ),
        )

    def talent(self, number: int) -> Talent:
        """The registration of this number, with its mess; a duplicate as a second list has it."""
        facts = self.facts(number)
        meant = self._meant(facts)
        return meant if facts.original == number else self._second_list(facts, meant)

    def _meant(self, facts: Facts) -> Talent:
        voc = vocabulary()
        dice = Dice(*self.base, "words", facts.original)
        language = facts.language
        occ = voc.occupations[facts.occupation]
        names = person_names(dice, facts.culture, facts.female)
        discipline = dice.pick(occ.disciplines)
        studied_in = "cn" if facts.culture == "zh" and dice.chance(0.8) else facts.region
        college = facts.degree in ("secondary", "associate")
        school = dice.pick(
            schools_for(stem_culture(country(studied_in)), college, discipline)
        ).text(language)
        pool = voc.skills_of(occ)
        core = dice.sample(pool[: len(occ.core)], dice.whole(2, len(occ.core)))
        wide = dice.sample(pool[len(occ.core) :], dice.whole(2, 7))
        codes = tuple(core + wide)
        skills = tuple(voc.skills[code].text(language) for code in codes)
        title = _title(occ, language, facts.female)
        position, employer = _work(dice, facts, occ, title, school)
        lost = {name: dice.chance(rate) for name, rate in TALENT_RATES.items()}
        profile = _profile(dice, facts, occ, title, school, discipline, skills)
        presence: Presence = dice.weighted(
            (("on_site", 0.7), ("both", 0.2), ("online", 0.1))
            if country(facts.region) == "CN"
            else (("on_site", 0.22), ("both", 0.28), ("online", 0.5))
        )
        zone = time_zone(facts.region)
        email = personal_email(dice, names[-1], facts.original)
        institution: str | None = school
        if lost["typo"]:
            if dice.chance(0.7):
                skills = with_typo(dice, skills)
            else:
                institution = typo(dice, school)
        kinds: tuple[OpeningKind, ...] = ("job",)
        if facts.degree == "doctorate":
            kinds = dice.pick(
                (("job", "postdoc"), ("job",), ("job", "postdoc", "project"), ("postdoc",))
            )
        elif dice.chance(0.12):
            kinds = ("job", "project")
        return Talent(
            key=f"talent-{facts.number:06d}",
            source=dice.weighted(_SOURCES),
            language=language,
            names=() if lost["names"] else names,
            email=None if lost["email"] or lost["names"] else email,
            region=facts.region,
            time_zone=zone,
            degree=None if lost["degree"] else facts.degree,
            institution=None if lost["institution"] else institution,
            graduated=None
            if lost["institution"]
            else self._opens.year - facts.years - dice.whole(0, 1),
            discipline=None if lost["discipline"] else discipline,
            industry=facts.industry,
            occupation=facts.occupation,
            skills=() if lost["skills"] else skills,
            skill_codes=() if lost["skills"] else codes,
            languages=facts.languages,
            years=None if lost["years"] else facts.years,
            position=position,
            employer=employer,
            profile="" if lost["profile"] else profile,
            wished_regions=() if lost["wished_regions"] else facts.wished_regions,
            wished_industries=facts.wished_industries,
            wished_kinds=kinds,
            presence=presence,
            availability=() if lost["availability"] else self._windows(dice, presence, zone),
            consents=tuple(
                name
                for name, share in (
                    ("matching", 0.97),
                    ("employers", 0.93),
                    ("partners", 0.55),
                    ("publication", 0.35),
                )
                if dice.chance(share)
            ),
            registered_at=self._opens - timedelta(minutes=dice.skewed(30, 90 * 24 * 60, 2)),
            same_person_as=None,
        )

    def _second_list(self, facts: Facts, first: Talent) -> Talent:
        """The same person as another list has them: one script only, a part of the skills."""
        dice = Dice(*self.base, "second", facts.number)
        names = first.names
        if names:
            kept = names[-1] if dice.chance(0.6) else names[0]
            if kept.script == "Latn" and dice.chance(0.4):
                kept = replace(kept, text=f"{kept.family.upper()}, {kept.given}")
            names = (kept,)
        email = first.email
        if email is not None and dice.chance(0.5):
            email = (
                personal_email(dice, names[0], facts.number) if names[0].script == "Latn" else None
            )
        keep = len(first.skills) - (dice.whole(0, 3) if len(first.skills) > 4 else 0)
        others = [(source, weight) for source, weight in _SOURCES if source != first.source]
        return replace(
            first,
            key=f"talent-{facts.number:06d}",
            source=dice.weighted(others),
            names=names,
            email=email,
            years=first.years if dice.chance(0.7) else None,
            skills=first.skills[:keep],
            skill_codes=first.skill_codes[:keep],
            profile=first.profile if dice.chance(0.4) else "",
            registered_at=self._opens - timedelta(minutes=dice.skewed(30, 60 * 24 * 60, 2)),
            same_person_as=f"talent-{facts.original:06d}",
        )

    def _windows(self, dice: Dice, presence: Presence, zone: str) -> tuple[Window, ...]:
        """Whole or half days on site; online the part of the day when one is awake at home."""
        own = ZoneInfo(zone)
        windows: list[Window] = []
        for day in self.edition.days:
            if len(windows) and dice.chance(0.2):
                continue
            start = datetime.combine(day.day, day.opens, self._venue)
            end = datetime.combine(day.day, day.closes, self._venue)
            noon = datetime.combine(day.day, time(12, 30), self._venue)
            half = dice.weighted((("day", 0.75), ("morning", 0.12), ("afternoon", 0.13)))
            start, end = (
                (noon if half == "afternoon" else start),
                (noon if half == "morning" else end),
            )
            if presence == "online":
                windows.extend(_awake(start, end, own))
            else:
                windows.append(Window(start.astimezone(own), end.astimezone(own)))
        return tuple(windows)


def _awake(start: datetime, end: datetime, own: ZoneInfo) -> list[Window]:
    """The stretches of start .. end that lie between 7:00 and 22:30 by the person's own clock."""
    found = []
    day = start.astimezone(own).date() - timedelta(days=1)
    for _ in range(3):
        wakes, sleeps = (
            datetime.combine(day, _DAY_STARTS, own),
            datetime.combine(day, _DAY_ENDS, own),
        )
        low, high = max(start, wakes), min(end, sleeps)
        if high - low >= timedelta(minutes=30):
            found.append(Window(low.astimezone(own), high.astimezone(own)))
        day += timedelta(days=1)
    return found


def _wished_regions(dice: Dice, region: str) -> tuple[str, ...]:
    choices = dice.weighted(
        (
            ((HOST_CITY,), 4.0),
            ((HOST_CITY, HOST_PROVINCE), 2.0),
            ((HOST_PROVINCE,), 1.5),
            (("cn",), 1.0),
            ((region,), 1.0),
            ((HOST_CITY, region), 1.0),
        )
    )
    return tuple(dict.fromkeys(choices))


def _title(occ: Occupation, language: Language, female: bool) -> str:
    title = occ.label.text(language)
    return german_title(title, female) if language == "de" else title


def _work(
    dice: Dice, facts: Facts, occ: Occupation, title: str, school: str
) -> tuple[str | None, str | None]:
    if facts.years == 0:
        fresh = {
            "zh-hans": "应届毕业生",
            "en": "Graduate",
            "de": "Absolventin" if facts.female else "Absolvent",
        }
        return (fresh[facts.language], None) if dice.chance(0.7) else (None, None)
    culture = stem_culture(country(facts.region))
    if occ.function in ("research", "teaching") and dice.chance(0.6):
        employer = (
            school if dice.chance(0.3) else dice.pick(schools(culture, False)).text(facts.language)
        )
    else:
        employer = company(dice, culture, vocabulary().industries[facts.industry]).text(
            facts.language
        )
    if facts.years >= 6 and occ.function != "management" and dice.chance(0.35):
        title = senior_title(title, facts.language)
    return title, employer


def _profile(
    dice: Dice,
    facts: Facts,
    occ: Occupation,
    title: str,
    school: str,
    discipline: str,
    skills: Sequence[str],
) -> str:
    voc, language = vocabulary(), facts.language
    starts = ph.PROFILE_START if facts.years else ph.PROFILE_FRESH
    values = {
        "occupation": title,
        "years": facts.years,
        "school": school,
        "discipline": voc.disciplines[discipline].text(language),
        "industry": voc.industries[facts.industry].label.text(language),
        "skills": ph.SEPARATOR[language].join(skills[: dice.whole(3, 6)]),
        "task": dice.pick(voc.tasks[occ.function]).text(language),
        "region": voc.regions[facts.wished_regions[0]].label.text(language),
    }
    # The first form of each language counts years without a plural.
    start = starts[language][0] if facts.years == 1 else dice.pick(starts[language])
    parts = [start, dice.pick(ph.PROFILE_SKILLS[language])]
    if facts.years:
        parts.append(dice.pick(ph.PROFILE_WORK[language]))
    if dice.chance(0.6):
        parts.append(dice.pick(ph.PROFILE_WISH[language]))
    return ("" if language == "zh-hans" else " ").join(part.format(**values) for part in parts)
