"""Something happened, by page: told, shown, done."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.meetings import repairing, scheduling, services
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Meeting, TimetableVersion
from talex.programme import services as programme
from tests.meetings.fair_factory import Fair, asked, make_fair, schedule

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


def page_of(fair: Fair, kind: str) -> str:
    return reverse("meetings:repair", kwargs={"edition": fair.edition.slug, "kind": kind})


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the form that carries a repair out."""
    form = text[text.index('name="token"') - 2000 :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def do(office: Client, page: str, **told: str) -> Any:
    """Look at what would change, then press the button that does it."""
    shown = office.get(page, {"asked": "1", **told})
    assert shown.status_code == 200
    return office.post(page, hidden(shown.content.decode()))


def test_a_new_booking_is_made_while_meetings_are_to_come(office: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    (wanted,) = services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, fair.talents[0], fair.delegate, 0.1)]
    )
    assert do(office, page_of(fair, "booking"), request=str(wanted.id)).status_code == 302
    assert Meeting.objects.get(request=wanted).status == "planned"


def test_a_no_show_is_told_while_meetings_are_to_come(office: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    first = fair.edition.meetings.order_by("starts_at")[0]
    with clock.at(first.starts_at + timedelta(minutes=5)):
        assert do(office, page_of(fair, "no_show"), meeting=str(first.id)).status_code == 302
    first.refresh_from_db()
    assert first.status == "no_show"


@pytest.mark.parametrize("kind", [Kind.BOOKING, Kind.NO_SHOW])
def test_times_do_not_count_where_the_kind_has_none(kind: Kind) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    (wanted,) = services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, fair.talents[0], fair.delegate, 0.1)]
    )
    first, *_others, last = fair.edition.meetings.order_by("starts_at")
    told = Happened(
        kind,
        meeting=first.id if kind == Kind.NO_SHOW else None,
        request=wanted.id if kind == Kind.BOOKING else None,
        starts_at=first.starts_at - timedelta(hours=1),
        ends_at=last.ends_at,
    )
    found = repairing.preview(SYSTEM, fair.edition, told)
    assert found.happened.starts_at is None and found.happened.ends_at is None
    version = repairing.carry_out(SYSTEM, fair.edition, told, found.token)
    assert TimetableVersion.objects.get(id=version.id).origin == "repair"


def test_one_table_is_closed_by_page_and_only_halls_with_tables_are_offered(
    office: Client,
) -> None:
    fair = make_fair(talents=3)
    for code, name, tables in (("S", "Main stage", 0), ("B1", "Hall B1", 2)):
        programme.save_hall(
            SYSTEM, fair.edition, programme.SaveHall(code, TranslatedText.of(name), tables)
        )
    schedule(fair.edition)
    page = page_of(fair, "closed")
    first = office.get(page).content.decode()
    assert "Main stage" not in first and "Hall B1" in first and 'name="day"' not in first
    meeting = fair.edition.meetings.order_by("starts_at")[0]
    assert meeting.table is not None
    told = {"hall": str(meeting.table.hall_id), "day": "2037-04-20"}
    second = office.get(page, told).content.decode()
    assert f'<option value="{meeting.table_id}"' in second
    # The whole hall, unless one table of it is chosen.
    assert len(differences(office, page, asked="1", **told)) > 1
    assert differences(office, page, asked="1", table=str(meeting.table_id), **told) == set(
        Meeting.objects.filter(table=meeting.table).values_list("request_id", flat=True)
    )
    done = do(office, page, table=str(meeting.table_id), **told)
    assert done.status_code == 302
    assert Absence.objects.get().resource_id == meeting.table_id
    assert scheduling.verify_edition(fair.edition) == []


def differences(office: Client, page: str, **told: str) -> set[Any]:
    shown = office.get(page, told)
    return {line.request.id for line in shown.context["lines"]}


def test_left_empty_it_is_from_now_on_today_and_from_the_beginning_another_day(
    office: Client,
) -> None:
    fair = make_fair(talents=2)
    programme.save_day(
        SYSTEM, fair.edition, programme.SaveDay(date(2037, 4, 21), time(9), time(12))
    )
    schedule(fair.edition)
    now = datetime(2037, 4, 20, 2, 3, tzinfo=UTC)  # 10:03 at the venue
    told = {"person": str(fair.talents[0].id), "asked": "1"}
    with clock.at(now):
        form = office.get(page_of(fair, "ill"), {"q": "Talent"})
        today = office.get(page_of(fair, "ill"), {"day": "2037-04-20", **told})
        later = office.get(page_of(fair, "ill"), {"day": "2037-04-21", **told})
    assert 'name="from" id="id_from" value=""' in form.content.decode()
    assert today.context["starts_at"] == datetime(2037, 4, 20, 2, 0, tzinfo=UTC)
    assert later.context["starts_at"] == datetime(2037, 4, 20, 16, 0, tzinfo=UTC)
