"""Files open in spreadsheet programs as they were, and carry no formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from talex.core.translated import TranslatedText
from talex.ui import exports


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_csv_has_bom_crlf_and_chinese() -> None:
    data = b"".join(exports.csv_rows(["姓名", "Note"], [["李明", 'a "b", c'], ["Ä", "x\ny"]]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["姓名", "Note"], ["李明", 'a "b", c'], ["Ä", "x\ny"]]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_text(text: str) -> None:
    assert exports.csv_cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (0, "0"),
        (None, ""),
        (True, "true"),
        (dt.date(2026, 5, 12), "2026-05-12"),
        (["=a", "b"], "'=a; b"),
    ],
)
def test_values_stay_what_they_are(value: Any, cell: str) -> None:
    assert exports.csv_cell(value) == cell


@given(st.text())
def test_no_cell_of_text_begins_a_formula(text: str) -> None:
    assert not exports.csv_cell(text).startswith(exports.FORMULA_SIGNS)


def test_xlsx_keeps_types_and_no_formula() -> None:
    moment = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
    row = ["=1+1", 12, Decimal("2.5"), dt.date(2026, 5, 12), moment, True, None, 10**17]
    with exports.xlsx_file(["a", "b", "c", "d", "e", "f", "g", "h"], [row], sheet="a/b") as file:
        sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert sheet.title == "a b"
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert cells[0].value == "=1+1"
    assert cells[0].data_type == "s"
    assert [c.value for c in cells[1:3]] == [12, 2.5]
    assert cells[3].value == dt.datetime(2026, 5, 12)
    assert cells[4].value == dt.datetime(2026, 5, 12, 9, 30)
    assert cells[5].value is True
    assert cells[6].value is None
    # More digits than a spreadsheet keeps: text, not a wrong number.
    assert cells[7].value == str(10**17)


def test_xlsx_goes_on_in_a_second_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "XLSX_ROWS", 4)
    with exports.xlsx_file(["n"], ([n] for n in range(7)), sheet="Rows") as file:
        book = openpyxl.load_workbook(file)
    found = [[row[0].value for row in sheet.iter_rows(min_row=2)] for sheet in book]
    assert found == [[0, 1, 2], [3, 4, 5], [6]]


def test_json_is_valid_and_keeps_lists() -> None:
    rows = [["李", [1, 2], Decimal("1.10"), dt.date(2026, 1, 2)]]
    response = exports.export_response("json", "x", ["A", "B", "C", "D"], rows, keys=list("abcd"))
    assert json.loads(body(response)) == [{"a": "李", "b": [1, 2], "c": "1.10", "d": "2026-01-02"}]
    empty = exports.export_response("json", "x", ["A"], [])
    assert json.loads(body(empty)) == []


def test_the_zone_of_the_request_counts_even_when_read_later() -> None:
    at = dt.datetime(2026, 11, 29, 22, 30, tzinfo=dt.UTC)
    with timezone.override("Asia/Shanghai"):
        assert exports.zone_name() == "Asia/Shanghai"
        response = exports.export_response("csv", "x", ["A"], [[at]])
    assert body(response).decode("utf-8-sig").split() == ["A", "2026-11-30", "06:30:00"]
    assert exports.zone_name() == "UTC"


def test_the_language_of_the_request_counts_even_when_read_later() -> None:
    name = TranslatedText({"de": "Halle", "zh-hans": "展厅"})
    with translation.override("zh-hans"):
        response = exports.export_response("csv", "名单", ["x"], [[name]])
    with translation.override("de"):
        text = body(response).decode("utf-8-sig")
    assert text.splitlines() == ["x", "展厅"]
    assert "filename*=utf-8''%E5%90%8D%E5%8D%95.csv" in response["Content-Disposition"]
