"""Clicks and links that come a second time, or too late: they say what is."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from talex.core.actor import SYSTEM, load
from talex.fair import asking, mails, services
from talex.fair.models import Match, MatchRun, Opening, Refusal, SavedSearch, TalentCoverage
from talex.fair.publishing.services import Publish, publish
from talex.fair.services import SaveSearch, save_search
from tests.fair import factories as make
from tests.fair.test_leaving import acts, ask
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_a_search_sent_twice_is_kept_once(world: World) -> None:
    link = world.url("search_save") + "?place=wuhan"
    sent = {"name": "Wuhan", "idempotency_key": uuid.uuid4().hex}
    answers = [world.clients["talent"].post(link, sent) for _twice in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert SavedSearch.objects.count() == 1


def test_the_link_that_ends_alerts_says_that_it_is_done(world: World) -> None:
    world.talent.person.refresh_from_db()
    actor = load(world.talent.person.user_id)
    search = save_search(actor, world.edition, SaveSearch("Mine", {"place": "wuhan"}))
    url = f"/alerts/stop/{mails.unsubscribe_token(search.owner_id, world.edition.pk)}/"
    nobody = world.clients["nobody"]
    assert nobody.get(url).context["done"] is False
    nobody.post(url)
    page = nobody.get(url)
    assert page.context["done"] is True and "You get no more alerts" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "home"), [("talent", "for_you"), ("delegate", "candidates"), ("office", "matches")]
)
def test_a_proposal_that_was_renewed_leads_to_those_that_stand(
    world: World, who: str, home: str
) -> None:
    Match.objects.update(state="superseded")
    page = world.clients[who].get(world.url("match", pk=world.match.pk))
    assert page.status_code == 404
    text = page.content.decode()
    assert "proposals are made anew" in text and f'href="{world.url(home)}"' in text
    assert "made anew" not in (
        world.clients["nobody"].get(world.url("match", pk=world.match.pk)).content.decode()
    )


@pytest.mark.parametrize("who", ["talent", "delegate"])
def test_a_refused_pair_says_so_and_is_taken_back_twice(world: World, who: str) -> None:
    client = world.clients[who]
    page = (
        world.url("refuse", pk=world.opening.pk)
        if who == "talent"
        else world.url("refuse_candidate", pk=world.match.pk)
    )
    reason = {"reason": "skills" if who == "delegate" else "pay"}
    assert "nothing for you. It is not" not in client.get(page).content.decode()
    for _twice in range(2):
        assert client.post(page, reason).status_code == 303
    refusal = Refusal.objects.get()
    back = world.url("refusal_back", pk=refusal.pk)
    text = client.get(page).content.decode()
    assert "You said already" in text and f'action="{back}"' in text
    for _twice in range(2):
        assert client.post(back)["Location"] == world.url("refused")
    assert not Refusal.objects.exists()
    assert "You said already" not in client.get(page).content.decode()


def test_others_refusals_stay(world: World) -> None:
    world.clients["talent"].post(world.url("refuse", pk=world.opening.pk), {"reason": "pay"})
    back = world.url("refusal_back", pk=Refusal.objects.get().pk)
    assert world.clients["delegate"].post(back).status_code == 404
    assert Refusal.objects.count() == 1
    # The other side learns nothing of it.
    page = world.clients["delegate"].get(world.url("refuse_candidate", pk=world.match.pk))
    assert page.status_code == 404


def test_more_openings_can_be_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = make.opening(world.edition, world.company, "Shut", state="closed")
    near: list[Any] = [asking.Near(one, 0.5, []) for one in (world.opening, shut)]
    found = asking.Fresh([], near, 2, 2)
    monkeypatch.setattr(asking, "fresh", lambda edition, talent: found)
    text = world.clients["talent"].get(world.url("fresh")).content.decode()
    assert world.url("ask", pk=world.opening.pk) in text
    assert world.url("ask", pk=shut.pk) not in text


def test_a_talent_whose_places_are_taken_is_told_so(world: World) -> None:
    world.match.delete()
    run = MatchRun.objects.create(edition=world.edition)
    row = TalentCoverage.objects.create(
        run=run, edition=world.edition, talent=world.talent, proposals=0, room=0, admissible=3,
        wanted=0, why="",
    )  # fmt: skip
    assert "The more you tell" in world.get("talent", "for_you").content.decode()
    row.why = "full"
    row.save()
    page = world.get("talent", "for_you").content.decode()
    assert "Your places for meetings are taken" in page and "The more you tell" not in page
    assert world.url("requests") in page


def test_no_form_is_offered_for_what_would_be_refused(world: World) -> None:
    page = f"/e/{world.edition.slug}/openings/{world.opening.pk}/ask/"
    client = world.clients["talent"]
    assert client.get(page).status_code == 200
    asked = ask(world)
    command = services.AnswerInterest(asked.pk, False, reason="skills")
    services.answer(acts(world.delegate.person), world.edition, command)
    refused = client.get(page)
    assert refused.status_code == 409
    assert "declined this already" in refused.content.decode()


def test_a_proposal_is_rejected_for_good_only_after_being_asked(world: World) -> None:
    page = world.get("office", "match", pk=world.match.pk).content.decode()
    asked = page[page.index('<dialog id="reject"') :]
    assert "This pair is not proposed again." in asked and 'value="reject"' in asked
    # Outside of the dialog nothing rejects.
    assert page.count('value="reject"') == 1 and 'value="approve"' in page
    assert (
        '<dialog id="reject"'
        not in world.get("auditor", "match", pk=world.match.pk).content.decode()
    )
    world.post("office", "decide", {"decision": "reject"}, pk=world.match.pk)
    world.match.refresh_from_db()
    assert world.match.state == "rejected"


def test_a_list_without_openings_says_so_and_not_that_too_much_was_looked_for(world: World) -> None:
    publish(SYSTEM, world.edition, Publish())
    Opening.objects.update(state="closed")
    publish(SYSTEM, world.edition, Publish(after=1))
    entries = f"/e/{world.edition.slug}/offers/"
    text = world.clients["nobody"].get(entries).content.decode()
    assert "There are no openings at present" in text and "Try fewer words" not in text
    text = world.clients["nobody"].get(entries + "?q=nothing").content.decode()
    assert "Try fewer words" in text and "at present" not in text


def test_a_note_of_the_shortlist_is_told_as_private(world: World) -> None:
    listed = services.Shortlist(world.opening.pk, world.talent.pk, told=True, note="Lasers?")
    make.consent(world.talent, "profile")
    services.shortlist(make.as_delegate(world.delegate), world.edition, listed)
    text = world.get("delegate", "applications").content.decode()
    assert "they know</span>" in text
    assert "Your note, only your organisation reads it: Lasers?" in text
    assert "Lasers?" not in world.get("talent", "applications").content.decode()
