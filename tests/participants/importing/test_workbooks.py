"""Workbooks as people make them: merged cells, formulas, several sheets."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from talex.core import hazards
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.core.sniff import XLSX
from talex.participants.importing import services
from talex.participants.importing.services import uploading
from talex.participants.importing.tables import (
    Limits,
    TableError,
    check_sizes,
    open_table,
    workbook,
)
from tests.participants.importing import flow


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def merged(path: Path) -> Path:
    """Openings of two companies whose names are merged over their rows; headings over two rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ["公司", "岗位", None, "地区"],
        [None, "职位", "人数", None],
        ["甲公司", "工程师", 2, "武汉"],
        [None, "会计", 1, None],
        [None, None, None, None],
        ["乙公司", "司机", 3, "上海"],
        [None, "厨师", 1, "北京"],
        ["丙公司", "医生", 1, None],
    ]:
        sheet.append(row)
    for cells in ("A1:A2", "B1:C1", "D1:D2", "A3:A5", "D3:D4", "A6:A7"):
        sheet.merge_cells(cells)
    return saved(book, path)


def test_a_merged_cell_counts_in_each_row_that_says_something(tmp_path: Path) -> None:
    table = open_table(merged(tmp_path / "merged.xlsx"))
    assert table.headings == ["公司", "职位", "人数", "地区"]
    rows = {row.number: row for row in table.rows()}
    assert {number: row.cells for number, row in rows.items()} == {
        3: ["甲公司", "工程师", 2, "武汉"],
        4: ["甲公司", "会计", 1, "武汉"],
        6: ["乙公司", "司机", 3, "上海"],
        7: ["乙公司", "厨师", 1, "北京"],
        8: ["丙公司", "医生", 1, None],
    }
    assert [(said.code, said.column) for said in rows[4].faults] == [
        ("merged_cell", 0),
        ("merged_cell", 3),
    ]
    assert rows[3].faults == rows[8].faults == ()


def test_cells_merged_sideways_stay_where_they_stand(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["姓名", "学历", "备注"], ["王伟", "硕士", None], ["李娜", "本科", "x"]]:
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    table = open_table(saved(book, tmp_path / "sideways.xlsx"))
    assert next(row.cells for row in table.rows()) == ["王伟", "硕士", None]


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ('<c r="B2"><f>A2</f><v/></c>', True),
        ('<c r="B2" s="1"><f>A2</f></c>', True),
        ('<c r="B2"><f t="shared" si="0"/><v></v></c>', True),
        ('<c r="B2"><f>A2</f><v>3</v></c>', False),
        # An empty text is a result: =IF(A2="","",A2)
        ('<c r="B2" t="str"><f>A2</f><v></v></c>', False),
        ('<c r="B2"><v>3</v></c>', False),
    ],
)
def test_formulas_whose_results_are_not_there_are_said(
    tmp_path: Path, cell: str, missing: bool
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["姓名", "工作年限"], ["王伟", 12345]]:
        sheet.append(row)
    plain = saved(book, tmp_path / "plain.xlsx")
    path = tmp_path / "formulas.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content, found = re.subn(
                    rb'<c r="B2"[^>]*><v>12345</v></c>', cell.encode(), content
                )
                assert found == 1
            target.writestr(name, content)
    codes = [said.code for said in open_table(path).faults]
    assert codes == (["formulas_without_results"] if missing else [])


def several(path: Path) -> Path:
    """People on the third sheet, cities on the second, an explanation on the first."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "封面"
    first.append(["填写说明：每人一行"])
    other = book.create_sheet("说明")
    for row in [["城市", "说明"], ["武汉", "主会场"], ["北京", "分会场"]]:
        other.append(row)
    second = book.create_sheet("人才")
    for row in [["姓名", "学历"], ["王伟", "硕士"], ["李娜", "博士"]]:
        second.append(row)
    return saved(book, path)


@pytest.mark.django_db
def test_another_sheet_is_chosen_before_it_is_read_and_not_after(tmp_path: Path) -> None:
    one = flow.upload(flow.edition(), several(tmp_path / "several.xlsx"))
    # A cover is no table; and of two that are, the one whose headings are known.
    assert (one.sheet, one.file_facts["sheets"]) == ("人才", ["封面", "说明", "人才"])
    with pytest.raises(Invalid, match="人才"):
        services.choose_sheet(SYSTEM, services.ChooseSheet(one.pk, "没有"))
    one = services.choose_sheet(SYSTEM, services.ChooseSheet(one.pk, "说明"))
    assert one.headings == ["城市", "说明"]
    one = services.choose_sheet(SYSTEM, services.ChooseSheet(one.pk, "人才"))
    assert one.headings == ["姓名", "学历"]
    one = flow.read(one)
    assert [row.values["name"] for row in one.rows.all()] == ["王伟", "李娜"]
    with pytest.raises(Conflict, match="another sheet"):
        services.choose_sheet(SYSTEM, services.ChooseSheet(one.pk, "说明"))
    assert flow.apply(one).result["created"] == {"participants.talent": 2}


def packed(path: Path, *sheets: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        for number, sheet in enumerate(sheets):
            package.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return path


def test_what_says_itself_that_it_unpacks_to_too_much_is_not_unpacked_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = packed(tmp_path / "honest", *(random.Random(n).randbytes(70_000) for n in (1, 2)))
    bomb = packed(tmp_path / "bomb", b" " * (40 << 20))

    def unpacked(*_: object, **__: object) -> None:
        raise AssertionError("was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    for path, limits in ((bomb, Limits()), (honest, Limits(unpacked_bytes=130_000))):
        with pytest.raises(TableError) as error:
            workbook.check_package(path, limits)
        assert error.value.code == "unpacks_too_large"
        with pytest.raises(TableError) as error:
            check_sizes(path, limits)
        assert error.value.code == "unpacks_too_large"
    check_sizes(honest, Limits())
    with bomb.open("rb") as stream, pytest.raises(hazards.Refused) as refused:
        hazards.check(stream, XLSX)
    assert refused.value.code == "unfolds"


def test_a_workbook_is_not_looked_through_for_longer_than_somebody_waits(tmp_path: Path) -> None:
    path = several(tmp_path / "several.xlsx")
    assert open_table(path, limits=Limits(seconds=600.0)).headings
    with pytest.raises(TableError) as error:
        open_table(path, limits=Limits(seconds=0.0))
    assert error.value.code == "unpacks_too_large"


def cell(attributes: bytes, prefix: bytes = b"") -> bytes:
    tag = prefix + b"c"
    return b"<row><%s %s><v>1</v></%s></row>" % (tag, attributes, tag)


# Each made the parser ask for gigabytes, which ended the process, or panic.
@pytest.mark.parametrize(
    "rows",
    [
        cell(b'r="ZZZZZZ3"'),
        cell(b'r="XFE3"'),
        cell(b'r="A9999999999"'),
        cell(b'r="A1048577"'),
        cell(b'r="ZZZZZZ99999999999"'),
        cell(b's=" r=\'A1\'" r="ZZZZZZ3"'),
        cell(b'x=">" r="ZZZZZZ3"'),
        cell(b'x:r="A1" r="ZZZZZZ3"'),
        cell(b'r="ZZZZZZ3"', "é-1:".encode()),
        b'<row r="4294967295"><c><v>1</v></c></row>',
        b'<row x=" r=\'1\'" r="4294967295"><c><v>1</v></c></row>',
        # Longer than what is read at once, and than what is kept of the piece before.
        b" " * ((1 << 20) - 300) + cell(b'r="A' + b"0" * 600 + b'9999999999"'),
        b" " * ((1 << 20) - 10_000) + cell(b'r="A' + b"0" * 20_000 + b'9999999999"'),
    ],
)
def test_no_cell_stands_where_no_spreadsheet_has_one(tmp_path: Path, rows: bytes) -> None:
    path = packed(tmp_path / "far.xlsx", b"<sheetData>" + rows + b"</sheetData>")
    with pytest.raises(TableError) as error:
        workbook.check_package(path, Limits())
    assert error.value.code == "corrupt"


def test_other_words_that_end_alike_are_no_places(tmp_path: Path) -> None:
    rows = b'<row r="1" xr:spans="1"><c r="A1"/></row>'
    other = b'<who User="Meier2024" color="ABCD12" x:r="Tester99999999" layer="7"/>'
    path = packed(tmp_path / "other.xlsx", b"<sheetData>" + rows + b"</sheetData>" + other)
    assert workbook.check_package(path, Limits()) is False


def test_a_cell_that_two_pieces_share_counts(tmp_path: Path) -> None:
    for gap in range((1 << 20) - 90, (1 << 20) - 20, 7):
        rows = b"<sheetData>" + b" " * gap + cell(b'r="A1"') + cell(b'r="XFD1048576"')
        path = packed(tmp_path / "shared.xlsx", rows + b"</sheetData>")
        with pytest.raises(TableError) as error:
            workbook.check_package(path, Limits())
        assert error.value.code == "too_many_cells_in_sheet"


def shared(path: Path, count: int) -> Path:
    """A workbook that says how many shared texts it has."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for at, row in enumerate((["Name", "Degree"], ["Li Lei", "Master"], ["Han Mei", "PhD"])):
        sheet.write_row(at, 0, row)
    book.close()
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts = parts["xl/sharedStrings.xml"]
    parts["xl/sharedStrings.xml"] = re.sub(
        rb' uniqueCount="\d+"', b' uniqueCount="%d"' % count, texts, count=1
    )
    assert b'uniqueCount="%d"' % count in parts["xl/sharedStrings.xml"]
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return path


def test_what_would_end_the_parser_ends_another_process(tmp_path: Path) -> None:
    """No guard knows of this one: the parser makes room for as many texts as are promised."""
    path = shared(tmp_path / "shared.xlsx", 4_294_967_295)
    workbook.check_package(path, Limits())
    with pytest.raises(TableError) as error:
        open_table(path)
    assert error.value.code == "corrupt"


def test_what_the_parser_refuses_itself_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "broken.xlsx", b"<sheetData><row></sheetData>")
    with pytest.raises(TableError) as error:
        open_table(path)
    assert error.value.code in ("corrupt", "empty")


def test_a_span_that_no_calendar_holds_is_said_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "span.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "Hours"])
    sheet.write_row(1, 0, ["Li Lei"])
    sheet.write_number(1, 1, 1e12, book.add_format({"num_format": "[h]:mm:ss"}))
    book.close()
    with pytest.raises(TableError) as error:
        list(open_table(path).rows())
    assert error.value.code == "no_such_time" and "Row 2 " in str(error.value)


@pytest.mark.parametrize("days", [-1e300, 1e16, 1e300])
def test_a_span_that_the_parser_panics_at_is_said_with_its_row(tmp_path: Path, days: float) -> None:
    path = tmp_path / "span.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Name", "Hours"])
    for row in range(1, 700):
        sheet.write_row(row, 0, [f"Li Lei {row}"])
    sheet.write_number(650, 1, days, book.add_format({"num_format": "[h]:mm:ss"}))
    book.close()
    with pytest.raises(TableError) as error:
        list(open_table(path).rows())
    assert error.value.code == "no_such_time" and "Row 651 " in str(error.value)


def test_what_the_parser_did_not_expect_is_a_broken_file() -> None:
    class PanicException(BaseException):  # as pyo3 raises it
        pass

    def parse() -> None:
        raise PanicException("capacity overflow")

    with pytest.raises(TableError) as error:
        workbook._parsed(parse)
    assert error.value.code == "corrupt"


@pytest.mark.django_db
def test_what_unfolds_is_refused_before_anything_looks_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(uploading, "IN_REQUEST", Limits(unpacked_bytes=2_000))
    monkeypatch.setattr(hazards, "check", lambda *_: asked.append("hazards"))
    monkeypatch.setattr(workbook, "check_package", lambda *_: asked.append("package"))
    with pytest.raises(Invalid, match="unpacks to more"):
        flow.upload(flow.edition(), several(tmp_path / "several.xlsx"))
    assert asked == []


@pytest.mark.django_db
def test_to_apply_twice_applies_once(tmp_path: Path) -> None:
    one = flow.upload(flow.edition(), several(tmp_path / "several.xlsx"))
    one = flow.read(services.choose_sheet(SYSTEM, services.ChooseSheet(one.pk, "人才")))
    command = services.ApplyImport(one.pk, one.revision)
    first = services.apply_import(SYSTEM, command)
    second = services.apply_import(SYSTEM, command)
    assert first.job_id == second.job_id and second.state == "applying"
    with pytest.raises(Conflict, match="being imported"):
        services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk, [2]))
    flow.run_pending()
    third = services.apply_import(SYSTEM, command)
    assert third.state == "applied" and third.job_id == first.job_id
    with pytest.raises(Conflict, match="imported already"):
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision + 1))
