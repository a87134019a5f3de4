"""Invented firms and schools: stems that name no real place, with a trade or a type."""

from __future__ import annotations

from functools import cache

from .dice import Dice
from .model import Label
from .vocabulary import Industry, vocabulary

SCHOOLS_PER_CULTURE = 80

# Type of school by stem's culture: patterns with {s} for the stem.
_UNIVERSITIES: dict[str, tuple[Label, ...]] = {
    "zh": (
        Label("{s}大学", "{s} University", "Universität {s}"),
        Label("{s}理工大学", "{s} University of Technology", "Technische Universität {s}"),
        Label("{s}科技大学", "{s} University of Science", "Universität für Wissenschaft {s}"),
        Label("{s}海洋大学", "{s} Ocean University", "Meeresuniversität {s}"),
        Label("{s}医科大学", "{s} Medical University", "Medizinische Universität {s}"),
        Label("{s}农业大学", "{s} Agricultural University", "Agraruniversität {s}"),
        Label("{s}师范大学", "{s} Normal University", "Pädagogische Universität {s}"),
        Label("{s}财经大学", "{s} University of Finance", "Wirtschaftsuniversität {s}"),
    ),
    "de": (
        Label("{s}大学", "University of {s}", "Universität {s}"),
        Label("{s}工业大学", "{s} Technical University", "Technische Universität {s}"),
        Label("{s}应用技术大学", "{s} University of Applied Sciences", "Hochschule {s}"),
        Label("{s}医学院", "{s} Medical School", "Medizinische Hochschule {s}"),
    ),
    "en": (
        Label("{s}大学", "University of {s}", "Universität {s}"),
        Label("{s}理工学院", "{s} Institute of Technology", "Technische Hochschule {s}"),
        Label("{s}城市大学", "{s} City University", "Stadtuniversität {s}"),
        Label("{s}州立大学", "{s} State University", "Staatliche Universität {s}"),
    ),
}
_COLLEGES: dict[str, tuple[Label, ...]] = {
    "zh": (
        Label("{s}职业技术学院", "{s} Vocational College", "Fachschule {s}"),
        Label("{s}工程职业学院", "{s} Engineering College", "Ingenieurfachschule {s}"),
    ),
    "de": (
        Label("{s}职业学校", "{s} Vocational School", "Berufsschule {s}"),
        Label("{s}技师学校", "{s} Technical School", "Fachschule für Technik {s}"),
    ),
    "en": (
        Label("{s}社区学院", "{s} Community College", "Fachschule {s}"),
        Label("{s}技术学院", "{s} Technical College", "Technische Fachschule {s}"),
    ),
}
_SUFFIXES: dict[str, tuple[Label, ...]] = {
    "zh": (
        Label("科技有限公司", "Technology Co., Ltd.", "Technology Co., Ltd."),
        Label("有限公司", "Co., Ltd.", "Co., Ltd."),
        Label("股份有限公司", "Corp.", "Corp."),
        Label("（集团）有限公司", "Group Co., Ltd.", "Gruppe Co., Ltd."),
    ),
    "de": (
        Label("有限公司（德国）", "GmbH", "GmbH"),
        Label("股份公司（德国）", "AG", "AG"),
        Label("有限公司（德国）", "GmbH & Co. KG", "GmbH & Co. KG"),
    ),
    "en": (
        Label("有限公司", "Ltd.", "Ltd."),
        Label("公司", "Inc.", "Inc."),
        Label("控股有限公司", "Holdings plc", "Holdings plc"),
    ),
}


def fill(pattern: Label, stem: Label) -> Label:
    return Label(
        pattern.zh.replace("{s}", stem.zh),
        pattern.en.replace("{s}", stem.en),
        pattern.de.replace("{s}", stem.de),
    )


def stem(dice: Dice, culture: str) -> Label:
    """An invented name such as 澜川 (Lanchuan), Nordwerra or Thornmere; culture zh, de or en."""
    stems = vocabulary().stems
    first, second = dice.pick(stems[f"{culture}_first"]), dice.pick(stems[f"{culture}_second"])
    return Label(first.zh + second.zh, first.en + second.en, first.de + second.de)


@cache
def schools(culture: str, college: bool) -> tuple[Label, ...]:
    """The same invented schools for every seed, so that one name means one school."""
    dice = Dice("schools", culture, college)
    patterns = (_COLLEGES if college else _UNIVERSITIES)[culture]
    found: dict[str, Label] = {}
    while len(found) < SCHOOLS_PER_CULTURE:
        school = fill(dice.pick(patterns), stem(dice, culture))
        found.setdefault(school.zh, school)
    return tuple(found.values())


# Word in a school's Chinese name -> the disciplines taught there, and nowhere else's.
_SPECIAL: dict[str, frozenset[str]] = {
    "医": frozenset(
        (
            "medicine",
            "surgery",
            "nursing",
            "rehab",
            "pubhealth",
            "pharmacy",
            "psychology",
            "biomed_eng",
            "biology",
            "biochem",
            "biotech",
            "genetics",
        )
    ),
    "农业": frozenset(
        (
            "agronomy",
            "plant_breeding",
            "agri_eng",
            "soil",
            "animal",
            "veterinary",
            "aquaculture",
            "food",
            "biology",
            "genetics",
            "ecology",
            "biotech",
        )
    ),
    "师范": frozenset(
        (
            "education",
            "linguistics",
            "psychology",
            "math",
            "physics",
            "chemistry",
            "biology",
        )
    ),
    "财经": frozenset(
        (
            "economics",
            "finance",
            "accounting",
            "management",
            "marketing",
            "law",
            "statistics",
        )
    ),
    "海洋": frozenset(
        (
            "ocean",
            "naval",
            "aquaculture",
            "geology",
            "acoustics",
            "biology",
            "ecology",
            "geoinfo",
        )
    ),
}


@cache
def schools_for(culture: str, college: bool, discipline: str) -> tuple[Label, ...]:
    """The schools that teach a discipline: general ones and the special ones of its kind."""
    return tuple(
        school
        for school in schools(culture, college)
        if all(discipline in taught for word, taught in _SPECIAL.items() if word in school.zh)
    )


def stem_culture(country: str | None) -> str:
    """Which stems suit a country (ISO code): Chinese, German or else English ones."""
    return {"CN": "zh", "DE": "de", "AT": "de", "CH": "de"}.get(country or "", "en")


def company(dice: Dice, culture: str, industry: Industry, place: Label | None = None) -> Label:
    """A firm of the industry; Chinese ones may carry their place in front, as is usual there."""
    name, trade = stem(dice, culture), dice.pick(industry.trades)
    suffixes = _SUFFIXES[culture]
    if trade.zh.endswith(("科技", "技术")) or trade.en.endswith("Technology"):
        suffixes = tuple(suffix for suffix in suffixes if not suffix.zh.startswith("科技"))
    suffix = dice.pick(suffixes)
    where = place.zh.removesuffix("市").removesuffix("省") if place and culture == "zh" else ""
    return Label(
        f"{where}{name.zh}{trade.zh}{suffix.zh}",
        f"{place.en + ' ' if where and place else ''}{name.en} {trade.en} {suffix.en}",
        f"{place.de + ' ' if where and place else ''}{name.de} {trade.de} {suffix.de}",
    )
