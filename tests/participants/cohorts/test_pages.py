"""Cohorts through the pages and the API."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.editions.next_steps import next_steps
from talex.messages.models import Message
from talex.participants.cohorts import queries
from talex.participants.cohorts.models import Member, PendingJoin, RollEntry
from talex.participants.models import Participation
from tests.participants import factories as make
from tests.participants.cohorts.scenes import (
    ROLL,
    cohort,
    decide,
    graduate,
    invite,
    join,
    university,
)

pytestmark = pytest.mark.django_db


def test_the_university_works_through_the_pages(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    talent, actor = graduate(edition, "=cmd Wei")
    member = join(actor, of)
    client = logged_in(head)
    here = f"/e/{edition.slug}/cohorts/"
    for path in ("", "new/", f"{of.pk}/", f"{of.pk}/edit/", f"{of.pk}/members/", f"{of.pk}/list/"):
        assert client.get(here + path).status_code == 200, path
    page = client.get(f"{here}{of.pk}/members/?rung=registered")
    assert talent.person.name in page.content.decode()
    file = b"".join(client.get(f"{here}{of.pk}/members/?export=csv").streaming_content)
    assert b"'=cmd Wei" in file  # no formula in a spreadsheet
    assert f"Joined ({edition.time_zone})" in file.decode("utf-8-sig").split("\r\n")[0]
    refuse = f"{here}{of.pk}/members/not-ours/?member={member.pk}"
    assert "use Talex in: English" in client.get(refuse).content.decode()
    assert client.post(refuse, {"reason": "Unknown."}).status_code == 422
    assert client.post(refuse, {"why": "other"}).status_code == 422
    assert client.post(refuse, {"why": "number"}).status_code in (302, 303)
    member.refresh_from_db()
    assert (member.state, member.why) == ("not_ours", "number")
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("l.csv", (ROLL + "Jia,jia@example.org,U2,,\n,bad,,,").encode())
    answer = client.post(f"{here}{of.pk}/list/", {"file": sent, "language": "de"})
    assert answer.status_code in (302, 303)
    text = client.get(answer["Location"]).content.decode()
    assert "jia@example.org" in text and "1 row is good" in text
    assert client.post(answer["Location"], {"send": "1"}).status_code in (302, 303)
    assert Message.objects.filter(address="jia@example.org").exists()
    # The second click leads where the first one led.
    again = client.post(answer["Location"], {"send": "1"}, follow=True)
    assert again.redirect_chain == [(f"{here}{of.pk}/", 303)] and again.status_code == 200
    assert Message.objects.filter(address="jia@example.org").count() == 1
    assert client.post(f"{here}{of.pk}/code/").status_code in (302, 303)
    assert client.post(f"{here}{of.pk}/close/").status_code in (302, 303)
    assert client.get(f"{here}{of.pk}/").status_code == 200


def test_a_graduate_joins_through_the_pages(scene: Any, logged_in: Any, client: Client) -> None:
    edition, _uni, head, of = scene
    join_page = f"/e/{edition.slug}/join/{of.code}/"
    for code in (of.code, "AAAAAAAAA"):  # nothing is told to who is not signed in
        door = client.get(f"/e/{edition.slug}/join/{code}/")
        assert door.status_code == 200 and "HUST" not in door.content.decode()
    talent, actor = graduate(edition)
    client = logged_in(actor)
    typed = client.post(f"/e/{edition.slug}/join/", {"code": of.shown_code.lower()})
    assert typed["Location"] == join_page
    assert "HUST" in client.get(join_page).content.decode()
    assert client.post(join_page, {"agree": "on"}).status_code in (302, 303)
    own = client.get(f"/e/{edition.slug}/cohorts/mine/")
    assert own.status_code == 200
    member = Member.objects.get(talent=talent)
    change = f"/e/{edition.slug}/cohorts/mine/{member.pk}/"
    client.post(change, {"act": "withdraw"})
    assert not queries.members(head, of).exists()
    client.post(change, {"act": "leave"})
    assert not Member.objects.exists()


def test_the_api_tells_a_university_its_own_and_nobody_elses(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of)
    client = logged_in(head)
    here = f"/api/editions/{edition.slug}/cohorts"
    assert [one["id"] for one in client.get(here).json()] == [str(of.pk)]
    assert client.get(f"{here}/{of.pk}/members").json()["count"] == 1
    assert client.get(f"{here}/{of.pk}/results").json()["agreed"] == 1
    sent = {"members": [str(member.pk)], "confirm": True}
    answer = client.post(f"{here}/{of.pk}/members/decide", sent, "application/json")
    assert answer.json() == {"count": 1}
    _other, stranger = university(edition, "Other")
    client = logged_in(stranger)
    assert client.get(here).json() == []
    assert client.get(f"{here}/{of.pk}/results").status_code == 404


def test_a_link_that_was_used_says_where_one_stands(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition, email="wei@example.org")
    _other, stranger = graduate(edition, "Somebody Else", email="else@example.org")
    link = f"/e/{edition.slug}/cohorts/invited/{invite(head, of, 'Wei,wei@example.org,U1,,')[0]}/"
    client = logged_in(stranger)
    page = client.get(link)
    assert page.status_code == 403 and "another address" in page.content.decode()
    client = logged_in(actor)
    assert client.post(link, {"agree": "on"}).status_code in (302, 303)
    for sent in (client.get(link), client.post(link, {"agree": "on"})):
        assert sent.status_code == 200
        assert "You are already in" in sent.content.decode()
        assert f"/e/{edition.slug}/cohorts/mine/" in sent.content.decode()
    assert Member.objects.count() == 1
    assert "another address" in logged_in(stranger).get(link).content.decode()
    # Whoever left finds the link used up, and is told what to do.
    Member.objects.all().delete()
    gone = logged_in(actor).get(link)
    assert gone.status_code == 410 and "Ask your university" in gone.content.decode()
    client.logout()
    door = client.get(link)
    assert door.status_code == 200 and "wei@example.org" not in door.content.decode()


def test_a_link_used_before_registering_leads_on(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    account = make.user("jia@example.org")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    link = f"/e/{edition.slug}/cohorts/invited/{invite(head, of, 'Jia,jia@example.org,U2,,')[0]}/"
    client = logged_in(actor_for(account))
    assert client.post(link, {"agree": "on"}).status_code in (302, 303)
    page = client.get(link).content.decode()
    assert "One step is missing" in page and f"/e/{edition.slug}/register/" in page
    own = client.get(f"/e/{edition.slug}/cohorts/mine/").content.decode()
    assert "HUST" in own and "That you join is noted." in own
    assert f"/e/{edition.slug}/register/talent/" in own and "You are in no cohort" not in own
    of.closes_at = clock.now()
    of.save()
    RollEntry.objects.update(used_at=None)
    PendingJoin.objects.all().delete()
    assert client.get(link).status_code == 410


def test_a_university_is_told_to_bring_its_graduates_before_anything_else() -> None:
    edition = make.edition()
    uni, head = university(edition)
    steps = [step.key for step in next_steps(head, edition)]
    assert steps.index("cohorts.open") < steps.index("fair.offer")
    cohort(edition, uni, head)
    assert "cohorts.open" not in {step.key for step in next_steps(head, edition)}
    works = make.organisation(edition, "Works")
    company = make.with_account(make.delegate(edition, works))
    assert "cohorts.open" not in {step.key for step in next_steps(company, edition)}


def test_a_wrong_code_is_said_at_its_field(scene: Any, logged_in: Any) -> None:
    edition, _uni, _head, _of = scene
    client = logged_in(graduate(edition)[1])
    answer = client.post(f"/e/{edition.slug}/join/", {"code": "AAA-AAA-AAA"})
    assert answer.status_code == 422
    assert [str(one) for one in answer.context["form"].errors["code"]] == [
        "This code does not work. Look at it again, or ask your university."
    ]
    # An address with a wrong code leads to the form, and says so without a raw name of a field.
    page = client.get(f"/e/{edition.slug}/join/AAAAAAAAA/", follow=True).content.decode()
    assert "This code does not work." in page and "code:" not in page


def test_own_page_and_the_office_s_page_say_what_is_true_for_the_reader(
    scene: Any, logged_in: Any
) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of)
    own, change = (f"/e/{edition.slug}/cohorts/mine/{end}" for end in ("", f"{member.pk}/"))
    client = logged_in(actor)
    client.post(change, {"act": "withdraw"})
    assert "It cannot confirm you like that" in client.get(own).content.decode()
    client.post(change, {"act": "agree"})
    decide(head, member)
    client.post(change, {"act": "withdraw"})
    text = client.get(own).content.decode()
    assert "Your university confirmed you" in text and "nothing of you any more" in text
    assert "cannot confirm" not in text
    page = f"/e/{edition.slug}/cohorts/{of.pk}/"
    assert "Your university is not verified yet" in logged_in(head).get(page).content.decode()
    office = logged_in(make.office(edition)).get(page).content.decode()
    assert "This university is not verified yet" in office and "our university" not in office


def test_who_acts_for_a_university_that_waits_reads_that_it_waits(logged_in: Any) -> None:
    edition = make.edition()
    uni, head = university(edition)
    Participation.objects.filter(organisation=uni).update(pending_since=clock.now())
    page = f"/e/{edition.slug}/cohorts/new/"
    told = logged_in(head).get(page)
    assert told.status_code == 403
    assert "once the office has let it in" in told.content.decode()
    works = make.organisation(edition, "Works")
    company = logged_in(make.with_account(make.delegate(edition, works))).get(page)
    assert "Only those who act for a university" in company.content.decode()
