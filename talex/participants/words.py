"""Values of this room as people read and type them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talex.participants.choices import DEGREE_LABELS, Cefr
from talex.participants.importing.cells.languages import read_languages
from talex.participants.industries import industry_code, industry_label

_CODE = re.compile(r"([a-z]{2,3})(?:[\s:(]+([abc][12]|native)\)?)?", re.I)


@lru_cache(maxsize=1000)
def _name(code: str, reader: str) -> str:
    try:
        locale = Locale.parse(reader, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    # A language of pages names its script as well (zh-hans); its name is that of the language.
    return str(locale.languages.get(code) or locale.languages.get(code.partition("-")[0], code))


def languages_told(codes: Iterable[str]) -> str:
    """The names of languages in one line, each once, in the reader's language."""
    return ", ".join(sorted({language_name(code) for code in codes if code}))


def language_name(code: str) -> str:
    """The name of a language in the reader's language; the code where it has none."""
    return _name(code, get_language() or "en")


def level_name(level: str | None) -> str:
    """A level as it is shown; empty where none is known."""
    return str(Cefr(level).label) if level in Cefr.values else ""


def languages_shown(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """German B2, Chinese native ... in the reader's language."""
    return [f"{language_name(row['code'])} {level_name(row.get('level'))}".strip() for row in rows]


def languages_typed(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """As `languages_shown`, but such that `read_typed_languages` reads the same again."""
    found = []
    for row in rows:
        name = language_name(row["code"])
        read = read_languages(name)
        known = read.value is not None and [one.code for one in read.value] == [row["code"]]
        level = level_name(row.get("level")) if known else row.get("level") or ""
        found.append(f"{name if known else row['code']} {level}".strip())
    return found


def read_typed_languages(words: Sequence[str]) -> list[dict[str, Any]]:
    """Languages as people type them: German B2, 德语 C1, de, Englisch Muttersprache.

    Raises Django's ValidationError for what was not understood.
    """
    found = []
    for word in words:
        code = _CODE.fullmatch(word.strip())
        if code and _name(code.group(1).lower(), "en") != code.group(1).lower():
            level = code.group(2)
            level = level if level is None or level.lower() == "native" else level.upper()
            found.append(
                {
                    "code": code.group(1).lower(),
                    "level": level and level.replace("NATIVE", "native"),
                }
            )
            continue
        read = read_languages(word)
        if not read.value or read.note is not None:
            raise ValidationError(
                _("“%(word)s” was not understood. Write a language and a level, like German B2.")
                % {"word": word[:60]}
            )
        found += [{"code": one.code, "level": one.level} for one in read.value]
    return found


def industry_shown(text: str) -> str:
    """An industry in the reader's language where it is a known one, else as it was written."""
    return industry_label(industry_code(text), get_language() or "en") if text else ""


def years_shown(years: float | None) -> str:
    """Years without a needless fraction; empty where not known."""
    return "" if years is None else number_format(years, 0 if years == int(years) else 1)


def pay_shown(pay: Mapping[str, str]) -> str:
    """At least so much a year or a month; empty where nothing is wished."""
    if not pay:
        return ""
    told = {
        "amount": number_format(int(pay["least"]), force_grouping=True),
        "currency": pay["currency"],
    }
    if pay["period"] == "year":
        return _("at least %(amount)s %(currency)s a year") % told
    return _("at least %(amount)s %(currency)s a month") % told


def month_shown(text: str) -> str:
    """2021-04 in the reader's form, April 2021; a bare year, and what is no month, as it is."""
    try:
        day = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return text
    return str(date_format(day, "YEAR_MONTH_FORMAT"))


def months_shown(post: Mapping[str, Any]) -> str:
    """From when until when somebody held a post; empty where nothing is known."""
    start, end = month_shown(post.get("start") or ""), month_shown(post.get("end") or "")
    if start and not end:
        return _("since %(month)s") % {"month": start}
    return f"{start} – {end}".strip() if end else ""


def degree_name(level: str) -> Any:
    """A degree level in the reader's language; empty where none is known."""
    return DEGREE_LABELS.get(level, level)
