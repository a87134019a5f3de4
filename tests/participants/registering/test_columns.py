"""CVs in two columns, in tables and with headings in the margin: nothing is mixed, cut or lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from talex.participants.registering.resumes import understand
from talex.participants.registering.resumes.extract import lines_of
from talex.participants.registering.resumes.headings import heading_of
from talex.participants.registering.resumes.layout import Box, read_pages
from talex.participants.registering.resumes.wrapped import unwrapped
from tests.participants.registering.files import make_docx, make_pdf

SIDE = """Kontakt|Hauptstraße 5|70173 Stuttgart|+49 (0) 711 123456|anna@example.org
Kenntnisse|CATIA V5|MATLAB|Projektmanagement
Sprachen|Deutsch (Muttersprache)|Englisch (C1)"""
MAIN = """Berufserfahrung|04/2019 – heute|Entwicklungsingenieurin|Robert Bosch GmbH, Stuttgart
Ausbildung|10/2015 – 09/2017|Master of Science Maschinenbau|RWTH Aachen
10/2012 – 09/2015|Bachelor of Science Maschinenbau|Karlsruher Institut für Technologie (KIT)
2011|Abitur|Schiller-Gymnasium Ludwigsburg"""
DEGREES = [
    ("master", "RWTH Aachen", "Maschinenbau", "2017"),
    ("bachelor", "Karlsruher Institut für Technologie (KIT)", "Maschinenbau", "2015"),
    ("secondary", "Schiller-Gymnasium Ludwigsburg", "", "2011"),
]
SIDE_ZH = "联系方式|电话：+86 138 0013 8000|邮箱：li@example.org\n专业技能|Java|Python"
MAIN_ZH = """工作经历|2019.07 – 至今|高级软件工程师|上海某某信息技术有限公司
教育经历|2014.09 – 2017.06|计算机科学与技术 硕士|上海交通大学
2010.09 – 2014.06|软件工程 本科|华东师范大学"""
DEGREES_ZH = [
    ("master", "上海交通大学", "计算机科学与技术", "2017"),
    ("bachelor", "华东师范大学", "软件工程", "2014"),
]


def of(text: str) -> list[str]:
    return [line for row in text.split("\n") for line in row.split("|")]


def column(x: float, top: float, lines: list[str]) -> list[Box]:
    """Lines on the same heights whatever the column: what once was taken for a table."""
    return [
        (x, top - 12 * n, x + 5.0 * len(line), top - 12 * n + 10, line)
        for n, line in enumerate(lines)
    ]


def read(lines: list[str]) -> dict[str, Any]:
    return {one.field: one.value for one in understand(lines, date(2026, 11, 28))}


def ordered(*pages: list[Box]) -> list[str]:
    return list(read_pages(pages, lambda text: heading_of(text) is not None))


def degrees(found: dict[str, Any]) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in found["education"]]


@pytest.mark.parametrize("places", [(50, 230), (380, 50)])
def test_a_sidebar_on_the_heights_of_the_main_column(
    tmp_path: Path, places: tuple[int, int]
) -> None:
    placed: list[tuple[float, float, str]] = [(50, 800, "Anna Schneider")]
    for x, lines in zip(places, (of(SIDE), of(MAIN)), strict=True):
        placed += [(x, 760 - 12 * n, line) for n, line in enumerate(lines)]
    found = read(lines_of(make_pdf(tmp_path / "cv.pdf", placed), "pdf"))
    assert found["names"] == ["Anna Schneider"]
    assert degrees(found) == DEGREES
    assert found["experience"][0]["employer"] == "Robert Bosch GmbH"
    assert found["skills"] == ["CATIA V5", "MATLAB", "Projektmanagement"]
    assert [one["code"] for one in found["languages"]] == ["de", "en"]


def test_the_name_on_top_of_the_main_column_stands_before_the_sections() -> None:
    name = [(230.0, 760.0, 400.0, 780.0, "Anna Schneider")]
    found = read(ordered([*column(50, 760, of(SIDE)), *name, *column(230, 740, of(MAIN))]))
    assert found["names"] == ["Anna Schneider"]
    assert degrees(found) == DEGREES


def test_a_chinese_cv_in_two_columns_with_headings_set_wide_apart() -> None:
    boxes = [*column(50, 760, of(SIDE_ZH)), *column(230, 760, of(MAIN_ZH))]
    torn: list[Box] = []
    for x, y, to, top, text in boxes:
        if heading_of(text):  # each sign a piece of its own, as PDFs give 教 育 经 历
            torn += [(x + 30 * n, y, x + 30 * n + 10, top, sign) for n, sign in enumerate(text)]
        else:
            torn.append((x, y, to, top, text))
    found = read(ordered(torn))
    assert degrees(found) == DEGREES_ZH
    assert found["skills"] == ["Java", "Python"]
    assert found["phone"] == "+8613800138000"


def test_headings_written_from_top_to_bottom() -> None:
    boxes: list[Box] = []
    top = 760.0
    for section in ("工作经历", "教育经历"):
        text = of(MAIN_ZH)[of(MAIN_ZH).index(section) + 1 :][: 3 if section == "工作经历" else 6]
        boxes += [(50, top - 14 * n, 60, top - 14 * n + 10, s) for n, s in enumerate(section)]
        boxes += column(90, top, text)
        top -= 100
    assert degrees(read(ordered(boxes))) == DEGREES_ZH


def test_dates_beside_the_text_stay_a_table_also_where_they_are_broken() -> None:
    dates = [(50.0, y, 110.0, y + 10, text) for y, text in
             [(760, "Ausbildung"), (740, "10/2015 –"), (728, "09/2017"), (700, "10/2012 –"), (688, "09/2015")]]  # fmt: skip  # noqa: E501
    text = [*column(130, 740, ["Studium", "M.Sc. Maschinenbau", "RWTH Aachen"]),
            *column(130, 700, ["Studium", "B.Sc. Maschinenbau", "TU Dresden"])]  # fmt: skip
    found = read(ordered([*dates, *text]))
    assert degrees(found) == [
        ("master", "RWTH Aachen", "Maschinenbau", "2017"),
        ("bachelor", "TU Dresden", "Maschinenbau", "2015"),
    ]


def test_headings_in_the_margin() -> None:
    boxes = [
        *column(50, 756, ["Ausbildung"]),
        *column(150, 760, ["10/2015 – 09/2017", "M.Sc. Maschinenbau", "RWTH Aachen"]),
        *column(50, 696, ["Kenntnisse"]),
        *column(150, 700, ["MATLAB", "Python"]),
    ]
    found = read(ordered(boxes))
    assert degrees(found) == [("master", "RWTH Aachen", "Maschinenbau", "2017")]
    assert found["skills"] == ["MATLAB", "Python"]


def test_a_column_goes_on_overleaf() -> None:
    main = of(MAIN)
    first = [*column(50, 760, main[:5]), *column(380, 760, of(SIDE))]
    found = read(ordered(first, column(50, 760, main[5:])))
    assert degrees(found) == DEGREES
    assert found["skills"] == ["CATIA V5", "MATLAB", "Projektmanagement"]


def table(*rows: list[str]) -> str:
    """Cells as lines between bars."""
    cells = "".join(
        "<w:tr>"
        + "".join(
            "<w:tc>" + "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in of(cell)) + "</w:tc>"  # noqa: E501
            for cell in row
        )
        + "</w:tr>"
        for row in rows
    )  # fmt: skip
    return f"<w:tbl>{cells}</w:tbl>"


@pytest.mark.parametrize(
    ("side", "main", "expected"), [(SIDE, MAIN, DEGREES), (SIDE_ZH, MAIN_ZH, DEGREES_ZH)]
)
def test_tables_of_a_docx(
    tmp_path: Path, side: str, main: str, expected: list[tuple[str, ...]]
) -> None:
    def found(*rows: list[str]) -> list[tuple[str, ...]]:
        return degrees(
            read(lines_of(make_docx(tmp_path / "cv.docx", [], body=table(*rows)), "docx"))
        )

    assert found([side, main]) == expected
    assert found([main, side]) == expected
    # A row a section: the headings in rows of their own, both columns side by side.
    left, right = (
        [part for row in text.split("\n") for part in row.split("|", 1)] for text in (side, main)
    )
    assert found(*([a, b] for a, b in zip([*left, *[""] * 4], right, strict=False))) == expected
    # The heading in the margin, beside what it heads.
    margin = [row.split("|", 1) for row in main.split("\n") if heading_of(row.split("|")[0])]
    assert len(found(*margin)) == 1


def test_a_table_within_a_cell_is_read_once(tmp_path: Path) -> None:
    inner = table(["2015 – 2017", "M.Sc. Maschinenbau|RWTH Aachen"])
    outer = table(["Ausbildung|INNER", "Kenntnisse|MATLAB"]).replace(
        "<w:p><w:r><w:t>INNER</w:t></w:r></w:p>", inner
    )
    lines = lines_of(make_docx(tmp_path / "cv.docx", [], body=outer), "docx")
    assert lines == [
        "Ausbildung", "2015 – 2017\tM.Sc. Maschinenbau", "RWTH Aachen", "Kenntnisse", "MATLAB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "institution"),
    [
        (["M.Sc. Maschinenbau", "Rheinisch-Westfälische Technische", "Hochschule Aachen"],
         "Rheinisch-Westfälische Technische Hochschule Aachen"),
        (["Bachelor of Science", "Maschinenbau", "Karlsruher Institut", "für Technologie", "(KIT)"],
         "Karlsruher Institut für Technologie (KIT)"),
        (["M.Sc. Informatik", "Ludwig-Maximilians-", "Universität München"],
         "Ludwig-Maximilians-Universität München"),
        (["M.Sc. Informatik", "Technische Universität", "München"],
         "Technische Universität München"),
        (["M.Sc. Physik", "Friedrich-Alexander-Universität", "Erlangen-Nürnberg"],
         "Friedrich-Alexander-Universität Erlangen-Nürnberg"),
        (["光学工程 硕士", "中国科学技术", "大学"], "中国科学技术大学"),
        (["M.Sc. Informatik", "Universität Stuttgart", "Berlin"], "Universität Stuttgart"),
    ],
)  # fmt: skip
def test_a_university_broken_in_a_narrow_column_is_whole(
    lines: list[str], institution: str
) -> None:
    for cv in (
        ["Ausbildung", "10/2015 – 09/2017", *lines],
        ["教育经历", "2015.10-2017.09", *lines],
    ):
        row = read(cv)["education"][0]
        assert row["institution"] == institution
        assert row["discipline"] in {"Maschinenbau", "Informatik", "Physik", "光学工程"}


def test_lines_that_are_two_stay_two() -> None:
    lines = ["M.Sc. Informatik", "TU Dresden", "• Schwerpunkt", "(Vollzeit)", "10/2012 –", "und so"]
    assert unwrapped(lines) == lines
