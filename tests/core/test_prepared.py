"""Statements that are compiled once and asked with other values."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from talex.core.models import RateCount
from talex.core.prepared import Prepared, PreparedRecords
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.participants.models import Person, Talent
from tests.fair.factories import edition as make_edition

pytestmark = pytest.mark.django_db


def rows(count: int) -> list[RateCount]:
    return [RateCount.objects.create(key=f"k{n}", window=n, ends=n) for n in range(count)]


def test_it_answers_as_the_queryset_does() -> None:
    made = rows(3)
    asked = Prepared(lambda pk: RateCount.objects.filter(pk=pk).values_list("pk", "key", "window"))
    for one in made:
        # Twice: the first compiles, the second only changes the value.
        assert asked(one.pk) == asked(str(one.pk)) == [(one.pk, one.key, one.window)]
    assert isinstance(asked(made[0].pk)[0][0], UUID)
    assert asked(uuid4()) == []


def test_values_go_where_they_belong_whatever_their_order_and_number() -> None:
    first, second, _third = rows(3)
    either = Prepared(
        lambda b, a: RateCount.objects.filter(pk__in=[a, b, a]).exclude(pk=b).values_list("key")
    )
    assert either(first.pk, second.pk) == [(second.key,)]
    assert either(second.pk, first.pk) == [(first.key,)]


def test_each_call_is_one_statement_and_sees_what_was_written_since() -> None:
    (one,) = rows(1)
    asked = Prepared(lambda pk: RateCount.objects.filter(pk=pk).values_list("count"))
    assert asked(one.pk) == [(0,)]
    RateCount.objects.filter(pk=one.pk).update(count=7)
    with CaptureQueriesContext(connection) as seen:
        assert asked(one.pk) == [(7,)]
    assert len(seen) == 1


def test_a_wrong_number_of_values_or_one_that_is_no_parameter_is_a_fault() -> None:
    asked = Prepared(lambda pk: RateCount.objects.filter(pk=pk).values_list("key"))
    with pytest.raises(TypeError, match="1 values are wanted"):
        asked(uuid4(), uuid4())
    lost = Prepared(lambda pk: RateCount.objects.values_list("key"))
    with pytest.raises(TypeError, match="a parameter of its own"):
        lost(uuid4())


def test_records_come_as_from_the_queryset_with_what_hangs_on_them() -> None:
    where = make_edition(slug="wuhan", name=TranslatedText({"en": "Wuhan", "zh-hans": "武汉"}))
    person = Person.objects.create(name="Ada")
    talent = Talent.objects.create(person=person, edition=where, skills=["welding"])
    editions = PreparedRecords(lambda slug: Edition.objects.filter(slug=slug))
    (found,) = editions("wuhan")
    assert (found, found.name, found._state.adding) == (where, where.name, False)
    assert editions("elsewhere") == []
    talents = PreparedRecords(
        lambda edition, pk: Talent.objects.select_related("person").filter(
            edition=edition, person=pk
        )
    )
    for _time in range(2):
        with CaptureQueriesContext(connection) as seen:
            (one,) = talents(where.pk, person.pk)
            assert (one, one.person.name, one.skills) == (talent, "Ada", ["welding"])
        assert len(seen) == 1
    # A record is one's own: it can be changed and saved.
    one.skills = ["soldering"]
    one.save()
    assert talents(where.pk, person.pk)[0].skills == ["soldering"]


def test_records_of_an_annotated_queryset_are_a_fault() -> None:
    counted = PreparedRecords(
        lambda pk: Edition.objects.filter(pk=pk).annotate(counted=Count("talents"))
    )
    with pytest.raises(TypeError, match="plain records"):
        counted(uuid4())
