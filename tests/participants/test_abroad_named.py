"""The separate consent names its recipients: who was there at that moment, and nobody later."""

from __future__ import annotations

import pytest

from talex.core.errors import Invalid
from talex.editions.models import Consent
from talex.participants import services
from talex.participants.abroad import abroad_of
from talex.participants.commands import SetAbroad
from talex.participants.consenting import agreed
from talex.participants.named import named_by
from tests.participants import factories as make
from tests.participants.test_abroad import Place
from tests.participants.test_sharing import _client

pytestmark = pytest.mark.django_db


def test_it_names_those_of_that_moment_and_nobody_later() -> None:
    place = Place("profile")
    place.agree()
    late = make.organisation(place.edition, "Spät AG", country="CH")
    late_desk = make.with_account(make.delegate(place.edition, late, "L"))
    assert place.sees(late_desk) == ""
    assert place.seen() == ("profile", "profile", "profile")
    office = make.office(place.edition)
    assert not agreed(office, place.edition, "abroad").exists()
    place.agree()
    assert place.sees(late_desk) == "profile"
    first, second = Consent.objects.current().filter(purpose="abroad")
    assert (second.country, first.country) == ("CH", "")
    assert agreed(office, place.edition, "abroad").get() == place.talent
    place.agree()  # nobody new: nothing is written
    assert Consent.objects.filter(purpose="abroad").count() == 2
    place.agree(False)
    assert place.seen() == ("profile", "", "")
    assert place.sees(late_desk) == ""


def test_who_was_taken_over_with_a_list_agreed_to_all() -> None:
    place = Place("profile")
    Consent.objects.create(
        edition=place.edition, person=place.talent.person_id, purpose="abroad", source="import"
    )
    assert place.seen() == ("profile", "profile", "profile")
    state = abroad_of(place.talent)
    assert (state.given, state.new) == (True, ())
    place.agree(False, to=place.far)
    assert place.seen() == ("profile", "", "profile")
    late = make.organisation(place.edition, "Spät AG", country="CH")
    assert place.sees(make.with_account(make.delegate(place.edition, late, "L"))) == ""


def test_one_is_left_out_of_several() -> None:
    place = Place("profile")
    place.agree()
    place.agree(False, to=place.far)
    assert place.seen() == ("profile", "", "profile")
    assert Consent.objects.current().filter(purpose="abroad").count() == 1
    place.agree(False, to=place.other)
    assert place.seen() == ("profile", "", "")


def test_nobody_agrees_to_other_organisations_than_were_read_of() -> None:
    place = Place("profile")
    own = _client(place.own)
    page = f"/e/{place.edition.slug}/me/sharing/abroad/"
    read = own.get(page).context["form"]["read"].value()
    make.organisation(place.edition, "Spät AG", country="CH")
    refused = own.post(page, {"abroad": ["abroad"], "read": read})
    assert refused.status_code == 422
    assert "The organisations have changed meanwhile" in refused.content.decode()
    assert not Consent.objects.filter(purpose="abroad").exists()
    base = f"/api/editions/{place.edition.slug}/talents/{place.talent.pk}/consents/abroad"
    sent = own.put(base, {"agreed": True, "read": read}, content_type="application/json")
    assert sent.status_code == 422
    read = own.get(base).json()["read"]
    sent = own.put(base, {"agreed": True, "read": read}, content_type="application/json")
    assert sent.json()["agreed"] is True


def test_those_that_came_since_stand_under_a_box_that_nobody_ticked() -> None:
    place = Place("profile")
    place.agree()
    make.organisation(place.edition, "Spät AG", country="CH")
    own = _client(place.own)
    sharing = own.get(f"/e/{place.edition.slug}/me/sharing/").content.decode()
    assert "2 organisations abroad receive what you share" in sharing
    assert "1 more has come" in sharing
    page = f"/e/{place.edition.slug}/me/sharing/abroad/"
    form = own.get(page).context["form"]
    assert not form["new"].value()
    read = form["read"].value()
    assert own.post(page, {"abroad": ["abroad"], "read": read}).status_code == 303
    assert len(abroad_of(place.talent).new) == 1
    mixed = own.post(page, {"new": ["abroad"], "read": read})
    assert mixed.status_code == 422
    assert len(abroad_of(place.talent).agreed) == 2
    assert (
        own.post(page, {"abroad": ["abroad"], "new": ["abroad"], "read": read}).status_code == 303
    )
    assert not abroad_of(place.talent).new
    assert own.post(page, {"read": ""}).status_code == 303
    assert not abroad_of(place.talent).given


def test_where_nobody_is_abroad_nobody_is_asked() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    own = make.with_account(talent)
    page = _client(own).get(f"/e/{edition.slug}/me/sharing/abroad/")
    assert page.status_code == 302
    with pytest.raises(Invalid):
        services.set_abroad(own, SetAbroad(talent=talent.pk, agreed=True))


def test_the_archive_says_whom_a_list_names() -> None:
    place = Place("profile")
    place.agree()
    row = Consent.objects.get(purpose="abroad")
    told = named_by(place.talent.person_id)
    assert told == {
        row.recipient: [
            {"organisation": "Autre SA", "country": "FR"},
            {"organisation": "Fern GmbH", "country": "DE"},
        ]
    }
