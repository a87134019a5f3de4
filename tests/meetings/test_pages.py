"""Pages, API and command line of programme and meetings, in three languages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.main import group
from talex.meetings import calendars, places
from talex.meetings.models import Meeting
from tests.meetings.fair_factory import Fair, make_fair, schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def fair() -> Fair:
    made = make_fair(talents=7)
    schedule(made.edition)
    return made


def _pages(fair: Fair) -> list[str]:
    slug = fair.edition.slug
    meeting = Meeting.objects.order_by("starts_at")[0]
    hall = meeting.table.hall  # type: ignore[union-attr]
    of = {"edition": slug, "pk": meeting.pk}
    plain = ["programme:programme", "programme:activity_new", "programme:halls"]
    plain += ["programme:hall_new", "programme:day", "meetings:meetings", "meetings:requests"]
    plain += ["meetings:timetable", "meetings:make", "meetings:release"]
    return [
        *(reverse(name, kwargs={"edition": slug}) for name in plain),
        *(reverse(f"meetings:{n}", kwargs=of) for n in ("meeting", "move", "cancel", "outcome")),
        reverse("programme:hall", kwargs={"edition": slug, "pk": hall.pk}),
        *(
            reverse("meetings:agenda_of", kwargs={"edition": slug, "kind": kind, "pk": pk})
            for kind, pk in [
                ("hall", hall.pk), ("table", meeting.table_id),
                ("organisation", fair.organisation.pk), ("person", fair.delegate.pk),
            ]
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_every_page_opens_for_the_office(office: Client, fair: Fair, language: str) -> None:
    for page in _pages(fair):
        answer = office.get(page, headers={"accept-language": language})
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in answer.content.decode().lower().replace(
            "zh-hans-cn", "zh-hans"
        )


def test_nobody_is_sent_to_sign_in(client: Client, fair: Fair) -> None:
    for page in _pages(fair):
        if page.endswith("/programme/"):
            continue  # public
        answer = client.get(page)
        assert answer.status_code in (302, 404), page


def test_moving_over_the_page(office: Client, fair: Fair) -> None:
    meeting = Meeting.objects.order_by("starts_at")[0]
    Meeting.objects.exclude(id=meeting.id).order_by("starts_at")[0].delete()
    from talex.programme.models import Occupancy

    Occupancy.objects.exclude(holder_id__in=Meeting.objects.values("id")).delete()
    page = reverse("meetings:move", kwargs={"edition": fair.edition.slug, "pk": meeting.pk})
    assert office.get(page).status_code == 200
    target = next(
        p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at
    )
    body = {"place": target.starts_at.isoformat(), "sequence": meeting.sequence}
    assert office.post(page, body).status_code == 303
    again = office.post(page, body)  # a double click, or somebody was quicker
    assert again.status_code in (409, 422)
    meeting.refresh_from_db()
    assert meeting.starts_at == target.starts_at


def test_what_goes_back_is_not_called_as_calling_off_is(office: Client, fair: Fair) -> None:
    meeting = Meeting.objects.order_by("starts_at")[0]
    of = {"edition": fair.edition.slug, "pk": meeting.pk}
    page = reverse("meetings:cancel", kwargs=of)
    back = f'href="{reverse("meetings:meeting", kwargs=of)}">%s</a></div>'
    for language, word in (("en", "Back"), ("de", "Zurück"), ("zh-hans", "返回")):
        User.objects.update(language=language)
        text = office.get(page).content.decode()
        assert back % word in text


def test_the_calendar_feed_needs_no_sign_in_but_a_true_token(client: Client, fair: Fair) -> None:
    token = calendars.feed_token(fair.edition, fair.delegate.id)
    answer = client.get(reverse("meetings:feed", kwargs={"token": token}))
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content.count(b"BEGIN:VEVENT") == 5
    wrong = client.get(reverse("meetings:feed", kwargs={"token": token[:-2] + "xx"}))
    assert wrong.status_code == 404


def test_the_api_moves_and_refuses(office: Client, fair: Fair) -> None:
    base = f"/api/editions/{fair.edition.slug}"
    listed = office.get(f"{base}/meetings").json()
    assert listed["count"] == 5
    first = listed["items"][0]
    places = office.get(f"{base}/meetings/{first['id']}/places").json()
    assert isinstance(places, list)
    refused = office.post(
        f"{base}/meetings/{first['id']}/cancel",
        json.dumps({"sequence": first["sequence"], "reason": ""}),
        content_type="application/json",
    )
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("application/problem+json")
    done = office.post(
        f"{base}/meetings/{first['id']}/cancel",
        json.dumps({"sequence": first["sequence"], "reason": "ill"}),
        content_type="application/json",
    )
    assert done.json()["status"] == "cancelled"
    assert office.get(f"{base}/meeting-requests").json()["count"] == 2


@pytest.mark.django_db(transaction=True)
def test_the_command_line_schedules_and_verifies() -> None:
    fair = make_fair(talents=7)
    run = CliRunner()
    made = run.invoke(
        group, ["schedule", "--edition", fair.edition.slug, "--seconds", "5", "--json"]
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["placed"] == 5
    assert not Meeting.objects.exists()
    of = ["--edition", fair.edition.slug, "--json"]
    released = run.invoke(group, ["timetable", "release", "--note", "First", *of])
    assert json.loads(released.stdout)["placed"] == 5, released.output
    assert run.invoke(group, ["verify", "--edition", fair.edition.slug]).exit_code == 0
    meeting = Meeting.objects.all()[0]
    Meeting.objects.filter(id=meeting.id).update(starts_at=fair.requests[0].created_at)
    assert run.invoke(group, ["verify", "--json"]).exit_code == 7
    agenda = ["agenda", "--edition", fair.edition.slug, "--of", "person", str(fair.delegate.id)]
    assert "Battery engineer" in run.invoke(group, [*agenda, "--json"]).output
    assert "BEGIN:VCALENDAR" in run.invoke(group, [*agenda, "--ics"]).output
    assert run.invoke(group, ["schedule", "--edition", "nowhere"]).exit_code == 4
