"""Cohorts edited and filled through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from talex.messages.models import Message
from talex.participants.cohorts.models import Cohort, Member, RollDraft, RollEntry
from tests.keys import KEY
from tests.participants.cohorts.scenes import ROLL, graduate, join, university

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_a_cohort_is_edited_closed_and_opened_again(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    client = logged_in(head)
    path = f"/api/editions/{edition.slug}/cohorts/{of.pk}"
    changed = client.patch(path, {"year": 2028, "expected": 40}, JSON).json()
    assert (changed["year"], changed["expected"], changed["name"]) == (2028, 40, of.name.texts())
    assert client.patch(path, {"expected": None}, JSON).json()["expected"] is None
    assert client.patch(path, {"year": 28}, JSON).status_code == 422
    assert client.patch(path, {"year": 2029, "version": 1}, JSON).status_code == 409
    assert client.patch(path, {"colour": "red"}, JSON).status_code == 422
    assert client.post(f"{path}/close").json()["open"] is False
    assert client.patch(path, {"closes_at": "2099-01-01T00:00:00Z"}, JSON).json()["open"] is True
    _other, stranger = university(edition, "Other")
    assert logged_in(stranger).patch(path, {"year": 2027}, JSON).status_code == 404
    of.refresh_from_db()
    assert of.year == 2028


def test_opening_twice_with_one_key_opens_one(scene: Any, logged_in: Any) -> None:
    edition, uni, head, _of = scene
    client = logged_in(head)
    given = {
        "organisation": str(uni.pk),
        "name": {"en": "Class of 2029"},
        "year": 2029,
        "closes_at": "2099-01-01T00:00:00Z",
    }
    path = f"/api/editions/{edition.slug}/cohorts"
    made = {
        client.post(path, given, JSON, headers={"Idempotency-Key": KEY}).json()["id"]
        for _twice in range(2)
    }
    assert len(made) == 1 and Cohort.objects.filter(year=2029).count() == 1


def test_a_list_is_read_looked_at_and_sent_once(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    client = logged_in(head)
    path = f"/api/editions/{edition.slug}/cohorts/{of.pk}/lists"

    def upload() -> Any:
        text = ROLL + "Jia,jia@example.org,U2,,\n,bad,,,"
        return client.post(path, {"file": SimpleUploadedFile("l.csv", text.encode())})

    assert client.post(path, {}).status_code == 422
    read = upload()
    assert read.status_code == 201
    told = read.json()
    assert (told["good"], told["bad"]) == (1, 1)
    wrong = next(row for row in told["rows"] if row["faults"])
    assert "The name is missing." in wrong["faults"] and not Message.objects.exists()
    assert client.get(f"{path}/{told['id']}").json() == told
    assert client.post(f"{path}/{told['id']}/send").json() == {"count": 1}
    assert client.post(f"{path}/{told['id']}/send").status_code == 404
    assert Message.objects.filter(address="jia@example.org").count() == 1
    second = upload().json()
    assert second["good"] == 0  # invited already
    assert client.delete(f"{path}/{second['id']}").status_code == 204
    assert not RollDraft.objects.exists() and RollEntry.objects.count() == 1
    third = upload().json()
    _other, stranger = university(edition, "Other")
    client = logged_in(stranger)
    for method, end in (("get", ""), ("post", "/send"), ("delete", "")):
        assert getattr(client, method)(f"{path}/{third['id']}{end}").status_code == 404


def test_a_graduate_sees_and_leaves_their_own(scene: Any, logged_in: Any) -> None:
    edition, uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of)
    path = f"/api/editions/{edition.slug}/cohorts/mine"
    client = logged_in(actor)
    (mine,) = client.get(path).json()
    assert (mine["member"], mine["university"], mine["seen"]) == (str(member.pk), str(uni.pk), True)
    client.put(f"{path}/{member.pk}", {"agree": False}, JSON)
    assert client.get(path).json()[0]["seen"] is False
    assert logged_in(head).delete(f"{path}/{member.pk}").status_code == 404
    assert logged_in(actor).delete(f"{path}/{member.pk}").status_code == 204
    assert not Member.objects.exists()
