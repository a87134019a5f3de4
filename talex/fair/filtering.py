"""What a reader narrows a list of proposals by, and how many each choice would leave.

Lists are narrowed in memory: the values (places, industries, languages) are written in many ways
and languages, and are compared as the matching compares them. Of a talent only facts are looked
at that every organisation may see (`privacy.COARSE`), so that a filter tells nothing of what is
not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talex.core.ids import parse
from talex.core.masking import masked
from talex.engine.text import normalise
from talex.fair import places
from talex.fair.choices import REQUIREMENT_LABELS, OpeningKind, Side
from talex.fair.hiding import hide_contact
from talex.fair.models import Match, Opening
from talex.fair.names import language_name, place_name
from talex.fair.words import Words
from talex.participants.choices import Mode

#: A list longer than this is looked through as far as its best so many.
MOST = 5000
CHOICES = 60
WORDS = 200
SCORES = (20, 30, 40, 50, 60, 70, 80, 90)
FACETS = ("kind", "place", "industry", "degree", "language", "mode", "opening")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty is all. `minimum`: the least score, in hundredths."""

    q: str = ""
    opening: str = ""
    kind: str = ""
    place: str = ""
    industry: str = ""
    degree: str = ""
    language: str = ""
    mode: str = ""
    minimum: int = 0

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Wanted:
        """From an address or a kept search; what cannot be read is not asked for."""
        values: dict[str, Any] = {
            f.name: str(data.get(f.name) or "").strip()[:WORDS] for f in fields(cls)
        }
        least = values["minimum"]
        values["minimum"] = min(int(least), 100) if least.isascii() and least.isdigit() else 0
        if values["opening"] and parse(values["opening"]) is None:
            values["opening"] = ""
        return cls(**values)

    def params(self) -> dict[str, str]:
        """As `read` reads it again; without what is not asked for."""
        return {
            f.name: str(value) for f in fields(self) if (value := getattr(self, f.name))
        }  # fmt: skip

    def without(self, key: str) -> Wanted:
        """The same without one of its parts."""
        return Wanted.read({name: value for name, value in self.params().items() if name != key})


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal (or an opening) as far as filters look. Facets: key -> name as written."""

    pk: UUID
    score: float
    text: str
    facets: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a list, and the words by which they are compared."""

    rows: list[Line]
    words: Words

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.rows)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many rows are left by it, the other filters standing."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its choices, the most frequent first."""

    key: str
    label: str
    choices: list[Choice]


def _industries(texts: Iterable[str], words: Words) -> dict[str, str]:
    return {
        key: key if key.startswith("@") else text
        for text in texts
        for key in words.industry_keys(text)
    }


def ways(mode: str) -> dict[str, str]:
    """Whoever can meet in both ways is found by each of them."""
    ways = [Mode.ONSITE, Mode.ONLINE] if mode == Mode.BOTH else [mode]
    return {str(way): str(way) for way in ways if way}


def _spoken(rows: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    codes = [str(one.get("code", "")).split("-")[0].lower() for one in rows or ()]
    return {code: code for code in codes if code}


def _said(*pieces: Any) -> str:
    words = [
        str(word)
        for piece in pieces
        for word in (piece if isinstance(piece, (list, tuple)) else [piece])
        if word
    ]
    return normalise(" · ".join(words))


OPENING_COLUMNS = (
    "title_line", "region", "organisation__region", "organisation__name_line", "industry",
    "organisation__industry", "organisation__industries", "degree_required", "languages", "mode",
    "skills", "kind",
)  # fmt: skip
TALENT_COLUMNS = (
    "wished_regions", "wished_industries", "degree_level", "languages", "mode", "disciplines",
    "skills",
)  # fmt: skip

#: Of these a talent may have written a way to reach them, and an organisation of those.
FREE = ("wished_regions", "wished_industries", "disciplines", "skills")
FREE_OF_OPENINGS = (
    "region", "organisation__region", "industry", "organisation__industry",
    "organisation__industries", "skills",
)  # fmt: skip


def _without_contact(own: dict[str, Any], names: Iterable[str]) -> None:
    """What is masked on the card is neither found by trying words nor offered as a choice."""
    for name in names:
        own[name] = masked(own[name] or "", hide_contact)


def opening_line(
    row: Mapping[str, Any], words: Words, prefix: str = "", score: float = 0.0
) -> Line:
    """An opening as a talent narrows it."""
    own = {name: row[prefix + name] for name in OPENING_COLUMNS}
    _without_contact(own, FREE_OF_OPENINGS)
    trades = [own["industry"]] if own["industry"] else [
        own["organisation__industry"], *own["organisation__industries"]
    ]  # fmt: skip
    where = own["region"] or own["organisation__region"]
    return Line(
        row["id"],
        score,
        _said(own["title_line"], own["organisation__name_line"], where, trades, own["skills"]),
        {
            "kind": {own["kind"]: ""},
            "place": places.keys([where]),
            "industry": _industries(trades, words),
            "degree": {own["degree_required"]: ""} if own["degree_required"] else {},
            "language": _spoken(own["languages"]),
            "mode": ways(own["mode"]),
        },
    )


def talent_line(row: Mapping[str, Any], words: Words) -> Line:
    """A candidate as a delegate narrows them: by what every organisation may see."""
    own = {name: row["talent__" + name] for name in TALENT_COLUMNS}
    _without_contact(own, FREE)
    degree = own["degree_level"]
    return Line(
        row["id"],
        row["score"],
        _said(
            row["opening__title_line"], own["disciplines"], own["skills"], own["wished_regions"],
            own["wished_industries"],
        ),
        {
            "place": places.keys(own["wished_regions"]),
            "industry": _industries(own["wished_industries"], words),
            "degree": {degree: ""} if degree else {},
            "language": _spoken(own["languages"]),
            "mode": ways(own["mode"]),
            "opening": {str(row["opening_id"]): row["opening__title_line"]},
        },
    )  # fmt: skip


def match_lines(rows: QuerySet[Match], side: str, words: Words) -> Lines:
    """Proposals as a reader of this side narrows them, the best `MOST`."""
    if side == Side.TALENT:
        found = rows.values("id", "score", *("opening__" + name for name in OPENING_COLUMNS))
        lines = [opening_line(row, words, "opening__", row["score"]) for row in found[:MOST]]
        return Lines(lines, words)
    columns = ("talent__" + name for name in TALENT_COLUMNS)
    wide = rows.values("id", "score", "opening_id", "opening__title_line", *columns)
    return Lines([talent_line(row, words) for row in wide[:MOST]], words)


def opening_lines(rows: QuerySet[Opening], words: Words) -> Lines:
    """Openings, without scores."""
    found = rows.values("id", *OPENING_COLUMNS)[:MOST]
    return Lines([opening_line(row, words) for row in found], words)


def _has_words(line: Line, asked: str, words: Words) -> bool:
    plain = normalise(asked)
    if all(word in line.text for word in plain.split()):
        return True
    return any(label and label in line.text for label in words.others(asked))


def _fits(line: Line, wanted: Wanted, words: Words, skip: str = "") -> bool:
    if wanted.q and not _has_words(line, wanted.q, words):
        return False
    if skip != "minimum" and round(100 * line.score) < wanted.minimum:
        return False
    return all(
        key == skip or not (value := getattr(wanted, key)) or value in line.facets.get(key, {})
        for key in FACETS
    )


def narrowed(lines: Lines, wanted: Wanted) -> list[UUID]:
    """The ids that are left, in the order of the lines."""
    return [line.pk for line in lines if _fits(line, wanted, lines.words)]


def label_of(key: str, value: str, words: Words, written: str = "") -> str:
    """A value of a filter in the reader's language."""
    if key == "kind":
        return str(OpeningKind(value).label) if value in OpeningKind.values else value
    if key == "degree":
        return str(REQUIREMENT_LABELS.get(value, value))
    if key == "language":
        return language_name(value)
    if key == "mode":
        return str(Mode(value).label) if value in Mode.values else value
    if key == "industry":
        return words.industry_name(value) if value.startswith("@") else written or value
    if key == "place":
        return place_name(written or value)
    return written or value


def title_of(key: str, side: str) -> str:
    """What a filter is called for a reader of this side."""
    talent = side == Side.TALENT
    return {
        "q": _("Words"),
        "opening": _("Opening"),
        "kind": _("Kind"),
        "place": _("Place") if talent else _("Wishes to work in"),
        "industry": _("Industry"),
        "degree": _("Degree asked for") if talent else _("Degree"),
        "language": _("Language asked for") if talent else _("Language"),
        "mode": _("Way of meeting"),
        "minimum": _("Fit of at least"),
    }[key]


def _spellings(lines: Lines, key: str) -> dict[str, Counter[str]]:
    """Each value of a filter with the ways in which the lines write it."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        for value, written in line.facets.get(key, {}).items():
            found.setdefault(value, Counter())[written] += 1
    return found


def _written(key: str, count: Mapping[str, int]) -> str:
    """The way of writing a value that is shown: of a place the reader's."""
    if key == "place":
        return places.spelled(count, get_language() or "en")
    return next(iter(count), "")


def facets(lines: Lines, wanted: Wanted, side: str, scored: bool = True) -> list[Facet]:
    """Every filter with its choices and counts; one with a single choice is left out."""
    found: list[Facet] = []
    for key in FACETS:
        counts: Counter[str] = Counter()
        named = _spellings(lines, key)
        for line in lines:
            if _fits(line, wanted, lines.words, skip=key):
                counts.update(line.facets.get(key, {}).keys())
        chosen = getattr(wanted, key)
        if len(named) < 2 and not chosen:
            continue
        order = sorted(named, key=lambda value: (-counts[value], value))[:CHOICES]
        if chosen and chosen not in order:
            order.append(chosen)
        choices = [
            Choice(
                one,
                label_of(key, one, lines.words, _written(key, named.get(one, {}))),
                counts[one],
                one == chosen,
            )
            for one in order
        ]
        found.append(Facet(key, title_of(key, side), choices))
    if scored:
        found += _scores(lines, wanted, side)
    return found


def _scores(lines: Lines, wanted: Wanted, side: str) -> list[Facet]:
    scores = [
        round(100 * line.score)
        for line in lines
        if _fits(line, wanted, lines.words, skip="minimum")
    ]
    steps = sorted({*SCORES, wanted.minimum} - {0})
    choices = [
        Choice(str(step), str(step), sum(s >= step for s in scores), step == least)
        for least in [wanted.minimum]
        for step in steps
    ]
    kept = [one for one in choices if one.chosen or 0 < one.count < len(scores)]
    return [Facet("minimum", title_of("minimum", side), kept)] if kept else []


def spoken(lines: Lines, wanted: Wanted, side: str) -> list[tuple[str, str]]:
    """(filter, value) in words, of what is asked for, with values as the lines write them."""
    told: list[tuple[str, str]] = []
    for key, value in wanted.params().items():
        written = _written(key, _spellings(lines, key).get(value, {}))
        if not written and key == "place" and not value.startswith("="):
            written = value.title()
        told.append((title_of(key, side), label_of(key, value, lines.words, written)))
    return told


def said(
    lines: Lines, wanted: Wanted, found: Sequence[Facet], side: str
) -> list[tuple[str, str, str]]:
    """(key, filter, value) in words, of what is asked for."""
    labels = {(f.key, c.value): c.label for f in found for c in f.choices}
    return [
        (key, title_of(key, side), labels.get((key, value)) or label_of(key, value, lines.words))
        for key, value in wanted.params().items()
    ]
