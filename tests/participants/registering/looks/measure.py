"""Precision and recall of each field over the CVs of `built` or `held`.

`python -m tests.participants.registering.looks.measure [built|held] [-v]`
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from talex.participants.registering.resumes import understand
from talex.participants.registering.resumes.extract import lines_of
from tests.participants.registering.looks.built import BUILT
from tests.participants.registering.looks.held import HELD
from tests.participants.registering.looks.make import HERE
from tests.participants.registering.looks.parts import Look

TODAY = date(2026, 11, 28)
HALVES = {"built": BUILT, "held": HELD}
Answer = tuple[str, Any]
"""field, value"""


def wanted(look: Look) -> Iterator[Answer]:
    """Each single answer that a person reads in the CV."""
    single = {
        "names": look.names, "email": look.email, "phone": look.phone, "region": look.region,
        "birth_year": look.birth_year, "experience_years": look.years,
    }  # fmt: skip
    yield from ((field, value) for field, value in single.items() if value)
    for level, school, discipline, year in look.education:
        yield "degree", (level, year)
        yield "institution", school
        yield "discipline", discipline
    for position, employer, start, end in look.experience:
        yield "position", position
        yield "employer", employer
        yield "period", (start, end)
    yield from (("skill", skill) for skill in look.skills)
    yield from (("language", one) for one in look.languages.items())


def read(look: Look) -> Iterator[Answer]:
    """Each single answer that is read from its file."""
    lines = lines_of(HERE / look.file, "docx" if look.kind == "docx" else "pdf")
    found: dict[str, Any] = {one.field: one.value for one in understand(lines, TODAY)}
    for field in ("email", "phone", "birth_year", "experience_years"):
        if field in found:
            yield field, found[field]
    if "region" in found and look.region:  # what is told without a label may be read or not
        yield "region", found["region"]
    yield from (("names", name) for name in found.get("names", ())[:1])
    for row in found.get("education", ()):
        yield "degree", (row["level"], row["year"])
        yield from ((f, row[f]) for f in ("institution", "discipline") if row[f])
    for row in found.get("experience", ()):
        yield from ((f, row[f]) for f in ("position", "employer") if row[f])
        yield "period", (row["start"], row["end"])
    yield from (("skill", skill) for skill in found.get("skills", ()))
    yield from (("language", (one["code"], one["level"])) for one in found.get("languages", ()))


def measure(looks: Iterable[Look], *, told: bool = False) -> dict[str, tuple[int, int, int]]:
    """Field -> (right, read, wanted)."""
    right, got, all_ = Counter[str](), Counter[str](), Counter[str]()
    for look in looks:
        want, have = Counter(wanted(look)), Counter(read(look))
        for counter, answers in ((right, want & have), (got, have), (all_, want)):
            for (field, _value), number in answers.items():
                counter[field] += number
        if told and want != have:
            print(f"{look.file}\n  missed {sorted((want - have), key=str)}")
            print(f"  wrong  {sorted((have - want), key=str)}")
    return {field: (right[field], got[field], all_[field]) for field in all_}


def main() -> None:
    for half in [word for word in sys.argv[1:] if word in HALVES] or HALVES:
        counted = measure(HALVES[half], told="-v" in sys.argv)
        counted["all"] = tuple(map(sum, zip(*counted.values(), strict=True)))  # type: ignore[assignment]
        print(half)
        for field, (right, got, all_) in counted.items():
            precision, recall = right / got if got else 0.0, right / all_
            print(
                f"  {field:17} precision {precision:.2f} recall {recall:.2f} ({right}/{got}/{all_})"
            )


if __name__ == "__main__":
    main()
