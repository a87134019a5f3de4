"""The draft through the API."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from talex.participants.models import Talent
from talex.participants.registering.models import Draft
from tests.keys import KEY
from tests.participants import factories as make
from tests.participants.registering.factories import TALENT, answered, client_of
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
    sent = {call("POST", f"{base}/send", {}, **{"Idempotency-Key": KEY})[1]["record"]
            for _twice in range(2)}  # fmt: skip
    assert sent == {str(Talent.objects.get().pk)}
    assert client.generic("POST", f"{base}/send").json()["record"] in sent  # no body is needed
    status, problem = call("PATCH", base, [])
    assert status == 422
    assert problem["errors"] == [{"field": "", "messages": ["Send an object in JSON."]}]
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


@pytest.mark.django_db(transaction=True)
def test_the_same_summary_sent_three_times_reads_the_same_record() -> None:
    edition, user = make.edition(), make.user()
    _actor, draft = answered(user, edition)
    path = f"/api/editions/{edition.slug}/registration/talent/send"
    body = json.dumps({"revision": draft.revision})
    wait = Barrier(3)

    def send(client: Any) -> Any:
        return client.post(path, body, "application/json")

    def at_once(client: Any) -> Any:
        try:
            wait.wait(10)
            return send(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(at_once, [client_of(user) for _one in range(3)]))
    answers.append(send(client_of(user)))  # and once more, later
    assert [one.status_code for one in answers] == [200] * 4, [one.content for one in answers]
    assert {one.json()["record"] for one in answers} == {str(Talent.objects.get().pk)}
