"""CVs of many looks, made for this: how much of what they say is read, and what broke before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talex.participants.registering.resumes import layout, understand, wrapped
from talex.participants.registering.resumes.headings import heading_of
from tests.participants.registering.looks.measure import HALVES, measure

TODAY = date(2026, 11, 28)
#: Least (precision, recall) over all fields. Nothing was tuned on what is held back.
LEAST = {"built": (0.98, 0.98), "held": (0.97, 0.87)}


def read(*lines: str) -> dict[str, Any]:
    return {one.field: one.value for one in understand(lines, TODAY)}


@pytest.mark.parametrize("half", HALVES)
def test_most_of_what_is_said_is_read(half: str) -> None:
    counted = measure(HALVES[half])
    right, got, all_ = (sum(column) for column in zip(*counted.values(), strict=True))
    precision, recall = LEAST[half]
    assert right / got >= precision, counted
    assert right / all_ >= recall, counted


def test_the_layout_and_the_reader_mean_the_same_sign() -> None:
    assert layout.FULL == wrapped.FULL


POST = ("Work experience", "01/2020 - 12/2022 Engineer, Muster GmbH")


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("工作年限：5年", "5"),
        ("工作经验：6年  现居：苏州", "6"),
        ("工作年限：十二年", "12"),
        ("Total work experience: 9 years 6 months", "9.5"),
        ("Years of experience: 7", "7"),
        ("Berufserfahrung: 10 Jahre", "10"),
        ("Berufserfahrung (in Jahren): 4", "4"),
        ("Engineer with 8 years of experience in automotive", "8"),
        ("Ingenieurin mit 10 Jahren Berufserfahrung", "10"),
        ("Ingenieur mit zehnjähriger Berufserfahrung", "10"),
        ("产品经理 | 8年工作经验", "8"),
        ("拥有十年以上研发经验", "10"),
        ("more than 15 years' professional experience", "15"),
        # What the posts show, where a sentence says less or leaves open how many.
        ("1 year of experience with Spark", "3"),
        ("2+ years of experience", "3"),
        ("2.5年以上测试经验", "3"),
        ("要求3-5年工作经验", "3"),
        ("Born in 1990, 30 years old", "3"),
    ],
)
def test_the_years_that_are_stated(line: str, years: str) -> None:
    assert read("Lena Vogel", line, *POST)["experience_years"] == years


def test_years_are_read_where_no_post_is() -> None:
    assert read("姓名：王伟", "工作年限：5年")["experience_years"] == "5"
    assert "experience_years" not in read("姓名：王伟", "年龄：25岁")


def test_a_line_of_all_years_is_no_post() -> None:
    (post,) = read("Berufserfahrung", "Berufserfahrung: 15 Jahre", POST[1])["experience"]
    assert post["employer"] == "Muster GmbH"


def test_how_long_a_skill_was_used_is_no_skill() -> None:
    assert read("专业技能", "2.5年以上Python经验", "10年以上Java")["skills"] == ["Python", "Java"]


FULL = wrapped.FULL


@pytest.mark.parametrize(
    ("lines", "school"),
    [
        (["Federal University of", f"Petroleum Resources{FULL}", "Effurun"],
         "Federal University of Petroleum Resources Effurun"),
        ([f"Rheinische Friedrich-Wilhelms-Universität{FULL}", "Bonn"],
         "Rheinische Friedrich-Wilhelms-Universität Bonn"),
        (["Hochschule für Angewandte", "Wissenschaften Hamburg"],
         "Hochschule für Angewandte Wissenschaften Hamburg"),
        ([f"Universität{FULL}", "Duisburg-Essen"], "Universität Duisburg-Essen"),
        ([f"北京航空航天大学自动化科{FULL}", "学与电气工程学院"],
         "北京航空航天大学自动化科学与电气工程学院"),
    ],
)  # fmt: skip
def test_a_university_broken_by_its_column_is_whole(lines: list[str], school: str) -> None:
    (study,) = read("Education", "2014 - 2018", *lines, "M.Sc. Physics")["education"]
    assert (study["institution"], study["discipline"]) == (school, "Physics")


def test_a_full_line_is_not_joined_to_what_is_of_another_kind() -> None:
    found = read(
        "Education", "2014 - 2018", f"M.Sc. Chemical{FULL}", f"Engineering{FULL}",
        f"University of Leeds{FULL}", "Experience", "2018 - 2020", f"Process Engineer{FULL}",
        f"Petrofac Ltd{FULL}", f"• led the design of{FULL}", "two plants",
    )  # fmt: skip
    (study,), (post,) = found["education"], found["experience"]
    assert (study["institution"], study["discipline"]) == (
        "University of Leeds",
        "Chemical Engineering",
    )
    assert (post["position"], post["employer"]) == ("Process Engineer", "Petrofac Ltd")
    assert post["text"] == "led the design of two plants"


def test_the_cells_of_a_form_are_read_as_pairs() -> None:
    found = read(
        "姓名\t刘倩\t性别\t女\t出生日期\t1990年3月12日", "工作年限\t12年\t现居住地\t成都市",
        "教育经历", "起止时间\t毕业院校\t专业\t学历", "2012.09-2016.06\t四川大学\t材料学\t博士",
    )  # fmt: skip
    assert (found["names"], found["birth_year"], found["region"]) == (["刘倩"], "1990", "成都市")
    assert found["experience_years"] == "12"
    assert found["education"] == [
        {"level": "doctorate", "institution": "四川大学", "discipline": "材料学", "year": "2016"}
    ]


def test_a_label_is_no_part_of_a_school() -> None:
    (study,) = read("教育背景", "2016年毕业", "毕业院校：四川大学", "专业：材料学  学历：硕士")[
        "education"
    ]
    assert (study["institution"], study["discipline"]) == ("四川大学", "材料学")


def test_an_address_broken_by_its_column_is_whole() -> None:
    assert read("Marta Nowak", "marta.nowak@exa", "mple.org")["email"] == "marta.nowak@example.org"
    assert "email" not in read("Marta Nowak", "marta.nowak@exa", "Regensburg, Germany")


def test_more_languages_are_known() -> None:
    (line,) = [read("Languages", "Bulgarian (native), Igbo B1, Malayalam C1")["languages"]]
    assert [one["code"] for one in line] == ["bg", "ig", "ml"]


def lines(*boxes: layout.Box) -> list[str]:
    found = layout.read_pages([boxes], lambda text: heading_of(text) is not None)
    return [line.rstrip(FULL) for line in found]


def test_a_heading_wider_than_its_margin_stands_before_its_lines() -> None:
    told = lines(
        (60, 700, 230, 716, "Beruflicher Werdegang"),
        (200, 682, 300, 692, "09/2017 – heute"), (200, 668, 420, 678, "Teamleiter, Sick AG"),
        (60, 640, 240, 656, "Akademischer Werdegang"),
        (200, 624, 300, 634, "10/2010 – 02/2013"), (200, 610, 420, 620, "M.Sc., KIT"),
        (60, 582, 140, 598, "Sprachen"), (200, 584, 400, 594, "Englisch (C1)"),
    )  # fmt: skip
    assert told == [
        "Beruflicher Werdegang", "09/2017 – heute", "Teamleiter, Sick AG",
        "Akademischer Werdegang", "10/2010 – 02/2013", "M.Sc., KIT", "Sprachen", "Englisch (C1)",
    ]  # fmt: skip


def test_a_column_that_goes_on_beside_is_read_in_one() -> None:
    left = [(50, 700 - 15 * n, 200, 710 - 15 * n, f"Zeile {n}") for n in range(1, 8)]
    told = lines(
        (50, 700, 120, 712, "Ausbildung"), *left,
        (300, 700, 400, 710, "Ende der Ausbildung"), (300, 685, 400, 697, "Berufserfahrung"),
        *((300, 685 - 19 * n, 500, 695 - 19 * n, f"Posten {n}") for n in range(1, 6)),
    )  # fmt: skip
    assert told.index("Zeile 7") < told.index("Ende der Ausbildung") < told.index("Berufserfahrung")
