"""Lines out of files, in a process of its own; hostile files end in a clear code."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from talex.participants.registering.resumes import understand
from talex.participants.registering.resumes.extract import lines_of, understood
from talex.participants.registering.resumes.found import Unreadable
from talex.participants.registering.resumes.wrapped import FULL
from tests.participants.registering.files import CHINESE, GERMAN, make_docx, make_pdf, pdf_of

TODAY = date(2026, 11, 28)


def fault(path: Path, kind: str, **limits: int) -> str:
    with pytest.raises(Unreadable) as caught:
        lines_of(path, kind, **limits)
    return caught.value.code


def test_a_docx(tmp_path: Path) -> None:
    lines = lines_of(make_docx(tmp_path / "cv.docx", CHINESE.split("\n")), "docx")
    assert "王伟" in "\n".join(lines)
    found = {f.field: f.value for f in understand(lines, TODAY)}
    assert found["degree_level"] == "master"


def test_a_pdf_with_dates_in_a_column(tmp_path: Path) -> None:
    lines = lines_of(pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n")), "pdf")
    found = {f.field: f.value for f in understand(lines, TODAY)}
    assert found["names"] == ["Lena Vogel"]
    assert found["education"][1]["institution"] == "Technische Universität München"
    assert found["experience"][0]["employer"] == "Lasertechnik GmbH"


def test_a_docx_of_cells_with_names_and_values(tmp_path: Path) -> None:
    rows = [
        ["姓名", "张伟明", "性别", "男"],
        ["学历", "博士研究生", "联系电话", "138 0013 8000"],
        ["教育背景", "2014.09-2019.06 华中科技大学 电化学 博士"],
        ["工作经历", "2019.07-至今 宁德时代新能源科技股份有限公司 高级工程师"],
    ]
    table = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    lines = lines_of(make_docx(tmp_path / "cv.docx", [], body=f"<w:tbl>{table}</w:tbl>"), "docx")
    found = {f.field: f.value for f in understand(lines, TODAY)}
    assert found["names"] == ["张伟明"]
    assert found["phone"] == "13800138000"
    (degree,) = found["education"]
    assert (degree["level"], degree["institution"], degree["discipline"]) == (
        "doctorate", "华中科技大学", "电化学",
    )  # fmt: skip
    assert found["current_position"] == "高级工程师"


#: As a browser writes 长, 见, 青, 车 and 工 of a common font into a PDF.
RADICALS = str.maketrans("长见青车工大学", "⻓⻅⻘⻋⼯⼤学")


def test_radicals_are_read_as_the_characters_they_stand_for(tmp_path: Path) -> None:
    """Of a PDF see the looks (`narrow-table-radicals-zh`)."""
    told = [
        "姓名：长孙见青\u2003电话：13700000456",
        "教育经历",
        "2016.09-2020.06 长安大学 车辆工程 本科",
        "工作经历",
        "2020.07-2024.03 青岛长见车业有限公司 见习工程师",
        "专长",
        "车床",
    ]
    written = [line.translate(RADICALS) for line in told]
    lines = lines_of(make_docx(tmp_path / "cv.docx", written), "docx")
    assert "⻓" not in "".join(lines)
    found = {f.field: f.value for f in understand(lines, TODAY)}
    assert found["names"] == ["长孙见青"]
    (degree,), (post,) = found["education"], found["experience"]
    assert (degree["institution"], degree["discipline"]) == ("长安大学", "车辆工程")
    assert (post["employer"], post["position"]) == ("青岛长见车业有限公司", "见习工程师")
    assert found["skills"] == ["车床"]


def test_lines_that_come_from_elsewhere_hold_no_radicals_either() -> None:
    found = {f.field: f.value for f in understand(["姓名：⻓孙⻅⻘"], TODAY)}
    assert found["names"] == ["长孙见青"]


def test_a_sidebar_is_read_by_itself(tmp_path: Path) -> None:
    left = [(50, 700 - 17 * n, f"left{n}") for n in range(8)]
    right = [(260, 695 - 23 * n, f"right side line {n}") for n in range(8)]
    path = make_pdf(tmp_path / "two.pdf", [(50, 800, "Lena Vogel " * 12), *left, *right])
    lines = lines_of(path, "pdf")
    assert lines[0].startswith("Lena Vogel")
    told = [line.rstrip(FULL) for line in lines[1:]]
    assert told == [text for _x, _y, text in [*left, *right]]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"\x00garbage" * 100)
    assert fault(broken, "pdf") in {"broken", "no_text"}
    assert fault(make_pdf(tmp_path / "scan.pdf", []), "pdf") == "no_text"
    empty = tmp_path / "empty.docx"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("word/other.xml", "<a/>")
    assert fault(empty, "docx") == "broken"
    macros = make_docx(tmp_path / "m.docx", ["Hello"], {"word/vbaProject.bin": "x"})
    assert fault(macros, "docx") == "macros"
    entities = tmp_path / "e.docx"
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert fault(entities, "docx") == "entities"


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = make_docx(tmp_path / "b.docx", ["x"], {"word/media/a.xml": "0" * (70 * 1024 * 1024)})
    assert bomb.stat().st_size < 200_000
    assert fault(bomb, "docx") == "unpacks"


def test_a_file_that_needs_too_much_is_given_up(tmp_path: Path) -> None:
    path = pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n"))
    assert fault(path, "pdf", megabytes=20) == "too_heavy"


def test_a_text_that_takes_for_ever_to_understand_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    path.write_text("Education\n" + "_" * 60_000)
    with pytest.raises(Unreadable) as caught:
        understood(path, "text", TODAY, seconds=1)
    assert caught.value.code == "too_heavy"


def test_what_is_understood_apart_is_what_is_understood_here(tmp_path: Path) -> None:
    kind, found = understood(make_docx(tmp_path / "cv.docx", CHINESE.split("\n")), "docx", TODAY)
    assert (kind, found) == ("docx", understand(CHINESE.split("\n"), TODAY))
    path = tmp_path / "cv.txt"
    path.write_text(GERMAN, encoding="utf-16")
    assert understood(path, "text", TODAY) == ("text", understand(GERMAN.split("\n"), TODAY))
