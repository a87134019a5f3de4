"""Who is suspended is offered nothing that would be refused, and reads once why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from talex.core import clock
from talex.core.errors import Invalid
from talex.fair import services
from talex.fair.choices import OpeningState, Side
from talex.fair.collecting.models import Rules, Stage, Submission
from talex.fair.collecting.services import hand_in
from talex.fair.models import Interest, Opening, Shortlisting
from talex.ledger.outbox import deliver
from tests.fair import factories as make
from tests.fair.test_leaving import acts
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db

WHY = "Fake posts."


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.BEFORE):
        yield World()


def suspend(world: World, who: str) -> None:
    whom = (
        {"organisation": world.company.pk}
        if who == "delegate"
        else {"person": world.talent.person_id}
    )
    services.suspend(make.office(world.edition), world.edition, services.Suspend(WHY, **whom))
    deliver()


def page(world: World, who: str, url: str) -> str:
    answer = world.clients[who].get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def other(world: World) -> Opening:
    return make.opening(world.edition, make.organisation(world.edition, "Other"), "Elsewhere")


def returned(world: World) -> Opening:
    Rules.objects.create(edition=world.edition, reviewed=True)
    found = make.opening(world.edition, world.company, "Sent back", state=OpeningState.DRAFT)
    Submission.objects.create(edition=world.edition, opening=found, stage=Stage.RETURNED)
    return found


@pytest.mark.parametrize("who", ["delegate", "talent"])
def test_home_says_it_once_and_asks_for_nothing_that_is_refused(world: World, who: str) -> None:
    returned(world)
    make.opening(world.edition, world.company, "Draft", state=OpeningState.DRAFT)
    make.match(world.talent, other(world))
    home = f"/e/{world.edition.slug}/"
    refused = {
        "delegate": ["Mend openings", "Hand in openings", "Say what you offer"],
        "talent": ["See what fits you", "Look for openings and ask"],
    }[who]
    before = page(world, who, home)
    assert any(one in before for one in refused) and WHY not in before
    suspend(world, who)
    after = page(world, who, home)
    assert after.count(WHY) == 1 and not any(one in after for one in refused)
    assert f'href="{reverse("conversations:cases", args=[world.edition.slug])}"' in after


def test_a_delegate_is_offered_no_opening_to_add_open_or_hand_in(world: World) -> None:
    back = returned(world)
    slug = world.edition.slug
    mine, new = reverse("collecting:mine", args=[slug]), world.url("new")
    edit = world.url("edit", pk=back.pk)
    assert f'href="{new}"' in page(world, "delegate", world.url("openings"))
    assert "Hand it in again" in page(world, "delegate", mine)
    assert 'value="open"' in page(world, "delegate", edit)
    suspend(world, "delegate")
    for url in (world.url("openings"), mine, new, world.url("opening", pk=back.pk)):
        text = page(world, "delegate", url)
        assert text.count(WHY) == 1, url
        assert f'href="{new}"' not in text and "Hand it in again" not in text, url
        assert 'value="open"' not in text.partition("<main")[2] or url == world.url("openings")
    assert 'name="action" value="open"' not in page(world, "delegate", world.url("openings"))
    assert 'name="title"' not in page(world, "delegate", new)
    assert 'value="open"' not in page(world, "delegate", edit)


def test_nothing_of_a_suspended_organisation_is_handed_in(world: World) -> None:
    back = returned(world)
    suspend(world, "delegate")
    with pytest.raises(Invalid, match="suspended"):
        hand_in(acts(world.delegate.person), world.edition, back.pk)
    assert back.submission.stage == Stage.RETURNED


def test_a_talent_is_offered_no_request_and_no_acceptance(world: World) -> None:
    there, invited = other(world), other(world)
    make.match(world.talent, there)
    Shortlisting.objects.create(
        edition=world.edition, opening=there, talent=world.talent, told=True
    )
    asked = make.interest(world.talent, invited, Side.EMPLOYER)
    link = f'href="{world.url("ask", pk=there.pk)}"'
    offered = [world.url("opening", pk=there.pk), world.url("for_you"), world.url("applications")]
    for url in offered:
        assert link in page(world, "talent", url), url
    suspend(world, "talent")
    for url in [*offered, world.url("ask", pk=there.pk), world.url("requests")]:
        text = page(world, "talent", url)
        assert text.count(WHY) == 1 and link not in text, url
        assert "?answer=yes" not in text
    form = page(world, "talent", world.url("answer", pk=asked.pk))
    assert WHY in form and 'value="yes"' not in form and 'value="no"' in form
    world.post("talent", "answer", {"answer": "no"}, pk=asked.pk)
    asked.refresh_from_db()
    assert asked.state == "declined"


def test_nobody_invites_a_suspended_talent(world: World) -> None:
    make.consent(world.talent, "profile")
    suspend(world, "talent")
    here = {"pk": world.opening.pk, "talent": world.talent.pk}
    delegate = world.clients["delegate"]
    for answer in (
        delegate.get(world.url("invite_talent", **here)),
        delegate.post(world.url("invite_talent", **here), {"message": "Come!"}),
        delegate.post(
            f"/api/editions/{world.edition.slug}/interests/invite",
            {"opening": str(world.opening.pk), "talent": str(world.talent.pk)},
            content_type="application/json",
        ),
    ):
        assert answer.status_code == 409 or answer.status_code == 422
        assert "This person cannot take requests at present" in answer.content.decode()
    assert not Interest.objects.exists()


def test_whom_one_blocked_is_not_asked_before_the_block_is_lifted(world: World) -> None:
    services.set_block(
        acts(world.talent.person),
        world.edition,
        services.SetBlock(world.company.pk, world.talent.pk, Side.TALENT),
    )
    url, ask = world.url("opening", pk=world.opening.pk), world.url("ask", pk=world.opening.pk)
    told = page(world, "talent", url)
    assert "You blocked this organisation" in told and ask not in told
    lift = reverse(
        "conversations:block",
        kwargs={
            "edition": world.edition.slug, "talent": world.talent.pk, "opening": world.opening.pk,
        },
    )  # fmt: skip
    assert lift in told
    assert world.clients["talent"].post(lift, {"lift": "1"}).status_code == 302
    told = page(world, "talent", url)
    assert "You blocked this organisation" not in told and ask in told


def test_who_cannot_meet_is_told_before_they_write(world: World) -> None:
    Opening.objects.update(mode="online")
    type(world.talent).objects.update(mode="onsite")
    url, ask = world.url("opening", pk=world.opening.pk), world.url("ask", pk=world.opening.pk)
    told = page(world, "talent", url)
    assert "only on site and the other only online" in told and ask not in told
    answer = world.clients["talent"].get(ask)
    text = answer.content.decode()
    assert answer.status_code == 409 and "only on site and the other only online" in text
    assert "Something changed meanwhile" not in text
