"""What talents and delegates share: where they live, what they speak, how they are titled."""

from __future__ import annotations

from functools import cache

from .dice import Dice
from .model import Language, LanguageLevel
from .naming import CULTURES
from .vocabulary import HOST_CITY, HOST_PROVINCE, vocabulary

_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
# Where Chinese talents live who went abroad.
_ABROAD = ("de", "us", "gb", "jp", "sg", "au", "ca", "fr", "nl", "kr", "munich", "california")
_CITY_WEIGHTS = {"shanghai": 4.0, "beijing": 4.0, "shenzhen": 3.0, "hangzhou": 3.0, "wuhan": 2.0}


def _inside(code: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    voc = vocabulary()
    return tuple(
        region.code
        for region in voc.regions.values()
        if region.kind in kinds and code in voc.region_path(region.code)[1:]
    )


def home(dice: Dice, culture: str) -> str:
    """A region (city, district, state or country) where someone of this culture may live."""
    voc = vocabulary()
    if culture == "zh":
        where = dice.weighted(
            (("host", 0.34), ("province", 0.18), ("china", 0.30), ("abroad", 0.18))
        )
        if where == "host":
            return dice.pick((HOST_CITY, *_inside(HOST_CITY, ("district",))))
        if where == "province":
            return dice.pick(_inside(HOST_PROVINCE, ("city",)))
        if where == "abroad":
            return dice.pick(_ABROAD)
        cities = [
            c
            for c in _inside("cn", ("city", "province"))
            if HOST_PROVINCE not in voc.region_path(c)
        ]
        return dice.weighted(
            [(city, _CITY_WEIGHTS.get(city, 1.0)) for city in cities if city != HOST_PROVINCE]
        )
    origin = dice.pick(CULTURES[culture][3])
    where = dice.weighted((("origin", 0.68), ("host", 0.12), ("other", 0.20)))
    if where == "host":
        return dice.pick((HOST_CITY, "shanghai", "suzhou"))
    if where == "other":
        origin = dice.pick(("de", "us", "gb", "sg", "nl", "se", "ca"))
    inner = _inside(origin, ("city", "state"))
    return dice.pick((origin, *inner)) if inner else origin


def time_zone(region: str) -> str:
    """The zone of the region, or of the first one above it that has one."""
    for code in vocabulary().region_path(region):
        zone = vocabulary().regions[code].time_zone
        if zone is not None:
            return zone
    raise ValueError(f"no time zone for {region}")


def country(region: str) -> str | None:
    for code in vocabulary().region_path(region):
        found = vocabulary().regions[code].country
        if found is not None:
            return found
    return None


@cache
def level(language: str, cefr: str) -> LanguageLevel:
    """One shared object for a pair: a province names some three hundred thousand of them."""
    return LanguageLevel(language, cefr)


def spoken(
    dice: Dice, culture: str, lives_in: str | None, degree_rank: int
) -> tuple[LanguageLevel, ...]:
    """Mother tongue (C2) first, English by schooling, the country's language, sometimes more."""
    mother = CULTURES[culture][0]
    levels = {mother: "C2"}
    if mother != "en":
        best = min(5, 1 + degree_rank + dice.whole(-1, 1))
        if dice.chance(0.55 + 0.1 * degree_rank):
            levels["en"] = _CEFR[max(0, best)]
    local = {"CN": "zh", "DE": "de", "AT": "de", "CH": "de", "JP": "ja", "FR": "fr", "KR": "ko"}
    tongue = local.get(lives_in or "")
    if tongue is not None and tongue not in levels:
        levels[tongue] = _CEFR[dice.whole(1, 4)]
    for extra, share in (
        ("de", 0.08),
        ("zh", 0.10),
        ("fr", 0.05),
        ("ja", 0.05),
        ("ru", 0.03),
        ("es", 0.03),
    ):
        if extra not in levels and dice.chance(share):
            levels[extra] = _CEFR[dice.whole(0, 3)]
    return tuple(level(code, cefr) for code, cefr in levels.items())


def written(dice: Dice, levels: tuple[LanguageLevel, ...]) -> Language:
    """Which of the three languages someone fills a form in: the best spoken, English if none."""
    names: dict[str, Language] = {"zh": "zh-hans", "en": "en", "de": "de"}
    known = [(names[lv.language], _CEFR.index(lv.cefr)) for lv in levels if lv.language in names]
    fluent = [(name, 1.0 + 12.0 * (rank == 5)) for name, rank in known if rank >= 3]
    return dice.weighted(fluent) if fluent else "en"


_TAKES_IN = ("er", "or", "eur", "ar", "ist", "yst", "eut", "ekt", "wirt", "chirurg")


def german_title(title: str, female: bool) -> str:
    """The German title for a woman, formed from its first word that names the person.

    `Züchtungsforscher Reis` -> `Züchtungsforscherin Reis`; `Prüfarzt ...` -> `Prüfärztin ...`.
    """
    if not female:
        return title
    words = title.split(" ")
    for at, word in enumerate(words):
        low = word.lower()
        if low.endswith("arzt"):
            words[at] = word[:-4] + ("Ärztin" if word == "Arzt" else "ärztin")
        elif low.endswith("beauftragter"):
            words[at] = word[:-1]
        elif low.endswith("oge"):
            words[at] = word[:-1] + "in"
        elif low.endswith(_TAKES_IN):
            words[at] = word + "in"
        else:
            continue
        return " ".join(words)
    return title


def senior_title(title: str, language: Language) -> str:
    """`高级光学设计工程师`, `Senior optical design engineer`, `Senior-Optikentwickler`."""
    if language == "zh-hans":
        return f"高级{title}"
    if language == "de":
        return f"Senior-{title}"
    plain = title[1:2].islower() and title.split()[0] not in ("English", "German", "Chinese")
    return f"Senior {title[0].lower() + title[1:] if plain else title}"
