"""Two at once: the last place of a quota goes to exactly one, a list is published once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from talex.fair.collecting import services
from talex.fair.collecting.models import Quota, Stage, Step, Submission
from talex.fair.publishing import services as publishing
from talex.fair.publishing.models import PublishedList
from tests.fair import factories as make
from tests.fair.collecting_tree import Tree, sub
from tests.fair.test_applying_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_at_the_last_place_exactly_one_passes() -> None:
    world = Tree()
    world.quota(world.district, 1)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    colleague, _ = world.delegate(world.district)
    made = [world.write(company, world.company, f"Post {n}") for n in range(4)]

    def forward(n: int) -> Callable[[], object]:
        who = district if n % 2 else colleague
        return lambda: world.forward(who, made[n])

    assert at_once(*[forward(n) for n in range(4)]) == ["conflict"] * 3 + ["done"]
    assert Submission.objects.filter(holds=True, stage=Stage.PASSED).count() == 1


def test_a_double_click_passes_once() -> None:
    world = Tree()
    world.quota(world.district, 3)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    made = world.write(company, world.company)
    clicks = [lambda: world.forward(district, made)] * 3
    assert at_once(*clicks) == ["conflict", "conflict", "done"]
    assert Step.objects.filter(act="pass").count() == 1


def test_many_of_both_orders_do_not_lock_each_other_out() -> None:
    world = Tree()
    world.quota(world.district, 3)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    made = [world.write(company, world.company, f"Post {n}") for n in range(4)]
    found = at_once(
        lambda: world.forward(district, made[0], made[1]),
        lambda: world.forward(district, made[3], made[2]),
    )
    assert found == ["conflict", "done"]
    assert Submission.objects.filter(holds=True).count() == 2


def test_a_share_and_a_pass_do_not_spend_the_same_place() -> None:
    world = Tree()
    world.quota(world.district, 1)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    made = world.write(company, world.company)

    def share() -> object:
        command = services.SetQuota(world.park.pk, 1, None, world.district.pk)
        return services.set_quota(district, world.edition, command)

    found = at_once(share, lambda: world.forward(district, made))
    assert found.count("done") == 1
    shared = Quota.objects.filter(given_by=world.district).count()
    assert shared + Submission.objects.filter(holds=True).count() == 1


def test_returned_and_passed_at_once_is_one_of_the_two() -> None:
    world = Tree()
    world.quota(world.district, 3)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    made = world.write(company, world.company)
    found = at_once(lambda: world.forward(district, made), lambda: world.back(world.office, made))
    # Returned by the collector's side or by the office after it was passed on; never both lost.
    assert "done" in found
    assert sub(made).stage in (Stage.PASSED, Stage.RETURNED)
    assert sub(made).holds is (sub(made).stage == Stage.PASSED)


def test_a_list_is_published_once() -> None:
    world = Tree()
    make.opening(world.edition, world.company)

    def publish() -> object:
        return publishing.publish(world.office, world.edition, publishing.Publish())

    assert at_once(publish, publish, publish) == ["conflict", "conflict", "done"]
    assert [one.number for one in PublishedList.objects.all()] == [1]
