"""What a link brought is counted exactly, and nobody can be found by it."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.participants.arrivals import REACHED, Arrival
from talex.participants.models import Talent
from talex.participants.reach import queries, services
from talex.participants.reach.countries import country_of
from talex.participants.reach.models import Link, Registrations, Visits
from talex.participants.registering import services as registering
from tests.keys import KEY
from tests.participants import factories as make

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}


def made(edition: Any, actor: Actor | None = None, **more: Any) -> Link:
    given = {"edition": edition.pk, "name": "Article", "channel": "wechat", **more}
    return services.make_link(actor or make.office(edition), services.MakeLink(**given))


def draft(edition: Any, region: str = "Wien, Österreich") -> tuple[Actor, Any]:
    actor = actor_for(make.user())
    row = registering.begin_draft(actor, registering.BeginDraft(edition.pk, "talent"))
    values = {"names": ["Wei Wang"], "mode": "both", "time_zone": "Europe/Vienna", "region": region,
              "consents": []}  # fmt: skip
    registering.save_draft(actor, registering.SaveDraft(row.pk, values))
    return actor, row


def test_the_office_makes_links_and_others_neither_make_nor_read_them() -> None:
    edition = make.edition()
    link = made(edition)
    for role in ("auditor", "press", "partner"):
        with pytest.raises(NotAllowed):
            made(edition, make.holder(role, edition))
    with pytest.raises(Invalid) as wrong:
        made(edition, name=" ", channel="pigeon", target="moon")
    assert set(wrong.value.fields) == {"name", "channel", "target"}
    assert queries.link(make.holder("auditor", edition), edition, link.pk) == link
    with pytest.raises(NotFound):
        queries.link(make.holder("press", edition), edition, link.pk)
    with pytest.raises(NotAllowed):
        services.close_link(make.holder("auditor", edition), link.pk)


def test_a_visit_is_a_count_and_robots_are_none(client: Client) -> None:
    edition = make.edition()
    link = made(edition, target="talent")
    url = f"/r/{link.code}/"
    answer = client.get(url, **BROWSER)
    assert answer["Location"] == f"/e/{edition.slug}/register/"
    assert client.session[REACHED] == link.code
    client.get(url, **BROWSER)
    client.get(f"/r/{link.code.lower()}/", HTTP_ACCEPT_LANGUAGE="de", **BROWSER)
    for agent in (
        "Googlebot/2.1",
        "facebookexternalhit/1.1",
        "curl/8",
        "",
        "Slackbot-LinkExpanding",
    ):
        assert Client().get(url, HTTP_USER_AGENT=agent).status_code == 302
    Client().head(url, **BROWSER)
    Client().get(url, HTTP_SEC_PURPOSE="prefetch", **BROWSER)
    assert sum(Visits.objects.values_list("count", flat=True)) == 3
    assert set(Visits.objects.values_list("language", flat=True)) == {"en", "de"}
    assert Client().get("/r/AAAAAAAAA/").status_code == 404


def test_a_registration_counts_once_however_often_it_is_sent() -> None:
    edition = make.edition()
    link = made(edition)
    actor, row = draft(edition)
    for _click in range(3):
        registering.send_draft(actor, registering.SendDraft(row.pk, reached=link.code))
    # Changing what one registered is no registration.
    actor = actor_for(User.objects.get(pk=actor.user))
    again = registering.begin_draft(actor, registering.BeginDraft(edition.pk, "talent"))
    registering.send_draft(actor, registering.SendDraft(again.pk, reached=link.code))
    counted = Registrations.objects.get()
    assert (counted.language, counted.country, counted.count) == ("en", "AT", 1)


def test_a_registration_that_is_refused_counts_nothing() -> None:
    edition = make.edition()
    link = made(edition)
    actor, row = draft(edition)
    registering.save_draft(actor, registering.SaveDraft(row.pk, {"names": []}))
    with pytest.raises(Invalid):
        registering.send_draft(actor, registering.SendDraft(row.pk, reached=link.code))
    assert not Registrations.objects.exists()


def test_links_of_other_editions_closed_ones_and_invented_codes_count_nothing() -> None:
    edition = make.edition()
    closed = made(edition)
    services.close_link(make.office(edition), closed.pk)
    elsewhere = made(make.edition())
    for code in (closed.code, elsewhere.code, "AAAAAAAAA", ""):
        arrival = Arrival(edition.pk, "talent", edition.pk, "Wien", code)
        services.count_registration(Actor(), arrival)
    assert not Registrations.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_counting_is_exact_when_many_come_at_once() -> None:
    edition = make.edition()
    link = made(edition)
    arrival = Arrival(edition.pk, "talent", edition.pk, "Berlin, Germany", link.code)
    from talex.core.work import work

    def come() -> None:
        try:
            for _time in range(5):
                services.count_visit(link)
                with work():
                    services.count_registration(Actor(), arrival)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Registrations.objects.get().count == 30
    assert sum(Visits.objects.values_list("count", flat=True)) == 30


def test_the_code_is_dropped_when_somebody_registered_and_no_row_holds_both(
    client: Client,
) -> None:
    edition = make.edition()
    link = made(edition)
    actor, _row = draft(edition)
    client.force_login(User.objects.get(pk=actor.user))
    client.get(f"/r/{link.code}/", **BROWSER)
    check = f"/e/{edition.slug}/register/talent/check/"
    assert client.post(check, {"revision": ""}).status_code in (302, 303)
    assert REACHED not in client.session
    talent = Talent.objects.get()
    assert Registrations.objects.get().count == 1
    # No entry of the ledger and no row of any table holds the link beside a person.
    ids = {str(actor.user), str(talent.pk), str(talent.person_id)}
    for model in apps.get_models():
        for values in model._default_manager.values():
            told = json.dumps(values, default=str)
            if str(link.pk) in told or link.code in told:
                assert not any(one in told for one in ids), model
    # Nothing by which a count is laid beside the time of a registration.
    kinds = {field.get_internal_type() for field in Registrations._meta.get_fields()}
    assert not kinds & {"DateTimeField", "DateField", "TimeField"}


def test_small_counts_are_not_told_and_cannot_be_worked_out() -> None:
    told = queries.split({"de": 12, "en": 4, "zh-hans": 0})
    assert [(value, str(count)) for value, count in told.rows] == [
        ("de", "12"), ("en", "<5"), ("zh-hans", "0"),
    ]  # fmt: skip
    assert str(told.total) == "≥12"  # else the one hidden is the rest
    assert str(queries.split({"de": 12, "en": 4, "fr": 3}).total) == "19"
    assert str(queries.split({"de": 12, "en": 1, "fr": 1}).total) == "≥12"
    assert str(queries.split({"de": 3}).total) == "<5"
    assert str(queries.split({}).total) == "0"


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("Wien, Österreich", "AT"), ("Vienna, Austria", "AT"), ("中国武汉", "CN"),
        ("湖北武汉，中国", "CN"), ("DE", "DE"), ("Berlin Deutschland", "DE"), ("USA", "US"),
        ("Wuhan", ""), ("", ""), ("Georgia, United States", "US"), ("ZZ", ""),
    ],
)  # fmt: skip
def test_the_country_is_what_was_said(where: str, code: str) -> None:
    assert country_of(where) == code


def test_the_pages_the_codes_and_the_files(client: Client) -> None:
    edition = make.edition()
    office = make.office(edition)
    link = made(edition, office, name="=HYPERLINK(1)")
    for country, count in (("AT", 7), ("DE", 2), ("", 1)):
        Registrations.objects.create(link=link, language="de", country=country, count=count)
    client.force_login(User.objects.get(pk=office.user))
    here = f"/e/{edition.slug}/reach/"
    page = client.get(here).content.decode()
    assert "≥7" in page and "Visits" in page
    one = client.get(f"{here}{link.pk}/").content.decode()
    assert "Austria" in one and "&lt;5" in one
    svg = client.get(f"{here}{link.pk}/qr.svg")
    assert svg["Content-Type"] == "image/svg+xml" and b"<svg" in svg.content
    assert client.get(f"{here}{link.pk}/qr.png").content.startswith(b"\x89PNG")
    assert client.get(f"{here}{link.pk}/qr.exe").status_code == 404
    file = b"".join(client.get(f"{here}?export=csv").streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK" in file and "<5" in file
    assert client.get(f"{here}?export=xlsx").status_code == 200
    sent = {"name": "Poster", "channel": "poster", "target": "home"}
    assert client.post(f"{here}new/", sent).status_code in (302, 303)
    assert client.post(f"{here}{link.pk}/close/").status_code in (302, 303)
    api = f"/api/editions/{edition.slug}/reach"
    keyed = {"Idempotency-Key": KEY}
    twice = {
        client.post(api, {"name": "Again", "channel": "poster", "target": "home"},
                    "application/json", headers=keyed).json()["id"]
        for _twice in range(2)
    }  # fmt: skip
    assert len(twice) == 1 and Link.objects.filter(name="Again").delete()
    told = client.get(f"/api/editions/{edition.slug}/reach").json()
    assert {one["name"]: one["registrations"] for one in told} == {
        "=HYPERLINK(1)": {"number": None, "least": 7, "text": "≥7"},
        "Poster": {"number": 0, "least": 0, "text": "0"},
    }  # fmt: skip
    client.force_login(User.objects.get(pk=make.holder("press", edition).user))
    for path in ("", "new/", f"{link.pk}/", f"{link.pk}/qr.svg"):
        assert client.get(here + path).status_code in (403, 404)


def test_no_chart_says_zero_of_a_count_that_is_not_told(client: Client) -> None:
    edition = make.edition()
    office = make.office(edition)
    link = made(edition, office, channel="linkedin")
    Registrations.objects.create(link=link, language="de", country="DE", count=1)
    client.force_login(User.objects.get(pk=office.user))
    for path, pictures in (("", 1), (f"{link.pk}/", 2)):
        page = client.get(f"/e/{edition.slug}/reach/{path}").content.decode()
        drawn = re.findall(r'<figure class="chart">.*?</figure>', page, re.S)
        assert len(drawn) == pictures
        for figure in drawn:  # the picture, and the table that stands behind it
            assert figure.count(">&lt;5<") == 2 and ">0<" not in figure
            assert 'class="c1" x="0" y="24" width="0.00%"' in figure


def test_campaigns_and_places_know_countries_by_the_same_names() -> None:
    from talex.core.countries import WRITTEN
    from talex.fair import places

    for code, names in WRITTEN.items():
        assert {country_of(name) for name in names} == {code}
        assert len({places.key(name) for name in names}) == 1, names
    assert places.key("England") == places.key("Vereinigtes Königreich")
    assert country_of("European Union") == country_of("Unknown Region") == ""
