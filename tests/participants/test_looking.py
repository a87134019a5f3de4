"""Who looked at a person's data: noted once a day and way, shown to the person alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.participants import services
from talex.participants.commands import ErasePerson
from talex.participants.looking.models import Look, Way
from talex.participants.looking.services import DAYS, forget_old, note
from talex.participants.own_data import export_person
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _client(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


class Place:
    def __init__(self) -> None:
        self.edition = make.edition()
        self.talent = make.talent(
            self.edition, "Ada Lovelace", email="ada@example.org", consents=("profile",)
        )
        self.firm = make.organisation(self.edition, "Firm")
        self.own = _client(make.with_account(self.talent))
        self.delegate = make.with_account(make.delegate(self.edition, self.firm, "F"))
        self.office = make.office(self.edition)

    def url(self, name: str, **more: object) -> str:
        return reverse(f"participants:{name}", kwargs={"edition": self.edition.slug, **more})


def _ways() -> set[tuple[str, str]]:
    return set(Look.objects.values_list("role", "way"))


def test_pages_lists_files_and_the_api_are_noted_once_a_day() -> None:
    place = Place()
    desk, office = _client(place.delegate), _client(place.office)
    for _turn in range(2):
        assert desk.get(place.url("talent", talent=place.talent.pk)).status_code == 200
        assert desk.get(place.url("talents")).status_code == 200
        assert office.get(place.url("talents") + "?export=csv").status_code == 200
        api = f"/api/editions/{place.edition.slug}/talents"
        assert desk.get(api).status_code == 200
        assert desk.get(f"{api}/{place.talent.pk}").status_code == 200
        assert office.get(place.url("talent_data", talent=place.talent.pk)).status_code == 200
    assert _ways() == {
        ("delegate", "profile"),
        ("delegate", "list"),
        ("delegate", "api"),
        ("organiser", "file"),
        ("organiser", "data"),
    }
    assert Look.objects.count() == 5


def test_the_person_reads_who_looked_and_own_looks_are_none() -> None:
    place = Place()
    assert "Nobody has looked" in place.own.get(place.url("own_seen")).content.decode()
    place.own.get(place.url("own"))
    place.own.get(place.url("talent", talent=place.talent.pk))
    assert not Look.objects.exists()
    _client(place.delegate).get(place.url("talent", talent=place.talent.pk))
    with clock.at(clock.now() + timedelta(days=1)):
        note(place.delegate, place.edition.pk, [place.talent.person_id], Way.LIST)
        note(place.office, place.edition.pk, [place.talent.person_id], Way.PROFILE)
    page = place.own.get(place.url("own_seen")).content.decode()
    assert "Firm" in page and "on 2 days" in page and "The organiser" in page
    assert "saw the name in a list" in page and "opened the profile" in page
    other = _client(make.with_account(make.talent(place.edition, "Grace Hopper")))
    assert "Firm" not in other.get(place.url("own_seen")).content.decode()
    assert _client(place.delegate).get(place.url("own_seen")).status_code == 403


def test_what_is_refused_is_no_look() -> None:
    place = Place()
    hidden = make.talent(place.edition, "Grace Hopper")
    answer = _client(place.delegate).get(place.url("talent", talent=hidden.pk))
    assert answer.status_code == 404
    assert not Look.objects.filter(person=hidden.person_id).exists()


def test_looks_are_taken_out_go_with_the_person_and_end() -> None:
    place = Place()
    note(place.delegate, place.edition.pk, [place.talent.person_id], Way.PROFILE)
    note(SYSTEM, place.edition.pk, [place.talent.person_id], Way.PROFILE)  # its own work
    told = export_person(SYSTEM, place.talent.person_id)
    looks = told["records"][0]["rooms"]["participants.looks"]["looks"]
    assert [(one["role"], one["organisation"]) for one in looks] == [
        ("delegate", str(place.firm.pk))
    ]
    assert forget_old() == 0
    with clock.at(clock.now() + timedelta(days=DAYS + 1)):
        assert forget_old() == 1
    note(place.delegate, place.edition.pk, [place.talent.person_id], Way.PROFILE)
    services.erase_person(SYSTEM, ErasePerson(person=place.talent.person_id))
    assert not Look.objects.exists()


def test_many_rows_take_as_many_statements_as_one(
    django_assert_max_num_queries: object,
) -> None:
    place = Place()
    people = [place.talent.person_id, *(make.talent(place.edition).person_id for _n in range(3))]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        note(place.delegate, place.edition.pk, people, Way.LIST)
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        note(place.delegate, place.edition.pk, people, Way.LIST)
