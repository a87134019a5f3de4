"""How people want to be written to: the page, the link in each mail, and that it is honoured."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import icalendar
import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock, outbox
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid, NotAllowed
from talex.core.outbox import CalendarPart, Group, Kind, Letter, Recipient
from talex.editions.models import Edition
from talex.messages import digests, preferences, unsubscribing
from talex.messages.models import Message, OptOut, Preference, State
from talex.messages.sending import deliver
from talex.messages.unsubscribing import Subscription
from tests.editions.factories import make_edition, make_user
from tests.messages.conftest import Box

pytestmark = pytest.mark.django_db

TEMPLATE = "editions/mail/role_granted"
TRIED = Kind("tests.tried", "Tried", TEMPLATE, group=Group.REQUESTS)
URGENT = Kind("tests.urgent", "Urgent", TEMPLATE, group=Group.REQUESTS, urgent=True)
BY_DAY = Kind("tests.by_day", "By day", TEMPLATE, group=Group.REMINDERS, by_day=True)

ALWAYS_SENT = {
    "accounts.new_sign_in",
    "accounts.phone_code",
    "accounts.phone_lost",
    "belonging.answered",
    "campaigns.test",
    "cohorts.decided",
    "cohorts.invited",
    "cohorts.reopened",
    "collecting.approved",
    "collecting.quota",
    "collecting.returned",
    "conversations.appeal_answered",
    "conversations.decided_against",
    "conversations.decision_taken_back",
    "conversations.report_decided",
    "credentials.decided",
    "credentials.invited",
    "credentials.join_answered",
    "credentials.rechecked",
    "credentials.refused",
    "credentials.taken_up",
    "editions.invitation",
    "editions.role_granted",
    "messages.digest",
    "messages.door",
    "participants.consent_ending",
    "participants.delegate_added",
    "participants.delegate_changed",
    "participants.erased",
    "participants.erased_soon",
    "participants.receipt",
    "webhooks.switched_off",
}
"""The daily mail has links of its own."""


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(outbox._kinds)
    monkeypatch.setattr(outbox, "_kinds", known)
    for kind in (TRIED, URGENT, BY_DAY):
        outbox.register_kind(kind)


def letter(user: User, kind: Kind = TRIED, edition: UUID | None = None, **more: Any) -> Letter:
    to = Recipient(user.email, user.language, user.pk)
    return Letter(to, kind.name, {"edition": "E", "role": "R"}, edition, **more)


def tell(user: User, kind: Kind = TRIED, edition: UUID | None = None, **more: Any) -> UUID | None:
    return outbox.tell_many([letter(user, kind, edition, **more)])[0]


def choose(user: User, **ways: str) -> None:
    preferences.set_ways(actor_for(user), preferences.SetWays(ways))


def morning(day: str = "2037-03-02", hour: str = "09:30", zone: str = "+08:00") -> Any:
    from datetime import datetime

    return clock.at(datetime.fromisoformat(f"{day}T{hour}{zone}"))


def test_who_wants_nothing_gets_nothing_but_what_is_urgent() -> None:
    user = make_user(language="en")
    choose(user, requests="never")
    assert tell(user) is None
    assert tell(user, URGENT) is not None
    assert Message.objects.get().kind == URGENT.name


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "No more mails of this kind"), ("de", "Keine"), ("zh-hans", "不再")],
)
def test_each_mail_carries_a_link_that_ends_its_kind_with_one_click(
    box: Box, language: str, words: str
) -> None:
    user = make_user(language=language)
    tell(user)
    tell(user, URGENT)
    assert deliver() == 2
    mail = next(m for m in box.taken if m["List-Unsubscribe"])
    (url,) = re.findall(r"<(https?://\S+)>", mail["List-Unsubscribe"].replace("\r\n ", ""))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_content()
    assert words in text and url in text and reverse("messages:preferences") in text
    urgent = next(m for m in box.taken if not m["List-Unsubscribe"])
    assert "/mail/stop/" not in urgent.get_content()
    path = re.sub(r"^https?://[^/]+", "", url)
    # A mail programme has no session and no CSRF token; one that only looks changes nothing.
    programme = Client(enforce_csrf_checks=True)
    assert programme.get(path).status_code == 200 and not Preference.objects.exists()
    for _again in range(2):
        done = programme.post(path, {"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    assert Preference.objects.get().way == "never" and tell(user) is None
    programme.post(path, {"again": "1"})
    assert tell(user) is not None


def test_every_kind_with_a_group_that_is_not_urgent_carries_the_link() -> None:
    """What has none is of one's own doing or about one's own case; the list stands here, so that
    a new kind without a group is a decision."""
    without = {name for name, kind in outbox.kinds().items() if kind.group is None}
    assert {name for name in without if not name.startswith("tests.")} == ALWAYS_SENT


def test_an_address_without_an_account_is_taken_off_one_conference() -> None:
    one, other = make_edition(), make_edition()
    to = Recipient("Gast@example.org", "de")

    def write(edition: Edition) -> UUID | None:
        return outbox.tell(to, TRIED.name, {}, edition=edition.pk)

    assert write(one) and write(other)
    about = Subscription("gast@example.org", "requests", one.pk)
    path = reverse("messages:unsubscribe", args=[unsubscribing.token_of(about)])
    for _again in range(2):
        assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert OptOut.objects.count() == 1
    assert write(one) is None and write(other) is not None
    assert preferences.refusing({"gast@example.org": None}, "requests", one.pk) == {
        "gast@example.org"
    }
    assert not preferences.refusing({"gast@example.org": None}, "requests", other.pk)


def test_the_link_does_not_show_the_address_and_older_links_work(settings: Any) -> None:
    edition = make_edition()
    about = Subscription("gast@example.org", "requests", edition.pk, daily=True)
    token = unsubscribing.token_of(about)
    for start in range(4):  # whatever part of it somebody decodes
        piece = token[start:]
        raw = urlsafe_b64decode(piece[: len(piece) // 4 * 4])
        assert b"gast" not in raw and b"requests" not in raw
    told = ["gast@example.org", "requests", str(edition.pk), "daily"]
    older = signing.dumps(told, salt=unsubscribing.SALT, compress=True)
    assert unsubscribing.read_token(older) == unsubscribing.read_token(token) == about
    # A new key of the installation ends no link that was sent.
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    for one in (older, token):
        path = reverse("messages:unsubscribe", args=[one])
        assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert OptOut.objects.get().address == "gast@example.org"


def test_a_forged_or_foreign_token_is_none() -> None:
    token = unsubscribing.token_of(Subscription("a@example.org", "requests"))
    changed = token[:40] + ("a" if token[40] != "a" else "b") + token[41:]
    for bad in (changed, token[:-4], "x", "ä", "a:b", token.upper()):
        assert unsubscribing.read_token(bad) is None
        url = reverse("messages:unsubscribe", args=[bad])
        assert Client().post(url).status_code == 404
    foreign = unsubscribing.token_of(Subscription("a@example.org", "security"))
    assert Client().post(reverse("messages:unsubscribe", args=[foreign])).status_code == 404


def test_the_page_says_what_is_chosen_and_keeps_what_is_changed() -> None:
    user = make_user(language="de")
    url = reverse("messages:preferences")
    assert Client().get(url).status_code == 302
    client = Client()
    client.force_login(user)
    assert "Wie wir Ihnen schreiben" in client.get(url).content.decode()
    ways = dict.fromkeys(preferences.TITLES, "at_once") | {"requests": "daily", "alerts": "never"}
    assert client.post(url, {**ways, "language": "zh-hans"}).status_code == 303
    user.refresh_from_db()
    assert user.language == "zh-hans"
    assert preferences.chosen(user.pk)["requests"] == "daily"
    assert Preference.objects.count() == 2  # what stayed as it was has no row
    assert client.post(url, {**ways, "language": "xx"}).status_code == 422
    assert client.post(url, {**ways, "language": "de", "news": "weekly"}).status_code == 422
    with pytest.raises(Invalid):
        choose(user, security="never")
    with pytest.raises(NotAllowed):
        preferences.set_ways(SYSTEM, preferences.SetWays({"news": "never"}))


def event(uid: str, sequence: int) -> CalendarPart:
    book = icalendar.Calendar()
    found = icalendar.Event()
    found.add("uid", uid)
    found.add("sequence", sequence)
    found.add("attendee", "mailto:x@example.org")
    book.add_component(found)
    return CalendarPart(book.to_ical(), "REQUEST")


def test_the_daily_mail_comes_once_a_day_in_the_morning_with_all_that_waited(box: Box) -> None:
    user = make_user(language="zh-hans", time_zone="Asia/Shanghai")
    choose(user, requests="daily")
    with morning(hour="03:00"):
        for n in (1, 2):
            tell(user, calendar=lambda n=n: event(f"u{n}", 0))
        assert Message.objects.filter(state=State.GATHERED).count() == 2
        assert digests.send_due() == 0  # it is night
        # What was told at once meanwhile is newer than what waits.
        tell(user, URGENT, calendar=lambda: event("u1", 1))
        assert deliver() == 1
    with morning():
        assert digests.send_due() == 1 and digests.send_due() == 0
        assert deliver() == 1
    mail = box.taken[-1]
    assert "每日" in mail["Subject"] and mail["Content-Language"] == "zh-hans"
    body, part = mail.iter_parts()
    assert body.get_content().count("────") == 2 * 5
    assert part.get_content_type() == "text/calendar" and part.get_param("method") == "PUBLISH"
    (only,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert only["UID"] == "u2" and "ATTENDEE" not in only
    with morning(hour="15:00"):
        tell(user)
        assert digests.send_due() == 0  # one a day
    with morning(day="2037-03-03"):
        assert digests.send_due() == 1
    assert not Message.objects.filter(state=State.GATHERED).exists()


def test_the_daily_mail_names_its_conferences_and_is_ended_with_one_click(box: Box) -> None:
    user = make_user(language="en", time_zone="Asia/Shanghai")
    choose(user, requests="daily", reminders="daily", meetings="daily")
    edition = make_edition()
    with morning():
        tell(user, TRIED, edition.pk)
        tell(user, BY_DAY)
        assert digests.send_due() == 1
        deliver()
    (mail,) = box.taken
    assert str(edition.name) in mail.get_content()
    (url,) = re.findall(r"<(https?://\S+)>", mail["List-Unsubscribe"].replace("\r\n ", ""))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.sub(r"^https?://[^/]+", "", url)
    programme = Client(enforce_csrf_checks=True)
    page = programme.get(path).content.decode()
    assert "Requests and answers" in page and "Reminders" in page
    assert preferences.chosen(user.pk)["requests"] == "daily"
    for _again in range(2):
        assert programme.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    # What stood in the mail ends; meetings, which did not, stay.
    chosen = preferences.chosen(user.pk)
    assert (chosen["requests"], chosen["reminders"], chosen["meetings"]) == (
        "never", "never", "daily",
    )  # fmt: skip
    programme.post(path, {"again": "1"})
    assert preferences.chosen(user.pk)["requests"] == "daily"
    # The text has a link for each kind of its own.
    links = re.findall(r"https?://\S+/mail/stop/\S+", mail.get_content())
    assert len(links) == 2
    programme.post(re.sub(r"^https?://[^/]+", "", links[0]), {})
    chosen = preferences.chosen(user.pk)
    assert (chosen["requests"], chosen["reminders"]) == ("never", "daily")


def test_a_daily_mail_that_fails_in_the_middle_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user(language="en", time_zone="Asia/Shanghai")
    choose(user, requests="daily")
    with morning():
        tell(user)
        with monkeypatch.context() as patch:
            patch.setattr(digests, "_without_footer", lambda text: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                digests.send_due()
        assert Message.objects.get().state == State.GATHERED
        assert digests.send_due() == 1


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Europe/Berlin", "2037-03-02T03:00:00+00:00", "2037-03-02T07:00:00+00:00"),
        ("Europe/Berlin", "2037-03-02T20:00:00+00:00", "2037-03-03T07:00:00+00:00"),
        ("Europe/Berlin", "2037-03-02T12:00:00+00:00", "2037-03-02T12:00:00+00:00"),
        # Who named no zone reads by the conference's clock (Shanghai).
        ("UTC", "2037-03-02T22:00:00+00:00", "2037-03-03T00:00:00+00:00"),
    ],
)
def test_reminders_wait_for_the_morning_where_their_reader_is(zone: str, at: str, due: str) -> None:
    from datetime import datetime

    user = make_user(language="en", time_zone=zone)
    with clock.at(datetime.fromisoformat(at)):
        tell(user, BY_DAY, make_edition().pk)
    assert Message.objects.get().due_at == datetime.fromisoformat(due)


def test_a_rehearsal_writes_to_people_of_the_house_and_marks_it() -> None:
    edition = make_edition()
    Edition.objects.filter(pk=edition.pk).update(rehearsal=True)
    real = make_user("office@talex-house.de", language="de")
    made_up = make_user("li@example.org", language="de")
    assert tell(made_up, TRIED, edition.pk) is None
    for stranger in ("x@bonn.de", "li@example.org"):
        to = Recipient(stranger, "de")
        assert outbox.tell(to, TRIED.name, {}, edition=edition.pk) is None
    # Who is invited by an address may have an account.
    invited = Recipient("Office@talex-house.de", "de")
    assert outbox.tell(invited, TRIED.name, {}, edition=edition.pk) is not None
    Message.objects.all().delete()
    assert tell(real, TRIED, edition.pk) is not None
    assert Message.objects.get().subject.startswith("[Übung]")
    invalid = make_user("talent@x.rehearsal.invalid", language="en")
    assert tell(invalid, TRIED) is None


def test_many_are_written_in_a_few_statements_and_once(
    django_assert_max_num_queries: Any,
) -> None:
    users = [make_user(f"u{n}@example.org", language="en") for n in range(200)]
    letters = [letter(user, key=f"k/{user.pk}") for user in users]
    with django_assert_max_num_queries(12):
        first = outbox.tell_many(letters)
    assert outbox.tell_many(letters) == first and len(set(first)) == 200
    assert Message.objects.count() == 200


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_daily_mail_and_one_message_of_a_cause() -> None:
    """Threads of their own with connections of their own, on a file or on PostgreSQL."""
    import threading

    from django.db import connection

    from talex.core.work import work

    user = make_user(language="en", time_zone="Asia/Shanghai")
    choose(user, requests="daily")
    with morning():
        tell_in_work(user)
    faults: list[Exception] = []
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait()
            with morning():
                digests.send_due()
                with work():
                    outbox.tell_many([letter(user, URGENT, key="same cause")])
        except Exception as error:  # noqa: BLE001 (told below)
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Message.objects.filter(kind="messages.digest").count() == 1
    assert Message.objects.filter(key="same cause").count() == 1


def tell_in_work(user: User) -> None:
    from talex.core.work import work

    with work():
        tell(user)
