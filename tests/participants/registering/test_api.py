"""The draft through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from talex.participants.models import Talent
from talex.participants.registering.models import Draft
from tests.participants import factories as make
from tests.participants.registering.factories import TALENT, client_of
from tests.participants.registering.files import CHINESE

pytestmark = pytest.mark.django_db


def test_begin_answer_send() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    client = client_of(user)
    base = f"/api/editions/{edition.slug}/registration/talent"

    def call(method: str, path: str, body: Any, **headers: str) -> Any:
        answer = client.generic(method, path, json.dumps(body), "application/json", headers=headers)
        return answer.status_code, answer.json() if answer.content else None

    assert client.get(base).status_code == 404
    status, draft = call("POST", base, {})
    assert status == 201 and "who" in draft["faults"]
    status, draft = call("PATCH", base, {"values": TALENT})
    assert status == 200 and draft["faults"] == {}
    status, late = call("PATCH", base, {"values": {"region": "Graz"}, "seen": {"region": 0}})
    assert (status, late["replaced"]) == (200, ["region"])
    assert late["put_aside"][0]["value"] == TALENT["region"]
    assert call("PATCH", base, {"values": {"colour": "red"}})[0] == 422
    assert call("POST", f"{base}/send", {"revision": 1})[0] == 409
    sent = {call("POST", f"{base}/send", {}, **{"Idempotency-Key": "k"})[1]["record"]
            for _twice in range(2)}  # fmt: skip
    assert sent == {str(Talent.objects.get().pk)}
    status, told = call("GET", base, {})
    assert status == 404 and "registered already" in told["detail"]


def test_a_file_and_giving_up() -> None:
    edition, user = make.edition(), make.user()
    client = client_of(user)
    base = f"/api/editions/{edition.slug}/registration/talent"
    client.post(base)
    answer = client.post(f"{base}/file", {"file": SimpleUploadedFile("cv.txt", CHINESE.encode())})
    assert answer.status_code == 200, answer.content
    found = {one["field"]: one["value"] for one in answer.json()["found"]}
    assert found["names"] == ["王伟"]
    kept = client.post(
        f"{base}/file/keep", json.dumps({"values": {"names": found["names"]}}), "application/json"
    )
    assert kept.json()["values"]["names"] == ["王伟"]
    assert client.delete(base).status_code == 204
    assert not Draft.objects.exists()
