"""A number as somebody tells it of themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from talex.participants.cleaners import Fault
from talex.participants.forms import DelegateForm
from talex.participants.registering.queries import faults_of
from talex.participants.telephones import telephone
from tests.participants import factories as make
from tests.participants.registering.factories import answered, client_of


@pytest.mark.parametrize(
    ("given", "place", "kept"),
    [
        ("", "", ""),
        ("+49 151  2345 6789", "", "+49 151 2345 6789"),
        ("0086 27 8765 4321", "", "+86 27 8765 4321"),
        ("+86 (0)27 8765-4321", "Bonn, Germany", "+86 (0)27 8765-4321"),
        ("13800138000", "Wuhan, China", "+86 138 0013 8000"),
        ("１３８００１３８０００", "武汉，中国", "+86 138 0013 8000"),
        ("0151 23456789", "Deutschland", "+49 1512 3456789"),
        ("0151 23456789", "DE", "+49 1512 3456789"),
    ],
)
def test_a_number_gets_the_code_of_the_country(given: str, place: str, kept: str) -> None:
    assert telephone(given, place) == kept


@pytest.mark.parametrize(
    "given", ["++++", "call me", "+49 151 CALLME1", "+49", "+" + "1" * 30, "12"]
)
def test_what_is_no_number_is_refused(given: str) -> None:
    with pytest.raises(Fault) as caught:
        telephone(given, "Germany")
    assert "not a telephone number" in str(caught.value.message)


def test_a_number_without_a_country_is_asked_for_it(settings: Any) -> None:
    with pytest.raises(Fault) as caught:
        telephone("13800138000", "Wuhan")
    assert "country code" in str(caught.value.message)
    settings.TALEX_PHONE_REGION = "CN"
    assert telephone("13800138000", "Wuhan") == "+86 138 0013 8000"


@pytest.mark.django_db
def test_a_registration_and_a_profile_ask_alike_and_what_was_read_before_stays() -> None:
    edition, user = make.edition(), make.user()
    _actor, draft = answered(user, edition, phone="13800138000", region="Wuhan")
    assert list(faults_of(draft)["who"]) == ["phone"]
    draft.values["region"] = "Wuhan, China"
    assert "who" not in faults_of(draft)
    row = make.delegate(edition, make.organisation(edition), "Li Lei", phone="13800138000")
    same = DelegateForm({"phone": "13800138000"}, new=False, head=False)
    same.initial = {"phone": row.person.phone}
    assert "phone" not in same.errors
    other = DelegateForm({"phone": "13800138001"}, new=False, head=False)
    assert "phone" in other.errors


@pytest.mark.django_db
def test_the_api_asks_as_well() -> None:
    edition, user = make.edition(), make.user()
    client = client_of(user)
    base = f"/api/editions/{edition.slug}/talents"
    told = {"own": True, "names": [{"text": "Li Lei"}], "phone": "++++"}

    def post(**more: str) -> Any:
        return client.post(base, json.dumps({**told, **more}), "application/json")

    answer = post()
    assert answer.status_code == 422 and "phone" in answer.content.decode()
    assert post(phone="13800138000").status_code == 422
    made = post(phone="13800138000", region="Wuhan, China")
    assert made.status_code == 201 and made.json()["phone"] == "+86 138 0013 8000"
