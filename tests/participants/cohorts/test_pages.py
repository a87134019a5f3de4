"""Cohorts through the pages and the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.messages.models import Message
from talex.participants.cohorts import queries
from talex.participants.cohorts.models import Member
from tests.participants.cohorts.scenes import (
    ROLL,
    graduate,
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
    refuse = f"{here}{of.pk}/members/not-ours/?member={member.pk}"
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "Unknown."}).status_code in (302, 303)
    member.refresh_from_db()
    assert member.state == "not_ours"
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("l.csv", (ROLL + "Jia,jia@example.org,U2,,\n,bad,,,").encode())
    answer = client.post(f"{here}{of.pk}/list/", {"file": sent, "language": "de"})
    assert answer.status_code in (302, 303)
    text = client.get(answer["Location"]).content.decode()
    assert "jia@example.org" in text and "1 row is good" in text
    assert client.post(answer["Location"], {"send": "1"}).status_code in (302, 303)
    assert Message.objects.filter(address="jia@example.org").exists()
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
