"""Contact details in requests and openings: hidden on pages, API, search, export until both
agreed."""

from __future__ import annotations

from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.masking import MASK
from talex.core.registries import erase
from talex.core.search import find_everywhere
from talex.core.translated import TranslatedText
from talex.fair import queries
from talex.fair.models import Interest, Match, Opening
from talex.fair.search import OpeningSource
from talex.fair.services import (
    AnswerInterest,
    AskToMeet,
    Invite,
    SaveOpening,
    WithdrawInterest,
    approve_matches,
    ask_to_meet,
    invite,
    save_opening,
    set_openings_state,
    withdraw,
)
from talex.fair.services import answer as answers
from talex.meetings.models import Meeting, MeetingRequest
from tests.fair import factories as make
from tests.fair.test_api import Api
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db

MAIL, PHONE = "jobs@yangtze.example.org", "+86 138 1234 5678"


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


class Told(Pair):
    """The opening says how to reach its organisation; both sides have an account."""

    def __init__(self) -> None:
        super().__init__()
        Opening.objects.filter(pk=self.opening.pk).update(
            description=TranslatedText.of(f"Write to {MAIL} or call {PHONE}"),
            skills=["BMS", f"ask {MAIL}"],
        )
        self.talents = Api(self.edition, self.talent.person)
        self.employers = Api(self.edition, self.delegate.person)
        self.office = Api(self.edition, role="organiser")
        OpeningSource().rebuild()

    def page(self, of: Api, path: str) -> str:
        response = of.client.get(f"/e/{self.edition.slug}/{path}")
        assert response.status_code == 200, path
        return str(response.content.decode())

    def own(self, of: Api, tab: str = "open") -> str:
        return self.page(of, f"requests/?tab={tab}")


@pytest.fixture
def told() -> Told:
    return Told()


def request_words(of: Api) -> tuple[str, str]:
    (one,) = of.get("/interests").json()["items"]
    return one["message"], one["answer"]


def test_the_words_of_a_request_hide_contact_details_until_both_agreed(told: Told) -> None:
    asked = told.ask(message="Write to anna@example.org or +49 151 2345 6789")
    for seen in (told.own(told.employers), request_words(told.employers)[0]):
        assert "anna@example.org" not in seen and "2345" not in seen and MASK in seen
    # Who wrote it reads it, and the office as well.
    for whole in (told.own(told.talents), request_words(told.talents)[0],
                  request_words(told.office)[0]):  # fmt: skip
        assert "anna@example.org" in whole
    answers(told.as_delegate, told.edition, AnswerInterest(asked.pk, True, f"Yes: {MAIL}"))
    assert "anna@example.org" in told.own(told.employers, "agreed")
    assert "anna@example.org" in request_words(told.employers)[0]
    assert MAIL in told.own(told.talents, "agreed")
    assert MAIL in request_words(told.talents)[1]
    # An agreement that is taken back hides them again, from both.
    withdraw(told.as_talent, told.edition, WithdrawInterest(asked.pk, "No time"))
    assert "anna@example.org" not in told.own(told.employers, "over")
    assert "anna@example.org" not in request_words(told.employers)[0]
    assert MAIL not in told.own(told.talents, "over")
    assert MAIL not in request_words(told.talents)[1]
    assert "anna@example.org" in request_words(told.talents)[0]


def test_an_answer_that_declines_hides_them_wherever_it_is_read(told: Told) -> None:
    asked = told.ask()
    answers(
        told.as_delegate,
        told.edition,
        AnswerInterest(asked.pk, False, f"Rather at {MAIL}", "skills"),
    )
    pages = ["applications/?stage=over", "requests/?tab=over", f"openings/{told.opening.pk}/"]
    for path in pages:
        text = told.page(told.talents, path)
        assert "Rather at" in text and MAIL not in text, path
    assert MAIL not in request_words(told.talents)[1]
    assert MAIL in request_words(told.employers)[1]


def test_the_file_of_a_person_hides_the_other_sides_contact_details(told: Told) -> None:
    make.consent(told.talent, "profile")
    command = Invite(told.opening.pk, told.talent.pk, f"Call us: {MAIL}")
    asked = invite(told.as_delegate, told.edition, command)

    def file() -> dict[str, Any]:
        told_by = [port.export(told.talent.person_id) for port in erase]
        return next(one["interests"][0] for one in told_by if "interests" in one)

    assert file()["message"] == f"Call us: {MASK}"
    answers(told.as_talent, told.edition, AnswerInterest(asked.pk, True, "I am anna@example.org"))
    assert MAIL in file()["message"]
    assert "anna@example.org" in file()["answer"]


def read(actor: Actor, told: Told) -> Opening:
    return queries.opening(actor, told.edition, told.opening.pk)


def test_an_opening_hides_contact_details_from_who_did_not_agree(told: Told) -> None:
    path = f"openings/{told.opening.pk}/"
    pages = [path, f"{path}beside/"]
    other = make.organisation(told.edition, "Other")
    competitor = Api(told.edition, make.delegate(told.edition, other).person)
    for reader in (told.talents, competitor):
        assert MAIL not in told.page(reader, path) and PHONE not in told.page(reader, path)
        assert MASK in told.page(reader, path)
        for found in (
            reader.get(f"/openings/{told.opening.pk}").json(),
            reader.get("/openings").json()["items"][0],
        ):
            assert MAIL not in str(found) and MASK in found["description"]["en"]
    assert MAIL not in told.page(told.talents, pages[1])
    for reader in (told.employers, told.office):
        assert MAIL in told.page(reader, path)
        assert MAIL in reader.get(f"/openings/{told.opening.pk}").json()["description"]["en"]
    assert MAIL in told.page(told.employers, f"{path}edit/")
    ask_to_meet(told.as_talent, told.edition, AskToMeet(told.opening.pk))
    assert MAIL not in told.page(told.talents, path)
    answers(told.as_delegate, told.edition, AnswerInterest(Interest.objects.get().pk, True))
    assert MAIL in told.page(told.talents, path)
    assert MAIL in told.talents.get(f"/openings/{told.opening.pk}").json()["description"]["en"]
    # Nothing of the hiding was saved.
    assert MAIL in str(Opening.objects.get().description)


@pytest.mark.parametrize("state", ["closed", "draft"])
@pytest.mark.parametrize("agreed", [False, True])
def test_what_is_written_on_while_it_is_not_open_is_read_by_its_own_side_alone(
    told: Told, state: str, agreed: bool
) -> None:
    """Also where they asked for it, or are to meet: nobody approved what stands there now."""
    ask_to_meet(told.as_talent, told.edition, AskToMeet(told.opening.pk))
    asked = Interest.objects.get()
    if agreed:
        answers(told.as_delegate, told.edition, AnswerInterest(asked.pk, True))
    set_openings_state(told.as_delegate, told.edition, [told.opening.pk], state)
    former = str(told.opening.title)
    for text in ("Secret one", "Secret two"):
        written = TranslatedText.of(text)
        command = SaveOpening(
            told.opening.organisation_id, written, id=told.opening.pk, description=written,
            skills=[text], region=text,
        )  # fmt: skip
        save_opening(told.as_delegate, told.edition, command)
    assert Opening.objects.get().state == state
    read = [
        told.page(told.talents, path)
        for path in (f"requests/{asked.pk}/beside/", "applications/", "requests/", "me/data/")
    ] + [
        told.talents.get(path).content.decode()
        for path in ("/interests", f"/interests/{asked.pk}/beside", "/applications", "/openings")
    ]
    assert not [one for one in read if "Secret" in one]
    assert former in read[0] and former in read[4]
    assert (MAIL in read[0]) == agreed
    assert "Secret two" in told.page(told.employers, f"openings/{told.opening.pk}/")
    set_openings_state(told.as_delegate, told.edition, [told.opening.pk], "open")
    assert Opening.objects.get().last_open == {}
    assert "Secret two" in told.talents.get("/interests").content.decode()


def test_who_meets_by_the_offices_approval_reads_what_it_said_when_it_was_open(told: Told) -> None:
    """Taken back to a draft first, and written on later, without a request."""
    match = make.match(told.talent, told.opening)
    approve_matches(make.office(told.edition), told.edition, [match.pk])
    make.held_meeting(MeetingRequest.objects.get())
    set_openings_state(told.as_delegate, told.edition, [told.opening.pk], "draft")
    written = TranslatedText.of("Secret")
    command = SaveOpening(
        told.opening.organisation_id, written, id=told.opening.pk, description=written
    )
    save_opening(told.as_delegate, told.edition, command)
    for path in ("applications/", f"matches/{match.pk}/", "me/data/"):
        assert "Secret" not in told.page(told.talents, path), path
    assert MAIL in told.page(told.talents, f"matches/{match.pk}/")


def test_what_the_office_approved_opens_details_while_they_meet(told: Told) -> None:
    match = make.match(told.talent, told.opening)
    approve_matches(make.office(told.edition), told.edition, [match.pk])
    assert Match.objects.get().state == "approved"
    assert MAIL not in str(read(told.as_talent, told).description)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    assert MAIL in str(read(told.as_talent, told).description)
    Meeting.objects.filter(pk=meeting.pk).update(status=Meeting.Status.CANCELLED)
    assert MAIL not in str(read(told.as_talent, told).description)


def test_nobody_finds_an_opening_by_an_address_they_may_not_read(told: Told) -> None:
    def found(actor: Actor, words: str) -> bool:
        hits = dict(find_everywhere(actor, words, edition=told.edition.pk))
        return bool(hits.get("fair.openings"))

    assert found(told.as_talent, "Battery")
    for words in ("yangtze.example.org", "13812345678", "1234"):
        assert not found(told.as_talent, words), words
    assert found(told.as_delegate, "yangtze.example.org")
    assert found(SYSTEM, "yangtze.example.org")
