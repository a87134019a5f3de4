"""Figures count what is known: outcomes, withdrawals, merged and erased people."""

from __future__ import annotations

import pytest

from talex.bulletin.counting import Cutoff, compute, counts, evidence_of, seals
from talex.bulletin.definitions import BY_KEY, DEFINITIONS
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.evidence.models import Evidence
from talex.evidence.services import Facts, WithdrawEvidence, count_as, freeze, withdraw
from tests.bulletin.factories import day, edition, reach, talent

pytestmark = pytest.mark.django_db
OFFER = BY_KEY["offer_accepted"]
REGISTERED = BY_KEY["registered"]


def test_a_confirmed_outcome_raises_the_figure_and_a_withdrawal_lowers_it() -> None:
    week = edition()
    someone = talent(week)
    assert compute(week.pk, OFFER, day(9), day(9)) == {}
    with clock.at(day(2)):
        row = reach(someone.pk, week, "offer_accepted", day(1))
    assert compute(week.pk, OFFER, day(9), day(9)) == {"": 1}
    with clock.at(day(4)):
        withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="The offer was for another."))
    assert compute(week.pk, OFFER, day(9), day(9)) == {}
    # What was known before stays what it was.
    assert compute(week.pk, OFFER, day(9), day(3)) == {"": 1}


def test_both_instants_count() -> None:
    week = edition()
    someone = talent(week)
    with clock.at(day(5)):
        reach(someone.pk, week, "interviewed", day(2))
    figure = BY_KEY["interviewed"]
    assert compute(week.pk, figure, day(2), day(5)) == {"": 1}, "the instants themselves count"
    assert compute(week.pk, figure, day(1.99), day(9)) == {}, "it had not happened"
    assert compute(week.pk, figure, day(3), day(4.99)) == {}, "nobody knew yet"


def test_a_person_is_counted_once_however_often_the_rung_was_reached() -> None:
    week = edition()
    someone = talent(week)
    with clock.at(day(3)):
        for meeting in ("1", "2", "3"):
            reach(someone.pk, week, "interviewed", day(2), source=("meeting", meeting))
    cutoff = Cutoff(day(9), day(9))
    assert counts(week.pk, cutoff)["interviewed"] == {"": 1}
    assert evidence_of(week.pk, cutoff, BY_KEY["interviewed"]).count() == 3


def test_merged_people_count_once_from_when_it_was_known() -> None:
    week = edition()
    one, other = talent(week, degree="doctorate"), talent(week, degree="bachelor")
    third = talent(week, degree="bachelor")
    with clock.at(day(3)), work():
        count_as([(week.pk, other.pk, one.pk)])
    with clock.at(day(4)), work():
        count_as([(week.pk, one.pk, third.pk)])
    before = compute(week.pk, REGISTERED, day(9), day(2), "degree_level")
    assert before == {"doctorate": 1, "bachelor": 2}
    assert compute(week.pk, REGISTERED, day(9), day(3), "degree_level") == {
        "doctorate": 1,
        "bachelor": 1,
    }
    assert compute(week.pk, REGISTERED, day(9), day(9), "degree_level") == {"bachelor": 1}
    rows = evidence_of(week.pk, Cutoff(day(9), day(9)), REGISTERED, "degree_level", "bachelor")
    assert {row.counted for row in rows} == {third.pk}
    assert {row.subject_id for row in rows} == {one.pk, other.pk, third.pk}
    # And one more row takes it back.
    with clock.at(day(5)), work():
        count_as([(week.pk, one.pk, one.pk), (week.pk, other.pk, other.pk)])
    assert compute(week.pk, REGISTERED, day(9), day(9)) == {"": 3}


def test_figures_are_split_by_the_facts_known_then() -> None:
    week = edition()
    someone = talent(week, degree="master")
    with clock.at(day(3)), work():
        freeze(week.pk, {someone.pk: Facts("doctorate", "laser", "Hubei")})
    assert compute(week.pk, REGISTERED, day(9), day(2), "degree_level") == {"master": 1}
    assert compute(week.pk, REGISTERED, day(9), day(3), "degree_level") == {"doctorate": 1}


def test_people_without_facts_count_under_nothing() -> None:
    week = edition()
    talent(week, degree="", industry="")
    assert compute(week.pk, REGISTERED, day(9), day(9), "industry") == {"": 1}


def test_another_edition_does_not_count() -> None:
    week, other = edition(), edition()
    talent(other)
    assert compute(week.pk, REGISTERED, day(9), day(9)) == {}


@pytest.mark.parametrize("by", ["degree_level", "industry", "region"])
def test_every_cell_opens_down_to_as_many_people_as_it_says(by: str) -> None:
    week = edition()
    for number in range(12):
        someone = talent(
            week,
            degree=("bachelor", "master", "")[number % 3],
            industry=("laser", "seeds")[number % 2],
            region=("Hubei", "Berlin", "")[number % 3],
            rungs=("registered", "verified")[: 1 + number % 2],
        )
        if number % 4 == 0:
            with clock.at(day(3)):
                reach(someone.pk, week, "interviewed", day(2), source=("meeting", "1"))
                reach(someone.pk, week, "interviewed", day(2), source=("meeting", "2"))
    cutoff = Cutoff(day(9), day(9))
    split = counts(week.pk, cutoff, by)
    for figure in DEFINITIONS:
        for value, number in split[figure.key].items():
            rows = evidence_of(week.pk, cutoff, figure, by, value)
            assert len({row.counted for row in rows}) == number
    assert sum(split["registered"].values()) == 12


def test_the_number_of_statements_does_not_grow(django_assert_num_queries: object) -> None:
    week = edition()
    for number in range(6):
        talent(week, industry=f"industry {number}")
    with django_assert_num_queries(1):  # type: ignore[operator]
        counts(week.pk, Cutoff(day(9), day(9)), "industry")


def test_seals_tell_the_same_number_on_other_records() -> None:
    week = edition()
    someone = talent(week)
    cutoff = Cutoff(day(9), day(9))
    before = seals(week.pk, cutoff)
    row = Evidence.objects.get(subject_id=someone.pk)
    with clock.at(day(2)):
        withdraw(SYSTEM, WithdrawEvidence(evidence=row.pk, reason="Wrong day."))
        reach(someone.pk, week, "registered", day(0.5), source=("application", ""))
    after = seals(week.pk, cutoff)
    assert before["registered"][0] == after["registered"][0] == 1
    assert before["registered"] != after["registered"]
    assert before["verified"] == after["verified"]
