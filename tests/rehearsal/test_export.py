"""The organiser's files can be read by other programs and hold what the records say."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from talex.rehearsal import ExportedFile, Rehearsal, export_files, rehearse
from talex.rehearsal.sheets import OPENINGS_DE, OPENINGS_ZH, TALENTS_EN, TALENTS_ZH


@pytest.fixture(scope="module")
def small() -> Rehearsal:
    return rehearse("small", seed=2)


@pytest.fixture(scope="module")
def files(small: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExportedFile]:
    made = export_files(small, tmp_path_factory.mktemp("files"))
    return {file.path.name: file for file in made}


def read_csv(path: Path, encoding: str) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as handle:
        return list(csv.reader(handle))


def read_xlsx(path: Path) -> Iterator[tuple[object, ...]]:
    book = load_workbook(path, read_only=True)
    yield from book.worksheets[0].iter_rows(values_only=True)


def test_chinese_talents_are_gb18030_and_nothing_else(
    files: dict[str, ExportedFile], small: Rehearsal
) -> None:
    file = files["talents-zh.csv"]
    rows = read_csv(file.path, "gb18030")
    assert tuple(rows[0]) == TALENTS_ZH
    assert len(rows) - 1 == file.rows == sum(t.language == "zh-hans" for t in small.talents())
    with pytest.raises(UnicodeDecodeError):
        file.path.read_text("utf-8")
    by_key = {talent.key: talent for talent in small.talents()}
    for key, row in zip(file.keys, rows[1:], strict=True):
        talent = by_key[key]
        assert row[1].strip() == (talent.names[0].text if talent.names else "")
        assert row[3].strip() == (talent.email or "")
        assert row[-1] == talent.profile


def test_every_record_stands_in_exactly_one_file(
    files: dict[str, ExportedFile], small: Rehearsal
) -> None:
    people = [*files["talents-zh.csv"].keys, *files["talents-en.xlsx"].keys]
    assert sorted(people) == [talent.key for talent in small.talents()]
    places = [*files["openings-zh.xlsx"].keys, *files["openings-de.xlsx"].keys]
    assert sorted(places) == [opening.key for opening in small.openings()]
    assert set(files["organisations.csv"].keys) == {org.key for org in small.organisations}


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("talents-en.xlsx", TALENTS_EN),
        ("openings-zh.xlsx", OPENINGS_ZH),
        ("openings-de.xlsx", OPENINGS_DE),
    ],
)
def test_workbooks_open_with_their_headings(
    files: dict[str, ExportedFile], name: str, headings: tuple[str, ...]
) -> None:
    rows = list(read_xlsx(files[name].path))
    assert rows[0] == headings
    assert len(rows) - 1 == files[name].rows > 0
    assert not any(isinstance(cell, str) and cell.startswith("=") for row in rows for cell in row)


def test_organisations_are_utf8_with_bom_a_row_a_delegate(
    files: dict[str, ExportedFile], small: Rehearsal
) -> None:
    path = files["organisations.csv"].path
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(path, "utf-8-sig")
    assert len(rows) - 1 == sum(len(org.delegates) for org in small.organisations)
    assert {row[0] for row in rows[1:]} == {org.name.zh for org in small.organisations}


def test_openings_name_their_organisation_as_the_organisations_file_does(
    files: dict[str, ExportedFile],
) -> None:
    known = {
        n for row in read_csv(files["organisations.csv"].path, "utf-8-sig")[1:] for n in row[:3]
    }
    for name in ("openings-zh.xlsx", "openings-de.xlsx"):
        assert {row[1] for row in list(read_xlsx(files[name].path))[1:]} <= known


def test_cells_are_written_in_many_ways(tmp_path: Path) -> None:
    made = {f.path.name: f for f in export_files(rehearse("city", seed=4), tmp_path)}
    rows = list(read_xlsx(made["openings-zh.xlsx"].path))
    column = {heading: at for at, heading in enumerate(rows[0])}

    def cells(heading: object) -> set[str]:
        return {str(row[column[heading]] or "") for row in rows[1:]}

    assert {"不限", "大专", "本科", "硕士研究生", "博士", "本科及以上"} <= cells("学历要求")
    pay = cells("薪资待遇")
    for sign in ("万/月", "k-", "万/年", "元/月", "·13薪", "面议"):
        assert any(sign in cell for cell in pay), sign
    years = cells("工作经验")
    assert {"3年", "3年以上"} <= years and any("-" in cell for cell in years)
    assert any(digit in cell for cell in years for digit in "０１２３４５６７８９")
    assert any(cell.startswith("['") for cell in cells("技能要求"))
    assert any("年" in cell for cell in cells("截止日期"))
    assert made["talents-zh.csv"].rows + made["talents-en.xlsx"].rows == 12_199
    assert made["openings-zh.xlsx"].rows + made["openings-de.xlsx"].rows == 10_018


def test_broken_cells_are_where_the_answer_says_and_nowhere_else(
    small: Rehearsal, tmp_path: Path
) -> None:
    whole = {f.path.name: f for f in export_files(small, tmp_path / "whole")}
    spoiled = {f.path.name: f for f in export_files(small, tmp_path / "broken", broken=True)}
    assert not any(file.broken for file in whole.values())
    for name, encoding in (("talents-zh.csv", "gb18030"), ("organisations.csv", "utf-8-sig")):
        before = read_csv(whole[name].path, encoding)
        after = read_csv(spoiled[name].path, encoding)
        changed = {
            (number, before[0][at])
            for number, (one, two) in enumerate(zip(before, after, strict=True), start=1)
            for at, (old, new) in enumerate(zip(one, two, strict=True))
            if old != new
        }
        told = {(cell.row, cell.heading) for cell in spoiled[name].broken}
        assert told == changed
        assert told
    for file in spoiled.values():
        assert file.broken, file.path.name


def test_same_seed_writes_the_same_bytes(small: Rehearsal, tmp_path: Path) -> None:
    one = export_files(small, tmp_path / "one")
    two = export_files(rehearse("small", seed=2), tmp_path / "two")
    for first, second in zip(one, two, strict=True):
        assert first.path.read_bytes() == second.path.read_bytes()
