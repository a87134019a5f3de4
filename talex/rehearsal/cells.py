"""How people write a value into a cell: degree words, years, pay, dates, lists, languages.

Each function takes a die, the record's language and the value meant, and gives one of the ways
seen in real files. What is None becomes an empty cell or a word that says `any`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .data import phrases as ph
from .dice import Dice
from .mess import FILE_RATES, full_width
from .model import Language, LanguageLevel, Pay, Window
from .openings import language_list
from .vocabulary import vocabulary

# Not strftime's %B, which follows the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}


def degree(dice: Dice, language: Language, level: str | None) -> str:
    """An empty cell for an unknown degree of a talent."""
    return "" if level is None else dice.pick(ph.DEGREE_WORDS[level][language])


def degree_asked(dice: Dice, language: Language, level: str | None) -> str:
    """`本科及以上`, `Bachelor or higher`; words for `any` where none is asked."""
    if level is None:
        return dice.pick(ph.ANY_DEGREE[language])
    word = dice.pick(ph.DEGREE_WORDS[level][language])
    if level != "doctorate" and dice.chance(0.4):
        return {"zh-hans": f"{word}及以上", "en": f"{word} or higher", "de": f"{word} oder höher"}[
            language
        ]
    return word


def years(dice: Dice, language: Language, low: int | None, high: int | None = None) -> str:
    """`5`, `5年`, `3-5年`, `5年以上`, `5 Jahre`, `at least 5 years`, and full-width digits."""
    if low is None:
        return ""
    many, mehr = ("", "") if low == 1 else ("s", "e")
    if high is not None:
        text = {
            "zh-hans": f"{low}-{high}年",
            "en": f"{low}-{high} years",
            "de": f"{low} bis {high} Jahre",
        }[language]
    else:
        text = dice.pick(
            {
                "zh-hans": (f"{low}", f"{low}年", f"{low}年以上", f"{low}年工作经验"),
                "en": (
                    f"{low}",
                    f"{low} year{many}",
                    f"{low}+ years",
                    f"at least {low} year{many}",
                ),
                "de": (
                    f"{low}",
                    f"{low} Jahr{mehr}",
                    f"mind. {low} Jahr{mehr}",
                    f"ab {low} Jahr{mehr and 'en'}",
                ),
            }[language]
        )
    return full_width(text) if dice.chance(FILE_RATES["full_width"]) else text


def held_years(dice: Dice, language: Language, count: int | None) -> str:
    """A talent's own experience: never `at least`."""
    if count is None:
        return ""
    unit = {"zh-hans": "年", "en": " years", "de": " Jahre"}[language]
    if count == 1 and language != "zh-hans":
        unit = unit[:-1]
    text = dice.pick((str(count), f"{count}{unit}"))
    return full_width(text) if dice.chance(FILE_RATES["full_width"]) else text


def _plain(number: float) -> str:
    return f"{number:g}"


def pay(dice: Dice, language: Language, value: Pay | None) -> str:
    """`1.5-2万/月`, `15k-20k`, `52.000–65.000 EUR/Jahr`, `€52,000 - 65,000 p.a.`, `面议`."""
    if value is None:
        return dice.pick(
            {
                "zh-hans": ("面议", "", "薪资面议"),
                "en": ("Negotiable", ""),
                "de": ("nach Vereinbarung", "VB", ""),
            }[language]
        )
    low, high = value.low, value.high
    project = value.period == "project"
    if language == "zh-hans":
        if value.currency != "CNY":
            unit = {"month": "月", "year": "年", "project": "项目"}[value.period]
            return f"{low}-{high} {value.currency}/{unit}"
        ten = f"{_plain(low / 10_000)}-{_plain(high / 10_000)}万"
        if project:
            return f"项目经费{ten}元"
        if value.period == "year":
            return dice.pick((f"{ten}/年", f"年薪{ten}", f"{low}-{high}元/年"))
        text = dice.pick(
            (
                f"{ten}/月",
                f"{_plain(low / 1000)}k-{_plain(high / 1000)}k",
                f"{low}-{high}元/月",
                f"{ten}",
            )
        )
        if value.months > 12:
            text += f"·{value.months}薪"
        return full_width(text) if dice.chance(FILE_RATES["full_width"]) else text
    sign = _SIGNS.get(value.currency, value.currency + " ")
    if language == "de":
        unit = {"month": "Monat", "year": "Jahr", "project": "Projekt"}[value.period]
        first, second = f"{low:,}".replace(",", "."), f"{high:,}".replace(",", ".")
        forms = [
            f"{first}–{second} {value.currency}/{unit}",
            f"{first} - {second} {value.currency} pro {unit}",
        ]
        if value.period == "year":
            forms.append(f"{low // 1000}-{high // 1000} T{value.currency}")
        return dice.pick(forms)
    unit = {"month": "per month", "year": "p.a.", "project": "per project"}[value.period]
    return dice.pick(
        (
            f"{sign}{low:,} - {high:,} {unit}",
            f"{value.currency} {low}-{high} {unit}",
            f"{sign}{_plain(low / 1000)}k-{_plain(high / 1000)}k {unit}",
        )
    )


def words(dice: Dice, language: Language, items: Sequence[str]) -> str:
    """A list in one cell: `A、B`, `A；B`, `A, B`, now and then `['A', 'B']` as scripts leave it."""
    if not items:
        return ""
    if dice.chance(FILE_RATES["bracketed_list"]):
        return "[" + ", ".join(f"'{item}'" for item in items) + "]"
    marks = ("、", "、", "，", "；", "/") if language == "zh-hans" else ("; ", ", ", "; ", " | ")
    return dice.pick(marks).join(items)


def languages(dice: Dice, language: Language, levels: Sequence[LanguageLevel]) -> str:
    """`英语(C1)、德语(B2)` or with words instead of levels for the mother tongue."""
    if not dice.chance(0.3):
        return language_list(language, levels)
    at = ("zh-hans", "en", "de").index(language)
    native = {"zh-hans": "母语", "en": "native", "de": "Muttersprache"}[language]
    return "; ".join(
        f"{ph.LANGUAGE_WORDS[lv.language][at]} {native if lv.cefr == 'C2' else lv.cefr}"
        for lv in levels
    )


def day(dice: Dice, language: Language, value: date) -> str:
    forms = {
        "zh-hans": (
            f"{value:%Y-%m-%d}",
            f"{value.year}年{value.month}月{value.day}日",
            f"{value.year}/{value.month}/{value.day}",
            f"{value.year}.{value.month:02}.{value.day:02}",
        ),
        "en": (
            f"{value:%Y-%m-%d}",
            f"{value:%d/%m/%Y}",
            f"{value.day} {_MONTHS[value.month - 1]} {value.year}",
        ),
        "de": (f"{value:%d.%m.%Y}", f"{value.day}.{value.month}.{value.year}", f"{value:%Y-%m-%d}"),
    }
    return dice.pick(forms[language])


def availability(dice: Dice, language: Language, windows: Sequence[Window]) -> str:
    """Days only, as lists usually have them."""
    days = list(dict.fromkeys(window.start.date() for window in windows))
    return "; ".join(day(dice, language, value) for value in days)


def region(language: Language, code: str | None) -> str:
    return "" if code is None else vocabulary().regions[code].label.text(language)


def spaced(dice: Dice, text: str) -> str:
    """Sometimes a stray blank before or after, an ideographic one among them."""
    if text and dice.chance(FILE_RATES["stray_space"]):
        return dice.pick((" " + text, text + " ", text + "\u3000"))
    return text
