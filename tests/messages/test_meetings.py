"""From a placed meeting to a cancelled one: each mail once, in its reader's language, with a part
that calendar programmes understand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.editions.consents import GiveConsent, give_consent
from talex.meetings import places, proposals, releasing, services
from talex.meetings.models import Meeting, MeetingRequest, Placement, TimetableVersion
from talex.messages.models import Message, State
from talex.messages.sending import deliver
from talex.participants.models import Person
from talex.participants.services.erasing import ErasePerson, erase_person
from tests import processes
from tests.editions.factories import make_user
from tests.meetings.fair_factory import Fair, asked, make_fair
from tests.messages.conftest import Box

MOVED = {"zh-hans": "改期", "en": "moved", "de": "verlegt"}
OFF = {"zh-hans": "取消", "en": "called off", "de": "abgesagt"}


def account(person: Person, email: str, language: str, zone: str = "UTC") -> Person:
    person.user = make_user(email, language=language, time_zone=zone)
    person.email = email
    person.save()
    return person


def fair_of(language: str, talents: int = 1) -> Fair:
    fair = make_fair(talents=talents)
    for n, person in enumerate(fair.talents):
        account(person, f"talent{n}@example.org", language)
    account(fair.delegate, "delegate@example.org", "en", "Europe/Berlin")
    return fair


def place(fair: Fair, at: int = 0) -> Meeting:
    request = MeetingRequest.objects.filter(edition=fair.edition, state="open")[0]
    spot = places.places_for(
        fair.edition, Meeting(edition=fair.edition, request=request, sequence=-1)
    )[at]
    return services.book_meeting(
        SYSTEM, fair.edition, services.BookMeeting(request.id, spot.starts_at)
    )


def move(meeting: Meeting) -> Meeting:
    meeting.refresh_from_db()
    target = places.places_for(meeting.edition, meeting)[-1]
    return services.move_meeting(
        SYSTEM,
        meeting.edition,
        services.MoveMeeting(meeting.id, target.starts_at, meeting.sequence),
    )


def cancel(meeting: Meeting, why: str = "ill") -> Meeting:
    meeting.refresh_from_db()
    return services.cancel_meeting(
        SYSTEM, meeting.edition, services.CancelMeeting(meeting.id, meeting.sequence, why)
    )


def part(mail: EmailMessage) -> tuple[icalendar.Calendar, list[icalendar.Event]]:
    """The calendar part of a mail, as a programme reads it."""
    (found,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    book = icalendar.Calendar.from_ical(found.get_payload(decode=True))
    assert str(book["METHOD"]) == found.get_param("method")
    assert found.get_content_charset() == "utf-8"
    return book, book.walk("VEVENT")


def body(mail: EmailMessage) -> str:
    return next(p for p in mail.walk() if p.get_content_type() == "text/plain").get_content()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_placed_moved_and_called_off_arrive_once_each(box: Box, language: str) -> None:
    fair = fair_of(language)
    meeting = place(fair)
    assert deliver() == 2 and deliver() == 0
    first = meeting.starts_at
    meeting = move(meeting)
    assert deliver() == 2
    moved = meeting.starts_at
    cancel(meeting, "Grippe 流感")
    assert deliver() == 2 and deliver() == 0
    assert len({m["Message-ID"] for m in box.taken}) == 6
    mine = [m for m in box.taken if m["To"] == "talent0@example.org"]
    assert len(mine) == 3 and {m["Content-Language"] for m in mine} == {language}
    assert MOVED[language] in mine[1]["Subject"] and OFF[language] in mine[2]["Subject"]
    assert "Grippe 流感" in body(mine[2]) and "Yangtze Motors" in body(mine[0])
    events = []
    for mail, method, status in zip(
        mine,
        ("REQUEST", "REQUEST", "CANCEL"),
        ("CONFIRMED", "CONFIRMED", "CANCELLED"),
        strict=True,
    ):
        book, (event,) = part(mail)
        assert (str(book["METHOD"]), str(event["STATUS"])) == (method, status)
        assert str(event["UID"]) == f"{meeting.id}@talex"
        assert str(event["ATTENDEE"]) == "mailto:talent0@example.org"
        assert str(event["ORGANIZER"]) == "mailto:talex@localhost"
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert [str(z["TZID"]) for z in book.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        assert event["DTSTAMP"].dt.tzinfo is not None
        events.append(event)
    assert [e["DTSTART"].dt.astimezone(UTC) for e in events] == [first, moved, moved]
    assert [int(e["SEQUENCE"]) for e in events] == [0, 1, 2]
    # The other side in its own language, and with its own clock beside the venue's.
    theirs = [m for m in box.taken if m["To"] == "delegate@example.org"]
    assert "with you (Berlin)" in body(theirs[0]) and "Talent 0" in body(theirs[0])


DIE = """
from talex.messages import sending, smtp
import os, signal
def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
sending.deliver()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("patch", "at_once"),
    [
        (
            "of = smtp.TwoStepBackend.watch\n"
            "smtp.TwoStepBackend.watch = lambda self, call: of(self, die)", 0,
        ),
        ("sending.end = die", 1),
    ],
)  # fmt: skip
def test_a_worker_that_dies_in_the_middle_loses_no_mail_and_sends_none_twice(
    box: Box, settings: Any, patch: str, at_once: int
) -> None:
    fair = fair_of("de")
    meeting = place(fair)
    move(meeting)
    cancel(meeting)
    where = {n: getattr(settings, n) for n in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT")}
    died = processes.start(DIE.format(patch=patch), overrides=where)
    assert died.wait(60) == -9, died.communicate()
    assert len(box.taken) == at_once
    deliver()
    with clock.at(clock.now() + timedelta(minutes=11)):
        deliver()
    told = [(m["To"], part(m)[1][0]["SEQUENCE"]) for m in box.taken]
    assert len(told) == 6 and len(set(told)) == 6


@pytest.mark.django_db
def test_nothing_is_told_of_what_was_taken_back() -> None:
    class Broken(Exception):
        pass

    fair = fair_of("en")
    with pytest.raises(Broken), work():
        place(fair)
        raise Broken
    assert not Message.objects.exists()
    with work():
        with pytest.raises(Broken), work():  # a savepoint that its caller survives
            place(fair)
            raise Broken
        services.withdraw_requests(SYSTEM, fair.edition, [], "")
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_what_is_placed_and_called_off_in_one_act_is_not_told() -> None:
    fair = fair_of("en")
    with work():
        cancel(place(fair))
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_past_meetings_are_never_told() -> None:
    fair = fair_of("en")
    meeting = place(fair)
    Message.objects.all().delete()
    with clock.at(meeting.ends_at + timedelta(days=1)):
        cancel(meeting)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_several_changes_of_one_act_are_one_mail_a_person(box: Box) -> None:
    fair = fair_of("zh-hans", talents=3)
    meetings = [place(fair, n) for n in range(3)]
    deliver()
    box.taken.clear()
    services.withdraw_requests(SYSTEM, fair.edition, [m.request_id for m in meetings], "zu")
    assert deliver() == 4  # three talents, one delegate
    mail = next(m for m in box.taken if m["To"] == "delegate@example.org")
    assert "3 of your meetings were called off" in mail["Subject"]
    book, events = part(mail)
    assert str(book["METHOD"]) == "PUBLISH" and len(events) == 3
    assert {str(e["UID"]) for e in events} == {f"{m.id}@talex" for m in meetings}
    assert all("ATTENDEE" not in e and str(e["STATUS"]) == "CANCELLED" for e in events)
    assert [p.get_filename() for p in mail.iter_attachments()] == ["meetings.ics"]


@pytest.mark.django_db
def test_a_proposed_time_is_asked_of_the_other_side_and_makes_the_entry_tentative(
    box: Box,
) -> None:
    fair = fair_of("de")
    meeting = place(fair)
    deliver()
    box.taken.clear()
    target = places.places_for(fair.edition, meeting)[-1]
    from tests.meetings.fair_factory import actor

    talent = actor(fair.edition, "talent", fair.talents[0])
    made = proposals.propose(
        talent, fair.edition, proposals.ProposeTime(meeting.id, target.starts_at, 0, note="später")
    )
    assert deliver() == 1
    (mail,) = box.taken
    assert mail["To"] == "delegate@example.org" and "another time" in mail["Subject"]
    assert "später" in body(mail)
    _book, (tentative,) = part(mail)
    assert str(tentative["STATUS"]) == "TENTATIVE"
    box.taken.clear()
    with clock.at(made.expires_at + timedelta(minutes=1)):
        assert proposals.expire_due() == 1
        assert deliver() == 2  # to both: it stays as it was
    _book, (kept,) = part(box.taken[0])
    assert str(kept["STATUS"]) == "CONFIRMED" and kept["SEQUENCE"] == tentative["SEQUENCE"]
    assert kept["DTSTAMP"].dt > tentative["DTSTAMP"].dt
    box.taken.clear()
    again = proposals.propose(
        talent, fair.edition, proposals.ProposeTime(meeting.id, target.starts_at, 0)
    )
    deliver()
    box.taken.clear()
    office = SYSTEM
    proposals.answer(office, fair.edition, proposals.AnswerProposal(again.id, accept=True))
    assert deliver() == 2 and all("SEQUENCE:1" in str(part(m)[1][0].to_ical()) for m in box.taken)


@pytest.mark.django_db
def test_who_has_neither_account_nor_consent_is_not_written_to() -> None:
    fair = make_fair(talents=1)
    person = fair.talents[0]
    person.email, person.language = "imported@example.org", "de"
    person.save()
    meeting = place(fair)
    assert not Message.objects.exists()
    command = GiveConsent(fair.edition.pk, person.pk, "profile", "w1")
    give_consent(SYSTEM, command)
    move(meeting)
    message = Message.objects.get()
    assert (message.address, message.language) == ("imported@example.org", "de")
    Message.objects.all().delete()
    erase_person(SYSTEM, ErasePerson(person=person.pk))
    assert not Message.objects.exists()


def drafted(fair: Fair) -> TimetableVersion:
    """A draft that places every open request one after the other (not as a solver would)."""
    draft = TimetableVersion.objects.create(edition=fair.edition, state="draft")
    start = datetime(2037, 4, 20, 1, tzinfo=UTC)
    rows = []
    for n, request in enumerate(MeetingRequest.objects.filter(state="open").order_by("id")):
        begins = start + timedelta(minutes=15 * n)
        rows.append(
            Placement(
                version=draft, request=request, kind="placed", online=True,
                starts_at=begins, ends_at=begins + timedelta(minutes=15),
            )
        )  # fmt: skip
    Placement.objects.bulk_create(rows)
    return draft


def release(fair: Fair) -> int:
    """Release all that is open; returns the statements it took."""
    drafted(fair)
    with CaptureQueriesContext(
        connection,
    ) as done:
        releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable())
    return len(done)


@pytest.mark.django_db
def test_a_release_is_one_mail_a_person_with_all_their_meetings(box: Box) -> None:
    fair = fair_of("zh-hans", talents=3)
    extra = services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, fair.talents[0], fair.delegate)]
    )
    assert extra
    release(fair)
    assert deliver() == 4
    mails = {m["To"]: m for m in box.taken}
    assert "排期表" in mails["talent0@example.org"]["Subject"]
    assert "4 meetings" in mails["delegate@example.org"]["Subject"]
    _book, events = part(mails["talent0@example.org"])
    assert len(events) == 2
    book, (only,) = part(mails["talent1@example.org"])
    assert str(book["METHOD"]) == "REQUEST" and only["ATTENDEE"]


@pytest.mark.django_db
def test_a_release_of_500_meetings_takes_few_statements() -> None:
    """More persons make more rows, not more questions."""
    counts = []
    for many in (20, 500):
        fair = make_fair(talents=many, wanted=False)
        account(fair.delegate, f"delegate{many}@example.org", "en")
        for n, person in enumerate(fair.talents):
            account(person, f"t{many}-{n}@example.org", "en")
        services.request_meetings(
            SYSTEM,
            fair.edition,
            [asked(fair.organisation, person, fair.delegate) for person in fair.talents],
        )
        counts.append(release(fair))
    assert Message.objects.filter(state=State.QUEUED).count() == 21 + 501
    # Rows are written 100 to 500 at a time, so a bounded rest grows with the size.
    assert counts[1] - counts[0] < 120, counts
