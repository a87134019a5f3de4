"""A district collects its companies' openings: handed in, returned, passed on, approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.registries import merge
from talex.core.translated import TranslatedText
from talex.fair import services as fair
from talex.fair.collecting import queries, rules, services, tree
from talex.fair.collecting.models import Stage, Step, Submission
from talex.fair.models import Opening
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants.models import Organisation
from tests.fair import factories as make
from tests.fair.collecting_tree import Tree, state, sub

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


@pytest.fixture
def world() -> Tree:
    return Tree()


def test_the_whole_way_from_the_company_to_the_talents(world: Tree) -> None:
    world.quota(world.district)
    company, address = world.delegate(world.company, "zh-hans")
    district, _ = world.delegate(world.district, "de")
    made = world.write(company, world.company)
    assert (state(made), sub(made).stage) == ("draft", Stage.HANDED_IN)
    assert sub(made).collector == world.district
    handed = Message.objects.get(kind="collecting.handed_in")
    assert handed.language == "de" and "Laser engineer" in handed.text

    world.back(district, made, words="请写明工资。", faults=["pay", "other"])
    mail = Message.objects.get(kind="collecting.returned")
    assert (mail.address, mail.language) == (address, "zh-hans")
    assert "请写明工资。" in mail.text
    assert "原因：" in mail.text and "薪酬缺失或不合理" in mail.text
    assert sub(made).stage == Stage.RETURNED

    world.change(company, made, pay={"low": "9000", "currency": "CNY", "period": "month"})
    assert Message.objects.filter(kind="collecting.handed_in").count() == 2
    assert sub(made).stage == Stage.HANDED_IN
    world.forward(district, made)
    assert (state(made), sub(made).stage, sub(made).holds) == ("draft", Stage.PASSED, True)
    assert world.approve(made) == services.Approved(1, 0)
    assert (state(made), sub(made).stage) == ("open", Stage.APPROVED)
    assert Message.objects.get(kind="collecting.approved").address == address
    acts = list(Step.objects.values_list("act", flat=True))
    assert acts == ["hand_in", "return", "hand_in", "pass", "approve"]
    told = [one.event for one in Entry.objects.filter(event__startswith="fair.submission.")]
    assert len(told) == 5
    assert "请写明工资" not in "".join(str(one.canonical) for one in Entry.objects.all())


def test_without_reviewing_an_organisation_s_word_counts(world: Tree) -> None:
    services.set_reviewed(world.office, world.edition, False)
    company, _ = world.delegate(world.company)
    assert state(world.write(company, world.company)) == "open"
    assert not Submission.objects.exists()


def test_what_the_office_writes_is_open_at_once(world: Tree) -> None:
    assert state(world.write(world.office, world.company)) == "open"
    assert not Submission.objects.exists()


def test_without_a_collector_it_goes_straight_to_the_office(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    assert (sub(made).stage, sub(made).collector) == (Stage.PASSED, None)
    assert queries.waiting_for(world.office, world.edition) == 1
    world.approve(made)
    assert state(made) == "open"


def test_the_list_s_open_hands_in_and_does_not_open(world: Tree) -> None:
    company, _ = world.delegate(world.company)
    made = world.write(company, world.company, state="draft")
    assert not Submission.objects.exists()
    assert fair.set_openings_state(company, world.edition, [made.pk], "open") == [made.pk]
    assert (state(made), sub(made).stage) == ("draft", Stage.PASSED)
    # A second click changes nothing, and says so where it was for nothing else.
    with pytest.raises(Conflict) as refused:
        fair.set_openings_state(company, world.edition, [made.pk], "open")
    assert refused.value.items == [str(made.title)]
    services.hand_in(company, world.edition, made.pk)
    assert Step.objects.count() == 1
    other = world.write(company, world.company, state="draft")
    both = [made.pk, other.pk]
    assert fair.set_openings_state(company, world.edition, both, "open") == [other.pk]


def test_many_handed_in_at_once_are_one_mail_and_the_office_gets_none(world: Tree) -> None:
    world.quota(world.district)
    company, _ = world.delegate(world.company)
    world.delegate(world.district)
    alone, _ = world.delegate(world.alone)
    world.write(alone, world.alone)
    assert not Message.objects.filter(kind="collecting.handed_in").exists()
    made = [world.write(company, world.company, f"Post {n}", state="draft") for n in range(3)]
    fair.set_openings_state(company, world.edition, [one.pk for one in made], "open")
    told = Message.objects.get(kind="collecting.handed_in")
    assert all(f"Post {n}" in told.text for n in range(3)) and "3" in told.subject


def test_changes_of_an_open_opening_wait_and_the_approved_text_stays(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    world.approve(made)
    world.change(company, made, title=TranslatedText.of("Chief cook"), interviews_wanted=7)
    kept = Opening.objects.get(pk=made.pk)
    assert (str(kept.title), kept.state) == ("Laser engineer", "open")
    assert kept.interviews_wanted == 7  # not relevant: at once
    assert list(sub(made).proposed) == ["title"]
    assert sub(made).stage == Stage.PASSED
    (change,) = queries.changes(sub(made))
    assert (change.before, change.after) == ("Laser engineer", "Chief cook")
    # Returned: still open as approved; mended and approved: the new text.
    world.back(world.office, made)
    assert state(made) == "open"
    services.hand_in(company, world.edition, made.pk)
    assert sub(made).stage == Stage.PASSED
    world.approve(made)
    kept = Opening.objects.get(pk=made.pk)
    assert (str(kept.title), kept.title_line) == ("Chief cook", "Chief cook")
    assert (sub(made).proposed, sub(made).stage) == ({}, Stage.APPROVED)


def test_changing_it_back_takes_the_change_back(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    world.approve(made)
    world.change(company, made, title=TranslatedText.of("Chief cook"))
    world.change(company, made, title=TranslatedText.of("Laser engineer"))
    assert (sub(made).proposed, sub(made).stage) == ({}, Stage.APPROVED)


def test_what_the_office_changes_meanwhile_is_not_undone_by_approving(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    world.approve(made)
    world.change(company, made, title=TranslatedText.of("Chief cook"))
    world.change(world.office, made, region="Wuhan")
    assert sub(made).stage == Stage.PASSED
    world.approve(made)
    kept = Opening.objects.get(pk=made.pk)
    assert (str(kept.title), kept.region) == ("Chief cook", "Wuhan")


def test_closed_opens_again_as_it_was_approved_and_not_otherwise(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    world.approve(made)
    fair.set_openings_state(company, world.edition, [made.pk], "closed")
    assert fair.set_openings_state(company, world.edition, [made.pk], "open") == [made.pk]
    assert state(made) == "open"
    world.change(company, made, state="closed", title=TranslatedText.of("Something else"))
    assert state(made) == "closed"
    fair.set_openings_state(company, world.edition, [made.pk], "open")
    assert (state(made), sub(made).stage) == ("closed", Stage.PASSED)


def test_what_the_office_closed_its_side_does_not_open_again(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    world.approve(made)
    fair.set_openings_state(world.office, world.edition, [made.pk], "closed")
    fair.set_openings_state(company, world.edition, [made.pk], "open")
    assert state(made) == "closed"
    assert sub(made).stage == Stage.PASSED


def test_beyond_the_quota_is_refused_and_nothing_passes(world: Tree) -> None:
    world.quota(world.district, 1)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    first, second = world.write(company, world.company), world.write(company, world.company, "B")
    told = r"The quota is 1 opening\. Left: 1; handed in with this: 2\."
    with pytest.raises(Conflict, match=told):
        world.forward(district, first, second)
    assert not Submission.objects.filter(holds=True).exists()
    world.forward(district, first)
    with pytest.raises(Conflict, match="Left: 0"):
        world.forward(district, second)
    # Returned by the office: the place is free again.
    world.back(world.office, first)
    world.forward(district, second)


def test_places_count_people(world: Tree) -> None:
    world.quota(world.district, 9, seats=3)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    two = world.write(company, world.company, headcount=2)
    three = world.write(company, world.company, "B", headcount=3)
    world.forward(district, two)
    with pytest.raises(Conflict, match="Left: 1"):
        world.forward(district, three)
    world.approve(two)
    # More people than approved need room as well; closing gives it back.
    world.change(company, two, headcount=4)
    with pytest.raises(Conflict):
        world.forward(district, two)
    fair.set_openings_state(company, world.edition, [two.pk], "closed")
    world.forward(district, three)
    with pytest.raises(Conflict):
        fair.set_openings_state(company, world.edition, [two.pk], "open")
    assert state(two) == "closed"


def test_nobody_passes_on_approves_or_returns_what_is_not_theirs(world: Tree) -> None:
    world.quota(world.district)
    world.quota(world.elsewhere)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    other, _ = world.delegate(world.elsewhere)
    assistant, _ = world.delegate(world.district, role="assistant")
    made = world.write(company, world.company)
    for act in (world.forward, world.back):
        with pytest.raises(NotFound):
            act(other, made)
        for who in (company, assistant):
            with pytest.raises(NotAllowed):
                act(who, made)
    with pytest.raises(NotAllowed):
        services.approve(district, world.edition, [sub(made).pk])
    with pytest.raises(Conflict):
        world.approve(made)  # it is not the office's turn
    with pytest.raises(NotAllowed):
        services.set_reviewed(district, world.edition, False)
    with pytest.raises(NotAllowed):
        services.set_quota(district, world.edition, services.SetQuota(world.district.pk, 99))
    with pytest.raises(NotAllowed):
        services.take_back(district, world.edition, sub(made).pk)


def test_what_changed_while_it_was_read_is_refused(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    seen = sub(made).version
    world.change(company, made, title=TranslatedText.of("Other"))
    with pytest.raises(Conflict):
        services.approve(world.office, world.edition, [sub(made).pk], version=seen)
    assert state(made) == "draft"


def test_a_reason_is_needed(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    made = world.write(company, world.alone)
    for faults, words, field in (
        ([], "", "faults"), (["nonsense"], "", "faults"), (["other"], " ", "words"),
        (["pay"], "x" * 2001, "words"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            world.back(world.office, made, faults=faults, words=words)
        assert field in refused.value.fields


def test_a_collector_shares_its_quota_and_cannot_spend_it_twice(world: Tree) -> None:
    world.quota(world.district, 3)
    district, _ = world.delegate(world.district)
    park, _ = world.delegate(world.park)
    company, _ = world.delegate(world.company)

    def share(openings: int, to: Organisation = world.park) -> None:
        command = services.SetQuota(to.pk, openings, None, world.district.pk)
        services.set_quota(district, world.edition, command)

    with pytest.raises(Invalid, match="3 openings can be shared"):
        share(4)
    with pytest.raises(Invalid):
        share(1, world.elsewhere)
    share(2)
    made = [world.write(company, world.company, f"Post {n}") for n in range(3)]
    assert sub(made[0]).collector == world.park
    world.forward(park, made[0], made[1])
    with pytest.raises(Conflict):
        world.forward(park, made[2])
    with pytest.raises(Invalid, match="2 openings of it are taken"):
        share(1)
    with pytest.raises(NotAllowed):
        world.forward(district, made[2])  # it waits with the park; the district watches
    assert queries.submissions(district, world.edition).count() == 3
    with pytest.raises(Conflict, match="shared"):
        services.remove_quota(world.office, world.edition, services.RemoveQuota(world.district.pk))
    services.remove_quota(district, world.edition, services.RemoveQuota(world.park.pk))
    assert {sub(one).collector for one in made} == {world.district}
    world.forward(district, made[2])


def test_without_its_collector_what_waits_goes_to_the_office(world: Tree) -> None:
    world.quota(world.district)
    company, _ = world.delegate(world.company)
    made = world.write(company, world.company)
    services.remove_quota(world.office, world.edition, services.RemoveQuota(world.district.pk))
    assert (sub(made).stage, sub(made).collector) == (Stage.PASSED, None)


def test_visible_and_can_see_agree_for_everybody(world: Tree) -> None:
    world.quota(world.district)
    world.quota(world.elsewhere)
    people = {
        name: world.delegate(getattr(world, name))[0]
        for name in ("region", "district", "park", "company", "sister", "elsewhere", "stranger")
    }
    world.write(people["company"], world.company)
    world.write(people["sister"], world.sister)
    world.write(people["stranger"], world.stranger)
    taken = world.write(people["company"], world.company, "Taken back")
    services.take_back(people["company"], world.edition, sub(taken).pk)
    counts = {}
    for name, actor in {**people, "office": world.office, "nobody": Actor()}.items():
        seen = set(Submission.objects.filter(rules.visible(actor, world.edition.pk)))
        assert seen == {one for one in Submission.objects.all() if rules.can_see(actor, one)}
        counts[name] = len(seen)
    assert counts == {
        "region": 0, "district": 2, "park": 0, "company": 2, "sister": 1, "elsewhere": 1,
        "stranger": 1, "office": 4, "nobody": 0,
    }  # fmt: skip
    rows = {str(one.name): one.handed_in for one in queries.companies(
        people["district"], world.edition)}  # fmt: skip
    assert rows == {"Hongshan": 0, "Optics Valley": 0, "Laser Works": 1, "Fibre Works": 1}
    assert queries.waiting_for(people["district"], world.edition) == 2
    assert queries.waiting_for(people["company"], world.edition) == 0


def test_a_company_that_left_the_district_is_not_the_district_s_any_more(world: Tree) -> None:
    world.quota(world.district)
    company, _ = world.delegate(world.company)
    district, _ = world.delegate(world.district)
    made = world.write(company, world.company)
    world.company.parent = world.elsewhere
    world.company.save()
    with pytest.raises(NotFound):
        world.forward(district, made)
    services.take_back(company, world.edition, sub(made).pk)
    services.hand_in(company, world.edition, made.pk)
    assert (sub(made).stage, sub(made).collector) == (Stage.PASSED, None)


def test_one_organisation_that_waits_to_be_let_in_stops_no_others(world: Tree) -> None:
    company, _ = world.delegate(world.alone)
    good = world.write(company, world.alone)
    other, _ = world.delegate(world.stranger)
    bad = world.write(other, world.stranger)
    world.stranger.participations.update(pending_since=make.BEFORE)
    assert world.approve(good, bad) == services.Approved(1, 1)
    with pytest.raises(Conflict, match="Let the organisation in first"):
        world.approve(bad)


def test_the_tree_survives_a_circle(world: Tree) -> None:
    Organisation.objects.filter(pk=world.region.pk).update(parent=world.company)
    assert len(tree.below([world.region.pk])) == 7
    assert len(tree.above(world.company.pk)) == 4


def test_merging_collectors_moves_what_goes_through_them(world: Tree) -> None:
    world.quota(world.district)
    company, _ = world.delegate(world.company)
    made = world.write(company, world.company)
    (port,) = [one for one in merge if one.name == "collecting.organisations"]
    moved = port.merge(world.office, world.region.pk, world.district.pk)
    assert sub(made).collector == world.region
    port.undo(world.office, world.region.pk, world.district.pk, moved)
    assert sub(made).collector == world.district
    world.quota(world.region)
    assert port.clashes(world.region.pk, world.district.pk)


def test_the_api_tells_what_is_open_from_what_waits(world: Tree) -> None:
    company, _ = world.delegate(world.company)
    made = world.write(company, world.company, state="draft")
    client = Client()
    client.force_login(User.objects.get(pk=company.user))
    path = f"/api/editions/{world.edition.slug}/openings/state"

    def opened() -> Any:
        body = {"ids": [str(made.pk)], "state": "open"}
        return client.post(path, body, content_type="application/json")

    assert opened().json() == {"changed": [], "handed_in": [str(made.pk)]}
    again = opened()
    assert again.status_code == 409
    assert again.json()["items"] == [str(made.title)]
    assert "approval" in again.json()["detail"]


@pytest.mark.parametrize("who", ["district", "office"])
def test_for_a_collector_nobody_acts_for_those_above_pass_on(world: Tree, who: str) -> None:
    writer, _address = world.delegate(world.company)
    district, _address = world.delegate(world.district)
    region, _address = world.delegate(world.elsewhere)
    world.quota(world.district)
    world.quota(world.park)
    first, second = (world.write(writer, world.company, title) for title in ("First", "Second"))
    assert sub(first).collector_id == world.park.pk
    with pytest.raises((NotAllowed, NotFound)):
        world.forward(region, first)
    actor = district if who == "district" else world.office
    world.forward(actor, first)
    assert world.approve(first).done == 1
    # Once somebody acts for the park it is the park's own again.
    world.delegate(world.park)
    with pytest.raises(NotAllowed):
        world.forward(actor, second)
