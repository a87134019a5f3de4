"""Whatever is written under one Idempotency-Key is done once, in every room."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from talex.accounts.models import ApiToken
from talex.api import repeating
from talex.api.letting_in import path_of
from talex.api.main import api
from talex.core import clock, idempotency
from talex.core.actor import SYSTEM
from talex.core.models import Answer
from talex.fair.conversations import services as conversations
from talex.fair.conversations.models import Message
from talex.fair.models import Interest
from talex.fair.services.barring import SetBlock, set_block
from talex.participants.commands import ErasePerson, SetConsents, WithdrawDelegate
from talex.participants.credentials.models import Paper
from talex.participants.services import erase_person, withdraw_delegate
from talex.participants.services.consents import set_consents
from talex.programme.models import Hall
from tests.api.test_doors import bearer, make_key
from tests.editions.factories import grant, make_edition, make_user
from tests.fair import factories as make
from tests.fair.test_interests import Pair
from tests.keys import KEY, OTHER_KEY
from tests.participants.credentials.test_api import Caller, paper
from tests.participants.credentials.test_registering import ANSWERS

pytestmark = pytest.mark.django_db


def keyed(call: Caller, path: str, body: Any, key: str = KEY) -> Any:
    return call("POST", path, body, **{"Idempotency-Key": key, "Accept-Language": "en"})


@pytest.fixture
def pair() -> Any:
    with clock.at(make.BEFORE):
        yield Pair()


def asked(pair: Pair) -> tuple[Caller, str]:
    """The talent of a pair that may write to each other, and where they write."""
    talent = talent_of(pair)
    pair.ask()
    return talent, f"/conversations/{pair.talent.pk}/{pair.opening.pk}"


def talent_of(pair: Pair) -> Caller:
    user = make_user()
    pair.talent.person.user = user
    pair.talent.person.save()
    return Caller(pair.edition, user)


def test_a_message_is_written_once(pair: Pair) -> None:
    talent, path = asked(pair)
    first, again = (keyed(talent, path, {"body": "Hello once"}) for _time in range(2))
    assert first == again and first[0] == 201
    assert Message.objects.count() == 1
    status, problem = keyed(talent, path, {"body": "Hello again"})
    assert status == 409 and "another request" in problem["detail"]
    assert keyed(talent, path, {"body": "Hello again"}, OTHER_KEY)[0] == 201
    assert Message.objects.count() == 2


def test_hiding_somebody_twice_is_answered_alike(pair: Pair) -> None:
    """Who hid a talent does not see them any more."""
    make.match(pair.talent, pair.opening)
    user = make_user()
    pair.delegate.person.user = user
    pair.delegate.person.save()
    delegate = Caller(pair.edition, user)
    body = {"opening": str(pair.opening.pk), "talent": str(pair.talent.pk)}
    first, again = (keyed(delegate, "/hidden", body) for _time in range(2))
    assert first == again and first == (200, {"changed": True})
    # What both sides may do is refused field by field, not by role.
    for path in ("/hidden", "/refusals"):
        assert keyed(delegate, path, {"nosuch": 1}, OTHER_KEY)[0] == 422


def test_a_request_to_meet_is_answered_as_the_first_time(pair: Pair) -> None:
    talent = talent_of(pair)
    body = {"opening": str(pair.opening.pk), "message": "Hi"}
    first, again = (keyed(talent, "/interests/ask", body) for _time in range(2))
    assert first == again and first[0] == 201
    assert Interest.objects.count() == 1
    # The key belongs to what was asked, wherever it is sent next.
    path = f"/conversations/{pair.talent.pk}/{pair.opening.pk}"
    assert keyed(talent, path, {"body": "Hello"})[0] == 409
    assert keyed(talent, "/openings", {})[0] in {403, 409, 422}


def test_what_was_refused_may_be_sent_again_under_its_key(pair: Pair) -> None:
    talent, path = asked(pair)
    assert keyed(talent, path, {"body": ""})[0] == 422
    assert keyed(talent, path, {"boody": "Hello"})[0] == 422
    assert not Answer.objects.exists()
    assert keyed(talent, path, {"body": "Hello"})[0] == 201


def test_who_lost_the_role_reads_no_former_answer() -> None:
    edition, user = make_edition("one"), make_user()
    role = grant(user, edition, "organiser")
    call = Caller(edition, user)
    hall = {"code": "A", "name": {"en": "Hall A"}, "tables": 3}
    first = keyed(call, "/halls", hall)
    assert first[0] == 201, first
    assert keyed(call, "/halls", hall) == first and Hall.objects.count() == 1
    role.delete()
    assert keyed(call, "/halls", hall)[0] in {403, 404}


@pytest.mark.parametrize("how", ["consent", "erased", "blocked"])
def test_nobody_reads_again_what_was_closed_to_them_since(pair: Pair, how: str) -> None:
    make.consent(pair.talent, "profile")
    user = make_user()
    pair.delegate.person.user = user
    pair.delegate.person.save()
    delegate = Caller(pair.edition, user)
    body = {"opening": str(pair.opening.pk), "talent": str(pair.talent.pk)}
    first = keyed(delegate, "/interests/invite", body)
    assert first[0] == 201 and keyed(delegate, "/interests/invite", body) == first
    with clock.at(clock.now() + timedelta(minutes=1)):
        if how == "consent":
            set_consents(SYSTEM, SetConsents(talent=pair.talent.pk, purposes=[]))
        elif how == "erased":
            erase_person(SYSTEM, ErasePerson(person=pair.talent.person_id))
        else:
            block = SetBlock(pair.company.pk, pair.talent.pk, "talent")
            set_block(pair.as_talent, pair.edition, block)
        status, problem = keyed(delegate, "/interests/invite", body)
        assert status == 409 and "done already" in problem["detail"]
    if how == "erased":
        assert not Answer.objects.filter(result__has_key="told").exists()


def test_a_row_that_was_made_is_not_shown_to_who_no_longer_acts_for_its_side(pair: Pair) -> None:
    user = make_user()
    pair.delegate.person.user = user
    pair.delegate.person.save()
    delegate = Caller(pair.edition, user)
    body = {"organisation": str(pair.company.pk), "title": {"en": "Draft"}, "state": "draft"}
    first = keyed(delegate, "/openings", body)
    assert first[0] == 201 and keyed(delegate, "/openings", body) == first
    with clock.at(clock.now() + timedelta(minutes=1)):
        withdraw_delegate(SYSTEM, WithdrawDelegate(delegate=pair.delegate.pk))
        assert keyed(delegate, "/openings", body)[0] in {403, 404, 409}


def test_a_key_with_numbers_beyond_all_is_answered_as_without(pair: Pair) -> None:
    user = make_user()
    grant(user, pair.edition, "organiser")
    body = {"organisation": str(pair.company.pk), "title": {"en": "Engineer"}, "headcount": 2**53}
    told = [keyed(Caller(pair.edition, user), "/openings", body) for _time in range(2)]
    assert told[0] == told[1] and told[0][0] == 422
    assert told[0][1]["errors"][0]["field"] == "headcount"


def test_a_key_that_is_no_uuid_is_refused_in_words(pair: Pair) -> None:
    talent = talent_of(pair)
    for path, body in (
        (f"/conversations/{pair.talent.pk}/{pair.opening.pk}", {"body": "Hello"}),
        ("/registration/organisation/send", ANSWERS),
    ):
        status, problem = keyed(talent, path, body, "notauuid")
        assert status == 422
        assert problem["errors"] == [
            {
                "field": "Idempotency-Key",
                "messages": ["Give a UUID, a new one for each thing that you want done."],
            }
        ]
    assert not Message.objects.exists()


def test_a_token_is_made_once_and_its_secret_kept_nowhere(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    sent: Any = {"headers": {"Idempotency-Key": KEY, "Accept-Language": "en"}}
    first, again = (
        client.post("/api/me/tokens", {"name": "script"}, "application/json", **sent)
        for _time in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 409)
    assert "done already" in again.json()["detail"]
    assert ApiToken.objects.count() == 1
    assert first.json()["key"] not in json.dumps([row.result for row in Answer.objects.all()])


def test_a_token_that_only_reads_is_told_so(client: Client) -> None:
    key = make_key(make_user(), read_only=True)
    headers = bearer(key) | {"Idempotency-Key": KEY}
    for _time in range(2):
        answer = client.patch("/api/me", {"name": "N"}, "application/json", headers=headers)
        assert answer.status_code == 403
    assert not Answer.objects.exists()
    nobody = client.patch(
        "/api/me", {"name": "N"}, "application/json", headers={"Idempotency-Key": KEY}
    )
    assert nobody.status_code == 401


def test_a_file_is_taken_once_and_read_outside_of_transactions() -> None:
    edition, user = make.edition(), make_user()
    call = Caller(edition, user)
    case = call("POST", "/registration/organisation/send", ANSWERS)[1]["case"]
    path = f"{call.base}/verification/{case}/papers"

    def send(file: SimpleUploadedFile) -> Any:
        fields = {"kind": "licence", "file": file}
        return call.client.post(path, fields, headers={"Idempotency-Key": KEY})

    first, again = send(paper()), send(paper())
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json() and Paper.objects.count() == 1
    other = SimpleUploadedFile("licence.pdf", paper().read() + b"\n")
    assert send(other).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(make.BEFORE):
        pair = Pair()
        _talent, path = asked(pair)
    user = pair.talent.person.user
    begun, wait, send = threading.Event(), threading.Event(), conversations.send

    def slow(*given: Any) -> Any:
        begun.set()
        wait.wait(20)
        return send(*given)

    monkeypatch.setattr(conversations, "send", slow)

    def ask(call: Caller) -> Any:
        try:
            with clock.at(make.BEFORE):
                return keyed(call, path, {"body": "Hello"})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, Caller(pair.edition, user))
        assert begun.wait(20)
        # It is still being done: after a while the second is told so, and nothing is done twice.
        monkeypatch.setattr(repeating, "WAIT_SECONDS", 0.2)
        status, problem = pool.submit(ask, Caller(pair.edition, user)).result(30)
        assert status == 409 and "still being carried out" in problem["detail"]
        monkeypatch.setattr(repeating, "WAIT_SECONDS", 20.0)
        second = pool.submit(ask, Caller(pair.edition, user))
        wait.set()
        assert first.result(30) == second.result(30) and first.result()[0] == 201
    assert Message.objects.count() == 1


def test_answers_are_kept_for_a_day_and_that_it_was_done_for_ever(pair: Pair) -> None:
    talent, path = asked(pair)
    keyed(talent, path, {"body": "Hello"})
    assert idempotency.sweep() == 0
    with clock.at(make.BEFORE + timedelta(days=1, minutes=1)):
        assert idempotency.sweep() == 1 and idempotency.sweep() == 0
        assert Answer.objects.get().result == {"gone": True}
        status, problem = keyed(talent, path, {"body": "Hello"})
    assert status == 409 and "done already" in problem["detail"]
    assert Message.objects.count() == 1


def _views() -> dict[str, Any]:
    """The functions of the API by what they are called."""
    found: dict[str, Any] = {}
    for pattern in api.urls[0]:
        cells = getattr(pattern.callback, "__closure__", None) or ()
        for view in (cell.cell_contents for cell in cells):
            for operation in getattr(view, "operations", ()):
                path = path_of(str(pattern.pattern))
                found |= {f"{m} /api/{path}": operation.view_func for m in operation.methods}
    return found


def test_who_sees_to_the_key_itself_is_listed() -> None:
    views = _views()
    assert len(views) > 200
    own = {address for address, view in views.items() if "once" in view.__code__.co_names}
    helped = {address for address in repeating.OWN if "/activities" in address}
    assert own | helped == repeating.OWN
    assert set(views) >= repeating.SECRET


def test_every_write_names_the_header() -> None:
    schema = api.get_openapi_schema()
    told = {"$ref": "#/components/parameters/IdempotencyKey"}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert (told in operation.get("parameters", [])) == (method != "get"), path
    assert schema["components"]["parameters"]["IdempotencyKey"]["in"] == "header"
