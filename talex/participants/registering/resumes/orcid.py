"""A person's record as ORCID gives it: JSON or XML, of the schema versions 2 and 3.

Both are turned into one plain shape first. Versions 3 puts summaries into groups of an
affiliation; in JSON a name is an object with a `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from talex.participants.importing.cells.degree import levels_in
from talex.participants.registering.resumes.found import Found
from talex.participants.registering.resumes.periods import dated_posts, years_worked
from talex.participants.vocabulary import DegreeLevel

_DEEPEST = 40


def read_orcid_json(told: Mapping[str, Any], today: date) -> list[Found]:
    """The fields of a record (`/record`, `/person` with activities) in JSON."""
    return _read(_Json(told), today)


def read_orcid_xml(data: bytes, today: date) -> list[Found]:
    """The same in XML. Raises ValueError where it is no ORCID record; entities are refused."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(data)
    except (ParseError, DefusedXmlException, RecursionError) as error:
        raise ValueError("not readable as XML") from error
    if _local(root.tag) not in ("record", "person", "activities-summary"):
        raise ValueError("not an ORCID record")
    return _read(_Xml(root), today)


def is_orcid_json(told: Any) -> bool:
    """Whether it is the record of a person."""
    return isinstance(told, Mapping) and (
        "orcid-identifier" in told or ("person" in told and "activities-summary" in told)
    )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Json:
    """A part of a JSON record, asked by the names that JSON and XML share."""

    def __init__(self, told: Any) -> None:
        self.told = told

    def all(self, name: str, depth: int = 0) -> list[Any]:
        """Every part of this name below this one, in order."""
        found: list[Any] = []
        if depth > _DEEPEST:
            return found
        below = self.told.items() if isinstance(self.told, Mapping) else enumerate(self.told) if isinstance(self.told, list) else ()  # fmt: skip  # noqa: E501
        for key, value in below:
            if key == name:
                found += [_Json(one) for one in (value if isinstance(value, list) else [value])]
            elif isinstance(value, Mapping | list):
                found += _Json(value).all(name, depth + 1)
        return [one for one in found if one.told is not None]

    @property
    def text(self) -> str:
        told = self.told
        if isinstance(told, Mapping):
            told = next((told[n] for n in ("value", "content", "email") if n in told), None)
        return str(told).strip() if isinstance(told, str | int) else ""


class _Xml:
    """A part of an XML record, whatever its name spaces."""

    def __init__(self, element: Any) -> None:
        self.element = element

    def all(self, name: str) -> list[Any]:
        return [
            _Xml(one)
            for one in self.element.iter()
            if _local(str(one.tag)) == name and one is not self.element
        ]

    @property
    def text(self) -> str:
        return (self.element.text or "").strip()


def _first(part: Any, *path: str) -> str:
    for name in path[:-1]:
        found = part.all(name)
        if not found:
            return ""
        part = found[0]
    return next((one.text for one in part.all(path[-1]) if one.text), "")


def _read(record: Any, today: date) -> list[Found]:
    found = list(_person(record))
    found += _education(record)
    found += _employments(record, today)
    return found


def _person(record: Any) -> Iterator[Found]:
    given, family = _first(record, "given-names"), _first(record, "family-name")
    names = [" ".join(part for part in (given, family) if part)]
    names = [_first(record, "credit-name") or names[0], *names]
    for other in record.all("other-name"):
        names.append(_first(other, "content") or other.text)
    names = list(dict.fromkeys(" ".join(name.split())[:200] for name in names if name.strip()))
    if names:
        yield Found("names", names[:20], "person.name")
    emails = [part for part in record.all("email") if "@" in part.text]
    if emails:
        yield Found("email", emails[0].text[:254], "person.emails")
    if where := _where(record):
        yield Found("region", *where)
    words = [_first(part, "content") or part.text for part in record.all("keyword")]
    skills = [w.strip() for word in words for w in word.split(",") if w.strip()]
    if skills:
        yield Found("skills", list(dict.fromkeys(skills))[:60], "person.keywords")
    biography = _first(record, "biography", "content") or _first(record, "biography")
    if biography:
        yield Found("profile_text", biography[:20_000], "person.biography")


def _where(record: Any) -> tuple[str, str] | None:
    """City and country of the present employment, unless the person lives in another country."""
    own = _first(record, "addresses", "country")
    for one in record.all("employment-summary"):
        city, country = (_first(one, "organization", "address", n) for n in ("city", "country"))
        if city and not _date(one, "end-date") and own in ("", country):
            place = ", ".join(part for part in (city, country) if part)
            return place[:100], "activities-summary.employments"
    return (own[:100], "person.addresses") if own else None


def _education(record: Any) -> Iterator[Found]:
    rows, had = [], []
    for name in ("education-summary", "qualification-summary"):
        for one in record.all(name):
            role = _first(one, "role-title")
            levels = levels_in(role[:300])
            level = max(levels, key=lambda a: a.rank) if levels else None
            end = _first(one, "end-date", "year")
            row = {
                "level": level.value if level else "",
                "institution": _first(one, "organization", "name")[:200],
                "discipline": (_first(one, "department-name") or ("" if level else role))[:200],
                "year": end,
            }
            if row not in rows:
                rows.append(row)
                had += [(level, role)] if level and end else []
    if rows:
        yield Found("education", rows[:20], "activities-summary.educations")
    if had:
        level, role = max(had, key=lambda a: DegreeLevel(a[0]).rank)
        yield Found("degree_level", level.value, f"activities-summary.educations: {role[:200]}")


def _employments(record: Any, today: date) -> Iterator[Found]:
    rows = []
    for one in record.all("employment-summary"):
        rows.append(
            {
                "position": _first(one, "role-title")[:200],
                "employer": _first(one, "organization", "name")[:200],
                "start": _date(one, "start-date"),
                "end": _date(one, "end-date"),
                "text": _first(one, "department-name"),
            }
        )
    if not rows:
        return
    yield Found("experience", rows[:30], "activities-summary.employments")
    if dated := dated_posts(rows):
        said = "activities-summary.employments"
        yield Found("experience_years", f"{years_worked(dated, today):g}", said)
    now = next((row for row in rows if not row["end"] and row["position"]), None)
    if now:
        yield Found("current_position", now["position"], "activities-summary.employments")


def _date(part: Any, name: str) -> str:
    year, month = _first(part, name, "year"), _first(part, name, "month")
    if not year.isdigit():
        return ""
    return f"{year}-{int(month):02}" if month.isdigit() else year
