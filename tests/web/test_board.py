"""The board: halls now, what needs attention, and who may look."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.models import Job, JobState
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, RoleGrant
from talex.fair.choices import MatchState, Side
from talex.fair.models import Interest, Match, MatchRun
from talex.meetings.models import Meeting, MeetingRequest
from talex.participants.commands import SayNotSame
from talex.participants.importing.models import Import, ImportState, RowState, StagedRow
from talex.participants.models import Person, Talent
from talex.participants.services import say_not_same
from talex.participants.services.comparing import compare_due
from talex.programme import services as programme
from talex.programme.models import Hall, Table
from talex.web.board import Attention, attention, register_attention, registry
from talex.web.board.halls import show
from tests.fair import factories as make
from tests.meetings.fair_factory import Fair, make_edition, make_fair

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2037, 4, day, hour, minute, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def fair() -> Fair:
    """Seven wanted meetings, placed one after another at the two tables of the hall."""
    made = make_fair(talents=7)
    tables = list(Table.objects.order_by("number"))
    places = [(slot, table) for slot in made.edition.days.get().slots() for table in tables]
    for request, ((start, end), table) in zip(made.requests, places, strict=False):
        Meeting.objects.create(
            edition=made.edition,
            request=request,
            starts_at=start,
            ends_at=end,
            table=table,
            changed_at=start,
        )
    MeetingRequest.objects.update(state=MeetingRequest.State.PLACED)
    return made


def enter(edition: Edition, role: str) -> Client:
    account = User.objects.create(email=f"{uuid4().hex}@example.org", name=role or "Admin")
    if role:
        RoleGrant.objects.create(user=account, edition=edition, role=role)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(edition: Edition) -> str:
    return reverse("web:board", kwargs={"edition": edition.slug})


def waiting(edition: Edition) -> dict[str, Attention]:
    return {one.key: one for one in attention(SYSTEM, edition)}


# ── the halls ────────────────────────────────────────────────────────────────


def test_the_share_of_an_hour_is_what_meetings_take_of_its_open_time(fair: Fair) -> None:
    day = show(fair.edition, at(9, 30))
    assert day is not None
    hall = day.halls[0]
    assert [hour.hour for hour in day.hours] == [9, 10, 11]
    for index, hour in enumerate(day.hours):
        seconds = sum(
            max(
                0.0,
                (
                    min(m.ends_at, hour + timedelta(hours=1)) - max(m.starts_at, hour)
                ).total_seconds(),
            )
            for m in Meeting.objects.filter(table__hall__code="A1")
        )
        # Two tables; from 10:30 to 11:00 there is a break.
        there = 2 * (1800 if hour.hour == 10 else 3600)
        assert hall.shares[index] == round(100 * seconds / there)
    assert sum(share or 0 for share in hall.shares) > 0


def test_an_hour_that_is_all_break_has_no_share(fair: Fair) -> None:
    day = fair.edition.days.get()
    day.breaks = [["10:00", "11:00"]]
    day.save()
    Meeting.objects.all().delete()
    shown = show(fair.edition, at(9))
    assert shown is not None
    assert shown.halls[0].shares == (0.0, None, 0.0)


def test_what_is_on_now(fair: Fair) -> None:
    meetings = list(Meeting.objects.order_by("starts_at"))
    first = meetings[0]
    same = [m for m in meetings if m.starts_at == first.starts_at]
    during = show(fair.edition, first.starts_at)
    assert during is not None
    assert during.place == "during"
    assert during.on_now == during.busy == len(same)
    assert (during.planned, during.held, during.over) == (len(meetings), 0, 0)
    assert during.next_at == min(m.starts_at for m in meetings if m.starts_at > first.starts_at)
    end = show(fair.edition, max(m.ends_at for m in meetings))
    assert end is not None
    assert (end.on_now, end.over, end.next_at) == (0, len(meetings), None)


def test_a_cancelled_meeting_takes_no_table(fair: Fair) -> None:
    Meeting.objects.update(status=Meeting.Status.CANCELLED)
    shown = show(fair.edition, at(9))
    assert shown is not None
    assert shown.total == shown.on_now == 0
    assert not any(shown.halls[0].shares)


@pytest.mark.parametrize(
    ("now", "place", "number"),
    [
        (at(23, day=18), "before", 1),
        (at(0, day=20), "during", 1),
        (at(23, 59, day=20), "during", 1),
        (at(0, day=21), "before", 2),
        (at(12, day=22), "during", 2),
        (at(0, day=25), "after", 2),
    ],
)
def test_the_day_shown_is_the_zone_s_own(
    fair: Fair, now: datetime, place: str, number: int
) -> None:
    fair.edition.ends_on = at(0, day=22).date()
    fair.edition.save()
    programme.save_day(
        SYSTEM, fair.edition, programme.SaveDay(at(0, day=22).date(), at(9).time(), at(12).time())
    )
    shown = show(fair.edition, now)
    assert shown is not None
    assert (shown.place, shown.number, shown.of) == (place, number, 2)


def test_without_days_there_are_no_halls_to_show() -> None:
    edition = make_edition()
    assert show(edition, at(9)) is None
    text = enter(edition, "organiser").get(address(edition)).content.decode()
    assert "No day of meetings has been set" in text


# ── what needs attention ─────────────────────────────────────────────────────


def test_nothing_waits_in_an_empty_conference() -> None:
    assert waiting(make_edition()) == {}


def test_meetings_without_a_place_are_told_by_reason(fair: Fair) -> None:
    for reason, number in (("no_table", 2), ("no_common_time", 3), ("", 4)):
        for _ in range(number):
            MeetingRequest.objects.create(
                edition=fair.edition,
                subject_kind="opening",
                subject_id=uuid4(),
                organisation=fair.organisation,
                origin="office",
                unplaced=reason,
                created_at=clock.now(),
            )
    found = waiting(fair.edition)
    assert found["unplaced"].count == 5
    assert [n for _why, n in found["unplaced"].parts] == [3, 2]
    assert str(found["unplaced"].parts[1][0]) == "No table is free when both could come."
    assert found["untried"].count == 4
    assert found["untried"].state == "info"


def test_past_meetings_without_outcome_and_no_shows(fair: Fair) -> None:
    with clock.at(at(8)):
        assert waiting(fair.edition) == {}
    with clock.at(at(13)):
        meetings = list(Meeting.objects.all())
        assert waiting(fair.edition)["without_outcome"].count == len(meetings)
        Meeting.objects.filter(pk=meetings[0].pk).update(status=Meeting.Status.HELD)
        Meeting.objects.filter(pk=meetings[1].pk).update(status=Meeting.Status.NO_SHOW)
        found = waiting(fair.edition)
        assert found["without_outcome"].count == len(meetings) - 2
        assert found["no_shows"].count == 1


def test_a_failed_task_waits_until_it_succeeds(fair: Fair) -> None:
    def job(state: str, minutes: int, edition: Edition = fair.edition) -> None:
        Job.objects.create(
            kind="fair.match",
            edition_id=edition.pk,
            state=state,
            created_at=clock.now() - timedelta(minutes=minutes),
        )

    job(JobState.FAILED, 60)
    job(JobState.FAILED, 60, make_edition())
    assert waiting(fair.edition)["failed_jobs"].count == 1
    job(JobState.SUCCEEDED, 30)
    assert "failed_jobs" not in waiting(fair.edition)
    job(JobState.FAILED, 10)
    assert next(iter(attention(SYSTEM, fair.edition))).key == "failed_jobs", "the worst first"


def test_imports_wait_with_the_rows_to_be_mended(fair: Fair) -> None:
    def file(state: str) -> Import:
        return Import.objects.create(
            edition=fair.edition,
            target="talent",
            source="list",
            upload_id=uuid4(),
            file_name="talents.csv",
            file_digest="0" * 64,
            state=state,
            created_by="system",
        )

    one = file(ImportState.PREVIEWED)
    file(ImportState.APPLIED)
    assert waiting(fair.edition)["imports"].state == "info"
    for number in range(3):
        StagedRow.objects.create(
            owner=one,
            number=number + 1,
            fingerprint=str(number),
            occurrence=1,
            cells=[],
            mapping_version=1,
            values={},
            content=str(number),
            state=RowState.NEW if number == 2 else RowState.FAULT,
        )
    found = waiting(fair.edition)["imports"]
    assert (found.count, found.state, found.parts[0][1]) == (1, "warning", 2)
    file(ImportState.FAILED)
    assert waiting(fair.edition)["imports_failed"].state == "danger"


def test_records_that_may_be_one_person_wait_until_decided(fair: Fair) -> None:
    pair = [
        Person.objects.create(name="Wang Wei", email="w@example.org", email_key="w@example.org")
        for _ in range(2)
    ]
    for person in pair:
        Talent.objects.create(person=person, edition=fair.edition)
    compare_due()
    assert waiting(fair.edition)["same_people"].count == 1
    first, second = (person.pk for person in pair)
    say_not_same(SYSTEM, SayNotSame(first=first, second=second, edition=fair.edition.pk))
    assert "same_people" not in waiting(fair.edition)


def test_wishes_and_proposals_wait_for_an_answer() -> None:
    edition = make.edition()
    employer = make.organisation(edition)
    offer = make.opening(edition, employer)
    now = clock.now()
    for hours in (-1, 5, 50):
        Interest.objects.create(
            edition=edition,
            talent=make.talent(edition),
            opening=offer,
            side=Side.TALENT,
            expires_at=now + timedelta(hours=hours),
        )
    found = waiting(edition)["interests"]
    assert (found.count, found.state, found.parts[0][1]) == (2, "warning", 1)
    run = MatchRun.objects.create(edition=edition)
    for state in (MatchState.PROPOSED, MatchState.REJECTED):
        Match.objects.create(
            run=run,
            edition=edition,
            talent=make.talent(edition),
            opening=offer,
            score=0.5,
            state=state,
        )
    assert waiting(edition)["proposals"].count == 1


def test_a_room_registers_what_it_knows(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_providers", list(registry._providers))
    seen = []

    def lost_badges(actor: object, edition: Edition) -> list[Attention]:
        seen.append(edition)
        return [Attention(key="badges", title="badges are lost", count=2, state="danger")]

    register_attention(lost_badges)
    register_attention(lost_badges)
    text = enter(fair.edition, "organiser").get(address(fair.edition)).content.decode()
    assert "badges are lost" in text
    assert seen == [fair.edition], "registered once"
    with pytest.raises(ValueError, match="loud"):
        Attention(key="x", title="x", count=1, state="loud")


# ── the page ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "status"),
    [("organiser", 200), ("auditor", 200), ("press", 403), ("judge", 403), ("partner", 403)],
)
def test_who_may_look(fair: Fair, role: str, status: int) -> None:
    assert enter(fair.edition, role).get(address(fair.edition)).status_code == status
    assert Client().get(address(fair.edition)).status_code == 302


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_the_board_speaks(fair: Fair, language: str) -> None:
    client = enter(fair.edition, "organiser")
    client.cookies["talex_language"] = language
    with clock.at(at(9, 30)):
        answer = client.get(address(fair.edition))
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert {"en": "Registered", "de": "Angemeldet", "zh-hans": "已登记"}[language] in text
    assert "Hall A1" in text


def test_htmx_gets_the_changing_part_alone(fair: Fair) -> None:
    client = enter(fair.edition, "organiser")
    whole = client.get(address(fair.edition)).content.decode()
    assert 'hx-trigger="every 30s"' in whole
    assert whole.count('id="board"') == 1
    part = client.get(
        address(fair.edition), headers={"HX-Request": "true", "HX-Target": "board"}
    ).content.decode()
    assert part.lstrip().startswith("<div") and "<html" not in part
    still = client.get(f"{address(fair.edition)}?live=0").content.decode()
    assert 'hx-trigger="every' not in still, "refreshing can be stopped"


def test_the_number_of_statements_does_not_grow(fair: Fair) -> None:
    client = enter(fair.edition, "organiser")

    def statements() -> int:
        with clock.at(at(13)):
            client.get(address(fair.edition))
            with CaptureQueriesContext(connection) as context:
                assert client.get(address(fair.edition)).status_code == 200
        return len(context)

    before = statements()
    for number in range(5):
        programme.save_hall(
            SYSTEM,
            fair.edition,
            programme.SaveHall(f"Z{number}", TranslatedText.of(f"Hall {number}"), 4),
        )
        person = Person.objects.create(name=f"One {number}", email_key=f"{number // 2}@x.org")
        Talent.objects.create(person=person, edition=fair.edition)
        MeetingRequest.objects.create(
            edition=fair.edition,
            subject_kind="opening",
            subject_id=uuid4(),
            origin="office",
            unplaced=("no_table", "person_full")[number % 2],
            created_at=clock.now(),
        )
    assert Hall.objects.count() == 6
    assert statements() == before
