"""Name, sex, age, photograph and nationality change nothing about who is proposed to whom."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from talex.editions.models import Edition
from talex.engine.matching import Problem
from talex.fair.matching import frame
from talex.fair.models import TextVector
from talex.fair.neutral import neutral
from talex.fair.proposing import solved
from talex.fair.services import RunMatching
from talex.participants.models import Person, Talent
from tests.fair import factories as make
from tests.fair.test_matching import Letters

ONE = {
    "name": "王 小丽", "birth_year": 1998, "nationality": "中国", "sex": "女", "photo": "li.jpg",
    "age": "28", "email": "li@example.org", "phone": "+86 1", "language": "zh",
}  # fmt: skip
OTHER = {
    "name": "Hans Peter Maier", "birth_year": 1961, "nationality": "Deutschland", "sex": "男",
    "photo": "hans.png", "age": "65", "email": "hp@example.org", "phone": "+49 2", "language": "de",
}  # fmt: skip
WORK = [
    ("Battery engineer", ["BMS", "电池管理"], "led tests of cells", "doctorate"),
    ("激光工程师", ["optics"], "设计激光器，调试光路", "master"),
    ("Softwareentwickler", ["Python", "SQL"], "Entwicklung von Datenbanken", "bachelor"),
    ("Data analyst", ["SQL", "statistics"], "reports for a bank", "master"),
]
PROFILES = (
    "Name: {name}; Sex: {sex}; Age: {age}; Nationality: {nationality}\n{text}",
    "姓名：{name} 性别：{sex} 年龄：{age} 国籍：{nationality}\n{text}",
    "{text}. Geschlecht: {sex}, Alter: {age}, Staatsangehörigkeit: {nationality}, Foto: {photo}",
    "{sex}，{age}岁，{text}\n{name}",
)


def _fair(where: Edition) -> None:
    company = make.organisation(where, region="Wuhan")
    for title, skills, _text, degree in WORK:
        make.opening(where, company, title, skills=skills, degree_required=degree, headcount=1)
    for row in range(12):
        title, skills, _text, degree = WORK[row % 4]
        make.talent(where, current_position=title, skills=skills, degree_level=degree)


def _dress(where: Edition, swapped: bool) -> None:
    """Give every talent the attributes of one group or the other, wherever they may stand."""
    for row, talent in enumerate(Talent.objects.filter(edition=where).order_by("id")):
        who = (ONE, OTHER)[(row % 3 == 0) ^ swapped]
        person = Person.objects.get(pk=talent.person_id)
        for name in ("name", "birth_year", "nationality", "email", "phone", "language"):
            setattr(person, name, who[name])
        person.save()
        talent.unread = {"性别": who["sex"], "Age": who["age"], "Foto": who["photo"]}
        text = WORK[row % 4][2]
        talent.profile_text = PROFILES[row % 4].format(**who, text=text)
        talent.save()


def _equal(one: Any, other: Any, path: str = "problem") -> None:
    """The two are the same down to the last bit."""
    assert type(one) is type(other), path
    if is_dataclass(one):
        for each in fields(one):
            _equal(getattr(one, each.name), getattr(other, each.name), f"{path}.{each.name}")
    elif isinstance(one, csr_array):
        for part in ("indptr", "indices", "data"):
            _equal(getattr(one, part), getattr(other, part), f"{path}.{part}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=path)
    else:
        assert one == other, path


@pytest.mark.django_db
def test_swapping_what_must_not_count_changes_nothing() -> None:
    where = make.edition()
    _fair(where)
    found: list[Problem] = []
    answers = []
    for swapped in (False, True):
        _dress(where, swapped)
        # No vector of the first world is read again in the second.
        TextVector.objects.all().delete()
        seen = Letters()
        made = frame(where, seen)
        assert made is not None
        assert not [t for t in seen.seen if any(v in t for v in ("小丽", "Maier", "中国", "65"))]
        found.append(made.problem)
        solution = solved(where, RunMatching(per_talent=2), embedder=Letters())
        assert solution is not None and len(solution.solution.pairs)
        answers.append(solution.solution)
    _equal(*found)
    _equal(*answers, path="solution")


@pytest.mark.django_db
def test_what_counts_does_change_it() -> None:
    """The test above could find a difference if there were one."""
    where = make.edition()
    _fair(where)
    _dress(where, False)
    before = frame(where, Letters())
    talent = Talent.objects.filter(edition=where).first()
    assert talent is not None and before is not None
    talent.profile_text += " and quantum computing"
    talent.save()
    after = frame(where, Letters())
    assert after is not None
    with pytest.raises(AssertionError):
        _equal(before.problem, after.problem)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Date of birth: 3.4.1990; Python", "; Python"),
        ("姓名：张三 性别：女 专业：光学", "  专业：光学"),
        ("Born on: 1990\nwelding", "\nwelding"),
        ("Familienstand: ledig, Schweißen", ", Schweißen"),
        ("I am 32 years old and weld", "I am  and weld"),
        ("Female, CNC", ", CNC"),
        # What is not about the person stays.
        ("Sales of average age groups", "Sales of average age groups"),
        ("Women's health and 女性健康研究", "Women's health and 女性健康研究"),
        ("Programming language: Python", "Programming language: Python"),
        ("5年电池经验", "5年电池经验"),
    ],
)
def test_a_profile_is_made_neutral(text: str, left: str) -> None:
    assert neutral(text) == left


def test_the_full_name_goes_and_a_single_word_stays() -> None:
    assert neutral("Anna Weber, Weber von Beruf", ["Anna Weber"]) == " , Weber von Beruf"
    assert neutral("Python", ["Python"]) == "Python"
    assert neutral("我叫王伟，做电池", ["王伟"]) == "我叫 ，做电池"
    assert neutral("欧阳小丽的项目", ["欧阳小丽"]) == " 的项目"
    assert neutral("负荷高峰时段", ["高峰"]) == "负荷高峰时段"
