"""The fair over HTTP: the same services, errors as problem documents."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core import clock
from talex.editions.models import RoleGrant
from talex.fair.models import Match, Opening
from talex.fair.services import AnswerInterest, answer
from talex.meetings.models import MeetingRequest
from talex.meetings.services import TellOutcome, tell_outcome
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, edition: Any, person: Any = None, role: str = "") -> None:
        user = User.objects.create(email=f"{uuid.uuid4().hex}@example.org", name="X")
        if person is not None:
            person.user = user
            person.save()
        if role:
            RoleGrant.objects.create(user=user, edition=edition, role=role)
        self.client = Client()
        self.client.force_login(user)
        self.base = f"/api/editions/{edition.slug}"

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path)

    def send(self, path: str, body: dict, method: str = "post") -> Any:
        call = getattr(self.client, method)
        return call(self.base + path, json.dumps(body), content_type="application/json")


def test_openings_are_added_changed_and_listed() -> None:
    where = make.edition()
    company = make.organisation(where)
    api = Api(where, make.delegate(where, company).person)
    body = {
        "organisation": str(company.pk),
        "title": {"de": "Chemiker", "zh-hans": "化学家"},
        "pay": {"low": "5000", "currency": "EUR", "period": "month", "months": 13},
        "state": "open",
    }
    made = api.send("/openings", body)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    changed = api.send(f"/openings/{pk}", body | {"region": "Wuhan", "version": 1}, "put")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    late = api.send(f"/openings/{pk}", body | {"version": 1}, "put")
    assert late.status_code == 409
    wrong = api.send("/openings", body | {"headcount": 0})
    assert wrong.status_code == 422
    assert "headcount" in wrong.content.decode()
    assert wrong["Content-Type"].startswith("application/problem+json")
    (listed,) = api.get("/openings").json()["items"]
    assert listed["title"]["zh-hans"] == "化学家"
    # As text, also where it is kept as a number (an import, a rehearsal).
    kept = {"low": "5000", "currency": "EUR", "period": "month", "months": "13"}
    assert listed["pay"] == kept and Opening.objects.get().pay["months"] == 13
    closed = api.send("/openings/state", {"ids": [pk], "state": "closed"})
    assert closed.json() == {"changed": [pk], "handed_in": []}
    assert Opening.objects.get().state == "closed"


def test_requests_and_answers() -> None:
    where = make.edition()
    company = make.organisation(where)
    who, about = make.talent(where, email="anna@example.org"), make.opening(where, company)
    talent, desk = Api(where, who.person), Api(where, make.delegate(where, company).person)
    asked = talent.send("/interests/ask", {"opening": str(about.pk), "message": "Hi"})
    assert asked.status_code == 201, asked.content
    (seen,) = desk.get("/interests").json()["items"]
    assert seen["message"] == "Hi"
    assert "name" not in seen["talent_facts"]
    assert desk.get("/interests?state=accepted").json()["items"] == []
    done = desk.send(f"/interests/{seen['id']}/answer", {"accept": True})
    assert done.json()["state"] == "accepted"
    assert done.json()["talent_facts"]["name"] == "Anna Weber"
    assert "email" not in done.json()["talent_facts"]
    assert talent.send(f"/interests/{seen['id']}/withdraw", {}).status_code == 422
    gone = talent.send(f"/interests/{seen['id']}/withdraw", {"reason": "ill"})
    assert gone.json()["state"] == "withdrawn"
    stranger = Api(where, make.talent(where, "B").person)
    assert stranger.get("/interests").json()["items"] == []
    assert stranger.send(f"/interests/{seen['id']}/answer", {"accept": True}).status_code == 404


def test_proposals_are_read_with_reasons_and_decided_by_the_office() -> None:
    where = make.edition()
    who = make.talent(where)
    about = make.opening(where, make.organisation(where))
    reasons = [{"code": "region_met", "part": "region", "weight": 1, "fits": True,
                "common": ["武汉"]}]  # fmt: skip
    match = make.match(who, about, 0.7, reasons=reasons)
    talent, office = Api(where, who.person), Api(where, role="organiser")
    (seen,) = talent.get("/matches").json()["items"]
    assert seen["reasons"][0]["text"] == "The place is wished for: Wuhan (武汉)."
    assert office.get("/matches?minimum=0.8").json()["items"] == []
    assert talent.send("/matches/decide", {"ids": [str(match.pk)]}).status_code == 403
    assert talent.send("/matches/run", {}).status_code == 403
    assert office.send("/matches/run", {}).status_code == 202
    assert office.send("/matches/run", {"per_talent": 99}).status_code == 422
    assert office.send("/matches/run", {"seed": -(10**30)}).status_code == 422
    for nothing in ({}, {"approve": False}):
        refused = office.send("/matches/decide", nothing)
        assert refused.status_code == 422
        assert "minimum" in str(refused.json())
    assert talent.send("/matches/decide", {}).status_code == 403
    told = office.send("/matches/decide", {"minimum": 0.5}).json()
    assert (told["approved"], told["meetings"]) == (1, 1)
    assert Match.objects.get().state == "approved"


def test_outcomes_are_told_step_by_step() -> None:
    where = make.edition(state="running")
    company = make.organisation(where)
    desk_of = make.delegate(where, company)
    who = make.talent(where)
    asked = make.interest(who, make.opening(where, company))
    actor = make.as_delegate(desk_of)
    with clock.at(make.BEFORE):
        answer(actor, where, AnswerInterest(asked.pk, True))
    meeting = make.held_meeting(
        MeetingRequest.objects.get(), make.BEFORE.replace(year=2026, month=1)
    )
    tell_outcome(actor, where, TellOutcome(meeting.pk, "held"))
    talent, desk = Api(where, who.person), Api(where, desk_of.person)
    rungs = f"/meetings/{meeting.pk}/rungs"
    assert desk.send(rungs, {"rung": "offer_accepted"}).status_code == 409
    talent.send(f"/meetings/{meeting.pk}/say", {"side": "talent", "yes": True})
    desk.send(f"/meetings/{meeting.pk}/say", {"side": "employer", "yes": True})
    assert desk.send(rungs, {"rung": "nonsense"}).status_code == 422
    told = desk.send(rungs, {"rung": "offer_accepted"})
    reached = [step["rung"] for step in told.json()["steps"] if step["reached_at"]]
    assert reached == ["interviewed", "mutual_intent", "offer_accepted"]
    back = desk.send(rungs, {"rung": "offer_accepted", "withdraw": True, "reason": "no"})
    assert back.status_code == 200
    assert talent.send(rungs, {"rung": "arrived"}).status_code == 403


def test_a_text_that_cannot_be_kept_is_refused_before_anything_is_done() -> None:
    where = make.edition()
    company = make.organisation(where)
    api = Api(where, make.delegate(where, company).person)
    for title in ("half a \ud800 pair", "a NUL \0 within", "\udfff"):
        body = {"organisation": str(company.pk), "title": {"en": title}}
        refused = api.send("/openings", body)
        assert refused.status_code == 400
        assert refused["Content-Type"].startswith("application/problem+json")
    key = api.send("/openings", {"organisation": str(company.pk), "title": {"e\ud800": "X"}})
    nan = {"organisation": str(company.pk), "title": {"en": "X"}, "experience_min": float("nan")}
    number = api.send("/openings", nan)
    assert (key.status_code, number.status_code) == (400, 400)
    whole = json.dumps({"organisation": str(company.pk), "title": {"en": "half a # pair"}})
    raw = whole.encode().replace(b"#", b"\xed\xa0\x80")
    by_bytes = api.client.post(f"{api.base}/openings", raw, content_type="application/json")
    assert by_bytes.status_code == 400
    assert not Opening.objects.exists()
    pair = {"organisation": str(company.pk), "title": {"en": "Both halves \U0001f600"}}
    assert api.send("/openings", pair).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", {"en": "x" * 601}),
        ("title", {"xx": "Chemist"}),
        ("description", {"de": "x" * 100_001}),
        ("region", "x" * 201),
        ("pay", {"min": "abc"}),
    ],
)
def test_what_an_opening_cannot_keep_is_refused_by_its_field(field: str, value: Any) -> None:
    where = make.edition()
    company = make.organisation(where)
    api = Api(where, make.delegate(where, company).person)
    body = {"organisation": str(company.pk), "title": {"en": "Chemist"}} | {field: value}
    refused = api.send("/openings", body)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field], refused.json()
    assert not Opening.objects.exists()
