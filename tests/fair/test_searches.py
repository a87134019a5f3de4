"""Saved searches: what is new is told once, in the reader's language, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import load
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.core.jobs import run_pending
from talex.core.models import Job
from talex.fair import mails
from talex.fair.models import Alert, SavedSearch, SearchHit
from talex.fair.privacy import alias
from talex.fair.services import (
    Refuse,
    SaveSearch,
    delete_search,
    look,
    pause_search,
    refuse,
    save_search,
    searches,
    start_alerts,
)
from talex.messages.models import Message
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def account(world: World, who: str) -> Any:
    person = {"talent": world.talent, "delegate": world.delegate}[who].person
    person.refresh_from_db()
    return load(person.user_id)


def saved(world: World, who: str = "talent", **wanted: str) -> SavedSearch:
    actor = account(world, who)
    return save_search(actor, world.edition, SaveSearch("Mine", wanted or {"place": "berlin"}))


def berlin(world: World, title: str = "Laser") -> Any:
    return make.opening(world.edition, world.company, title, region="Berlin")


def a_day_later() -> Any:
    return clock.at(clock.now() + timedelta(hours=25))


def test_new_hits_are_mailed_once_a_day_in_the_owners_language(world: World) -> None:
    old = berlin(world, "Old")
    search = saved(world)
    User.objects.filter(pk=search.owner_id).update(language="de")
    assert searches.enqueue_due() == 0  # not a day yet
    berlin(world, "Laser physicist")
    with a_day_later():
        assert searches.enqueue_due() == 1
        assert searches.enqueue_due() == 1 and Job.objects.count() == 1  # the same job
        run_pending()
    (sent,) = Message.objects.all()
    assert "Laser physicist" in sent.text and str(old.title) not in sent.text
    assert "neuer Treffer" in sent.subject
    assert "/alerts/stop/" in sent.headers["List-Unsubscribe"]
    with clock.at(clock.now() + timedelta(hours=50)):
        searches.enqueue_due()
        run_pending()
    assert Message.objects.count() == 1  # nothing new, nothing told


def test_killed_between_finding_and_sending_nothing_is_told_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = saved(world)
    berlin(world)

    class Killed(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    actor = account(world, "talent")
    job = start_alerts(actor, world.edition)
    # Before the mail is begun: the next attempt sends it.
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(mails, "send", die)
        run_pending()
    assert not Message.objects.exists() and Alert.objects.get().state == "ready"
    run_pending()
    job.refresh_from_db()
    assert job.state == "succeeded" and Message.objects.count() == 1
    # While it is being written: nothing of it stays, so the next attempt does it.
    berlin(world, "Second")
    start_alerts(actor, world.edition)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(searches, "end_alert", die)
        run_pending()
    assert Message.objects.count() == 1
    run_pending()
    assert Message.objects.count() == 2
    assert "2 new" in world.get("talent", "searches").content.decode()
    assert SearchHit.objects.filter(search=search).count() == 2


def test_a_look_ends_what_is_new(world: World) -> None:
    berlin(world)
    search = saved(world)
    # What a search finds when it is kept is no news.
    assert "0 of 1 are new" in world.get("talent", "search", pk=search.pk).content.decode()
    berlin(world)
    assert "1 new" in world.get("talent", "searches").content.decode()
    first = world.get("talent", "search", pk=search.pk).content.decode()
    assert "1 of 2 is new" in first
    assert "0 of 2 are new" in world.get("talent", "search", pk=search.pk).content.decode()
    start_alerts(account(world, "talent"), world.edition)
    run_pending()
    assert not Message.objects.exists()  # seen already


def test_a_delegate_finds_only_own_candidates_and_reads_no_names(world: World) -> None:
    search = saved(world, "delegate", q="battery")
    elsewhere = make.organisation(world.edition, "Elsewhere")
    make.match(
        make.talent(world.edition, "Foreign"), make.opening(world.edition, elsewhere, "Battery X")
    )
    secret = make.talent(world.edition, "Secret Name", skills=["battery"])
    make.match(secret, world.opening)
    start_alerts(account(world, "delegate"), world.edition)
    run_pending()
    (sent,) = Message.objects.all()
    assert "Secret Name" not in sent.text and alias(secret) in sent.text
    assert "Battery X" not in sent.text
    assert set(search.hits.filter(alert__isnull=False).values_list("talent", flat=True)) == {
        secret.pk
    }
    # No longer a delegate: nothing is found any more.
    world.delegate.delete()
    assert not searches.run(load(search.owner_id), search).keys


def test_paused_deleted_and_unsubscribed_searches_are_silent(world: World) -> None:
    search = saved(world)
    actor = account(world, "talent")
    pause_search(actor, world.edition, search.pk)
    berlin(world)
    start_alerts(actor, world.edition)
    run_pending()
    assert not Message.objects.exists()
    pause_search(actor, world.edition, search.pk, paused=False)
    start_alerts(actor, world.edition)
    run_pending()
    assert not Message.objects.exists()  # what came while it was paused is not told later
    url = f"/alerts/stop/{mails.unsubscribe_token(search.owner_id, world.edition.pk)}/"
    nobody = world.clients["nobody"]
    assert nobody.get(url).status_code == 200
    search.refresh_from_db()
    assert not search.paused  # reading a link changes nothing
    nobody.post(url)
    search.refresh_from_db()
    assert search.paused
    assert nobody.post(url[:-3] + "x/").status_code == 404
    delete_search(actor, world.edition, search.pk)
    assert not SavedSearch.objects.exists() and not SearchHit.objects.exists()


def test_who_keeps_what(world: World) -> None:
    with pytest.raises(NotAllowed):
        save_search(make.office(world.edition), world.edition, SaveSearch("x", {"q": "y"}))
    actor = account(world, "talent")
    for wanted in ({}, {"minimum": "50"}):  # nothing is asked of openings
        with pytest.raises(Invalid):
            save_search(actor, world.edition, SaveSearch("x", wanted))
    search = saved(world)
    with pytest.raises(Invalid):
        saved(world)
    for call in (delete_search, pause_search, look):
        with pytest.raises(NotFound):
            call(account(world, "delegate"), world.edition, search.pk)
    refused = berlin(world, "No")
    refuse(actor, world.edition, Refuse(refused.pk, "pay"))
    assert searches.run(actor, search).total == 0


def test_saved_from_the_list_by_its_address(world: World) -> None:
    berlin(world)
    page = world.clients["talent"].get(world.url("browse") + "?place=berlin").content.decode()
    link = world.url("search_save") + "?place=berlin"
    assert link in page
    assert (
        "Save this search"
        not in world.clients["nobody"].get(world.url("browse") + "?place=berlin").content.decode()
    )
    done = world.clients["talent"].post(link, {"name": "Berlin"})
    assert done.status_code == 303
    assert SavedSearch.objects.get().wanted == {"place": "berlin"}
    # The name that is suggested is what was asked, in words; a number alone would say nothing.
    form = world.clients["talent"].get(world.url("search_save") + "?place=berlin&minimum=30")
    name = form.context["form"].initial["name"]
    assert "Berlin" in name and name.endswith(" · Fit of at least 30")
    assert name in form.content.decode()


def test_for_you_offers_to_save_what_a_search_can_keep(world: World) -> None:
    berlin(world)
    home = world.url("for_you")
    page = world.clients["talent"].get(home + "?q=battery").content.decode()
    assert world.url("search_save") + "?q=battery" in page
    # Openings have no score before they are proposed: nothing would be left to keep.
    assert (
        "Save this search" not in world.clients["talent"].get(home + "?minimum=30").content.decode()
    )
