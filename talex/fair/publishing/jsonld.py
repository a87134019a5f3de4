"""Openings as schema.org JobPosting, as Google's documentation of job postings asks for it.

https://developers.google.com/search/docs/appearance/structured-data/job-posting
Types and properties: tests/fair/schema_org.json. What an opening does not say is left out; nothing
is made up but the two that are required: the country of the place (of the opening, else its
organisation's, else the conference's), and a description where there is none (then of what else is
known).
"""

from __future__ import annotations

import json
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from babel.core import get_global
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from talex.editions.models import Edition
from talex.fair import contents, places, show
from talex.fair.publishing import snapshot
from talex.fair.publishing.models import Entry, PublishedList
from talex.fair.words import Words, words_of

_REMOTE = re.compile(
    r"\b(?:remote|home\s?-?office|telework|work from home|telearbeit)\b|远程|居家办公|在家办公",
    re.IGNORECASE,
)
#: What stands between two places of work; a comma parts one place (`Hongshan, Wuhan`).
_SEPARATE = re.compile(r"[;；/|、\n]+|\s(?:or|oder|and|und)\s|或", re.IGNORECASE)
#: Work that is remote in part only is not remote: the documentation forbids to call it so.
_PARTLY = re.compile(
    r"\b(?:partly|partial|partially|hybrid|possible|optional|teilweise|möglich|anteilig)\b"
    r"|混合|部分|可选|可",
    re.IGNORECASE,
)
#: What stands beside `Remote` and names no place.
_BESIDE = re.compile(
    r"\b(?:in|from|within|anywhere|only|fully|aus|nur|innerhalb|ganz)\b|100\s*%|[()（）]|限|全",
    re.IGNORECASE,
)
_UNITS = {"hour": "HOUR", "day": "DAY", "month": "MONTH", "year": "YEAR"}
_CREDENTIALS = {
    "secondary": "high school",
    "associate": "associate degree",
    "bachelor": "bachelor degree",
    "master": "postgraduate degree",
    "doctorate": "postgraduate degree",
}


def country_of(edition: Edition, content: Mapping[str, Any]) -> str:
    """Two letters."""
    for text in (content["region"], content["organisation"]["region"]):
        if named := _countries_in(_BESIDE.sub(" ", _REMOTE.sub(" ", text or ""))):
            return named[0]
    return str(get_global("zone_territories").get(edition.time_zone, "CN"))


def _place(edition: Edition, content: Mapping[str, Any]) -> dict[str, Any]:
    """Where the work is. Remote is only what is so wholly: a town named beside it is a place."""
    region = content["region"] or ""
    country = country_of(edition, content)
    wholly = bool(_REMOTE.search(region)) and not _PARTLY.search(region)
    if _REMOTE.search(region):
        region = _BESIDE.sub(" ", _PARTLY.sub(" ", _REMOTE.sub(" ", region)))
    told = [_postal(part, country) for part in _SEPARATE.split(region) if part.strip()]
    towns = [one for one in told if "addressLocality" in one]
    named = list(dict.fromkeys(_countries_in(region)))
    if wholly and not towns:
        wanted = [{"@type": "Country", "name": one} for one in named or [country]]
        return {
            "jobLocationType": "TELECOMMUTE",
            "applicantLocationRequirements": wanted[0] if len(wanted) == 1 else wanted,
        }
    if not towns and not named:
        towns = [_postal(content["organisation"]["region"] or str(edition.city), country)]
    found = towns or [{"@type": "PostalAddress", "addressCountry": one} for one in named]
    at = [{"@type": "Place", "address": one} for one in found]
    return {"jobLocation": at[0] if len(at) == 1 else at}


def _countries_in(written: str) -> list[str]:
    keys = [places.key(part) for part in places.parts(written)]
    return [key[1:] for key in keys if key.startswith("=")]


def _postal(written: str, country: str) -> dict[str, str]:
    """One place: in the country that it names itself, else in the opening's."""
    address = {"@type": "PostalAddress", "addressCountry": (_countries_in(written) or [country])[0]}
    named = [one for one in places.parts(written) if (key := places.key(one)) and key[0] != "="]
    if named:
        address["addressLocality"] = ", ".join(named)
    return address


def _number(text: str) -> int | float:
    amount = Decimal(text)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _salary(pay: Mapping[str, Any]) -> dict[str, Any]:
    unit = _UNITS.get(str(pay.get("period")))
    low, high = pay.get("low"), pay.get("high")
    if unit is None or not (low or high):
        return {}
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": unit}
    if low and high and low != high:
        value |= {"minValue": _number(low), "maxValue": _number(high)}
    elif low:
        value["minValue" if not high else "value"] = _number(low)
    else:
        value["maxValue"] = _number(str(high))
    return {
        "baseSalary": {"@type": "MonetaryAmount", "currency": pay["currency"], "value": value}
    }  # fmt: skip


def _kinds(content: Mapping[str, Any]) -> list[str]:
    """What is certain alone: whether a job is full time is not said."""
    if content["kind"] == "project":
        return ["CONTRACTOR"]
    return ["TEMPORARY"] if content["kind"] == "postdoc" or content["ends_on"] else []


def _asked(content: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    degree = content["degree_required"]
    if degree == "none":
        found["educationRequirements"] = "no requirements"
    elif degree in _CREDENTIALS:
        found["educationRequirements"] = {
            "@type": "EducationalOccupationalCredential",
            "credentialCategory": _CREDENTIALS[degree],
        }
    years = content["experience_min"]
    if years is not None and float(years) > 0:
        found["experienceRequirements"] = {
            "@type": "OccupationalExperienceRequirements",
            "monthsOfExperience": round(float(years) * 12),
        }
    elif years is not None:
        found["experienceRequirements"] = "no requirements"
    if content["skills"]:
        found["skills"] = ", ".join(content["skills"])
    return found


def _described(content: Mapping[str, Any]) -> str:
    """In HTML, as it is asked for."""
    opening = snapshot.opening_of(content)
    if opening.description:
        return linebreaks(str(opening.description), autoescape=True)
    lines = [str(opening.title), str(snapshot.organisation_of(content))]
    for name in ("kind", "region", "degree_required", "skills", "languages", "pay"):
        if told := show.field(name, opening):
            lines.append(f"{contents.FIELD_NAMES[name]}: {told}")
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def address(edition: Edition, opening: Any) -> str:
    """An opening's own page, complete."""
    path = reverse("publishing:opening", kwargs={"edition": edition.slug, "pk": opening})
    return f"{settings.TALEX_URL}{path}"


def job_posting(edition: Edition, entry: Entry, words: Words | None = None) -> dict[str, Any]:
    """One opening, in the reader's language. `words`: of the edition, where many are written."""
    content = entry.wording.content
    words = words or words_of(edition)
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    closes = contents.back("closes_on", content["closes_on"]) or edition.ends_on
    employer: dict[str, Any] = {
        "@type": "Organization",
        "name": str(snapshot.organisation_of(content)),
    }
    if content["organisation"]["website"].startswith(("http://", "https://")):
        employer["sameAs"] = content["organisation"]["website"]
    found: dict[str, Any] = {
        "@type": "JobPosting",
        "title": str(snapshot.opening_of(content).title),
        "description": _described(content),
        "identifier": {
            "@type": "PropertyValue", "name": employer["name"], "value": str(entry.opening),
        },
        "datePosted": entry.first_at.astimezone(zone).date().isoformat(),
        "validThrough": datetime.combine(closes, time(23, 59, 59), zone).isoformat(),
        "hiringOrganization": employer,
        "url": address(edition, entry.opening),
        "directApply": False,
        **_place(edition, content),
        **_salary(content["pay"]),
        **_asked(content),
    }  # fmt: skip
    if kinds := _kinds(content):
        found["employmentType"] = kinds
    for name, value in (
        ("industry", words.industry_name(content["industry"])),
        ("totalJobOpenings", content["headcount"]),
        ("jobStartDate", content["starts_on"]),
    ):
        if value:
            found[name] = value
    return found


def data_block(data: Mapping[str, Any]) -> SafeString:
    """JSON for a script element that is not executed; nothing in it can end the element."""
    text = json.dumps({"@context": "https://schema.org/", **data}, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)


def feed(published: PublishedList, entries: list[Entry], url: str) -> Iterator[bytes]:
    """A version as an ItemList, piece by piece."""
    edition = published.edition
    head = {
        "@context": "https://schema.org/",
        "@type": "ItemList",
        "name": str(edition.name),
        "url": url,
        "identifier": f"{edition.slug}/v{published.number}",
        "numberOfItems": len(entries),
    }
    if note := str(published.note):
        head["description"] = note
    words = words_of(edition)
    start = json.dumps(head, ensure_ascii=False)
    yield f'{start[:-1]}, "itemListElement": ['.encode()
    for at, one in enumerate(entries):
        item = {"@type": "ListItem", "position": at + 1, "item": job_posting(edition, one, words)}
        yield (("," if at else "") + json.dumps(item, ensure_ascii=False)).encode()
    yield b"]}"
