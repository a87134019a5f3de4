"""Files as tables: characters, separators, headings, broken rows, and what is refused."""
# Tables of cases; Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from talex.participants.importing.tables import Limits, TableError, open_table

CHINESE = "姓名,学历,专业,备注\n王小明,硕士,材料科学与工程,愿意到现场参会\n李娜,博士,生命科学,研究方向是种业\n"
GERMAN = "Name;Abschluss;Straße\nJürgen Müßig;Diplom;Königsallee 3\nÄnne Groß;Promotion;Grünweg 1\n"
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (CHINESE, "utf-8", "UTF-8"),
        (CHINESE, "utf-8-sig", "UTF-8 with BOM"),
        (CHINESE, "utf-16", "UTF-16 LE"),
        (CHINESE, "utf-16-le", "UTF-16 LE"),
        (CHINESE, "utf-16-be", "UTF-16 BE"),
        (CHINESE, "gb18030", "GB18030"),
        (CHINESE, "gbk", "GB18030"),
        (CHINESE, "gb2312", "GB18030"),
        (CHINESE.replace("李娜", "㐂𠀀喆堃"), "gb18030", "GB18030"),
        ("姓名\n王\n", "gb18030", "GB18030"),
        (GERMAN, "utf-8", "UTF-8"),
        (GERMAN, "utf-16-le", "UTF-16 LE"),
        (GERMAN, "cp1252", "Windows-1252"),
        (GERMAN, "latin-1", "Windows-1252"),
        ("Name;Gehalt\nRenée Françoise Noël;60.000 €\n", "cp1252", "Windows-1252"),
        ("Name;Ort\nMüller;Köln\n" + "plain;text\n" * 2000, "cp1252", "Windows-1252"),
        ("name,degree\nAnna,PhD\n", "ascii", "UTF-8"),
    ],
)
def test_encoding_is_recognised_and_text_survives(
    write: Write, text: str, codec: str, label: str
) -> None:
    table = open_table(write(text, codec))
    assert table.encoding == label
    expected = [line.split(table.separator) for line in text.strip().splitlines()]
    assert table.headings == expected[0]
    rows = list(table.rows())
    assert [row.cells for row in rows] == expected[1:]
    assert [row.number for row in rows] == list(range(2, len(expected) + 1))
    assert not any(row.faults for row in rows)


def test_utf16_with_big_endian_mark(write: Write) -> None:
    table = open_table(write(b"\xfe\xff" + CHINESE.encode("utf-16-be")))
    assert (table.encoding, table.headings[0]) == ("UTF-16 BE", "姓名")


@pytest.mark.parametrize(("codec", "bad"), [("utf-8", b"\xff\xe9"), ("gb18030", b"\xff\x81")])
def test_bad_bytes_are_a_fault_of_their_row_only(write: Write, codec: str, bad: bytes) -> None:
    lines = CHINESE.encode(codec).split(b"\n")
    lines[1] = lines[1].replace("硕士".encode(codec), "硕".encode(codec) + bad)
    table = open_table(write(b"\n".join(lines) + (CHINESE * 3).encode(codec)))
    first, second = list(table.rows())[:2]
    assert [(fault.code, fault.column) for fault in first.faults] == [("bad_characters", 1)]
    assert str(first.cells[1]).startswith("硕�")
    assert first.cells[2] == "材料科学与工程"
    assert second.faults == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found_among_the_others_in_text(write: Write, separator: str) -> None:
    others = " ".join(sign for sign in ",;|" if sign != separator)
    rows = [["title", "description", "pay"]]
    rows += [
        [f"job {n}", f'"first {others * (n % 3)}\nline {separator} two"', "5"] for n in range(9)
    ]
    table = open_table(write("\n".join(separator.join(row) for row in rows)))
    assert table.separator == separator
    assert table.kind == ("tsv" if separator == "\t" else "csv")
    assert [len(row.cells) for row in table.rows()] == [3] * 9
    assert next(iter(table.rows())).number == 2  # a cell of two lines is one row


def test_one_column_of_sentences_is_one_column(write: Write) -> None:
    table = open_table(write("resume\nI know Python, Java, and Go\nTwo, three\nNothing else\n"))
    assert table.headings == ["resume"]
    assert [row.cells for row in table.rows()][2] == ["Nothing else"]


def test_ragged_rows_keep_their_cells_and_say_so(write: Write) -> None:
    table = open_table(write("a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n"))
    short, long, padded, exact = table.rows()
    assert (short.cells, short.faults[0].code) == (["1", "2", None], "too_few_cells")
    assert (long.cells, long.faults[0].code) == (["1", "2", "3", "4"], "too_many_cells")
    assert long.faults[0].params == {"found": "4", "expected": "3"}
    assert (padded.cells, padded.faults) == (["1", "2", "3"], ())
    assert (exact.cells, exact.faults) == (["1", "2", "3"], ())


def test_nul_bytes_are_removed_and_said(write: Write) -> None:
    row = next(open_table(write(b"a,b\nx\x00y,2\n" + b"1,2\n" * 50)).rows())
    assert row.cells == ["xy", "2"]
    assert [(fault.code, fault.column) for fault in row.faults] == [("nul_characters", 0)]


def test_blank_rows_are_skipped_but_counted(write: Write) -> None:
    table = open_table(write("a,b\n\n,,\n1,2\n\n3,4\n"))
    assert [(row.number, row.cells) for row in table.rows()] == [(4, ["1", "2"]), (6, ["3", "4"])]


def test_title_rows_above_the_headings_are_left_out(write: Write) -> None:
    table = open_table(
        write("2026年国际人才交流大会报名表,,,\n填表单位：人社局,,2026-03-01,\n\n姓名,学历,邮箱,电话\n"
              "王明,硕士,w@example.org,1\n李娜,博士,l@example.org,2\n")
    )  # fmt: skip
    assert table.headings == ["姓名", "学历", "邮箱", "电话"]
    assert table.heading_row == 4
    assert [row.number for row in table.rows()] == [5, 6]
    assert table.faults[0].code == "preamble_skipped"


def test_heading_row_can_be_overruled(write: Write) -> None:
    table = open_table(write("x,y\nName,E-Mail\nA,a@b.de\n"), heading_row=1)
    assert table.headings == ["x", "y"]


def test_odd_headings_get_names(write: Write) -> None:
    table = open_table(write("name,,name,skills,\nA,b,c,d,\n"))
    assert table.headings == ["name", "(B)", "name (2)", "skills"]
    assert [fault.code for fault in table.faults] == ["heading_empty", "heading_twice"]
    assert next(table.rows()).cells == ["A", "b", "c", "d"]


def test_unclosed_quote_does_not_swallow_the_rest(write: Write) -> None:
    text = 'a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 60))
    rows = list(open_table(write(text)).rows())
    assert len(rows) == 59
    assert rows[0].cells == ["1", "open"]
    assert [fault.code for fault in rows[0].faults] == ["unclosed_quote"]
    assert rows[-1].cells == ["59", "x"]


def test_unclosed_quote_in_a_long_file_is_given_up_within_the_limit(write: Write) -> None:
    text = 'a,b\n1,"open\n' + "".join(f"{n},xxxxxxxxxx\n" for n in range(2, 3000))
    rows = list(open_table(write(text), limits=Limits(row_characters=5_000)).rows())
    assert len(rows) == 2999
    assert rows[0].faults[0].code == "unclosed_quote"


def test_endless_line_is_cut(write: Write) -> None:
    text = "a,b\n1," + "x" * 40_000 + "\n2,y\n"
    rows = list(open_table(write(text), limits=Limits(row_characters=5_000)).rows())
    assert [fault.code for fault in rows[0].faults] == ["row_too_long"]
    assert rows[1].cells == ["2", "y"]


def test_old_mac_line_ends(write: Write) -> None:
    assert [row.cells for row in open_table(write("a,b\r1,2\r3,4\r")).rows()][1] == ["3", "4"]


def test_rows_can_be_read_again(write: Write) -> None:
    table = open_table(write("a,b\n1,2\n"))
    assert list(table.rows()) == list(table.rows()) != []


# Workbooks


def _workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("leer")
    sheet = book.add_worksheet("岗位")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write(0, 0, "岗位需求表")
    sheet.write_row(2, 0, ["职位", "截止日期", "人数", "薪资", "更新时间"])
    sheet.write(3, 0, "工程师")
    sheet.write_datetime(3, 1, dt.datetime(2026, 3, 1), day)
    sheet.write(3, 2, 3)
    sheet.write(3, 3, 1.5)
    sheet.write_datetime(3, 4, dt.datetime(2026, 3, 1, 9, 30), moment)
    sheet.write(5, 0, "研究员")
    sheet.write(5, 2, 440101199001011234)
    hidden = book.add_worksheet("hidden")
    hidden.write(0, 0, "x")
    hidden.hide()
    book.close()
    return path


def test_workbook_with_dates_title_and_gaps(tmp_path: Path) -> None:
    table = open_table(_workbook(tmp_path / "no-ending"))
    assert (table.kind, table.sheet, table.encoding) == ("xlsx", "岗位", None)
    assert table.sheets == ("leer", "岗位", "hidden")
    assert table.headings == ["职位", "截止日期", "人数", "薪资", "更新时间"]
    first, second = table.rows()
    assert first.number == 4
    assert first.cells == ["工程师", dt.date(2026, 3, 1), 3, 1.5, dt.datetime(2026, 3, 1, 9, 30)]
    assert type(first.cells[2]) is int
    assert second.number == 6
    assert [(fault.code, fault.column) for fault in second.faults] == [("digits_lost", 2)]


def test_workbook_of_another_program(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Abschluss"])
    book.active.append(["Jürgen", True])
    book.save(tmp_path / "a.xlsx")
    assert next(open_table(tmp_path / "a.xlsx").rows()).cells == ["Jürgen", True]


def test_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "a.xlsx")
    with pytest.raises(TableError, match="leer, 岗位, hidden") as error:
        open_table(path, sheet="none")
    assert error.value.code == "no_such_sheet"
    with pytest.raises(TableError) as error:
        open_table(path, sheet="leer")
    assert error.value.code == "empty"


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n ,, \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"name,degree\n", "no_rows"),
        (b"PK\x03\x04 broken", "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_a_table"),
        (bytes(range(256)) * 20, "not_a_table"),
        (b"<html><table><tr><td>1", "html"),
        (b'{"name": "A"}', "not_a_table"),
        (_zip(**{"Index__Document.iwa": b"x"}), "numbers"),
        (_zip(**{"content.xml": b"x", "mimetype": b"application/vnd.oasis"}), "opendocument"),
        (_zip(**{"word__document.xml": b"x", "[Content_Types].xml": b""}), "not_a_table"),
        (_zip(**{"xl__workbook.bin": b"x", "[Content_Types].xml": b""}), "binary_excel"),
        (_zip(**{"photo.jpg": b"x"}), "not_a_table"),
        (_zip(**{"xl__workbook.xml": b"<not a workbook"}), "corrupt"),
    ],
)
def test_refused_with_what_to_do(write: Write, content: bytes, code: str) -> None:
    with pytest.raises(TableError) as error:
        open_table(write(content))
    assert error.value.code == code
    assert len(error.value.message) > 20
    assert "%(" not in error.value.message


def test_missing_and_too_large(write: Write, tmp_path: Path) -> None:
    with pytest.raises(TableError) as error:
        open_table(tmp_path / "none.csv")
    assert error.value.code == "missing"
    with pytest.raises(TableError, match="3 MB") as error:
        open_table(write(b"a,b\n" * (1 << 20)), limits=Limits(file_bytes=3 << 20))
    assert error.value.code == "too_large"


def test_zip_bomb_is_refused(tmp_path: Path, write: Write) -> None:
    parts = {"xl__workbook.xml": b"<workbook/>", "xl__worksheets__sheet1.xml": b" " * (40 << 20)}
    with pytest.raises(TableError) as error:
        open_table(write(_zip(**parts)))
    assert error.value.code == "unpacks_too_large"


def test_zip_bomb_that_lies_about_its_size_is_refused(write: Write) -> None:
    size = 40 << 20
    data = _zip(**{"xl__workbook.xml": b"<workbook/>", "xl__worksheets__sheet1.xml": b" " * size})
    lying = data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(TableError) as error:
        open_table(write(lying))
    assert error.value.code == "unpacks_too_large"


def _spread(folder: Path, rows: bytes) -> bytes:
    """A workbook whose only sheet lies in a part with a name that does not say so."""
    book = openpyxl.Workbook()
    book.save(folder / "plain.xlsx")
    with zipfile.ZipFile(folder / "plain.xlsx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    empty = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")
    assert empty.search(sheet)
    parts["xl/data/table1.xml"] = empty.sub(b"<sheetData>" + rows + b"</sheetData>", sheet)
    named = {
        name.replace("/", "__"): part.replace(b"worksheets/sheet1.xml", b"data/table1.xml")
        for name, part in parts.items()
    }
    return _zip(**named)


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>',
        # Cells that do not say where they are: a wide row, and another far below.
        b'<row r="1">' + b"<c/>" * 16384 + b'</row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_a_sheet_by_any_name_that_spans_too_much_is_refused(
    tmp_path: Path, write: Write, rows: bytes
) -> None:
    with pytest.raises(TableError) as error:
        open_table(write(_spread(tmp_path, rows)))
    assert error.value.code == "too_many_cells_in_sheet"


def test_a_sheet_by_any_name_is_read_where_it_spans_little(tmp_path: Path, write: Write) -> None:
    rows = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 3
    table = open_table(write(_spread(tmp_path, rows)))
    assert [list(row.cells) for row in table.rows()] == [[1, 2]] * 2  # the first one names columns


@pytest.mark.parametrize("reference", ["XFD1048576", "&#88;FD1048576"])
def test_two_cells_that_span_a_whole_sheet_are_refused(tmp_path: Path, reference: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["C3"] = "y"
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        parts = {name.replace("/", "__"): package.read(name) for name in package.namelist()}
    sheet = "xl__worksheets__sheet1.xml"
    assert b'r="C3"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'r="C3"', f'r="{reference}"'.encode())
    (tmp_path / "a.xlsx").write_bytes(_zip(**parts))
    with pytest.raises(TableError) as error:
        open_table(tmp_path / "a.xlsx")
    assert error.value.code in ("too_many_cells_in_sheet", "corrupt")


def test_truncated_workbook_is_corrupt(tmp_path: Path, write: Write) -> None:
    whole = _workbook(tmp_path / "a.xlsx").read_bytes()
    for length in (len(whole) // 3, len(whole) - 30):
        with pytest.raises(TableError) as error:
            open_table(write(whole[:length], name="b.xlsx"))
        assert error.value.code == "corrupt"


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(
    st.binary(max_size=400),
    st.text(alphabet='ab"\',;\t|\n\r\0é王�\ufeff', max_size=200).map(lambda t: t.encode()),
    st.text(max_size=100).map(lambda t: t.encode("gb18030", errors="replace")),
))  # fmt: skip
def test_any_bytes_are_a_table_or_a_table_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        table = open_table(path)
    except TableError as error:
        assert error.message
        return
    assert len(set(table.headings)) == len(table.headings)
    for row in table.rows():
        assert len(row.cells) >= len(table.headings)
        assert all(fault.message for fault in row.faults)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(
    st.lists(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Co", "Cn"],
             exclude_characters="�\ufeff"), min_size=1, max_size=8).filter(str.strip),
             min_size=3, max_size=3),
    min_size=3, max_size=8))  # fmt: skip
def test_utf8_round_trip(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "trip.csv"
    lines = ['"姓名","学历","邮箱"'] + [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [row.cells for row in open_table(path, heading_row=1).rows()] == rows


def test_a_cell_of_a_whole_row_is_looked_at_once(tmp_path: Path) -> None:
    """A pattern that began anew at each of its signs took minutes, in the server's own thread."""
    path = tmp_path / "signs.csv"
    path.write_text("Name,E-mail\n" + f"Li Lei,{'@' * 450_000}\n" * 3)
    began = time.process_time()
    assert open_table(path).headings == ["Name", "E-mail"]
    assert time.process_time() - began < 10


def test_equal_headings_and_open_quotes_cost_what_the_file_is_long(tmp_path: Path) -> None:
    """2,000 equal headings were compared with each other, each open quote read half a megabyte."""
    path = tmp_path / "signs.csv"
    path.write_text(",".join(["x"] * 2000) + "\n" + ",".join(["1"] * 2000) + "\n")
    began = time.process_time()
    table = open_table(path)
    assert time.process_time() - began < 10
    assert table.headings[:3] == ["x", "x (2)", "x (3)"] and len(set(table.headings)) == 2000
    path.write_text("Name,E-mail\n" + 'a","b\n' * 60_000)
    rows = list(open_table(path, limits=Limits(seconds=20.0)).rows())
    assert len(rows) == 60_000 and {one.code for one in rows[-1].faults} == {"unclosed_quote"}
