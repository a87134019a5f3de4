"""The pages, as each side uses them: who gets in, what is shown, what a form does."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, RoleGrant
from talex.fair.models import Hidden, Interest, Match, Opening, RequestRules, Statement
from talex.fair.services import AnswerInterest, answer, quotas
from talex.meetings.models import MeetingRequest
from talex.meetings.services import TellOutcome, tell_outcome
from talex.participants.models import Delegate, Person, Talent
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


class World:
    """An edition with an office, a delegate and a talent, each with an account."""

    def __init__(self) -> None:
        self.edition: Edition = make.edition(state="running")
        self.company = make.organisation(self.edition, region="武汉")
        self.delegate: Delegate = make.delegate(self.edition, self.company)
        self.talent: Talent = make.talent(self.edition, email="anna@example.org")
        self.opening: Opening = make.opening(
            self.edition, self.company, skills=["BMS"],
            description=TranslatedText.of("What the work is"),
            pay={"low": "10000", "currency": "CNY", "period": "month"},
        )  # fmt: skip
        self.match = make.match(
            self.talent,
            self.opening,
            reasons=[
                {"code": "region_met", "part": "region", "weight": 0.1, "fits": True,
                 "common": ["武汉"]},
                {"code": "degree_below", "part": "degree", "weight": 0.1, "fits": False,
                 "has": "bachelor", "wanted": "master", "gain": 0.3},
            ],
        )  # fmt: skip
        self.clients = {
            "nobody": Client(),
            "talent": self.sign_in(self.talent.person),
            "delegate": self.sign_in(self.delegate.person),
            "office": self.sign_in(None, "organiser"),
            "auditor": self.sign_in(None, "auditor"),
        }

    def sign_in(self, person: Person | None, role: str = "") -> Client:
        user = User.objects.create(email=f"{uuid.uuid4().hex}@example.org", name="X")
        if person is not None:
            person.user = user
            person.save()
        if role:
            RoleGrant.objects.create(user=user, edition=self.edition, role=role)
        client = Client()
        client.force_login(user)
        return client

    def url(self, name: str, **more: Any) -> str:
        return reverse(f"fair:{name}", kwargs={"edition": self.edition.slug, **more})

    def get(self, who: str, name: str, **more: Any) -> Any:
        return self.clients[who].get(self.url(name, **more))

    def post(self, who: str, name: str, data: dict, **more: Any) -> Any:
        return self.clients[who].post(self.url(name, **more), data)


@pytest.fixture
def world() -> World:
    return World()


EVERYBODY = {"nobody", "talent", "delegate", "office", "auditor"}
OPEN_TO = {
    "openings": EVERYBODY,
    "browse": EVERYBODY,
    "new": {"delegate", "office"},
    "for_you": {"talent"},
    "candidates": {"delegate", "office", "auditor"},
    "requests": {"talent", "delegate", "office", "auditor"},
    "matches": {"office", "auditor"},
    "run": {"office"},
    "progress": {"office", "auditor"},
    "approve": {"office"},
    "opening": EVERYBODY,
    "edit": {"delegate", "office"},
    "ask": {"talent"},
    "invite": {"delegate", "office", "auditor"},
    "match": {"talent", "delegate", "office", "auditor"},
}
WITH_KEY = {
    "opening": "opening", "edit": "opening", "ask": "opening", "invite": "match", "match": "match",
}  # fmt: skip


@pytest.mark.parametrize("name", OPEN_TO)
def test_pages_open_for_whom_they_are(world: World, name: str) -> None:
    more = {"pk": getattr(world, WITH_KEY[name]).pk} if name in WITH_KEY else {}
    for who in sorted(EVERYBODY):
        status = world.get(who, name, **more).status_code
        opened = {200} if who in OPEN_TO[name] else {302, 403, 404}
        assert status in opened, (name, who, status)


def test_a_talent_reads_why_and_asks(world: World) -> None:
    page = world.get("talent", "for_you").content.decode()
    assert "Battery engineer" in page
    assert "武汉" in page
    assert "up to +30" in page
    sent = world.post("talent", "ask", {"message": "Hello", "rank": "1"}, pk=world.opening.pk)
    assert sent.status_code == 303
    asked = Interest.objects.get()
    assert (asked.side, asked.message, asked.rank) == ("talent", "Hello", 1)
    again = world.post("talent", "ask", {}, pk=world.opening.pk)
    assert again.status_code == 409
    assert "asked for already" in again.content.decode()
    inbox = world.get("talent", "requests").content.decode()
    assert "Waiting for their answer" in inbox


def test_who_has_no_room_left_reads_the_limit_instead_of_a_form(world: World) -> None:
    """Whom the other side asked is still led to say yes."""
    RequestRules.objects.create(
        edition=world.edition, open_per_talent=1, open_per_opening=1,
        open_per_organisation=5, answer_hours=48, reminder_hours=12,
    )  # fmt: skip
    other = make.opening(world.edition, world.company)
    assert world.post("talent", "ask", {}, pk=world.opening.pk).status_code == 303
    full = world.get("talent", "ask", pk=other.pk)
    assert full.status_code == 409
    words = full.content.decode()
    assert "All your open requests are used (1 of 1)." in words and "<textarea" not in words
    Interest.objects.create(
        edition=world.edition, talent=world.talent, opening=other, side="employer",
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    assert "<textarea" in world.get("talent", "ask", pk=other.pk).content.decode()


def test_a_delegate_sees_no_name_until_both_want_to_meet(world: World) -> None:
    page = world.get("delegate", "candidates").content.decode()
    assert "Anna Weber" not in page
    assert "anna@example.org" not in page
    world.post("talent", "ask", {}, pk=world.opening.pk)
    asked = Interest.objects.get()
    inbox = world.get("delegate", "requests").content.decode()
    assert "Waiting for your answer" in inbox
    assert "Anna Weber" not in inbox
    done = world.post("delegate", "answer", {"answer": "yes"}, pk=asked.pk)
    assert done.status_code == 303
    assert MeetingRequest.objects.count() == 1
    agreed = world.clients["delegate"].get(world.url("requests") + "?tab=agreed").content.decode()
    assert "Anna Weber" in agreed
    assert "anna@example.org" not in agreed


def test_each_side_is_spoken_to_as_itself(world: World) -> None:
    empty = {who: world.get(who, "requests").content.decode() for who in ("talent", "delegate")}
    assert "Ask to meet about an opening" in empty["talent"]
    assert "Invite somebody" not in empty["talent"]
    assert "Invite somebody" in empty["delegate"]
    world.post("talent", "ask", {}, pk=world.opening.pk)
    inbox = world.get("talent", "requests").content.decode()
    # For a talent the opening is the heading, not their own record.
    assert f'<h3><a href="{world.url("opening", pk=world.opening.pk)}">' in inbox


def test_a_talent_hides_and_shows_again(world: World) -> None:
    world.post("talent", "hide", {}, pk=world.opening.pk)
    assert Hidden.objects.count() == 1
    assert "Battery engineer" not in world.get("talent", "for_you").content.decode()
    assert (
        "Propose it to me again"
        in world.get("talent", "opening", pk=world.opening.pk).content.decode()
    )
    world.post("talent", "hide", {"shown": "1"}, pk=world.opening.pk)
    assert not Hidden.objects.exists()


def test_a_delegate_adds_an_opening_and_errors_stand_at_their_fields(world: World) -> None:
    data = {
        "title_en": "Chemist", "title": "Chemist", "kind": "job", "mode": "both", "state": "open",
        "organisation": str(world.company.pk), "languages": ["German: B2"],
        "pay_low": "5", "pay_high": "3", "pay_currency": "CNY", "pay_period": "month",
    }  # fmt: skip
    page = world.get("delegate", "new").content.decode()
    import re

    names = set(re.findall(r'name="(title[^"]*)"', page))
    data |= dict.fromkeys(sorted(names)[:1], "Chemist")
    told = world.post("delegate", "new", data)
    assert told.status_code == 422
    form = told.context["form"]
    assert list(form.errors) == ["pay_low"]
    assert form.errors["pay_low"] == ["The highest pay must not be below the lowest."]
    done = world.post("delegate", "new", data | {"pay_high": "9"})
    assert done.status_code == 303, done.content.decode()[:3000]
    made = Opening.objects.exclude(pk=world.opening.pk).get()
    assert made.languages == [{"code": "de", "level": "B2"}]
    assert made.pay["high"] == "9"


def test_the_office_decides_in_bulk(world: World) -> None:
    data = {"action": "approve", "ids": [str(world.match.pk)]}
    page = world.clients["office"].post(world.url("matches"), data)
    if page.status_code == 200:  # asked whether it is meant
        page = world.clients["office"].post(world.url("matches"), data | {"confirmed": "1"})
    assert Match.objects.get().state == "approved", page.content.decode()[:2000]
    assert MeetingRequest.objects.get().origin == "office"


def test_the_office_approves_by_score(world: World) -> None:
    assert world.post("office", "approve", {"score": "0.9"}).status_code == 303
    assert Match.objects.get().state == "proposed"
    assert world.post("office", "approve", {"score": "0.5"}).status_code == 303
    assert Match.objects.get().state == "approved"
    assert world.post("office", "approve", {"score": "7"}).status_code == 422


def test_starting_the_matching_shows_its_progress_and_can_be_stopped(world: World) -> None:
    from talex.core.models import Job

    done = world.post("office", "run", {"per_talent": "4", "minimum": "0"})
    assert done.status_code == 303
    assert "Waiting for a worker" in world.get("office", "matches").content.decode()
    job = Job.objects.get()
    world.post("office", "stop", {}, pk=job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "was stopped" in world.get("office", "progress").content.decode()


def test_an_outcome_is_told_on_the_meetings_page(world: World) -> None:
    asked = make.interest(world.talent, world.opening)
    desk = make.as_delegate(world.delegate)
    with clock.at(make.BEFORE):
        answer(desk, world.edition, AnswerInterest(asked.pk, True))
    meeting = make.held_meeting(MeetingRequest.objects.get(), make.BEFORE)
    with clock.at(meeting.ends_at):
        tell_outcome(desk, world.edition, TellOutcome(meeting.pk, "held"))
    page = reverse("meetings:meeting", kwargs={"edition": world.edition.slug, "pk": meeting.pk})
    for who, side in (("talent", "talent"), ("delegate", "employer")):
        assert "What came of it" in world.clients[who].get(page).content.decode()
        done = world.post(who, "say", {"yes": "yes"}, pk=meeting.pk, side=side, kind="intent")
        assert done.status_code == 303
    assert Statement.objects.count() == 2
    other = world.get("talent", "say", pk=meeting.pk, side="employer", kind="intent")
    assert other.status_code == 403
    assert "mutual intent" in world.clients["delegate"].get(page).content.decode()
    assert world.get("talent", "record", pk=meeting.pk).status_code == 403
    early = world.post("delegate", "record", {"rung": "arrived"}, pk=meeting.pk)
    assert early.status_code == 409
    done = world.post("delegate", "record", {"rung": "offer_accepted"}, pk=meeting.pk)
    assert done.status_code == 303
    back = world.post(
        "delegate", "take_back", {"rung": "offer_accepted", "reason": "withdrew"}, pk=meeting.pk
    )
    assert back.status_code == 303


def test_home_says_what_to_do_next(world: World) -> None:
    world.post("talent", "ask", {}, pk=world.opening.pk)
    home = reverse("web:edition_home", kwargs={"edition": world.edition.slug})
    assert "Answer requests to meet" in world.clients["delegate"].get(home).content.decode()
    assert "Decide on proposals" in world.clients["office"].get(home).content.decode()


def test_lists_take_as_many_statements_for_one_as_for_many(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(who: str, name: str) -> int:
        world.get(who, name)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert world.get(who, name).status_code == 200
        return len(found)

    pages = [
        ("office", "openings"), ("office", "matches"), ("office", "requests"),
        ("talent", "for_you"), ("delegate", "candidates"), ("delegate", "requests"),
        ("nobody", "browse"),
    ]  # fmt: skip
    make.interest(world.talent, make.opening(world.edition, world.company))
    before = {page: count(*page) for page in pages}
    for number in range(6):
        about = make.opening(world.edition, world.company, f"More {number}")
        make.match(world.talent, about)
        make.match(make.talent(world.edition, f"N{number}"), about)
        make.interest(make.talent(world.edition, f"M{number}"), about)
    assert {page: count(*page) for page in pages} == before


def test_who_looks_at_candidates_is_noted_for_the_talent(world: World) -> None:
    from talex.participants.looking.models import Look

    world.get("talent", "for_you")
    world.get("talent", "match", pk=world.match.pk)
    assert not Look.objects.exists()
    world.get("delegate", "candidates")
    world.get("delegate", "match", pk=world.match.pk)
    world.clients["delegate"].get(f"/api/editions/{world.edition.slug}/matches")
    looks = Look.objects.values_list("person", "role", "organisation", "way").order_by("way")
    assert list(looks) == [
        (world.talent.person_id, "delegate", str(world.company.pk), way) for way in ("api", "match")
    ]


def test_who_answers_reads_from_whom_what_and_until_when(world: World) -> None:
    asked = make.interest(world.talent, world.opening, message="I build batteries")
    page = world.get("delegate", "answer", pk=asked.pk).content.decode()
    assert "I build batteries" in page
    assert "From:" in page and "Answer until" in page
    reason = page[page.index("If not: why?") :]
    assert "(optional)" not in reason[: reason.index("<select")]
    for state in ("withdrawn", "declined", "accepted"):
        Interest.objects.filter(pk=asked.pk).update(state=state)
        page = world.get("delegate", "answer", pk=asked.pk).content.decode()
        assert 'name="answer"' not in page
        assert "This is where it stands." in page


def test_no_invitation_is_offered_where_none_is_left(world: World) -> None:
    quotas.set_request_rules(
        make.office(world.edition), world.edition, quotas.SetRequestRules(9, 1, 9, 48, 0)
    )
    assert world.get("delegate", "invite", pk=world.match.pk).status_code == 200
    make.interest(make.talent(world.edition), world.opening, "employer")
    refused = world.get("delegate", "invite", pk=world.match.pk)
    assert refused.status_code == 409
    assert 'name="message"' not in refused.content.decode()
