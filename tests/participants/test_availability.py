"""When somebody can be met: by their own clock, across the date line and a change of the clock."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.cli import codes
from talex.cli.main import group
from talex.core.actor import NOBODY, SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.models import Edition
from talex.ledger.models import Entry
from talex.meetings import availability as meetings
from talex.participants import services
from talex.participants.availability import Hours, hours_of, instants
from talex.participants.commands import SetAvailability
from talex.participants.models import Talent
from tests.participants import factories as make

DAY = date(2027, 4, 12)


def _edition(first: date = DAY, last: date = date(2027, 4, 14)) -> Edition:
    return Edition(starts_on=first, ends_on=last, time_zone="Asia/Shanghai")


def _kept(zone: str, *hours: Hours, edition: Edition | None = None) -> list[tuple[str, str]]:
    found = instants(edition or _edition(), ZoneInfo(zone), hours)
    return [(f"{w['start']:%d %H:%M}", f"{w['end']:%d %H:%M}") for w in found]


def test_a_time_is_read_by_the_clock_of_the_person() -> None:
    nine_to_noon = Hours(DAY, time(9), time(12))
    assert _kept("Asia/Shanghai", nine_to_noon) == [("12 01:00", "12 04:00")]
    assert _kept("Europe/Berlin", nine_to_noon) == [("12 07:00", "12 10:00")]
    # On both sides of the date line it is 9 o'clock a day apart.
    assert _kept("Pacific/Kiritimati", nine_to_noon) == [("11 19:00", "11 22:00")]
    assert _kept("Pacific/Pago_Pago", nine_to_noon) == [("12 20:00", "12 23:00")]


def test_an_end_that_is_not_later_is_on_the_next_day() -> None:
    evening = Hours(DAY, time(21), time(1, 30))
    assert _kept("America/Los_Angeles", evening) == [("13 04:00", "13 08:30")]
    assert _kept("Asia/Shanghai", Hours(DAY, time(0), time(0))) == [("11 16:00", "12 16:00")]


def test_stretches_that_touch_become_one() -> None:
    rows = [Hours(DAY, time(11), time(12)), Hours(DAY, time(9), time(11)),
            Hours(DAY, time(9, 30), time(10))]  # fmt: skip
    assert _kept("UTC", *rows) == [("12 09:00", "12 12:00")]


SPRING = _edition(date(2027, 3, 27), date(2027, 3, 29))  # in Europe the clock goes on at 2
AUTUMN = _edition(date(2027, 10, 30), date(2027, 11, 1))  # and back at 3


def test_a_night_in_which_the_clock_is_changed() -> None:
    night = Hours(date(2027, 3, 27), time(23), time(4))
    assert _kept("Europe/Berlin", night, edition=SPRING) == [("27 22:00", "28 02:00")]  # 4 hours
    night = Hours(date(2027, 10, 30), time(23), time(4))
    assert _kept("Europe/Berlin", night, edition=AUTUMN) == [("30 21:00", "31 03:00")]  # 6 hours
    # 2:30 comes twice: from the first to the second.
    twice = Hours(date(2027, 10, 31), time(2, 30), time(2, 30, 0))
    assert _kept("Europe/Berlin", twice, edition=AUTUMN) == [("31 00:30", "01 01:30")]
    whole = Hours(date(2027, 10, 31), time(2), time(3))
    assert _kept("Europe/Berlin", whole, edition=AUTUMN) == [("31 00:00", "31 02:00")]


@pytest.mark.parametrize(
    "language, says",
    [("en", "put forward"), ("de", "vorgestellt"), ("zh-hans", "拨快")],
)
def test_a_time_the_clock_leaps_over_is_refused(language: str, says: str) -> None:
    from django.utils import translation

    leapt = Hours(date(2027, 3, 28), time(2, 30), time(5))
    with pytest.raises(Invalid) as told:
        instants(SPRING, ZoneInfo("Europe/Berlin"), [leapt])
    with translation.override(language):
        (message,) = told.value.fields["windows"]
        assert says in str(message) and "02:30" in str(message)
    assert instants(SPRING, ZoneInfo("Asia/Shanghai"), [leapt])  # there it is a time like others


def test_a_day_outside_of_the_conference_is_refused() -> None:
    for day in (date(2027, 4, 10), date(2027, 4, 16)):
        with pytest.raises(Invalid, match=r"windows|outside"):
            instants(_edition(), ZoneInfo("UTC"), [Hours(day, time(9), time(10))])
    # The day before is the same day elsewhere.
    assert instants(_edition(), ZoneInfo("UTC"), [Hours(date(2027, 4, 11), time(20), time(22))])


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati",
         "Australia/Lord_Howe", "Pacific/Pago_Pago", "Asia/Kathmandu"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    rows=st.lists(
        st.builds(
            Hours,
            st.dates(date(2027, 3, 26), date(2027, 4, 5)),
            st.times().map(lambda t: t.replace(second=0, microsecond=0)),
            st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        ),
        max_size=6,
    ),
)
def test_what_is_shown_again_says_the_same(zone: str, rows: list[Hours]) -> None:
    """Nothing typed is lost: what is kept, shown by the same clock and sent again, is the same."""
    edition, clock = _edition(date(2027, 3, 26), date(2027, 4, 6)), ZoneInfo(zone)
    try:
        kept = instants(edition, clock, rows)
    except Invalid:
        return
    told = [{k: v.isoformat() for k, v in w.items()} for w in kept]
    assert instants(edition, clock, hours_of(told, clock)) == kept


def _set(actor: Actor, talent: Talent, **values: Any) -> Talent:
    given = {"time_zone": "Europe/Berlin", "windows": (Hours(DAY, time(9), time(12)),)}
    command = SetAvailability(
        edition=talent.edition_id, kind="talent", record=talent.pk, **{**given, **values}
    )
    found = services.set_availability(actor, command)
    assert isinstance(found, Talent)
    return found


@pytest.mark.django_db
def test_the_timetable_keeps_to_it_and_the_ledger_knows() -> None:
    where = make.edition()
    talent = make.talent(where, "Anna")
    _set(make.with_account(talent), talent, mode="online", daily_max=3)
    (stated,) = meetings.stated(where, [talent.person_id])[talent.person_id]
    assert (stated.mode, stated.daily_max) == ("online", 3)

    def fits(hour: int) -> bool:
        return stated.suits((datetime(2027, 4, 12, hour, tzinfo=UTC),
                             datetime(2027, 4, 12, hour, 20, tzinfo=UTC)))  # fmt: skip

    assert [hour for hour in range(24) if fits(hour)] == [7, 8, 9]
    entry = Entry.objects.filter(event="participants.talent_updated").get()
    assert "windows" in entry.canonical


@pytest.mark.django_db
def test_who_may_and_what_is_refused() -> None:
    where = make.edition()
    talent, other = make.talent(where, "Anna"), make.talent(where, "Bo")
    with pytest.raises(NotFound):
        _set(make.with_account(other), talent, time_zone="Nowhere/City")
    with pytest.raises(NotFound):
        _set(NOBODY, talent)
    shown = make.talent(where, "Cy", consents=("profile",))
    company = make.organisation(where)
    desk = make.with_account(make.delegate(where, company))
    with pytest.raises(NotAllowed):
        _set(desk, shown)
    _set(make.office(where), talent)
    with pytest.raises(Conflict):
        _set(SYSTEM, talent, version=1)
    for field, value in (("time_zone", "Mars/Base"), ("mode", "by air"), ("daily_max", 0)):
        with pytest.raises(Invalid) as told:
            _set(SYSTEM, talent, **{field: value})
        assert field in told.value.fields


def _client(actor: Actor) -> Client:
    from talex.accounts.models import User

    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def _sent(*rows: tuple[str, str, str], **more: str) -> dict[str, str]:
    sent = {"mode": "both", "time_zone": "America/Los_Angeles", "version": "1"} | more
    for number, row in enumerate(rows):
        for part, value in zip(("date", "start", "end"), row, strict=True):
            sent[f"windows_{number}_{part}"] = value
    return sent


@pytest.mark.django_db
def test_a_talent_and_a_delegate_say_it_on_their_own_page() -> None:
    where = make.edition()
    talent = make.talent(where, "Anna")
    delegate = make.delegate(where, make.organisation(where))
    page = reverse("participants:own_times", kwargs={"edition": where.slug})
    for row in (talent, delegate):
        client = _client(make.with_account(row))
        # Every day of the conference has its row.
        body = client.get(page).content.decode()
        assert body.count('value="2027-04-1') == 3
        sent = _sent(("2027-04-12", "18:00", "23:30"), ("2027-04-13", "", ""))
        assert client.post(page, sent).status_code == 303
        row.refresh_from_db()
        (window,) = row.windows
        assert window["start"].startswith("2027-04-13T01:00:00")
        assert window["end"].startswith("2027-04-13T06:30:00")
        assert 'value="18:00"' in client.get(page).content.decode()
        half = client.post(page, _sent(("2027-04-12", "18:00", ""), version="2"))
        assert half.status_code == 422 and "Row 1" in half.content.decode()
        assert 'value="18:00"' in half.content.decode()  # nothing typed is lost
    stranger = _client(make.holder("press", where))
    assert stranger.get(page).status_code == 403


@pytest.mark.django_db
def test_the_office_says_it_for_others() -> None:
    where = make.edition()
    talent, delegate = make.talent(where, "Anna"), make.delegate(where, make.organisation(where))
    office = _client(make.office(where))
    for name, row in (("talent", talent), ("delegate", delegate)):
        page = reverse(f"participants:{name}_times", kwargs={"edition": where.slug, name: row.pk})
        assert office.get(page).status_code == 200
        assert office.post(page, _sent(("2027-04-12", "18:00", "19:00"))).status_code == 303
        row.refresh_from_db()
        assert len(row.windows) == 1 and row.person.time_zone == "America/Los_Angeles"
    shown = office.get(
        reverse("participants:talent", kwargs={"edition": where.slug, "talent": talent.pk})
    )
    assert "12 Apr 2027, 18:00 to 19:00 (Los Angeles)" in shown.content.decode()


@pytest.mark.django_db
def test_through_the_api() -> None:
    where = make.edition()
    talent = make.talent(where, "Anna")
    client = _client(make.with_account(talent))
    call = f"/api/editions/{where.slug}/talents/{talent.pk}/availability"
    assert client.get(call).json()["windows"] == []
    body = {"time_zone": "Asia/Kathmandu", "mode": "onsite",
            "windows": [{"date": "2027-04-12", "start": "09:00", "end": "12:00"}]}  # fmt: skip

    def put(**more: Any) -> Any:
        return client.put(call, json.dumps(body | more), content_type="application/json")

    told = put().json()
    assert told["windows"] == [{"date": "2027-04-12", "start": "09:00:00", "end": "12:00:00"}]
    assert put(time_zone="x").status_code == 422
    assert put(version=1).status_code == 409
    assert Client().get(call).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_through_the_command_line() -> None:
    where = make.edition()
    talent = make.talent(where, "Anna")
    run = CliRunner()
    given = ["availability", where.slug, str(talent.pk), "--json"]
    made = run.invoke(group, [*given, "--zone", "Europe/Berlin", "--on", "2027-04-12 9:00-12:30"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["windows"] == [
        {"date": "2027-04-12", "start": "09:00", "end": "12:30"}
    ]
    # Another clock: the same instants, told by it.
    there = json.loads(run.invoke(group, [*given, "--zone", "Asia/Shanghai"]).stdout)
    assert there["windows"] == [{"date": "2027-04-12", "start": "15:00", "end": "18:30"}]
    assert run.invoke(group, [*given, "--on", "tomorrow"]).exit_code == codes.INVALID
    free = run.invoke(group, [*given, "--any-time", "--mode", "online"])
    assert json.loads(free.stdout)["windows"] == []
