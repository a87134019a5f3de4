"""How each field of a person and a talent is cleaned; `facts.clean` calls these."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import mod
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from talex.core.canonical import instant
from talex.core.clock import now, zone_names
from talex.core.errors import Message
from talex.core.masking import is_contact_as_name
from talex.core.radicals import without_radicals
from talex.participants.choices import Cefr, Mode
from talex.participants.identity import script_of
from talex.participants.vocabulary import DAY_YEARS, DegreeLevel


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing a name; without a script it is told from the signs."""

    text: str
    script: str = ""


_filled = lazy(mod, str)
_TOO_LONG = _("At most %(limit)s characters, please.")
CONTACT_AS_NAME = _(
    "This is a telephone number or an address, not a name. Everybody who sees the person reads the "
    "name; give the number and the address in their own fields."
)
_MANY = 200
# Control signs but for tab and line feed, and halves of surrogate pairs.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LEVELS = frozenset(Cefr.values)
_DEGREES = {level.value: level.rank for level in DegreeLevel}
_MODES = frozenset(Mode.values)


class Fault(Exception):
    """Why a value is not kept, in words."""

    def __init__(self, message: Message, **parameters: Any) -> None:
        # Put together when it is read, in the reader's language.
        self.message = _filled(message, parameters) if parameters else message


def plain(value: object) -> str:
    """Text without control signs and blanks at its ends, composed (NFC); what was copied from a
    PDF without its radicals."""
    text = str(value if value is not None else "")
    if not text.isascii():
        text = without_radicals(unicodedata.normalize("NFC", text))
    return _CONTROL.sub("", text).strip()


def _text(limit: int, lines: bool = False) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        text = plain(value)
        if not lines:
            text = " ".join(text.split())
        if len(text) > limit:
            raise Fault(_TOO_LONG, limit=limit)
        return text

    return clean


def _names(value: Any) -> list[Name]:
    found: dict[str, Name] = {}
    for given in value or ():
        name = given if isinstance(given, Name) else Name(**given)
        text = " ".join(plain(name.text).split())
        if not text:
            continue
        if len(text) > 200:
            raise Fault(_TOO_LONG, limit=200)
        if is_contact_as_name(text):
            raise Fault(CONTACT_AS_NAME)
        script = name.script.strip() or script_of(text)
        if len(script) != 4 or not script.isalpha():
            raise Fault(_("Name the script by four letters (ISO 15924), for example Latn or Hans."))
        found.setdefault(text, Name(text, script.title()))
    if len(found) > 20:
        raise Fault(_("At most %(limit)s entries, please."), limit=20)
    return list(found.values())


def _email(value: Any) -> str:
    text = plain(value)
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Fault(
                _("This is not an e-mail address. Write it like name@example.org.")
            ) from error
    return text


def _phone(value: Any) -> str:
    text = " ".join(plain(value).split())
    digits = sum(s.isdigit() for s in text)
    if text and (len(text) > 40 or not 5 <= digits <= 20):
        raise Fault(_("This is not a telephone number. Write digits, with + and the country code."))
    return text


def _whole(low: int, high: Callable[[], int], message: Message) -> Callable[[Any], int | None]:
    def clean(value: Any) -> int | None:
        if value in (None, ""):
            return None
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise Fault(message, low=low, high=high()) from None
        if not low <= number <= high():
            raise Fault(message, low=low, high=high())
        return number

    return clean


def _years(value: Any) -> float | None:
    if value in (None, ""):
        return None
    try:
        # '6,8' as a German writes it; a mark of thousands cannot be meant.
        years = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        years = -1
    if not 0 <= years <= 80:
        raise Fault(_("Give the years of experience as a number from 0 to 80."))
    return round(years, 2)


def _zone(value: Any) -> str:
    text = plain(value)
    if text and text not in zone_names():
        raise Fault(
            _("There is no time zone %(zone)s. Choose one such as Europe/Berlin or Asia/Shanghai."),
            zone=text[:60],
        )
    return text


def _degree(value: Any) -> str:
    text = plain(value)
    if text and text not in _DEGREES:
        raise Fault(
            _("There is no degree level %(level)s. Choose one of: %(levels)s."),
            level=text[:60], levels=", ".join(_DEGREES),
        )  # fmt: skip
    return text


def _mode(value: Any) -> str:
    text = plain(value) or Mode.BOTH.value
    if text not in _MODES:
        raise Fault(_("Choose one of: %(choices)s."), choices=", ".join(Mode.values))
    return text


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        raise Fault(_("Give a list, one entry each."))
    found = dict.fromkeys(" ".join(plain(word).split()) for word in value or ())
    found.pop("", None)
    if len(found) > _MANY:
        raise Fault(_("At most %(limit)s entries, please."), limit=_MANY)
    for word in found:
        if len(word) > 200:
            raise Fault(_TOO_LONG, limit=200)
    return list(found)


def _languages(value: Any) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for given in value or ():
        code = plain(given.get("code")).casefold() if isinstance(given, Mapping) else ""
        level = plain(given.get("level")) or None if isinstance(given, Mapping) else None
        if not (2 <= len(code.split("-")[0]) <= 3 and code.replace("-", "").isalnum()):
            raise Fault(_("Name a language by its code, for example de, zh or en."))
        if level is not None and level not in _LEVELS:
            raise Fault(_("Choose a level from A1 to C2, or native."))
        found[code] = {"code": code, "level": level}
    return list(found.values())


def _education(value: Any) -> list[dict[str, Any]]:
    found = []
    for given in value or ():
        if not isinstance(given, Mapping):
            raise Fault(_("Give each degree with its level, institution, discipline and year."))
        year = _whole(1900, lambda: now().year + 10, _("Give a year from %(low)s to %(high)s."))
        row = {
            "level": _degree(given.get("level")),
            "institution": _text(200)(given.get("institution")),
            "discipline": _text(200)(given.get("discipline")),
            "year": year(given.get("year")),
        }
        if any(row.values()):
            found.append(row)
    return sorted(found, key=lambda row: -_DEGREES.get(str(row["level"]), 0))[:20]


_MONTH = re.compile(r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2]))?")


def _month(value: Any) -> str:
    text = plain(value)
    if text and not _MONTH.fullmatch(text):
        raise Fault(_("Write a month as year-month, for example 2019-03, or the year alone."))
    return text


def _experience(value: Any) -> list[dict[str, str]]:
    found = []
    for given in value or ():
        if not isinstance(given, Mapping):
            raise Fault(_("Give each post with its position, employer, start and end."))
        row = {
            "position": _text(200)(given.get("position")),
            "employer": _text(200)(given.get("employer")),
            "start": _month(given.get("start")),
            "end": _month(given.get("end")),
            "text": _text(2000, lines=True)(given.get("text")),
        }
        if row["end"] and row["start"] and row["end"] < row["start"][: len(row["end"])]:
            raise Fault(_("A post cannot end before it begins."))
        if any(row.values()):
            found.append(row)
    if len(found) > 30:
        raise Fault(_("At most %(limit)s entries, please."), limit=30)
    return found


def _pay(value: Any) -> dict[str, str]:
    if not value:
        return {}
    if not isinstance(value, Mapping):
        raise Fault(_("Give the pay with its amount, currency and period."))
    try:
        least = int(str(value.get("least") or "").replace(" ", ""))
    except ValueError:
        least = -1
    if not 1 <= least <= 100_000_000:
        raise Fault(_("Give the pay as a whole number, without the currency."))
    currency = plain(value.get("currency")).upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Fault(_("Name the currency by its code, for example EUR or CNY."))
    if value.get("period") not in ("year", "month"):
        raise Fault(_("Choose one of: %(choices)s."), choices="year, month")
    return {"least": str(least), "currency": currency, "period": str(value["period"])}


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    try:
        day = value if isinstance(value, date) else parse_date(plain(value))
    except ValueError:
        day = None
    if day is None:
        raise Fault(_("Write the day as year-month-day, for example 2027-04-12."))
    if day.year not in DAY_YEARS:
        raise Fault(
            _("Give a day between the years %(low)s and %(high)s."),
            low=DAY_YEARS[0],
            high=DAY_YEARS[-1],
        )
    return day


def _clock(value: Any) -> time | None:
    if value in (None, ""):
        return None
    try:
        found = value if isinstance(value, time) else parse_time(plain(value))
    except ValueError:
        found = None
    if found is None:
        raise Fault(_("Write the time as hours and minutes, for example 09:30."))
    return found.replace(tzinfo=None)


def _windows(value: Any) -> list[dict[str, str]]:
    found = []
    for given in value or ():
        ends = []
        for key in ("start", "end"):
            moment = given.get(key) if isinstance(given, Mapping) else None
            if isinstance(moment, str):
                try:
                    moment = parse_datetime(moment)
                except ValueError:
                    moment = None
            if not isinstance(moment, datetime) or moment.tzinfo is None:
                raise Fault(_("Give each time with its zone, for example 2027-04-12T09:00+08:00."))
            ends.append(moment)
        if ends[0] >= ends[1]:
            raise Fault(_("A time must end after it begins."))
        found.append({"start": instant(ends[0]), "end": instant(ends[1])})
    return sorted(found, key=lambda window: window["start"])[:200]


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "names": _names,
    "email": _email,
    "phone": _phone,
    "birth_year": _whole(1900, lambda: now().year - 10, _("Give a year from %(low)s to %(high)s.")),
    "nationality": _text(100),
    "language": _text(20),
    "time_zone": _zone,
    "degree_level": _degree,
    "institution": _text(200),
    "education": _education,
    "disciplines": _words,
    "skills": _words,
    "languages": _languages,
    "experience_years": _years,
    "experience": _experience,
    "current_position": _text(200),
    "profile_text": _text(100_000, lines=True),
    "industry": _text(100),
    "region": _text(100),
    "wished_regions": _words,
    "wished_industries": _words,
    "wished_pay": _pay,
    "available_from": _day,
    "available_until": _day,
    "windows": _windows,
    "local_from": _clock,
    "local_until": _clock,
    "mode": _mode,
    "daily_max": _whole(1, lambda: 50, _("Give a number from %(low)s to %(high)s.")),
    "title": _text(200),
}
