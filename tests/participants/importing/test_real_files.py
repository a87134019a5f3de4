"""The files that people really have: how many openings and people of them are understood.

Skipped, with the reason, where the files are not beside the checkout.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from talex.participants.importing.cells import (
    Cell,
    read_degree_required,
    read_experience,
    read_headcount,
    read_languages,
    read_list,
    read_pay,
    suggest_defaults,
)
from talex.participants.importing.cells.prose import degree_in_text, experience_in_text
from talex.participants.importing.fingerprint import Occurrences, fingerprint
from talex.participants.importing.headings import suggest
from talex.participants.importing.moved import find_moved
from talex.participants.importing.tables import Table, open_table

OPENINGS = {
    "openings-zh-gb18030.csv": "GB18030",
    "openings-zh-utf8-bom.csv": "UTF-8 with BOM",
    "openings-zh-descriptions.csv": "UTF-8",
}


def _mapping(table: Table) -> dict[str, int]:
    return {
        found.field: found.column
        for found in suggest(table.headings, table.samples, "opening")
        if found.field
    }


def _count(path: Path) -> tuple[Counter[str], list[tuple[str, Cell]]]:
    """How many rows state each fact, how many of them only in running text, and what was lost."""
    table = open_table(path)
    columns = _mapping(table)
    defaults = suggest_defaults(table.samples[columns["pay"]])
    counts: Counter[str] = Counter()
    lost: list[tuple[str, Cell]] = []
    for row in table.rows():
        counts["rows"] += 1
        counts["faults"] += len(row.faults)
        cells = {field: row.cells[column] for field, column in columns.items()}
        moved = find_moved(cells, "opening")
        for move in moved:
            cells[move.found_under] = None
        for move in moved:
            cells[move.field] = move.cell
        counts["moved"] += len(moved)
        for field, read in (
            ("degree", read_degree_required(cells.get("degree_required"))),
            ("years", read_experience(cells.get("experience_required"))),
            ("pay", read_pay(cells.get("pay"), defaults)),
            ("headcount", read_headcount(cells.get("headcount"))),
            ("languages", read_languages(cells.get("languages"))),
            ("skills", read_list(cells.get("skills"))),
        ):
            counts[field] += read.value is not None
            if not read.understood:
                lost.append((field, cells.get(field)))
            if read.value is None and field == "degree":
                counts["degree in text"] += degree_in_text(cells.get("description")).stated
            if read.value is None and field == "years":
                counts["years in text"] += experience_in_text(cells.get("description")).stated
    return counts, lost


@pytest.mark.parametrize(("name", "encoding"), OPENINGS.items())
def test_encoding_and_mapping(real_files: Path, name: str, encoding: str) -> None:
    table = open_table(real_files / name)
    assert table.encoding == encoding
    assert {"title", "organisation", "pay", "degree_required", "experience_required"} <= set(
        _mapping(table)
    )


def test_gb18030_openings(real_files: Path) -> None:
    counts, lost = _count(real_files / "openings-zh-gb18030.csv")
    assert lost == []
    # Measured: every cell that says something is understood. 466 cells had moved to another column.
    assert (counts["rows"], counts["faults"], counts["moved"]) == (3000, 0, 466)
    assert (counts["degree"], counts["years"], counts["pay"]) == (2531, 2199, 2778)
    assert (counts["headcount"], counts["languages"]) == (2338, 24)
    assert counts["degree in text"] >= 54
    assert counts["years in text"] >= 60


def test_utf8_openings(real_files: Path) -> None:
    counts, lost = _count(real_files / "openings-zh-utf8-bom.csv")
    assert lost == []
    assert (counts["rows"], counts["faults"], counts["moved"]) == (1829, 0, 0)
    assert counts["degree"] == counts["years"] == counts["pay"] == 1829
    assert counts["skills"] == 1583  # the other 246 are []


def test_openings_with_descriptions(real_files: Path) -> None:
    counts, lost = _count(real_files / "openings-zh-descriptions.csv")
    assert lost == []
    assert (counts["rows"], counts["faults"], counts["moved"]) == (395, 0, 0)
    assert (counts["degree"], counts["years"], counts["pay"]) == (395, 395, 392)


@pytest.mark.parametrize(
    ("name", "rows", "distinct"),
    [
        ("openings-zh-gb18030.csv", 3000, 2984),
        ("openings-zh-utf8-bom.csv", 1829, 1803),
        ("openings-zh-descriptions.csv", 395, 375),
        ("talents-en-resumes.csv", 962, 166),
    ],
)
def test_every_row_has_an_identity_of_its_own(
    real_files: Path, name: str, rows: int, distinct: int
) -> None:
    table = open_table(real_files / name)
    occurrences = Occurrences()
    prints = [fingerprint(table.headings, row.cells) for row in table.rows()]
    identities = {(one, occurrences.number(one)) for one in prints}
    assert (len(prints), len(identities), len(set(prints))) == (rows, rows, distinct)
    again = [fingerprint(table.headings, row.cells) for row in table.rows()]
    assert again == prints
