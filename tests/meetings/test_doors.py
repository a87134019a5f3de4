"""Pages and API: what they refuse and how, how much they ask the database, what they tell."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talex.accounts.models import User
from talex.cli import codes
from talex.cli.main import group
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.core.models import Job
from talex.editions.next_steps import next_steps
from talex.meetings import calendars, places, queries, services, tasks
from talex.meetings.models import Meeting
from talex.programme.models import Table
from tests.editions.factories import make_user
from tests.meetings.fair_factory import Fair, actor, asked, make_fair, schedule
from tests.processes import start

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client, db: None) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


def _as(person: Any) -> Client:
    person.user = make_user()
    person.save()
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def _url(fair: Fair, name: str, **more: Any) -> str:
    return reverse(f"meetings:{name}", kwargs={"edition": fair.edition.slug, **more})


def _queries(client: Client, page: str) -> int:
    client.get(page)  # sessions and caches are warm
    with CaptureQueriesContext(connection) as told:
        assert client.get(page).status_code == 200
    return len(told)


@pytest.mark.parametrize(
    "page", ["meetings", "requests", "timetable", "timetable?by=organisation",
             "timetable?by=person", "hall", "agenda"],
)  # fmt: skip
def test_a_page_asks_no_more_for_thirty_than_for_one(office: Client, page: str) -> None:
    counts = []
    for talents in (1, 30):
        fair = make_fair(talents=talents, tables=8, wanted=False)
        from talex.participants.models import Delegate, Organisation, Person

        wanted = []
        for n, talent in enumerate(fair.talents):
            organisation, delegate = fair.organisation, fair.delegate
            if page != "agenda":
                organisation = Organisation.objects.create(
                    kind="enterprise", name=fair.edition.name
                )
                delegate = Person.objects.create(name=f"D {n}")
                Delegate.objects.create(
                    person=delegate, organisation=organisation, edition=fair.edition
                )
            wanted.append(asked(organisation, talent, delegate))
        services.request_meetings(SYSTEM, fair.edition, wanted)
        if page != "requests":
            schedule(fair.edition, seconds=0.5)
        name, _mark, query = page.partition("?")
        if name == "hall":
            hall = Table.objects.filter(hall__edition=fair.edition)[0].hall_id
            counts.append(_queries(office, _url(fair, "agenda_of", kind="hall", pk=hall)))
        elif name == "agenda":
            counts.append(_queries(_as(fair.delegate), _url(fair, "agenda")))
        else:
            counts.append(_queries(office, _url(fair, name) + (f"?{query}" if query else "")))
    assert counts[0] == counts[1]


NOT_YET = {
    "en": "begins on 20 April 2037, {} (Shanghai time)",
    "de": "beginnt am 20. April 2037, {} (Ortszeit Shanghai)",
    "zh-hans": "2037年4月20日 {}",
}


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_an_outcome_told_too_early_is_refused_at_every_door(office: Client, language: str) -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    meeting = Meeting.objects.get()
    head = {"accept-language": language}
    office.cookies["talex_language"] = language
    says = NOT_YET[language].format(f"{meeting.starts_at + timedelta(hours=8):%H:%M}")
    page = _url(fair, "outcome", pk=meeting.pk)
    assert page not in office.get(_url(fair, "meeting", pk=meeting.pk)).content.decode()
    refused = office.post(page, {"status": "held"}, headers=head)
    assert refused.status_code == 409 and says in refused.content.decode()
    call = f"/api/editions/{fair.edition.slug}/meetings/{meeting.id}/outcome"
    told = office.post(call, {"status": "held"}, content_type="application/json", headers=head)
    assert told.status_code == 409 and says in told.json()["detail"]
    command = ["--language", language, "outcome", str(meeting.id), "--held"]
    said = CliRunner().invoke(group, [*command, "--edition", fair.edition.slug])
    assert said.exit_code == codes.CONFLICT and says in said.stderr
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED


WORDS = {
    "en": ("Say why", "no longer free"),
    "de": ("die andere Seite", "nicht mehr"),
    "zh-hans": ("请说明原因", "请从所示时间中选择"),
}


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_wrong_input_is_told_in_the_readers_language(office: Client, language: str) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition, seconds=0.5)
    meeting, other = Meeting.objects.order_by("starts_at")
    head = {"accept-language": language}
    office.cookies["talex_language"] = language
    page = _url(fair, "cancel", pk=meeting.pk)
    refused = office.post(page, {"sequence": meeting.sequence, "reason": " "}, headers=head)
    assert refused.status_code == 422
    assert WORDS[language][0] in refused.content.decode()
    base = f"/api/editions/{fair.edition.slug}/meetings/{meeting.id}"
    body = {"starts_at": other.starts_at.isoformat(), "sequence": meeting.sequence}
    taken = office.post(
        f"{base}/move", json.dumps(body), content_type="application/json", headers=head
    )
    assert taken.status_code == 409
    assert taken["Content-Type"].startswith("application/problem+json")
    assert WORDS[language][1] in taken.json()["detail"]


def _post(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_api_refuses_with_the_right_number(office: Client) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition, seconds=0.5)
    meeting = Meeting.objects.get(request=fair.requests[0])
    base = f"/api/editions/{fair.edition.slug}"
    one = f"{base}/meetings/{meeting.id}"
    nobody, mine, stranger = Client(), _as(fair.talents[0]), _as(fair.talents[1])
    assert nobody.get(f"{base}/meetings").status_code == 401
    assert office.get(f"{base}/meetings/{uuid.uuid4()}").status_code == 404
    assert stranger.get(one).status_code == 404
    assert _post(stranger, f"{one}/cancel", sequence=0, reason="x").status_code == 404
    assert mine.get(one).status_code == 200
    for path, body in [
        (f"{one}/lock", {"locked": True}), (f"{one}/outcome", {"status": "held"}),
        (f"{base}/timetable", {}), (f"{base}/timetable/releases", {}),
        (f"{one}/move", {"starts_at": "2037-04-20T02:00:00Z", "sequence": 0}),
    ]:  # fmt: skip
        assert _post(mine, path, **body).status_code == 403, path
    assert mine.get(f"{base}/meeting-requests").status_code == 403
    assert _post(office, f"{one}/cancel", sequence=99, reason="x").status_code == 409
    assert _post(office, f"{one}/cancel", sequence=0, reason="").status_code == 422
    assert _post(office, f"{one}/outcome", status="great").status_code == 422
    assert _post(office, f"{one}/outcome", status="held").status_code == 409  # it is in 2037
    assert _post(office, f"{base}/timetable", seconds=0).status_code == 422
    assert _post(office, f"{base}/timetable", seed=-1).status_code == 422
    assert _post(office, f"{one}/move", starts_at="soon", sequence=0).status_code == 422
    day = {"opens": "10:00", "closes": "09:00"}
    answer = office.put(f"{base}/days/2037-04-20", json.dumps(day), content_type="application/json")
    assert answer.status_code == 422
    assert mine.put(f"{base}/days/2037-04-20", json.dumps(day)).status_code in (403, 422)
    assert _post(office, f"{one}/cancel", sequence=0, reason="ill").status_code == 200
    assert _post(office, f"{one}/cancel", sequence=1, reason="ill").status_code == 409


def test_the_office_places_by_hand_at_a_table_of_its_choice(office: Client) -> None:
    fair = make_fair(talents=2, tables=3)
    meeting = Meeting(edition=fair.edition, request=fair.requests[0])
    place = places.places_for(fair.edition, meeting)[1]
    page = _url(fair, "book", pk=fair.requests[0].pk)
    assert page in office.get(_url(fair, "requests")).content.decode()
    assert place.starts_at.isoformat() in office.get(page).content.decode()
    third = place.tables[2].id
    body = {"place": place.starts_at.isoformat(), "table": str(third), "sequence": 0}
    made = office.post(page, body)
    assert made.status_code == 303
    placed = Meeting.objects.get()
    assert (placed.starts_at, placed.table_id) == (place.starts_at, third)
    assert office.post(page, body).status_code in (409, 422)
    # The same time at another table; a table that is taken is named as such.
    services.book_meeting(
        SYSTEM, fair.edition, services.BookMeeting(fair.requests[1].id, _other_time(fair))
    )
    move = _url(fair, "move", pk=placed.pk)
    body = {
        "place": place.starts_at.isoformat(), "table": str(place.tables[0].id),
        "sequence": placed.sequence,
    }  # fmt: skip
    assert office.post(move, body).status_code == 303
    placed.refresh_from_db()
    assert placed.table_id == place.tables[0].id and placed.starts_at == place.starts_at


@pytest.mark.django_db
def test_a_time_at_which_no_meeting_begins_is_told_from_one_that_is_taken() -> None:
    fair = make_fair(talents=2)
    meeting = Meeting(edition=fair.edition, request=fair.requests[0])
    start = places.places_for(fair.edition, meeting)[1].starts_at

    def book(at: datetime, nth: int = 0) -> None:
        command = services.BookMeeting(fair.requests[nth].id, at)
        services.book_meeting(SYSTEM, fair.edition, command)

    with pytest.raises(Invalid) as told:
        book(start + timedelta(minutes=1))
    near = start.astimezone(ZoneInfo(fair.edition.time_zone)).isoformat()
    assert near in str(told.value.fields["starts_at"])
    book(start)
    with pytest.raises(Conflict, match="no longer free"):
        book(start, nth=1)


def _other_time(fair: Fair) -> Any:
    meeting = Meeting(edition=fair.edition, request=fair.requests[1])
    return places.places_for(fair.edition, meeting)[-1].starts_at


@pytest.mark.django_db
def test_a_talent_cannot_choose_among_all_tables_nor_place() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition, seconds=0.5)
    mine = _as(fair.talents[0])
    meeting = Meeting.objects.get(request=fair.requests[0])
    assert 'name="table"' not in mine.get(_url(fair, "propose", pk=meeting.pk)).content.decode()
    assert mine.get(_url(fair, "move", pk=meeting.pk)).status_code == 403
    assert mine.get(_url(fair, "book", pk=fair.requests[1].pk)).status_code == 403


@pytest.mark.django_db
def test_a_calendar_entry_keeps_its_uid_and_its_sequence_rises() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    meeting = Meeting.objects.get()

    def entry() -> tuple[str, int, str]:
        found = queries.meetings(SYSTEM, fair.edition)
        book = icalendar.Calendar.from_ical(calendars.calendar(fair.edition, found))
        (event,) = book.walk("VEVENT")
        return str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])

    told = [entry()]
    free = places.places_for(fair.edition, meeting)
    target = next(p for p in free if p.starts_at != meeting.starts_at)
    services.move_meeting(
        SYSTEM, fair.edition, services.MoveMeeting(meeting.id, target.starts_at, 0)
    )
    told.append(entry())
    table = Table.objects.get(id=target.table.id)  # type: ignore[union-attr]
    from talex.programme import services as programme
    from talex.programme.services import SaveHall

    programme.close_hall(SYSTEM, fair.edition, table.hall_id)
    told.append(entry())
    programme.save_hall(SYSTEM, fair.edition, SaveHall("B1", fair.edition.name, 1))
    again = places.places_for(fair.edition, Meeting.objects.get())[0]
    services.book_meeting(
        SYSTEM, fair.edition, services.BookMeeting(fair.requests[0].id, again.starts_at)
    )
    told.append(entry())
    assert {uid for uid, _sequence, _status in told} == {f"{meeting.id}@talex"}
    assert [sequence for _uid, sequence, _status in told] == [0, 1, 2, 3]
    assert [s for _u, _n, s in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]


@pytest.mark.django_db
def test_what_comes_next_and_what_changed() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    meeting = Meeting.objects.get()
    me = actor(fair.edition, "talent", fair.talents[0])
    steps = [s for s in next_steps(me, fair.edition) if s.key.startswith("meetings.")]
    assert [s.key for s in steps] == ["meetings.next"]
    # Each reads the other side's name: nobody has to be told that of their own firm.
    firm, talent = meeting.request.organisation, fair.talents[0].name
    assert str(firm.name) in str(steps[0].text) and talent not in str(steps[0].text)
    desk = actor(fair.edition, "delegate", fair.delegate, fair.organisation)
    (theirs,) = [s for s in next_steps(desk, fair.edition) if s.key == "meetings.next"]
    assert talent in str(theirs.text) and str(firm.name) not in str(theirs.text)
    free = places.places_for(fair.edition, meeting)
    services.move_meeting(
        SYSTEM, fair.edition, services.MoveMeeting(meeting.id, free[-1].starts_at, 0)
    )
    steps = [s for s in next_steps(me, fair.edition) if s.key.startswith("meetings.")]
    assert [s.key for s in steps] == [f"meetings.changed.{meeting.id}", "meetings.next"]
    services.cancel_meeting(SYSTEM, fair.edition, services.CancelMeeting(meeting.id, 1, "ill"))
    steps = [s for s in next_steps(me, fair.edition) if s.key.startswith("meetings.")]
    assert len(steps) == 1 and "called off" in str(steps[0].title)


# So small a timetable may be ready before the interrupt comes; the planning waits for it.
COMMAND = """
import sys
import time
from talex.cli.main import main
from talex.meetings import timetable
plan = timetable.plan
def slowly(*given, **named):
    time.sleep(20)
    return plan(*given, **named)
timetable.plan = slowly
sys.argv = ["talex", "schedule", "--edition", sys.argv[1], "--seconds", "60"]
main()
"""


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_cancels_the_job_and_ends_with_130() -> None:
    fair = make_fair(talents=5)
    process = start(COMMAND, fair.edition.slug)
    try:
        until = time.monotonic() + 40
        while not Job.objects.filter(state="running").exists():
            assert time.monotonic() < until and process.poll() is None, process.communicate()
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    finally:
        process.kill()
        process.communicate()
    assert Job.objects.get().state == "cancelled"
    assert not Meeting.objects.exists()


def test_a_timetable_that_is_being_stopped_says_so(office: Client) -> None:
    fair = make_fair(talents=2)
    job = tasks.start(SYSTEM, fair.edition)
    Job.objects.filter(pk=job.pk).update(state="running")  # somewhere in a long step
    told = office.post(_url(fair, "stop"), follow=True).content.decode()
    assert "is being stopped" in told and "Stopping …" in told
    assert _url(fair, "stop") not in told  # no second time
    assert "Stopping …" in office.get(_url(fair, "job")).content.decode()
    again = office.post(_url(fair, "make"), {"seconds": "5"}).content.decode()
    assert "still being stopped" in again
