"""Which column is which field."""

# Tables of cases; Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import pytest

from talex.participants.importing.fields import FIELDS, SYNONYMS, Target
from talex.participants.importing.headings import LEAST_CONFIDENCE, is_known, normal, suggest


@pytest.mark.parametrize(
    ("target", "heading", "field"),
    [
        ("talent", "姓名", "name"), ("talent", "Full name", "name"), ("talent", "Vollständiger Name", "name"),
        ("talent", "英文名", "name_latin"), ("talent", "姓名（拼音）", "name_latin"),
        ("talent", "姓名（必填）", "name"), ("talent", "E-Mail", "email"),
        ("talent", "电子邮箱 *", "email"), ("talent", "学历/Degree", "degree_level"),
        ("talent", "Höchster Abschluss", "degree_level"), ("talent", "毕业院校", "institution"),
        ("talent", "Hochschule", "institution"), ("talent", "Major", "discipline"),
        ("talent", "Fachrichtung", "discipline"), ("talent", "skill_set", "skills"),
        ("talent", "Sprachkenntnisse", "languages"), ("talent", "工作年限", "experience_years"),
        ("talent", "Resume_str", "resume_text"), ("talent", "国籍", "nationality_region"),
        ("talent", "期望城市", "wished_regions"), ("talent", "Wunschbranche", "wished_industries"),
        ("talent", "Verfügbar ab", "available_from"), ("talent", "timeZone", "time_zone"),
        ("talent", "参会方式", "mode"), ("talent", "Korrespondenzsprache", "language"),
        ("talent", "favourite colour", None), ("talent", "备注", None),
        ("organisation", "企业名称", "name"), ("organisation", "Firmenname", "name"),
        ("organisation", "统一社会信用代码", "registration_number"), ("organisation", "Größe", "size"),
        ("organisation", "Straße", "address"), ("organisation", "Ansprechpartner", "contact_name"),
        ("organisation", "官网", "website"), ("organisation", "英文名称", "name_en"),
        ("opening", "职位", "title"), ("opening", "岗位名称", "title"), ("opening", "positionName", "title"),
        ("opening", "Stellentitel", "title"), ("opening", "companyFullName", "organisation"),
        ("opening", "学历要求", "degree_required"), ("opening", "workYear", "experience_required"),
        ("opening", "Berufserfahrung (Jahre)", "experience_required"), ("opening", "薪资", "pay"),
        ("opening", "Gehalt", "pay"), ("opening", "Salery range", "pay"), ("opening", "人数", "headcount"),
        ("opening", "Anzahl Stellen", "headcount"), ("opening", "截止日期", "closes_on"),
        ("opening", "Bewerbungsfrist", "closes_on"), ("opening", "Arbeitsort", "region"),
        ("opening", "latitude", None), ("opening", "融资阶段", None),
    ],
)  # fmt: skip
def test_one_heading(target: Target, heading: str, field: str | None) -> None:
    (found,) = suggest([heading], [[]], target)
    assert found.field == field
    assert (found.confidence >= LEAST_CONFIDENCE) is (field is not None)


def test_a_field_is_given_once_to_the_surest_column() -> None:
    found = suggest(["Contact", "Company", "公司名称 (CN)"], [[], [], []], "opening")
    assert [entry.field for entry in found] == [None, "organisation", None]


def test_cells_decide_against_a_heading_they_do_not_fit() -> None:
    dates = ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert suggest(["E-mail of the contact"], [dates], "opening")[0].field is None
    named = suggest(["contact e-mail"], [dates], "opening")[0]
    assert named.field == "contact_email"  # its very name: stays, with doubt
    assert named.confidence < 0.7 and named.understood == 0


def test_cells_alone_can_tell() -> None:
    found = suggest(
        ["Spalte 1", "Spalte 2", "Spalte 3"],
        [["a@b.de", "c@d.de", "e@f.de"], ["本科", "硕士", "博士"], ["x", "y", "z"]],
        "talent",
    )
    assert [entry.field for entry in found] == ["email", "degree_level", None]


def test_normal_form() -> None:
    assert (
        normal(" position_Name ") == normal("positionName") == normal("ＰＯＳＩＴＩＯＮ ＮＡＭＥ")
    )
    assert is_known("岗位名称（必填）") and not is_known("2026年人才交流大会")


def test_every_field_of_the_brief_is_there_and_every_synonym_is_normal() -> None:
    assert len(FIELDS["talent"]) == 23
    assert {"kind", "registration_number", "contact_email"} <= set(FIELDS["organisation"])
    assert {"degree_required", "closes_on", "pay", "headcount"} <= set(FIELDS["opening"])
    for fields in SYNONYMS.values():
        for words in fields.values():
            assert [normal(word) for word in words] == list(words)


def test_a_text_too_long_for_a_heading_is_not_searched() -> None:
    """Each open bracket looks for its end: this took minutes."""
    cell = "[a" * 150_000
    assert not is_known(cell)
    assert [one.field for one in suggest([cell], [[None]], "talent")] == [None]
