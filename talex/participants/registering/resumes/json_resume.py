"""JSON Resume, schema v1.0.0 (jsonresume.org/schema)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from talex.participants.importing.cells.degree import levels_in
from talex.participants.importing.cells.languages import read_languages
from talex.participants.registering.resumes.found import Found, quoted
from talex.participants.registering.resumes.periods import dated_posts, moment_in, years_worked
from talex.participants.vocabulary import DegreeLevel

_STUDY = ("studyType", "area", "institution")


def read_json_resume(told: Mapping[str, Any], today: date) -> list[Found]:
    """The fields of a JSON Resume; parts of a wrong shape are passed over. `quote` is the path."""
    found = list(_basics(_dict(told.get("basics"))))
    found += _education(told)
    found += _work(told, today)
    found += _skills(told)
    found += _languages(told)
    return found


def is_json_resume(told: Any) -> bool:
    """Whether it says something that only a JSON Resume says."""
    return isinstance(told, Mapping) and isinstance(told.get("basics"), Mapping)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = told.get(name)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(row: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _month(row: Mapping[str, Any], name: str) -> str:
    moment = moment_in(_text(row, name))
    return moment.start if moment else ""


def _basics(basics: Mapping[str, Any]) -> Iterator[Found]:
    if name := _text(basics, "name"):
        yield Found("names", [name], "basics.name")
    for field, source in (
        ("email", "email"), ("phone", "phone"), ("profile_text", "summary"),
    ):  # fmt: skip
        if value := _text(basics, source):
            yield Found(field, value[:20_000], f"basics.{source}")
    place = _dict(basics.get("location"))
    where = ", ".join(
        part for part in (_text(place, "city"), _text(place, "region"), _text(place, "countryCode"))
        if part
    )  # fmt: skip
    if where:
        yield Found("region", where[:100], "basics.location")
    if label := _text(basics, "label"):
        yield Found("current_position", label[:200], "basics.label")


def _education(told: Mapping[str, Any]) -> Iterator[Found]:
    rows, ended = [], []
    for row in _rows(told, "education")[:20]:
        levels = levels_in(_text(row, "studyType")[:300])
        level = max(levels, key=lambda one: one.rank) if levels else None
        end = _month(row, "endDate")
        made = {
            "level": level.value if level else "",
            "institution": _text(row, "institution")[:200],
            "discipline": _text(row, "area")[:200],
            "year": end[:4],
        }
        if any(made.values()):
            rows.append(made)
            if level and end:
                ended.append(
                    (level, quoted(", ".join(filter(None, (_text(row, n) for n in _STUDY)))))
                )
    if rows:
        yield Found("education", rows, "education")
    if ended:
        level, said = max(ended, key=lambda one: DegreeLevel(one[0]).rank)
        yield Found("degree_level", level.value, f"education: {said}")


def _work(told: Mapping[str, Any], today: date) -> Iterator[Found]:
    rows = []
    for row in _rows(told, "work")[:30]:
        highlights = row.get("highlights")
        lines = [_text(row, "summary")]
        if isinstance(highlights, list):
            lines += [one for one in highlights if isinstance(one, str)]
        made = {
            "position": _text(row, "position")[:200],
            "employer": _text(row, "name", "company")[:200],  # `company` until v0.1
            "start": _month(row, "startDate"),
            "end": _month(row, "endDate"),
            "text": "\n".join(line for line in lines if line)[:2000],
        }
        if made["position"] or made["employer"]:
            rows.append(made)
    if rows:
        yield Found("experience", rows, "work")
        if dated := dated_posts(rows):
            yield Found("experience_years", f"{years_worked(dated, today):g}", "work")


def _skills(told: Mapping[str, Any]) -> Iterator[Found]:
    words: dict[str, None] = {}
    for row in _rows(told, "skills"):
        keywords = row.get("keywords")
        named = (
            [one for one in keywords if isinstance(one, str)] if isinstance(keywords, list) else []
        )
        for word in named or [_text(row, "name")]:
            if word.strip():
                words.setdefault(word.strip()[:200])
    if words:
        yield Found("skills", list(words)[:60], "skills")


def _languages(told: Mapping[str, Any]) -> Iterator[Found]:
    rows = []
    for row in _rows(told, "languages"):
        read = read_languages(f"{_text(row, 'language')} {_text(row, 'fluency')}")
        rows += [{"code": one.code, "level": one.level} for one in read.value or ()]
    if rows:
        yield Found("languages", rows, "languages")
