"""The list of those who agreed, to hand on: it holds them, the fields of the consent, no more."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from talex.core import clock
from talex.editions.models import Consent
from talex.ledger.models import Entry
from talex.participants import services
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.commands import ErasePerson, WithdrawTalent
from talex.participants.consenting import _CELLS
from talex.participants.looking.models import Look
from talex.participants.statements import FIELDS
from tests.editions.factories import make_actor
from tests.participants import factories as make
from tests.participants.test_sharing import Place, _client

pytestmark = pytest.mark.django_db


def _file(client: Client, url: str) -> list[dict[str, str]]:
    answer = client.get(url + "?export=csv")
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(body)))


@pytest.mark.parametrize("purpose", [value for value, _label in GENERAL_PURPOSES])
def test_the_next_file_lacks_who_took_it_back(purpose: str) -> None:
    place = Place()
    make.talent(place.edition, "Someone Else", email="else@example.org", consents=())
    office = _client(make.office(place.edition))
    page, own = place.url("agreed", purpose=purpose), place.url("own_consents")
    assert _file(office, page) == []
    assert place.own.post(own, {"purposes": ["profile", purpose]}).status_code == 303
    assert len(_file(office, page)) == 1
    assert "Ada Lovelace" in office.get(page).content.decode()
    assert office.get(page + "?export=xlsx").status_code == 200
    assert place.own.post(own, {}).status_code == 303
    assert _file(office, page) == []
    assert "Ada Lovelace" not in office.get(page).content.decode()
    entries = Entry.objects.filter(event="participants.agreed_exported")
    facts = json.loads(entries.latest("block__first", "index").canonical)["facts"]
    assert facts == {"kind": "csv", "count": 0, "purpose": purpose}


@pytest.mark.parametrize("end", ["term", "leaves", "erased"])
def test_the_next_file_lacks_whose_consent_ended_and_who_left(end: str) -> None:
    place = Place()
    office = _client(make.office(place.edition))
    place.own.post(place.url("own_consents"), {"purposes": ["partners"]})
    page = place.url("agreed", purpose="partners")
    assert [row["Name"] for row in _file(office, page)] == ["Ada Lovelace"]
    if end == "term":
        Consent.objects.update(valid_until=clock.now() - timedelta(seconds=1))
    elif end == "leaves":
        services.withdraw_talent(make.office(place.edition), WithdrawTalent(talent=place.talent.pk))
    else:
        services.erase_person(
            make.office(place.edition), ErasePerson(person=place.talent.person_id)
        )
    assert _file(office, page) == []


def test_the_file_holds_what_the_consent_names_and_no_more() -> None:
    place = Place()
    office = _client(make.office(place.edition))
    purposes = ["profile", "contact", "partners", "press", "follow_up"]
    place.own.post(place.url("own_consents"), {"purposes": purposes})
    heads = {p: set(_file(office, place.url("agreed", purpose=p))[0]) for p in purposes}
    assert heads["contact"] == {"Name", "E-mail address", "Telephone"}
    assert heads["press"] == {"Name"}
    assert heads["follow_up"] == {"E-mail address", "Language of letters"}
    assert heads["profile"] == heads["partners"]
    assert not {"E-mail address", "Telephone", "Year of birth", "Source"} & heads["partners"]
    # Every field of the consents is in a file, or is told apart as not for files.
    left_out = {"names", "windows", "daily_max", "local_from", "local_until", "picture",
                "available_from", "available_until"}  # fmt: skip
    assert {name for p in purposes for name in FIELDS[p]} == set(_CELLS) | left_out


def test_an_address_without_the_profile_is_handed_to_nobody() -> None:
    place = Place()
    office = _client(make.office(place.edition))
    place.own.post(place.url("own_consents"), {"purposes": ["contact"]})
    assert _file(office, place.url("agreed", purpose="contact")) == []


def test_for_one_organisation_those_who_named_it_and_those_who_agreed_to_all() -> None:
    place = Place()
    make.talent(place.edition, "Open To All", consents=("profile",))
    page = place.url("own_share", organisation=place.firm.pk)
    assert place.own.post(page, {"purposes": ["profile", "contact"]}).status_code == 303
    office = _client(make.office(place.edition))

    def names(purpose: str, of: object) -> set[str]:
        url = place.url("agreed_one", purpose=purpose, organisation=of)
        return {row["Name"] for row in _file(office, url)}

    assert names("profile", place.firm.pk) == {"Ada Lovelace", "Open To All"}
    assert names("profile", place.rival.pk) == {"Open To All"}
    assert names("contact", place.firm.pk) == {"Ada Lovelace"}
    listed = {row["Name"] for row in _file(office, place.url("agreed", purpose="profile"))}
    assert listed == {"Open To All"}
    again = place.url("own_share", organisation=place.firm.pk)
    assert place.own.post(again, {"organisation": str(place.firm.pk)}).status_code == 303
    assert names("profile", place.firm.pk) == {"Open To All"}
    assert names("contact", place.firm.pk) == set()


def test_it_is_for_the_office_and_auditors_and_each_look_is_noted() -> None:
    place = Place()
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    page = place.url("agreed", purpose="profile")
    one = place.url("agreed_one", purpose="profile", organisation=place.firm.pk)
    for url in (page, one):
        for client in (place.own, place.desk, Client()):
            assert client.get(url).status_code in {302, 403}
            assert client.get(url + "?export=csv").status_code in {302, 403}
        for role, status in (("partner", 403), ("press", 403), ("auditor", 200)):
            assert _client(make_actor(place.edition, role)).get(url).status_code == status
    assert not Look.objects.filter(way="file").exists()
    office = _client(make.office(place.edition))
    assert len(_file(office, page)) == 1
    assert Look.objects.filter(way="file", person=place.talent.person_id).count() == 1
    assert page in office.get(place.url("consents")).content.decode()


def test_other_purposes_and_organisations_are_not_found() -> None:
    place = Place()
    office = _client(make.office(place.edition))
    elsewhere = make.organisation(make.edition(), "Elsewhere")
    for url in (
        place.url("agreed", purpose="university"),
        place.url("agreed", purpose="anything"),
        place.url("agreed_one", purpose="press", organisation=place.firm.pk),
        place.url("agreed_one", purpose="profile", organisation=elsewhere.pk),
    ):
        assert office.get(url).status_code == 404


def test_neither_page_nor_file_tells_an_organisation_what_the_consent_does_not_name() -> None:
    place = Place()
    place.talent.person.nationality = "Ruritanian"
    place.talent.person.language = "sv"
    place.talent.person.save()
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    office = _client(make.office(place.edition))
    (row,) = _file(office, place.url("agreed", purpose="profile"))
    assert not {"Nationality", "Language of letters"} & set(row)
    assert {"Region", "Time zone", "Skills"} <= set(row)
    company = make.organisation(place.edition)
    delegate = make.delegate(place.edition, company)
    delegate.person.user = make.user("delegate@example.org", name="D")
    delegate.person.save()
    reader = Client()
    reader.force_login(delegate.person.user)
    for url in (
        place.url("talent", talent=place.talent.pk),
        f"/api/editions/{place.edition.slug}/talents/{place.talent.pk}",
    ):
        told = reader.get(url)
        assert told.status_code == 200
        assert "Ruritanian" not in told.content.decode()
        assert "Ruritanian" in place.own.get(url).content.decode()
