"""Consents with recipient, fields, country and term: what is read before, kept, mailed, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed
from talex.editions.consents import allowed, expire_consents
from talex.editions.models import Consent
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
    assert WORDING == "2026-12.2"
    assert FIELDS["profile"] == FIELDS["partners"] == tuple(sorted(rules.PROFILE_FIELDS))
    assert len(FIELDS["profile"]) == 23
    # Neither is named in the words of the consent; where somebody lives and their time zone are.
    assert not {"nationality", "language"} & set(FIELDS["profile"])
    for purpose in ("profile", "partners"):
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
    assert told["receipt_metadata"]["consent_record_id"] == str(one.pk)
    assert told["receipt_metadata"]["pii_principal_id"] == str(place.talent.person_id)
    assert told["party_identification"][0]["party_name"] == "City Fair Ltd"
    (purpose,) = told["pii_processing"]["purposes"]
    assert {"pii_type": "names"} in purpose["pii_information"]
    assert purpose["jurisdictions"] == purpose["storage_locations"] == ["CN"]
    assert [event["event_state"] for event in told["events"]] == ["consent given"]
    gone = Consent.objects.get(purpose="follow_up")
    told = place.own.get(place.url("own_receipt_file", consent=gone.pk)).json()
    assert [e["event_state"] for e in told["events"]] == ["consent given", "consent withdrawn"]
    assert (
        "data@example.org"
        in place.own.get(place.url("own_receipt", consent=one.pk)).content.decode()
    )


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
