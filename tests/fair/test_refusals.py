"""Not for me: never proposed again, counted for the office, taken back; hiding, for both sides."""

from __future__ import annotations

import pytest

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.fair.matching import _decided, _far
from talex.fair.models import Hidden, Match, Refusal
from talex.fair.privacy import alias
from talex.fair.queries_refusals import refusal_counts
from talex.fair.services import (
    AskToMeet,
    Refuse,
    ask_to_meet,
    hide,
    refuse,
    take_refusal_back,
)
from talex.ledger.models import Entry
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def closed(world: World) -> bool:
    return bool(
        _decided(world.edition, [world.talent.pk], [world.opening.pk], _far(world.edition)).nnz
    )


@pytest.mark.parametrize("side", ["talent", "employer"])
def test_a_refused_pair_is_gone_for_both_and_comes_back(world: World, side: str) -> None:
    talent, desk = make.as_talent(world.talent), make.as_delegate(world.delegate)
    if side == "talent":
        one = refuse(talent, world.edition, Refuse(world.opening.pk, "place", "too far"))
        own, other = talent, desk
    else:
        one = refuse(
            desk, world.edition, Refuse(world.opening.pk, "skills", talent=world.talent.pk)
        )
        own, other = desk, talent
    assert "Battery engineer" not in world.get("talent", "for_you").content.decode()
    assert alias(world.talent) not in world.get("delegate", "candidates").content.decode()
    assert closed(world)
    with pytest.raises(NotFound):
        take_refusal_back(other, world.edition, one.pk)
    take_refusal_back(own, world.edition, one.pk)
    assert Match.objects.get().state == "proposed"
    assert not closed(world) and not Refusal.objects.exists()
    assert "Battery engineer" in world.get("talent", "for_you").content.decode()


def test_both_sides_must_take_back_what_both_refused(world: World) -> None:
    talent, desk = make.as_talent(world.talent), make.as_delegate(world.delegate)
    first = refuse(talent, world.edition, Refuse(world.opening.pk, "pay"))
    second = refuse(desk, world.edition, Refuse(world.opening.pk, "level", talent=world.talent.pk))
    take_refusal_back(talent, world.edition, first.pk)
    assert Match.objects.get().state == "rejected"
    take_refusal_back(desk, world.edition, second.pk)
    assert Match.objects.get().state == "proposed"


def test_an_own_rejection_of_the_office_is_not_undone(world: World) -> None:
    Match.objects.update(state="rejected")
    talent = make.as_talent(world.talent)
    one = refuse(talent, world.edition, Refuse(world.opening.pk, "pay"))
    take_refusal_back(talent, world.edition, one.pk)
    assert Match.objects.get().state == "rejected"


def test_what_stands_has_its_own_answer(world: World) -> None:
    make.interest(world.talent, world.opening, expires_at=make.BEFORE.replace(year=2099))
    with pytest.raises(Conflict):
        refuse(make.as_talent(world.talent), world.edition, Refuse(world.opening.pk, "pay"))
    assert not Refusal.objects.exists()


def test_who_may_refuse_what(world: World) -> None:
    talent, office = make.as_talent(world.talent), make.office(world.edition)
    with pytest.raises(Invalid):
        refuse(talent, world.edition, Refuse(world.opening.pk, "skills"))  # the other side's reason
    with pytest.raises(NotAllowed):
        refuse(office, world.edition, Refuse(world.opening.pk, "pay"))
    other = make.delegate(world.edition, make.organisation(world.edition, "Other"), "Eve")
    with pytest.raises(NotAllowed):
        refuse(
            make.as_delegate(other), world.edition,
            Refuse(world.opening.pk, "level", talent=world.talent.pk),
        )  # fmt: skip
    unseen = make.talent(world.edition, "Unseen")
    with pytest.raises(NotFound):
        refuse(
            make.as_delegate(world.delegate), world.edition,
            Refuse(world.opening.pk, "level", talent=unseen.pk),
        )  # fmt: skip


def test_pages_forms_and_what_the_office_reads(world: World) -> None:
    form = world.get("talent", "refuse", pk=world.opening.pk).content.decode()
    assert "The pay does not suit" in form and "Important skills" not in form
    assert world.post("talent", "refuse", {}, pk=world.opening.pk).status_code == 422
    sent = {"reason": "pay", "note": "half of what I have"}
    assert world.post("talent", "refuse", sent, pk=world.opening.pk).status_code == 303
    told = world.get("talent", "refused").content.decode()
    assert "half of what I have" in told
    assert "half of what I have" not in world.get("delegate", "refused").content.decode()
    counted = world.get("office", "refusal_counts").content.decode()
    assert "The pay does not suit" in counted and "half of what I have" in counted
    assert "Anna Weber" not in counted and "Battery engineer" not in counted
    assert refusal_counts(world.edition)["talent"] == {"pay": 1}
    # The ledger's facts name the reason, and not the words.
    facts = Entry.objects.filter(event="fair.pair.refused").get().canonical
    assert "pay" in facts and "half" not in facts
    one = Refusal.objects.get()
    assert world.post("talent", "refusal_back", {}, pk=one.pk).status_code == 302
    assert not Refusal.objects.exists()


def test_a_delegate_hides_a_candidate_and_the_talent_does_not_notice(world: World) -> None:
    assert world.post("delegate", "hide_candidate", {}, pk=world.match.pk).status_code == 302
    assert Hidden.objects.get().side == "employer"
    assert "Invite" not in world.get("delegate", "candidates").content.decode()
    assert "Battery engineer" in world.get("talent", "for_you").content.decode()
    assert world.post("office", "hide_candidate", {}, pk=world.match.pk).status_code == 403
    other = make.as_talent(world.talent)
    with pytest.raises(NotFound):
        from talex.fair.services import show_again

        show_again(other, world.edition, Hidden.objects.get().pk)
    done = world.post("delegate", "show_again", {}, pk=Hidden.objects.get().pk)
    assert done.status_code == 302 and not Hidden.objects.exists()
    hide(other, world.edition, world.opening.pk)
    assert "Invite" in world.get("delegate", "candidates").content.decode()


def test_what_is_only_hidden_is_found_again(world: World) -> None:
    client = world.clients["talent"]
    page, link = world.url("for_you"), world.url("refused")
    assert link not in client.get(page).content.decode()
    client.post(world.url("hide", pk=world.opening.pk))
    text = client.get(page).content.decode()
    assert f'href="{link}"' in text and "(1)" in text
    # The message names the place where it really is.
    assert "You find it under" in text
    assert world.opening.title_line in client.get(link).content.decode()


def test_who_asks_takes_away_what_they_put_away_and_nothing_of_the_other_side(world: World) -> None:
    talent, desk = make.as_talent(world.talent), make.as_delegate(world.delegate)
    hide(talent, world.edition, world.opening.pk)
    refuse(talent, world.edition, Refuse(world.opening.pk, "pay"))
    refuse(desk, world.edition, Refuse(world.opening.pk, "level", talent=world.talent.pk))
    Hidden.objects.create(talent=world.talent, opening=world.opening, side="employer")
    ask_to_meet(talent, world.edition, AskToMeet(world.opening.pk))
    assert [one.side for one in Hidden.objects.all()] == ["employer"]
    assert [one.side for one in Refusal.objects.all()] == ["employer"]
