"""Consents with recipient, fields, country and term: what is read before, kept, mailed, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed
from talex.editions.consents import allowed, expire_consents
from talex.editions.models import Consent, ConsentPurpose
from talex.editions.privacy import SetPrivacy, set_privacy
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import queries, receipts, rules
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.services.consents import WORDING, current_consents
from talex.participants.statements import FIELDS, FIELDS_IN_WORDS, RECIPIENTS
from tests.editions.factories import make_actor
from tests.participants.test_sharing import Place, _client

pytestmark = pytest.mark.django_db


def _end(place: Place) -> None:
    Consent.objects.filter(person=place.talent.person_id).update(
        valid_until=clock.now() - timedelta(seconds=1)
    )


#: What the table of W3C's DPV guide to ISO/IEC TS 27560:2023 (2024-08-01) marks as mandatory.
MANDATORY = {
    "receipt_metadata": {"schema_version", "receipt_id", "record_id", "pii_principal_id"},
    "pii_processing": {"privacy_notice", "language", "purposes"},
    "purposes": {
        "purpose", "pii_information", "pii_controllers", "storage_locations", "retention_period",
        "jurisdiction", "recipient_third_parties", "withdrawal_method",
    },
    "pii_information": {"pii_type"},
    "party_identification": {
        "party_id", "party_address", "party_name", "party_contact", "party_type",
    },
    "events": {"event_time", "validity_duration", "entity_id", "event_type", "event_state"},
}  # fmt: skip


def assert_whole(told: Any) -> None:
    """Every mandatory field is there and says something; every party named is described."""
    sections = dict(told)
    sections["purposes"] = told["pii_processing"]["purposes"]
    sections["pii_information"] = [
        one for purpose in sections["purposes"] for one in purpose["pii_information"]
    ]
    for name, wanted in MANDATORY.items():
        rows = sections[name] if isinstance(sections[name], list) else [sections[name]]
        assert rows, name
        for row in rows:
            assert {field for field in wanted if row.get(field)} == wanted, name
    described = {one["party_id"] for one in told["party_identification"]}
    for purpose in sections["purposes"]:
        assert {*purpose["pii_controllers"], *purpose["recipient_third_parties"]} <= described
    for event in told["events"]:
        assert event["entity_id"] in described | {told["receipt_metadata"]["pii_principal_id"]}


@pytest.mark.parametrize("purpose", ConsentPurpose.values)
def test_a_receipt_of_every_purpose_has_every_mandatory_field(purpose: str) -> None:
    """Also before the office said who it is, and of consents from before there were terms."""
    place = Place()
    for until in (None, clock.now()):
        one = Consent(
            edition=place.edition, person=place.talent.person_id, purpose=purpose, wording="2026-1",
            fields=["names"], given_at=clock.now(), valid_until=until, language="de",
        )  # fmt: skip
        assert_whole(receipts.receipt(one))


def test_each_purpose_says_to_whom_what_where_and_until_when_before_it_is_ticked() -> None:
    place = Place()
    told = place.own.get(place.url("own_consents")).content.decode()
    assert "checked" not in told
    for recipient in {RECIPIENTS[purpose] for purpose, _label in GENERAL_PURPOSES}:
        assert escape(str(recipient)) in told
    assert told.count("Where to") == told.count("Until") == 5
    assert "Also other countries" in told


def test_the_fields_of_a_consent_are_those_of_its_wording() -> None:
    """Who agreed agreed to these fields: other fields need another wording (and a new consent)."""
    assert WORDING == "2026-12.3"
    assert FIELDS["profile"] == FIELDS["partners"] == tuple(sorted(rules.PROFILE_FIELDS))
    assert len(FIELDS["profile"]) == 23
    # Neither is named in the words of the consent; where somebody lives and their time zone are.
    assert not {"nationality", "language"} & set(FIELDS["profile"])
    for purpose in ("profile", "partners", "abroad"):
        assert "residence" in str(FIELDS_IN_WORDS[purpose])
        assert "time zone" in str(FIELDS_IN_WORDS[purpose])
    assert FIELDS["contact"] == ("email", "phone")


def test_what_was_told_is_kept_and_the_receipt_is_mailed_once() -> None:
    place = Place()
    set_privacy(
        make_actor(place.edition, "organiser"),
        SetPrivacy(place.edition.pk, "City Fair Ltd", "1 Road", "data@example.org", "CN", "CN", 6),
    )
    page = place.url("own_consents")
    assert place.own.post(page, {"purposes": ["profile", "follow_up"]}).status_code == 303
    one = Consent.objects.get(purpose="profile")
    assert one.fields == sorted(rules.PROFILE_FIELDS)
    assert one.valid_until is not None
    assert 5 * 30 < (one.valid_until.date() - place.edition.ends_on).days < 6 * 32
    sent = Message.objects.filter(kind="participants.receipt")
    assert sent.count() == 1
    assert str(one.pk) in sent.get().text
    place.own.post(page, {"purposes": ["profile", "follow_up"]})
    assert sent.count() == 1
    place.own.post(page, {"purposes": ["profile"]})
    assert sent.count() == 2
    file = place.own.get(place.url("own_receipt_file", consent=one.pk))
    told = file.json()
    assert told["receipt_metadata"]["record_id"] == str(one.pk)
    assert told["receipt_metadata"]["pii_principal_id"] == str(place.talent.person_id)
    assert told["party_identification"][0]["party_name"] == "City Fair Ltd"
    (purpose,) = told["pii_processing"]["purposes"]
    assert {"pii_type": "names"} in purpose["pii_information"]
    assert purpose["jurisdiction"] == purpose["storage_locations"] == ["CN"]
    assert [event["event_state"] for event in told["events"]] == ["consent given"]
    assert_whole(told)
    gone = Consent.objects.get(purpose="follow_up")
    told = place.own.get(place.url("own_receipt_file", consent=gone.pk)).json()
    assert [e["event_state"] for e in told["events"]] == ["consent given", "consent withdrawn"]
    assert_whole(told)
    assert (
        "data@example.org"
        in place.own.get(place.url("own_receipt", consent=one.pk)).content.decode()
    )


@pytest.mark.parametrize("mail", ["receipt", "ending"])
def test_mails_about_consents_call_the_data_what_the_page_calls_them(mail: str) -> None:
    told = {"purpose": "P", "fields": "姓名", "recipient": "R", "where": "W"}
    with override("zh-hans"):
        text = render_to_string(f"participants/mail/{mail}.txt", {"receipts": [told]})
    assert "信息种类: 姓名" in text and "事件" not in text


def test_a_receipt_is_for_the_person_the_office_and_auditors() -> None:
    place = Place()
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    one = Consent.objects.get()
    for name in ("own_receipt", "own_receipt_file"):
        url = place.url(name, consent=one.pk)
        assert place.own.get(url).status_code == 200
        assert place.desk.get(url).status_code == 404
        for role, status in (("organiser", 200), ("auditor", 200), ("press", 404)):
            assert _client(make_actor(place.edition, role)).get(url).status_code == status


def test_at_the_end_of_its_term_it_no_longer_holds_anywhere() -> None:
    place = Place()
    place.own.post(place.url("own_consents"), {"purposes": ["profile", "contact"]})
    assert place.seen(place.desk) == [True] * 3
    _end(place)
    # At once, before any job ran.
    assert place.seen(place.desk) == [False] * 3
    assert current_consents(place.talent) == []
    assert not allowed(place.edition.pk, "profile").exists()
    desk = Actor(user=None)
    assert not rules.consents_given(place.talent)
    assert queries.talents(desk, place.edition.pk).count() == 0
    assert expire_consents() == 2
    assert expire_consents() == 0
    assert Entry.objects.filter(event="editions.consent_expired").count() == 2
    assert "(ended)" in place.own.get(place.url("own_consents")).content.decode()
    # Given again it holds again, with a term of its own.
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    assert place.seen(place.desk) == [True] * 3
    assert Consent.objects.filter(purpose="profile").count() == 2


def test_given_again_before_the_job_wrote_its_end() -> None:
    place = Place()
    page = place.url("own_consents")
    place.own.post(page, {"purposes": ["profile"]})
    _end(place)
    assert place.own.post(page, {"purposes": ["profile"]}).status_code == 303
    assert place.seen(place.desk) == [True] * 3


def test_a_reminder_comes_once_before_the_end() -> None:
    place = Place()
    place.own.post(place.url("own_consents"), {"purposes": ["profile", "contact"]})
    assert receipts.remind() == 0
    Consent.objects.update(valid_until=clock.now() + timedelta(days=29))
    assert receipts.remind() == 1
    assert receipts.remind() == 0
    assert Message.objects.filter(kind="participants.consent_ending").count() == 1


def test_the_office_counts_and_others_do_not() -> None:
    place = Place()
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    page = place.url("consents")
    for role, status in (("organiser", 200), ("auditor", 200), ("press", 403), ("judge", 403)):
        assert _client(make_actor(place.edition, role)).get(page).status_code == status
    assert place.own.get(page).status_code == place.desk.get(page).status_code == 403
    _end(place)
    rows = _client(make_actor(place.edition, "organiser")).get(page).context["rows"]
    assert [(r["given"], r["expired"], r["withdrawn"]) for r in rows] == [(0, 1, 0)]


def test_who_answers_is_set_by_the_office_alone() -> None:
    place = Place()
    with pytest.raises(NotAllowed):
        set_privacy(make_actor(place.edition, "auditor"), SetPrivacy(place.edition.pk, "X"))
    with pytest.raises(Invalid) as found:
        set_privacy(
            make_actor(place.edition, "organiser"),
            SetPrivacy(place.edition.pk, "X", email="no", country="XX", consent_months=0),
        )
    assert set(found.value.fields) == {"email", "country", "consent_months"}
    office = _client(make_actor(place.edition, "organiser"))
    page = reverse("editions:privacy", kwargs={"edition": place.edition.slug})
    assert office.get(page).status_code == 200
    sent = {
        "controller": "Fair",
        "email": "a@b.example",
        "country": "DE",
        "consent_months": "12",
        "keep_months": "24",
    }
    assert office.post(page, sent).status_code == 303
    assert place.own.get(page).status_code == 403
