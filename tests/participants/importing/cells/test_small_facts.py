"""Headcount, size, languages, addresses, choices, text and lists; and that nothing ever fails."""
# Tables of cases; Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talex.participants.importing import cells
from talex.participants.importing.cells import Cell, Language
from talex.participants.importing.cells.prose import degree_in_text, experience_in_text


@pytest.mark.parametrize(
    ("cell", "number"),
    [("2人", 2), ("招3人", 3), ("['若干人']", None), ("若干", None), ("several", None), ("3-5人", 5),
     (4, 4), ("4", 4), ("4.0", 4), ("２名", 2), ("三人", 3), ("2 Stellen", 2), ("5 positions", 5),
     ("1,200人", 1200), ("mehrere", None)],
)  # fmt: skip
def test_headcount(cell: Cell, number: int | None) -> None:
    read = cells.read_headcount(cell)
    assert (read.value, read.understood) == (number, True)
    assert number is not None or (read.note is not None and read.note.code == "headcount_open")


@pytest.mark.parametrize("cell", ["0", 0, -1, "本科", "3-5年", "many of them", 1e9, True, 2.5])
def test_no_headcount(cell: Cell) -> None:
    assert not cells.read_headcount(cell).understood


@pytest.mark.parametrize(
    ("cell", "least", "most"),
    [("150-500人", 150, 500), ("2000人以上", 2000, None), ("少于15人", 0, 15), ("10,000+", 10000, None),
     ("ca. 300 Mitarbeiter", 300, 300), (42, 42, 42), ("1.000 - 5.000 Mitarbeiter", 1000, 5000)],
)  # fmt: skip
def test_size(cell: Cell, least: int, most: int | None) -> None:
    read = cells.read_size(cell)
    assert read.value is not None
    assert (read.value.least, read.value.most) == (least, most)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("英语(CET-6)", [("en", "B2")]), ("英语六级", [("en", "B2")]), ("CET-4", [("en", "B1")]),
        ("英语专业八级", [("en", "C1")]), ("English C1", [("en", "C1")]),
        ("English (C1), Deutsch B2", [("en", "C1"), ("de", "B2")]), ("日语N1", [("ja", "C1")]),
        ("N2", [("ja", "B2")]), ("Deutsch: Muttersprache", [("de", "native")]),
        ("native Chinese", [("zh", "native")]), ("普通话熟练", [("zh", "B2")]),
        ("['德语熟练&英语熟练']", [("de", "B2"), ("en", "B2")]), ("英语精通", [("en", "C1")]),
        ("普通话&英语", [("zh", None), ("en", None)]), ("中文、英语、法语", [("zh", None), ("en", None), ("fr", None)]),
        ("Englisch fließend, Chinesisch Grundkenntnisse", [("en", "C1"), ("zh", "A2")]),
        ("IELTS 7.0", [("en", "C1")]), ("雅思6.5", [("en", "B2")]), ("TOEFL 100", [("en", "C1")]),
        ("HSK 5", [("zh", "B2")]), ("English and German", [("en", None), ("de", None)]),
        ("English C1 German B2", [("en", "C1"), ("de", "B2")]), ("粤语良好", [("yue", "B1")]),
        ("zh, en", [("zh", None), ("en", None)]), ("DE C1", [("de", "C1")]),
        ("法语DELF B2", [("fr", "B2")]), ("TestDaF 4", [("de", "C1")]), ("English (fluent, CET-6)", [("en", "B2")]),
    ],
)  # fmt: skip
def test_languages(cell: str, expected: list[tuple[str, str | None]]) -> None:
    read = cells.read_languages(cell)
    assert read.value == tuple(Language(*pair) for pair in expected)


def test_part_of_the_languages_understood_is_said() -> None:
    read = cells.read_languages("English C1; Klingonisch B2")
    assert read.value == (Language("en", "C1"),)
    assert read.note is not None and "klingonisch" in read.note.message


@pytest.mark.parametrize("cell", ["本科", "3-5年", "Berlin", 6, "6", "4人"])
def test_no_languages(cell: Cell) -> None:
    assert not cells.read_languages(cell).understood


@pytest.mark.parametrize(
    ("cell", "address", "code"),
    [
        ("Anna.Muster@Example.ORG", "Anna.Muster@example.org", None),
        ("mailto:a@b.de", "a@b.de", None), ("Anna <a@b.co.uk>", "a@b.co.uk", None),
        ("a＠b.cn", "a@b.cn", None), ("a@b.de; c@d.de", "a@b.de", "email_several"),
        ("a (at) b.de", "a@b.de", None), ("jürgen@müller.de", "jürgen@müller.de", None),
        ("a***@b.cn", None, "email_masked"), ("a@b", None, "email_not_understood"),
        ("keine", None, "email_not_understood"), ("a@b..de", None, "email_not_understood"),
        (5, None, "email_not_understood"),
    ],
)  # fmt: skip
def test_email(cell: Cell, address: str | None, code: str | None) -> None:
    read = cells.read_email(cell)
    assert read.value == address
    assert (read.note.code if read.note else None) == code
    assert read.understood is (address is not None)


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("13800138000", "13800138000", None), (13800138000, "13800138000", None),
        (13800138000.0, "13800138000", None), ("+49 (0)30 123456", "+4930123456", None),
        ("0049 30 123456", "+4930123456", None), ("010-62345678", "01062345678", None),
        ("+86 138-0013-8000", "+8613800138000", None), ("电话：13800138000", "13800138000", None),
        ("13800138000；13900139000", "13800138000", "phone_several"),
        ("0171/1234567", "01711234567", None), ("13800138000.0", "13800138000", None),
        ("13800138000/13900139000", "13800138000", "phone_several"),
        ("13800138000（微信同号）", "13800138000", None), ("010-62345678转12", "01062345678", None),
        ("138****8000", None, "phone_masked"), ("1.38E+10", None, "phone_scientific"),
        ("(+86) 138 0013 8000", "+8613800138000", None),
        ("+49 (0)711 / 12 34 56", "+49711123456", None),
        ("+49 (0711) 123456", "+49711123456", None), ("+86 021-12345678", "+862112345678", None),
        ("+49 711 – 123456", "+49711123456", None),
        ("0711 123456 / 0172 9988776", "0711123456", "phone_several"),
        ("12345", None, "phone_not_understood"), ("none of it", None, "phone_not_understood"),
    ],
)  # fmt: skip
def test_phone(cell: Cell, number: str | None, code: str | None) -> None:
    read = cells.read_phone(cell)
    assert (read.value, read.note.code if read.note else None) == (number, code)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("是", True), ("否", False), ("Ja", True), ("nein", False), ("YES", True), ("no", False),
     ("✓", True), ("×", False), (1, True), (0, False), (True, True), ("无", False), ("", None)],
)  # fmt: skip
def test_yes_no(cell: Cell, value: bool | None) -> None:
    read = cells.read_yes_no(cell)
    assert (read.value, read.understood) == (value, True)
    assert not cells.read_yes_no("vielleicht").understood


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (cells.read_mode, "线上", "online"), (cells.read_mode, "vor Ort", "onsite"),
        (cells.read_mode, "线上线下均可", "both"), (cells.read_mode, "on-site or online", "both"),
        (cells.read_organisation_kind, "民营公司", "enterprise"),
        (cells.read_organisation_kind, "外资（欧美）", "multinational"),
        (cells.read_organisation_kind, "Hochschule", "university"),
        (cells.read_organisation_kind, "中科院研究所", "institute"),
        (cells.read_organisation_kind, "产业园区", "industrial_park"),
        (cells.read_organisation_kind, "投资机构", "investor"),
        (cells.read_organisation_kind, "industrial park", "industrial_park"),
        (cells.read_organisation_kind, "三甲医院", "hospital"),
        (cells.read_opening_kind, "全职", "job"), (cells.read_opening_kind, "博士后", "postdoc"),
        (cells.read_opening_kind, "Projekt", "project"), (cells.read_opening_kind, "实习", "job"),
    ],
)  # fmt: skip
def test_choices(reader: object, cell: str, value: str) -> None:
    assert callable(reader)
    assert reader(cell).value == value
    assert not reader("Quark!").understood


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("['a', 'b']", ["a", "b"]), ('["a", "b"]', ["a", "b"]), ("[]", None), ("['']", None),
        ("['spark\n大数据\npython',", ["spark", "大数据", "python"]),
        ("'大数据平台\n大数据\n架构规划',", ["大数据平台", "大数据", "架构规划"]),
        ("['spark\\n大数据", ["spark", "大数据"]),
        ("['it''s', 'b']", ["it", "s", "b"]),
        ("Python；Java;C++、Go", ["Python", "Java", "C++", "Go"]),
        ("Python, Java， Go | Rust", ["Python", "Java", "Go", "Rust"]),
        ("TCP/IP, CI/CD, C/C++", ["TCP/IP", "CI/CD", "C/C++"]),
        ("Hadoop/Spark/Hive", ["Hadoop", "Spark", "Hive"]), ("计算机/互联网", ["计算机", "互联网"]),
        ("计算机服务(系统、数据服务、维修)、银行", ["计算机服务(系统、数据服务、维修)", "银行"]),
        ("1,000 samples, R", ["1,000 samples", "R"]), ("a, A, a", ["a"]), ("• a\n• b", ["a", "b"]),
        ("1、Python 2、Java", ["Python", "Java"]), ('{"a","b"}', ["a", "b"]), ("C++/C#", ["C++", "C#"]),
        ("ＳＱＬ", ["SQL"]), (5, ["5"]), (None, None), ("['Machine Learning']", ["Machine Learning"]),
    ],
)  # fmt: skip
def test_lists(cell: Cell, items: list[str] | None) -> None:
    read = cells.read_list(cell)
    assert read.value == (None if items is None else tuple(items))
    assert read.understood


@pytest.mark.parametrize(
    ("cell", "broken"), [("['a', 'b'", True), ("['a", True), ("['a']", False), ('{"a","b"}', False)]
)
def test_broken_lists_are_said(cell: str, broken: bool) -> None:
    note = cells.read_list(cell).note
    assert (note is not None and note.code == "list_broken") is broken


def test_text_keeps_its_paragraphs_and_lines_do_not() -> None:
    assert cells.read_text("a \t b\r\n\r\n\r\n\r\nｃ\u200b").value == "a b\n\nc"
    assert cells.read_line("['IT培训   咨询\n顾问']").value == "IT培训 咨询 顾问"
    assert cells.read_text("  ").value is None
    assert cells.read_line("N/A").stated is False


READERS = [getattr(cells, name) for name in cells.__all__ if name.startswith("read_")]
READERS += [degree_in_text, experience_in_text]
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=60),
    st.text(
        alphabet="0123456789.,-—~万千元年月天薪人kK€$¥/ ()[]'\"；、\n本科硕博士英语CETN级以上不限面议JahrePhDr",
        max_size=30,
    ),
)


@settings(max_examples=600, deadline=None)
@given(CELLS)
def test_no_reader_ever_fails(cell: Cell) -> None:
    for reader in READERS:
        read = reader(cell)
        assert read.understood or (read.value is None and read.note is not None)
        if read.note is not None:
            assert "%(" not in read.note.message or "%(" in str(cell)


@pytest.mark.parametrize("text", ["(" * 20_000, "1-" * 20_000, "['a' " * 5_000, "a@" * 10_000,
                                  "年以上" * 5_000, " 1" * 10_000, "本科或" * 6_000, "x" * 100_000,
                                  "dipl" * 500, "dipl.-" * 300, "1.000" * 400, "3" * 2000])  # fmt: skip
def test_no_reader_takes_long(text: str) -> None:
    for reader in READERS:
        begun = time.process_time()
        reader(text)
        assert (time.process_time() - begun) < 1, reader
