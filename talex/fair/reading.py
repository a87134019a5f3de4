"""The records of an edition as rows that the matching understands: numbers instead of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from talex.core.clock import now
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.engine.text import ConceptTable
from talex.fair import limits, places, vectors
from talex.fair.choices import OpeningState
from talex.fair.models import Opening
from talex.fair.names import industry_keys, industry_words
from talex.fair.neutral import neutral
from talex.participants.barred import barred_rows
from talex.participants.choices import Cefr
from talex.participants.models import Talent
from talex.participants.vocabulary import DegreeLevel, DegreeRequirement

CHUNK = 1000
LEVELS: dict[str, int] = {
    Cefr.A1: 1,
    Cefr.A2: 2,
    Cefr.B1: 3,
    Cefr.B2: 4,
    Cefr.C1: 5,
    Cefr.C2: 6,
    Cefr.NATIVE: 6,
}
WAYS = {"onsite": 1, "online": 2, "both": 3}
#: Work without a stated end goes on; this stands for its end.
OPEN_END = np.datetime64("2200-01-01")


class Numbers:
    """Gives every distinct key a number, and remembers how it was first written."""

    def __init__(self, table: ConceptTable) -> None:
        self.names: list[str] = []
        self._table = table
        self._of: dict[str, int] = {}

    def of(self, key: str, name: str) -> int:
        if key not in self._of:
            self._of[key] = len(self.names)
            self.names.append(name)
        return self._of[key]

    def places(self, texts: Iterable[str]) -> list[int]:
        return [self.of(key, name) for key, name in places.keys(list(texts)).items()]

    def industries(self, texts: Iterable[str]) -> list[int]:
        """By concept where the table knows one (`@laser`, named in the reader's language later)."""
        found: list[int] = []
        for text in texts:
            for key in industry_keys(text, self._table):
                found.append(self.of(key, key if key.startswith("@") else industry_words(text)))
        return found


def _day(value: date | None) -> np.datetime64:
    return np.datetime64(value, "D") if value else np.datetime64("NaT", "D")


def _end(start: date | None, end: date | None) -> np.datetime64:
    return OPEN_END if start and not end else _day(end)


def _text(*pieces: object) -> str:
    return " · ".join(str(piece).strip() for piece in pieces if piece and str(piece).strip())


def _first_line(text: str) -> str:
    """What stands at the top of a profile: of many resumes it is the profession."""
    for line in text.splitlines():
        if line.strip():
            return line.strip()[:80]
    return ""


def _one(text: TranslatedText) -> str:
    """The first language's version: the others say the same."""
    return next(iter(text.texts().values()), "")


class Rows:
    """What both sides gather row by row before it becomes arrays."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []
        self.titles: list[str] = []
        self.texts: list[str] = []
        self.subjects: list[UUID | None] = []
        self.skills: list[list[str]] = []
        self.regions: list[list[int]] = []
        self.industries: list[list[int]] = []
        self.starts: list[np.datetime64] = []
        self.ends: list[np.datetime64] = []
        self.capacity: list[int] = []
        self.degree: list[int] = []
        self.years: list[float] = []
        self.years_max: list[float] = []
        self.languages: list[dict[str, int]] = []
        self.complete: list[bool] = []
        self.ways: list[int] = []


def said_levels(rows: Sequence[dict[str, Any]], unsaid: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in rows or ():
        code = str(one.get("code", "")).split("-")[0].lower()
        level = LEVELS.get(one.get("level") or "", unsaid)
        found[code] = max(found.get(code, level), level)
    return found


#: Beside the ways of meeting: the same ways with an organisation abroad. A talent without the
#: separate consent for all of them has none of these, and is proposed to none.
FAR = 2


def read_talents(
    edition: Edition,
    taken: Counter[UUID],
    most: int,
    regions: Numbers,
    trades: Numbers,
    only: Collection[UUID] | None,
    far: Collection[UUID] = (),
) -> Rows:
    """far: the persons who may be proposed to organisations abroad."""
    rows = Rows()
    found = Talent.objects.filter(
        edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True,
        merged_into__isnull=True,
    ).exclude(barred_rows()).order_by("id")  # fmt: skip
    if only is not None:
        found = found.filter(pk__in=only)
    columns = (
        "id", "person_id", "person__name", "current_position", "disciplines", "skills",
        "profile_text", "wished_regions", "wished_industries", "industry", "available_from",
        "available_until", "degree_level", "experience_years", "languages", "mode",
    )  # fmt: skip
    for row in found.values(*columns).iterator(chunk_size=CHUNK):
        # The name is read for nothing but taking it out of the profile.
        profile = neutral(row["profile_text"][: 2 * vectors.MOST], [row["person__name"]])
        profile = profile[: vectors.MOST]
        rows.ids.append(row["id"])
        rows.subjects.append(row["person_id"])
        named = _text(row["current_position"], *row["disciplines"][:3])
        rows.titles.append(named or _first_line(profile))
        rows.texts.append(_text(", ".join(row["skills"]), profile))
        rows.skills.append(row["skills"])
        rows.regions.append(regions.places(row["wished_regions"]))
        rows.industries.append(trades.industries([*row["wished_industries"], row["industry"]]))
        rows.starts.append(_day(row["available_from"]))
        rows.ends.append(_end(row["available_from"], row["available_until"]))
        rows.capacity.append(max(0, most - taken[row["id"]]))
        level = row["degree_level"]
        rows.degree.append(DegreeLevel(level).rank if level else -1)
        years = row["experience_years"]
        rows.years.append(np.nan if years is None else years)
        rows.languages.append(said_levels(row["languages"], -1))
        # Whoever names the mother tongue has given the whole list; else the unnamed are unknown.
        rows.complete.append(any(one.get("level") == "native" for one in row["languages"] or ()))
        ways = WAYS[row["mode"]]
        rows.ways.append(ways | ways << FAR if row["person_id"] in far else ways)
    return rows


def interviews(headcount: int | None, wanted: int | None) -> int:
    """The interviews proposed for an opening (limits.INTERVIEWS_PER_SEAT)."""
    if wanted:
        return min(wanted, limits.INTERVIEWS_MOST)
    return min((headcount or 1) * limits.INTERVIEWS_PER_SEAT, limits.INTERVIEWS_MOST)


def read_openings(
    edition: Edition,
    taken: Counter[UUID],
    regions: Numbers,
    trades: Numbers,
    only: Collection[UUID] | None,
    far: Collection[UUID] = (),
) -> Rows:
    """far: the organisations that are abroad."""
    rows = Rows()
    found = (
        Opening.objects.filter(edition=edition, state=OpeningState.OPEN)
        .exclude(closes_on__lt=now().date())
        .order_by("id")
    )
    if only is not None:
        found = found.filter(pk__in=only)
    columns = (
        "id", "title", "description", "skills", "region", "organisation__region", "industry",
        "organisation__industry", "organisation__industries", "starts_on", "ends_on", "headcount",
        "interviews_wanted", "degree_required", "experience_min", "experience_max", "languages",
        "mode", "organisation_id",
    )  # fmt: skip
    for row in found.values(*columns).iterator(chunk_size=CHUNK):
        rows.ids.append(row["id"])
        rows.subjects.append(None)
        rows.titles.append(_one(row["title"])[: vectors.MOST])
        rows.texts.append(_text(", ".join(row["skills"]), _one(row["description"])))
        rows.skills.append(row["skills"])
        rows.regions.append(regions.places([row["region"] or row["organisation__region"]]))
        own = [row["industry"]] if row["industry"] else []
        named = own or [row["organisation__industry"], *row["organisation__industries"]]
        rows.industries.append(trades.industries(named))
        rows.starts.append(_day(row["starts_on"]))
        rows.ends.append(_end(row["starts_on"], row["ends_on"]))
        free = interviews(row["headcount"], row["interviews_wanted"]) - taken[row["id"]]
        rows.capacity.append(max(0, free))
        asked = row["degree_required"]
        level = DegreeRequirement(asked).level if asked else None
        rows.degree.append(level.rank if level else -1)
        low, high = row["experience_min"], row["experience_max"]
        rows.years.append(np.nan if low is None else low)
        rows.years_max.append(np.nan if high is None else high)
        # A language without a level is asked for at B1: enough to be interviewed in.
        rows.languages.append(said_levels(row["languages"], LEVELS[Cefr.B1]))
        rows.complete.append(True)
        ways = WAYS[row["mode"]]
        rows.ways.append(ways << FAR if row["organisation_id"] in far else ways)
    return rows


def levels(rows: Rows, codes: list[str], unsaid: int) -> NDArray[np.int8]:
    at = {code: column for column, code in enumerate(codes)}
    found = np.full((len(rows.ids), len(codes)), unsaid, np.int8)
    for row, said in enumerate(rows.languages):
        if rows.complete[row]:
            found[row] = 0
        for code, level in said.items():
            if code in at:
                found[row, at[code]] = level
    return found
