"""Rows that are identical, and rows that are alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.participants.importing import queries, services
from talex.participants.importing.services import DecideSimilar, MergeIdentical
from talex.participants.models import SourceRow, Talent
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]

TWICE = """姓名,学历,技能
王伟,硕士,Python
李娜,本科,C++
王伟,硕士,Python
王伟,硕士,Python
"""
ALIKE = """name,email,degree,phone,skills
Anna Schmidt,anna@example.org,Diplom,,CATIA
Schmidt Anna,Anna@Example.org,,+49 30 1234567,
A. Schmidt,anna@example.org,PhD,,SAP
Bo Li,bo@example.org,,,
"""


def test_identical_people_wait_for_a_decision(write: Write) -> None:
    one = flow.preview(flow.edition(), write(TWICE))
    summary = queries.summary(one)
    assert (summary.identical_groups, summary.identical_rows, summary.distinct) == (1, 3, 2)
    assert not summary.can_apply
    with pytest.raises(Conflict, match="1 group of identical rows"):
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    assert services.merge_identical(SYSTEM, MergeIdentical(one.pk)) == 2
    assert [r.state for r in one.rows.all()] == ["new", "new", "merged", "merged"]
    flow.apply(one)
    assert Talent.objects.count() == 2
    wang = Talent.objects.get(person__name="王伟")
    assert SourceRow.objects.filter(object_id=wang.pk).count() == 3


def test_identical_rows_can_be_kept_apart_and_all_are_known_afterwards(write: Write) -> None:
    where = flow.edition()
    one = flow.preview(where, write(TWICE))
    services.merge_identical(SYSTEM, MergeIdentical(one.pk))
    assert (
        services.merge_identical(
            SYSTEM, MergeIdentical(one.pk, [flow.row(one, 2).fingerprint], merge=False)
        )
        == 2
    )
    flow.apply(one)
    assert Talent.objects.count() == 4
    assert queries.summary(flow.preview(where, write(TWICE))).states["known"] == 4


def test_a_further_identical_row_joins_the_one_that_is_known(write: Write) -> None:
    where = flow.edition()
    one = flow.preview(where, write("\n".join(TWICE.splitlines()[:3])))
    flow.apply(one)
    more = flow.preview(where, write(TWICE))
    assert [r.state for r in more.rows.all()] == ["known", "known", "new", "new"]
    assert services.merge_identical(SYSTEM, MergeIdentical(more.pk)) == 2
    flow.apply(more)
    assert Talent.objects.count() == 2
    wang = Talent.objects.get(person__name="王伟")
    assert SourceRow.objects.filter(object_id=wang.pk).count() == 3


def test_a_row_that_was_mended_is_not_merged_away(write: Write) -> None:
    one = flow.preview(flow.edition(), write(TWICE))
    services.correct_row(SYSTEM, services.CorrectRow(one.pk, 4, {"name": "王薇"}))
    assert services.merge_identical(SYSTEM, MergeIdentical(one.pk)) == 1
    flow.apply(one)
    assert sorted(Talent.objects.values_list("person__name", flat=True)) == ["李娜", "王伟", "王薇"]


def test_leaving_out_a_leader_lets_its_followers_stand(write: Write) -> None:
    one = flow.preview(flow.edition(), write(TWICE))
    services.merge_identical(SYSTEM, MergeIdentical(one.pk))
    services.exclude_rows(SYSTEM, services.ExcludeRows(one.pk, [2]))
    assert [r.state for r in one.rows.all()] == ["excluded", "new", "new", "new"]
    assert not queries.summary(one).can_apply


def test_rows_that_are_alike_are_reviewed_one_group_at_a_time(write: Write) -> None:
    one = flow.preview(flow.edition(), write(ALIKE))
    (likeness,) = queries.similar_groups(one)
    assert queries.summary(one).undecided_similar == 1
    with pytest.raises(Invalid, match="row of this group"):
        services.decide_similar(SYSTEM, DecideSimilar(one.pk, likeness, 5))
    assert services.decide_similar(SYSTEM, DecideSimilar(one.pk, likeness, 2)) == 2
    assert queries.similar_groups(one) == []
    # What the row does not say comes from the others, the first of the file first.
    leader = flow.row(one, 2)
    assert leader.values["phone"] == "+49301234567"
    assert (leader.values["degree_level"], leader.values["skills"]) == ("master", ["CATIA"])
    # The group can be taken apart again, and put together in another way.
    services.decide_similar(SYSTEM, DecideSimilar(one.pk, likeness, None))
    assert "phone" not in flow.row(one, 2).values
    services.decide_similar(SYSTEM, DecideSimilar(one.pk, likeness, 4))
    assert flow.row(one, 4).values["degree_level"] == "doctorate"
    # A new reading keeps the decision and what was borrowed.
    one = flow.read(one, institution="TU Musterstadt")
    assert flow.row(one, 4).values["phone"] == "+49301234567"
    flow.apply(one)
    assert Talent.objects.count() == 2
    assert Talent.objects.get(degree_level="doctorate").person.phone == "+49301234567"


def test_rows_of_different_people_are_not_alike(write: Write) -> None:
    one = flow.preview(flow.edition(), write("name,degree\nAnna,PhD\nAnna,Diplom\n"))
    assert queries.similar_groups(one) == []
