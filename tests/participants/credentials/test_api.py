"""An organisation that comes in by itself through the API: the same rules as on the pages."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from talex.messages.models import Message
from talex.participants.credentials.models import Case, Draft, JoinRequest
from talex.participants.models import Delegate, Organisation, Participation
from tests.core.hostile import pdf
from tests.keys import KEY
from tests.participants import factories as make
from tests.participants.credentials.test_registering import ANSWERS

pytestmark = pytest.mark.django_db


class Caller:
    """A signed-in account that calls the API of one conference."""

    def __init__(self, edition: Any, user: Any) -> None:
        self.client, self.base = Client(), f"/api/editions/{edition.slug}"
        self.client.force_login(user)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = json.dumps(body) if body is not None else ""
        answer = self.client.generic(
            method, self.base + path, sent, "application/json", headers=headers
        )
        return answer.status_code, answer.json() if answer.content else None

    def upload(self, path: str, **fields: Any) -> Any:
        answer = self.client.post(self.base + path, fields)
        return answer.status_code, answer.json()


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", io.BytesIO(pdf()).getvalue())


def office(edition: Any) -> Caller:
    from talex.accounts.models import User

    return Caller(edition, User.objects.get(pk=make.office(edition).user))


def test_register_hand_in_be_returned_mend_and_be_let_in() -> None:
    edition, user = make.edition(), make.user()
    call = Caller(edition, user)
    own = "/registration/organisation"
    assert call("GET", own) == (200, {"answers": {}, "saved_at": None})
    status, draft = call("PATCH", own, {"region": "武汉", "registration_number": "12"})
    assert (status, draft["answers"]["region"]) == (200, "武汉")
    assert call("PATCH", own, {"colour": "red"})[0] == 422
    status, problem = call("POST", f"{own}/send", {})
    assert status == 422 and {"name", "number_kind", "person"} <= {
        one["field"] for one in problem["errors"]
    }
    made = {json.dumps(call("POST", f"{own}/send", ANSWERS, **{"Idempotency-Key": KEY}))
            for _twice in range(2)}  # fmt: skip
    assert len(made) == 1 and Organisation.objects.count() == 1
    status, registered = json.loads(made.pop())
    assert (status, registered["state"]) == (201, "gathering")
    # It is edited where every organisation is, but not what only the office changes.
    here = f"/organisations/{registered['organisation']}"
    assert call("PATCH", here, {"website": "https://example.org"})[0] == 200
    assert call("PATCH", here, {"registration_number": "1"})[0] == 403

    case = f"/verification/{registered['case']}"
    assert call("POST", f"{case}/submit")[0] == 422  # nothing was handed in
    assert call.upload(f"{case}/papers", kind="passport", file=paper())[0] == 422
    assert call.upload(f"{case}/papers", kind="licence")[0] == 422
    status, row = call.upload(f"{case}/papers", kind="licence", file=paper())
    assert (status, row["name"]) == (201, "licence.pdf")
    assert call("DELETE", f"{case}/papers/{row['id']}")[0] == 204
    call.upload(f"{case}/papers", kind="licence", file=paper())
    assert call("POST", f"{case}/submit", {"anwser": "It is right."})[0] == 422
    assert call("POST", f"{case}/submit")[1]["state"] == "waiting"
    assert call("PUT", f"{case}/number", ANSWERS)[0] == 422  # says too much
    number = {name: ANSWERS[name] for name in ("country", "number_kind", "registration_number")}
    assert call("PUT", f"{case}/number", number)[0] == 409  # is being checked

    checker = office(edition)
    looked = checker("GET", case)[1]
    assert looked["checked"]["name"] == ANSWERS["name"]
    decision = {
        "cases": [registered["case"]],
        "seen": {registered["case"]: looked["mark"]},
        "accept": False,
        "reason": "number_differs",
    }
    assert checker("POST", "/verification/decide", decision)[0] == 409  # nobody took it
    assert checker("POST", f"{case}/claim")[0] == 200
    assert checker("POST", "/verification/decide", decision) == (200, {"count": 1})
    assert call("GET", case)[1]["reason"] == "number_differs"
    number["registration_number"] = "91420100MA4KXXXX0A"
    assert call("PUT", f"{case}/number", number)[0] == 422  # its check digit is wrong
    number["registration_number"] = "914403001922038216"
    assert call("PUT", f"{case}/number", number)[0] == 200
    assert Organisation.objects.get().registration_number == "914403001922038216"

    assert call("POST", f"{case}/let-in")[0] == 403
    assert checker("POST", f"{case}/let-in") == (200, {"waited": True})
    assert checker("POST", f"{case}/let-in") == (200, {"waited": False})
    assert Participation.objects.get().pending_since is None


def test_a_stranger_reaches_neither_case_nor_papers_and_an_auditor_no_papers() -> None:
    edition, user = make.edition(), make.user()
    _status, registered = Caller(edition, user)("POST", "/registration/organisation/send", ANSWERS)
    case = f"/verification/{registered['case']}"
    stranger = Caller(edition, make.user())
    for method, path in (
        ("GET", ""), ("GET", "/papers"), ("POST", "/papers"), ("POST", "/submit"),
        ("POST", "/let-in"),
    ):  # fmt: skip
        assert stranger(method, f"{case}{path}")[0] == 404
    auditor = Caller(edition, make.user())
    from talex.editions.models import RoleGrant

    RoleGrant.objects.create(
        edition=edition, user_id=auditor.client.session["_auth_user_id"], role="auditor"
    )
    assert auditor("GET", case)[0] == 200
    assert auditor("GET", f"{case}/papers")[0] == 403


def test_a_known_number_is_asked_for_and_a_head_lets_in() -> None:
    edition, first, second = make.edition(), make.user(), make.user()
    head, asker = Caller(edition, first), Caller(edition, second)
    head("POST", "/registration/organisation/send", ANSWERS)
    assert asker("POST", "/registration/organisation/send", ANSWERS)[0] == 409
    status, asked = asker("POST", "/registration/organisation/join", {"message": "R&D"})
    assert (status, asked["state"], asked["mine"]) == (201, "asked", True)
    assert not Draft.objects.exists()
    path = f"/requests-to-act/{asked['id']}/answer"
    assert asker("POST", path, {"accept": True})[0] == 403  # nobody lets in themselves
    assert Caller(edition, make.user())("POST", path, {"accept": True})[0] == 404
    # While the organisation itself waits, the office answers: its head may not be of it at all.
    assert head("GET", "/requests-to-act")[1] == []
    assert head("POST", path, {"accept": True, "role": "assistant"})[0] == 404
    Participation.objects.update(pending_since=None)
    assert [(one["id"], one["mine"]) for one in head("GET", "/requests-to-act")[1]] == [
        (asked["id"], False)
    ]
    assert head("POST", path, {"accept": True, "role": "boss"})[0] == 422
    status, told = head("POST", path, {"accept": True, "role": "assistant"})
    assert (status, told["state"]) == (200, "accepted")
    assert Delegate.objects.get(person__user=second).role == "assistant"
    assert asker("GET", "/requests-to-act?state=accepted")[1][0]["mine"]
    assert JoinRequest.objects.get().decided_at is not None


def test_a_head_invites_and_takes_back() -> None:
    edition, user = make.edition(), make.user()
    head = Caller(edition, user)
    _status, registered = head("POST", "/registration/organisation/send", ANSWERS)
    path = f"/organisations/{registered['organisation']}/invitations"
    assert head("POST", path, {"email": "jia@example.org"})[0] == 409  # not let in yet
    assert Caller(edition, make.user())("POST", path, {"email": "a@example.org"})[0] == 404
    Participation.objects.update(pending_since=None)
    status, sent = head("POST", path, {"email": "jia@example.org", "language": "de"})
    assert status == 201 and Message.objects.filter(address="jia@example.org").count() == 1
    assert head("POST", path, {"email": "no address"})[0] == 422
    assert Caller(edition, make.user())("POST", path, {"email": "a@example.org"})[0] == 403
    assert head("DELETE", f"{path}/{sent['id']}")[0] == 204
    assert head("GET", path)[1][0]["revoked_at"] is not None
    other = make.organisation(edition, "Other")
    assert (
        office(edition)("DELETE", f"/organisations/{other.pk}/invitations/{sent['id']}")[0] == 404
    )


def test_a_talent_opens_a_case_of_their_own_once() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    make.with_account(talent)
    talent.refresh_from_db()
    call = Caller(edition, talent.person.user)
    status, opened = call("POST", "/verification", {"kind": "degree"})
    assert (status, opened["state"]) == (201, "gathering")
    assert call("POST", "/verification", {"kind": "degree"})[1]["id"] == opened["id"]
    assert call("POST", "/verification", {"kind": "employer"})[0] == 422
    assert Caller(edition, make.user())("POST", "/verification", {"kind": "degree"})[0] == 403
    assert Case.objects.count() == 1


def test_it_is_sent_without_a_body_and_again() -> None:
    """Who clicks or asks twice reads the same organisation, not that the answers are wrong."""
    edition, user = make.edition(), make.user()
    call = Caller(edition, user)
    own = "/registration/organisation"
    status, problem = call("POST", f"{own}/send")
    assert status == 422 and "answers" not in {one["field"] for one in problem["errors"]}
    assert call("DELETE", own)[0] == 204
    assert call("PATCH", own, ANSWERS)[0] == 200
    first = call("POST", f"{own}/send")
    assert first[0] == 201, first
    assert call("POST", f"{own}/send") == first  # nothing typed since
    assert call("POST", f"{own}/send", ANSWERS) == first  # the same number
    status, problem = call("POST", f"{own}/send", {"region": "Graz"})
    assert status == 409 and "sent already" in problem["detail"]
    assert Organisation.objects.count() == 1 and not Draft.objects.exists()
    other = {**ANSWERS, "registration_number": "914403001922038216"}
    assert call("POST", f"{own}/send", other)[0] == 201
    assert Organisation.objects.count() == 2
    # Of others' organisations nothing is told but that they are known.
    assert Caller(edition, make.user())("POST", f"{own}/send", ANSWERS)[0] == 409


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("typed", [{}, ANSWERS])
def test_sent_three_times_at_once_it_is_the_same_organisation(typed: dict[str, Any]) -> None:
    edition, user = make.edition(), make.user()
    calls = [Caller(edition, user) for _one in range(3)]
    assert calls[0]("PATCH", "/registration/organisation", ANSWERS)[0] == 200
    wait = Barrier(3)

    def at_once(call: Caller) -> Any:
        try:
            wait.wait(10)
            return call("POST", "/registration/organisation/send", typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(at_once, calls))
    assert [status for status, _told in answers] == [201] * 3, answers
    assert {told["organisation"] for _status, told in answers} == {
        str(Organisation.objects.get().pk)
    }
    assert not Draft.objects.exists()
