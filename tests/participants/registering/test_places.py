"""Of an address in a CV, city, region and country are kept: no street, no number, no postcode."""

from __future__ import annotations

import pytest

from talex.participants.registering.resumes.person import read_person
from talex.participants.registering.resumes.places import coarse


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Karlsstraße 12, 01309 Dresden", "Dresden"),
        ("Karlsstr. 12 · D-01309 Dresden · Deutschland", "Dresden, Deutschland"),
        ("Am Waldrand 7a 60311 Frankfurt am Main", "Frankfurt am Main"),
        ("12 Main Street, Springfield, IL 62704, USA", "Springfield, IL, USA"),
        ("221B Baker Street, London NW1 6XE, UK", "London, UK"),
        ("湖北省武汉市洪山区珞喻路1037号", "湖北省武汉市"),
        ("中国 湖北省 武汉市 珞喻路1037号 430074", "中国 湖北省 武汉市"),
        ("上海市浦东新区世纪大道100号20楼", "上海市"),
        ("北京海淀区中关村东路1号院", "北京海淀区"),
        ("Dresden, Germany", "Dresden, Germany"),
        ("武汉市洪山区", "武汉市洪山区"),
        ("Halle (Saale)", "Halle (Saale)"),
        ("Karlsstraße 12", ""),
    ],
)
def test_streets_numbers_and_postcodes_are_left_out(address: str, kept: str) -> None:
    assert coarse(address) == kept


@pytest.mark.parametrize("label", ["Anschrift", "Address", "Wohnort"])
def test_a_cv_tells_the_city_alone(label: str) -> None:
    lines = ["Anna Weber", f"{label}: Karlsstraße 12, 01309 Dresden"]
    assert {one.value for one in read_person(lines, lines) if one.field == "region"} == {"Dresden"}


def test_a_chinese_cv_tells_the_city_alone() -> None:
    lines = ["李雷", "现居住地：湖北省武汉市洪山区珞喻路1037号"]
    (one,) = [one for one in read_person(lines, lines) if one.field == "region"]
    assert one.value == "湖北省武汉市"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("现居：武汉市洪山区 期望薪资：1.5-2万/月", "武汉市洪山区"),
        ("现居住地：青岛市黄岛区 手机 13700000456", "青岛市黄岛区"),
        ("现居地：中国 湖北省 武汉市 到岗时间：随时", "中国 湖北省 武汉市"),
        ("Wohnort: Köln E-Mail: lena@example.org", "Köln"),
        ("Location: Berlin Date of birth: 01.02.1990", "Berlin"),
        ("Location: Berlin Salary: 80 k/year", "Berlin"),
        ("Address: Halle (Saale), Germany", "Halle (Saale), Germany"),
    ],
)
def test_the_next_cell_of_the_row_is_no_part_of_the_place(line: str, told: str) -> None:
    """A browser's PDF leaves one blank between the cells of a narrow table."""
    (one,) = [one for one in read_person([], [line]) if one.field == "region"]
    assert one.value == told
