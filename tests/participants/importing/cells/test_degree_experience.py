"""Degree levels, years of experience, and both in running text."""
# Tables of cases; Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import itertools

import pytest

from talex.participants.importing.cells import (
    read_degree,
    read_degree_required,
    read_experience,
)
from talex.participants.importing.cells.base import Cell
from talex.participants.importing.cells.prose import degree_in_text, experience_in_text
from talex.participants.vocabulary import DegreeLevel, DegreeRequirement


def test_levels_compare_by_rank_not_by_letters() -> None:
    levels = [*map(DegreeLevel, ["secondary", "associate", "bachelor", "master", "doctorate"])]
    assert sorted([levels[3], levels[0], levels[4], levels[2], levels[1]]) == levels
    assert [level.rank for level in levels] == [1, 2, 3, 4, 5]
    for low, high in itertools.pairwise(levels):
        assert low < high and low <= high and high > low and high >= low
        assert not DegreeRequirement(high.value).admits(low)
        assert DegreeRequirement(low.value).admits(high)
        assert DegreeRequirement.NONE.admits(low)
    assert [DegreeLevel.from_rank(n) for n in range(1, 6)] == levels
    with pytest.raises(ValueError, match="0"):
        DegreeLevel.from_rank(0)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("大专", "associate"), ("专科", "associate"), ("高职", "associate"), ("本科", "bachelor"),
        ("大学本科", "bachelor"), ("统招本科", "bachelor"), ("学士", "bachelor"), ("硕士", "master"),
        ("硕士研究生", "master"), ("研究生", "master"), ("博士", "doctorate"),
        ("博士研究生", "doctorate"), ("博士后", "doctorate"), ("高中", "secondary"),
        ("中专", "secondary"), ("中技", "secondary"), ("初中及以下", "secondary"),
        ("['本科']", "bachelor"), ("Bachelor", "bachelor"), ("Bachelor's degree", "bachelor"),
        ("B.Sc. Physics", "bachelor"), ("BSc", "bachelor"), ("B.A.", "bachelor"), ("BA", "bachelor"),
        ("B.Eng.", "bachelor"), ("BTech", "bachelor"), ("Master", "master"), ("M.Sc.", "master"),
        ("MSc in Chemistry", "master"), ("M.A.", "master"), ("MA", "master"), ("MBA", "master"),
        ("MPhil", "master"), ("Master of Science", "master"), ("PhD", "doctorate"),
        ("Ph.D.", "doctorate"), ("Ph. D. in Physics", "doctorate"), ("Dr.", "doctorate"),
        ("Dr. rer. nat.", "doctorate"), ("Dr.-Ing.", "doctorate"), ("Prof. Dr.", "doctorate"),
        ("Promotion", "doctorate"), ("promoviert", "doctorate"), ("Doktor", "doctorate"),
        ("Doctorate", "doctorate"), ("Diplom", "master"), ("Diplom-Ingenieur", "master"),
        ("Dipl.-Ing.", "master"), ("Dipl.-Kfm.", "master"), ("Diplom (FH)", "bachelor"),
        ("Dipl.-Ing. (FH)", "bachelor"), ("Magister", "master"), ("Magister Artium", "master"),
        ("Staatsexamen", "master"), ("1. Staatsexamen", "master"), ("Associate degree", "associate"),
        ("Diploma", "associate"), ("High School", "secondary"), ("Abitur", "secondary"),
        ("Ausbildung", "secondary"), ("Masterabschluss", "master"),
        ("Hochschulabschluss", "bachelor"), ("MBBS", "bachelor"), ("Techniker", "bachelor"), ("专升本", "bachelor"),
        ("工学博士", "doctorate"), ("B.Sc., M.Sc.", "master"), ("本科/硕士", "master"),
    ],
)  # fmt: skip
def test_degree_of_a_person(cell: str, level: str) -> None:
    read = read_degree(cell)
    assert (read.value, read.understood) == (level, True)


@pytest.mark.parametrize(
    ("cell", "level"),
    [("博士在读", "master"), ("PhD candidate", "master"), ("Doktorand", "master"),
     ("Master student", "bachelor"), ("本科在读", "secondary")],
)  # fmt: skip
def test_unfinished_degree_counts_as_the_one_below(cell: str, level: str) -> None:
    read = read_degree(cell)
    assert read.value == level
    assert read.note is not None and read.note.code == "degree_in_progress"


@pytest.mark.parametrize(
    ("cell", "required"),
    [
        ("不限", "none"), ("学历不限", "none"), ("无要求", "none"), ("any", "none"),
        ("No degree required", "none"), ("egal", "none"), ("本科", "bachelor"),
        ("本科及以上", "bachelor"), ("本科/硕士", "bachelor"), ("大专-本科", "associate"),
        ("Bachelor or Master", "bachelor"), ("PhD", "doctorate"), ("硕士以上", "master"),
    ],
)  # fmt: skip
def test_degree_an_opening_asks_for(cell: str, required: str) -> None:
    read = read_degree_required(cell)
    assert (read.value, read.understood) == (required, True)


@pytest.mark.parametrize("cell", [None, "", "[]", "-"])
def test_no_requirement_is_not_the_same_as_nothing_said(cell: Cell) -> None:
    assert read_degree_required(cell).value is None
    assert read_degree_required(cell).understood
    assert read_degree_required("不限").value is DegreeRequirement.NONE


@pytest.mark.parametrize(
    "cell", ["英语熟练", "3-5年", "2人", "associate professor", "Berlin", 5, True, "x" * 5000, "硕"]
)
def test_no_degree(cell: Cell) -> None:
    for read in (read_degree(cell), read_degree_required(cell)):
        assert (read.value, read.understood) == (None, False)
        assert read.note is not None and read.note.code == "degree_not_understood"


@pytest.mark.parametrize(
    ("cell", "least", "most"),
    [
        ("3-5年", 3, 5), ("['3-4年工作经验']", 3, 4), ("1年工作经验", 1, 1), ("１０年以上", 10, None),
        ("10年以上工作经验", 10, None), ("1年以下", 0, 1), ("不限", 0, None), ("经验不限", 0, None),
        ("无需经验", 0, None), ("应届毕业生", 0, 0), ("无工作经验", 0, 0), ("在校/应届", 0, 0),
        ("三年以上", 3, None), ("十年", 10, 10), ("十五年以上", 15, None), ("5+ years", 5, None),
        ("at least 3 years", 3, None), ("minimum 2 years", 2, None), ("3 years", 3, 3),
        ("3 to 5 years of experience", 3, 5), ("up to 2 years", 0, 2), ("less than 1 year", 0, 1),
        ("mind. 2 Jahre", 2, None), ("mindestens 5 Jahre Berufserfahrung", 5, None),
        ("3-5 Jahre", 3, 5), ("drei Jahre", 3, 3), ("Berufseinsteiger", 0, 0),
        ("keine Berufserfahrung", 0, 0), ("no experience required", 0, None),
        ("Entry level", 0, 0), ("6 months", 0.5, 0.5), ("6个月", 0.5, 0.5), ("18 Monate", 1.5, 1.5),
        ("2,5 Jahre", 2.5, 2.5), ("2年实习经验", 0, 0),
        ("1 Jahr als Werkstudent", 0, 0), ("6 months internship", 0, 0), ("1年助教经验", 0, 0), ("ca. 6,8 Jahre", 6.8, 6.8), ("6,8 years", 6.8, 6.8), (7, 7, 7), (2.5, 2.5, 2.5), ("无", 0, 0), ("5年及以上", 5, None),
        ("5-3年", 3, 5), ("半年", 0.5, 0.5), ("一年半", 1.5, 1.5), ("6-12个月", 0.5, 1),
        ("6个月-1年", 0.5, 1), ("1 year 6 months", 1.5, 1.5), ("5年以上海外经历", 5, None),
        ("2 Jahre Berufserfahrung in der Industrie", 2, 2), ("keine", 0, 0), ("Ohne", 0, 0),
    ],
)  # fmt: skip
def test_years(cell: Cell, least: float, most: float | None) -> None:
    read = read_experience(cell)
    assert read.understood
    assert read.value is not None
    assert (read.value.least, read.value.most) == (least, most)


@pytest.mark.parametrize("cell", ["本科", "硕士", "英语精通", "2人", "1-2万/月", "2019-09-13", 1999,
                                  "abc", True, "13800138000", "5 projects"])  # fmt: skip
def test_no_years(cell: Cell) -> None:
    read = read_experience(cell)
    assert (read.value, read.understood) == (None, False)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("任职要求：1、大学本科及以上学历，计算机专业", "bachelor"),
        ("硕士及以上学历（博士优先）", "master"),
        ("学历要求：大专", "associate"),
        ("学历不限，能吃苦", "none"),
        ("本科或硕士学历", "bachelor"),
        ("Bachelor's degree in computer science or similar", "bachelor"),
        ("Abgeschlossenes Masterstudium der Physik", "master"),
        ("本科五年工作经验及以上", "bachelor"),
        ("硕士以上学历优先。", None),
        ("团队中有多名博士，与高校合作", None),
        ("You will lead a team of doctors", None),
        ("", None),
    ],
)
def test_degree_in_running_text(text: str, level: str | None) -> None:
    read = degree_in_text(text)
    assert read.value == level
    assert (read.note is not None) == (level is not None)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("具有3年以上大数据平台运维管理经验", 3, None),
        ("两年以上开发经验；5年以上工作经验", 5, None),
        ("有1-3年大数据开发的工作经验", 1, 3),
        ("工作经验：3年以上", 3, None),
        ("4年+大数据岗工作经验", 4, None),
        ("应届生亦可", 0, 0),
        ("经验不限", 0, None),
        ("at least 5 years of professional experience", 5, None),
        ("3+ years' experience with Python", 3, None),
        ("mindestens 3 Jahre einschlägige Berufserfahrung", 3, None),
        ("mindestens 2,5 Jahre Berufserfahrung", 2.5, None),
        ("三年以上工作经验", 3, None),
        ("mindestens 1 Jahr einschlägige Berufserfahrung", 1, None),
        ("at least 2.5 years of experience", 2.5, None),
        ("具有2.5年以上工作经验", 2.5, None),
        ("1.本科,3年以上工作经验", 3, None),
        ("2.3年以上工作经验", 3, None),
    ],
)
def test_years_in_running_text(text: str, least: float, most: float | None) -> None:
    read = experience_in_text(text)
    assert read.value is not None and read.note is not None
    assert (read.value.least, read.value.most) == (least, most)


@pytest.mark.parametrize(
    "text",
    [
        "公司成立20年，经验丰富",
        "3年以上工作经验者优先",
        "拥有10年历史",
        "合同期3年",
        "",
        "具有1年以上实习经验",
        "1年以上助教经验",
        "at least 1 year of internship experience",
        "mindestens 2 Jahre Erfahrung als wissenschaftliche Hilfskraft",
        "1 Jahr Berufserfahrung (z. B. Praktika, Werkstudent)",
        "1年以上工作经验(含实习)",
    ],
)
def test_no_years_in_running_text(text: str) -> None:
    assert experience_in_text(text).value is None
