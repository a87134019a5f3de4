"""The separate consent for organisations abroad: who is abroad, what is opened, what is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.countries import abroad, country_code, country_of_zone
from talex.core.errors import Invalid, NotAllowed
from talex.editions.models import Consent, Privacy
from talex.participants import queries, rules, services
from talex.participants.abroad import (
    abroad_of,
    country_told,
    home_of,
    organisations_abroad,
    those_abroad,
    without_country,
)
from talex.participants.commands import (
    SetAbroad,
    SetConsents,
    ShareContact,
    UpdateOrganisation,
)
from talex.participants.consenting import agreed
from talex.participants.models import Organisation, Talent
from talex.participants.services.consents import current_consents
from talex.participants.statements import statement_abroad
from tests.participants import factories as make
from tests.participants.test_sharing import _client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("home", "other", "far"),
    [
        ("CN", "CN", False),
        ("CN", "DE", True),
        ("CN", "HK", True),
        ("CN", "MO", True),
        ("CN", "TW", True),
        ("HK", "CN", True),
        ("DE", "FR", False),
        ("DE", "NO", False),
        ("NO", "DE", False),
        ("DE", "RE", False),
        ("DE", "GB", True),
        ("DE", "CH", True),
        ("CN", "", False),
        ("", "DE", True),
        ("", "", False),
    ],
)
def test_which_country_is_abroad_from_which(home: str, other: str, far: bool) -> None:
    assert abroad(home, other) is far


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Asia/Shanghai", "CN"),
        ("Europe/Berlin", "DE"),
        ("Asia/Hong_Kong", "HK"),
        ("PRC", "CN"),
        ("UTC", ""),
        ("Etc/GMT-8", ""),
    ],
)
def test_the_country_of_a_time_zone(zone: str, country: str) -> None:
    assert country_of_zone(zone) == country


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("91110000600037341L", "CN"),
        ("9111 0000 6000 3734 1L", "CN"),
        ("91110000600037341M", ""),  # the check digit is wrong
        ("DE136695976", "DE"),
        ("de 136 695 976", "DE"),
        ("DE136695977", ""),
        ("EL094259216", "GR"),
        ("Aachen HRB 11223", ""),
        ("", ""),
    ],
)
def test_what_a_registration_number_tells(number: str, country: str) -> None:
    assert country_told(number) == country


@pytest.mark.parametrize("text", ["DE", "de", "Germany", "Deutschland", "德国", " Germany "])
def test_a_country_as_it_is_written(text: str) -> None:
    assert country_code(text) == "DE"
    assert country_code("Atlantis") == ""


class Place:
    """A conference in China with one organisation there, one in Germany, and a talent."""

    def __init__(self, *consents: str) -> None:
        self.edition = make.edition()
        self.home = make.organisation(self.edition, "Home Firm", country="CN")
        self.far = make.organisation(
            self.edition, "Fern GmbH", country="DE", website="https://fern.example"
        )
        self.other = make.organisation(self.edition, "Autre SA", country="FR")
        self.talent = make.talent(
            self.edition, "Ada Lovelace", email="ada@example.org", consents=consents
        )
        self.own = make.with_account(self.talent)
        self.near_desk = make.with_account(make.delegate(self.edition, self.home, "N"))
        self.far_desk = make.with_account(make.delegate(self.edition, self.far, "F"))
        self.other_desk = make.with_account(make.delegate(self.edition, self.other, "O"))

    def sees(self, actor: Actor) -> str:
        """'' | profile | contact: by the row, by the filter and by the fields alike."""
        actor = actor_for(User.objects.get(pk=actor.user))
        row = Talent.objects.get(pk=self.talent.pk)
        listed = queries.talents(actor, self.edition.pk).filter(pk=row.pk).exists()
        assert rules.can_see_talent(actor, row) is listed
        fields = rules.talent_fields(actor, row)
        assert bool(fields) is listed
        reached = Talent.objects.filter(rules.visible_contacts(actor), pk=row.pk).exists()
        assert ("email" in fields) is reached
        return "contact" if reached else "profile" if listed else ""

    def seen(self) -> tuple[str, str, str]:
        return self.sees(self.near_desk), self.sees(self.far_desk), self.sees(self.other_desk)

    def agree(self, agreed: bool = True, to: Organisation | None = None) -> None:
        services.set_abroad(
            self.own,
            SetAbroad(talent=self.talent.pk, agreed=agreed, organisation=to.pk if to else None),
        )


def test_without_it_nothing_goes_abroad_and_with_it_what_is_shared() -> None:
    place = Place("profile", "contact")
    assert place.seen() == ("contact", "", "")
    place.agree()
    assert place.seen() == ("contact", "contact", "contact")
    place.agree(False)
    assert place.seen() == ("contact", "", "")


def test_by_itself_it_opens_nothing() -> None:
    place = Place()
    place.agree()
    assert place.seen() == ("", "", "")
    services.set_consents(place.own, SetConsents(talent=place.talent.pk, purposes=["profile"]))
    assert place.seen() == ("profile", "profile", "profile")


def test_it_is_not_given_along_with_the_others() -> None:
    place = Place()
    with pytest.raises(Invalid):
        services.set_consents(
            place.own, SetConsents(talent=place.talent.pk, purposes=["profile", "abroad"])
        )
    place.agree()
    assert current_consents(place.talent) == []
    # Saving the general page does not take it back.
    services.set_consents(place.own, SetConsents(talent=place.talent.pk, purposes=["press"]))
    assert not abroad_of(place.talent).new


def test_to_one_organisation_alone() -> None:
    place = Place("profile")
    place.agree(to=place.far)
    assert place.seen() == ("profile", "profile", "")
    row = Consent.objects.get(purpose="abroad")
    assert (row.country, row.recipient) == ("DE", str(place.far.pk))
    with pytest.raises(Invalid):
        place.agree(to=place.home)
    # Taken back from all, it is taken back from this one.
    place.agree(False)
    assert place.seen() == ("profile", "", "")


def test_sharing_with_one_abroad_asks_for_it_in_that_step() -> None:
    place = Place()
    share = ShareContact(talent=place.talent.pk, organisation=place.far.pk)
    with pytest.raises(Invalid) as refused:
        services.share_contact(place.own, share)
    assert "abroad" in refused.value.fields
    assert place.seen() == ("", "", "")
    assert not Consent.objects.exists()
    services.share_contact(
        place.own, ShareContact(talent=place.talent.pk, organisation=place.far.pk, abroad=True)
    )
    assert place.seen() == ("", "contact", "")
    services.share_contact(
        place.own, ShareContact(talent=place.talent.pk, organisation=place.far.pk, share=False)
    )
    assert not Consent.objects.current().exists()
    # One at home needs none.
    services.share_contact(
        place.own, ShareContact(talent=place.talent.pk, organisation=place.home.pk)
    )
    assert place.seen() == ("contact", "", "")


def test_its_term_ends_it() -> None:
    place = Place("profile")
    place.agree()
    assert place.seen() == ("profile", "profile", "profile")
    Consent.objects.filter(purpose="abroad").update(valid_until=clock.now())
    assert place.seen() == ("profile", "", "")


def test_the_conference_may_be_elsewhere() -> None:
    place = Place("profile")
    Privacy.objects.create(edition=place.edition, country="FR")
    assert home_of(place.edition) == "FR"
    assert place.seen() == ("", "profile", "profile")
    assert set(organisations_abroad(place.edition)) == {place.home}
    assert those_abroad(place.edition.pk, [place.home.pk, place.far.pk]) == {place.home.pk}


def test_one_without_a_country_counts_as_at_home_and_is_listed() -> None:
    place = Place("profile")
    Organisation.objects.filter(pk=place.far.pk).update(country="")
    assert place.sees(place.far_desk) == "profile"
    assert list(without_country(place.edition.pk)) == [place.far]
    office = _client(make.office(place.edition))
    page = office.get(f"/e/{place.edition.slug}/organisations/?country=unsaid").content.decode()
    assert "Fern GmbH" in page
    assert "Home Firm" not in page
    page = office.get(f"/e/{place.edition.slug}/organisations/?country=abroad").content.decode()
    assert "Autre SA" in page
    assert "Home Firm" not in page
    told = office.get(f"/e/{place.edition.slug}/consents/").content.decode()
    assert "?country=unsaid" in told


def test_the_country_is_told_by_the_number_said_once_and_then_the_offices() -> None:
    place = Place()
    told = make.organisation(place.edition, "Told", registration_number="DE136695976")
    assert told.country == "DE"
    with pytest.raises(Invalid) as refused:
        make.organisation(
            place.edition, "Wrong", registration_number="91110000600037341L", country="US"
        )
    assert "country" in refused.value.fields
    unsaid = make.organisation(place.edition, "Unsaid")
    desk = make.with_account(make.delegate(place.edition, unsaid, "U"))

    def change(actor: Actor, country: str) -> str:
        command = UpdateOrganisation(
            organisation=unsaid.pk, edition=place.edition.pk, changes={"country": country}
        )
        return services.update_organisation(actor, command).country

    assert change(desk, "us") == "US"
    with pytest.raises(NotAllowed):
        change(desk, "CN")
    with pytest.raises(Invalid):
        change(SYSTEM, "Atlantis")
    assert change(make.office(place.edition), "CN") == "CN"


def test_who_agrees_is_listed_by_recipient() -> None:
    place = Place("profile", "contact")
    office = make.office(place.edition)

    def names(purpose: str, to: Organisation | None = None) -> list[str]:
        return [t.person.name for t in agreed(office, place.edition, purpose, to)]

    assert names("profile", place.home) == ["Ada Lovelace"]
    assert names("profile", place.far) == names("contact", place.far) == names("abroad") == []
    place.agree(to=place.far)
    assert names("profile", place.far) == names("contact", place.far) == ["Ada Lovelace"]
    assert names("abroad") == names("profile", place.other) == []
    assert names("abroad", place.far) == ["Ada Lovelace"]


def test_the_statement_names_what_the_law_asks_for() -> None:
    place = Place()
    Privacy.objects.create(edition=place.edition, controller="Office", email="o@example.org")
    told = {str(label): str(text) for label, text in statement_abroad(place.edition, [place.far])}
    assert told["Who receives it"] == "Fern GmbH (Germany)"
    assert told["How to reach them"] == "https://fern.example"
    assert told["Where to"] == "Germany"
    assert "o@example.org" in told["Your rights"]
    assert {"What for", "How", "Which data", "Until"} <= set(told)
    there = abroad_of(place.talent).there
    every = {str(label): str(text) for label, text in statement_abroad(place.edition, there)}
    assert "Fern GmbH (Germany, https://fern.example)" in every["Who receives it"]
    assert "Autre SA (France)" in every["Who receives it"]
    assert "Home Firm" not in every["Who receives it"]
    assert "; " in every["Who receives it"]
    page = _client(place.own).get(f"/e/{place.edition.slug}/me/sharing/abroad/").content.decode()
    assert "<li>Autre SA (France)</li>" in page  # a line each: one reads many of them


def test_on_pages_in_two_steps() -> None:
    place = Place()
    own, desk = _client(place.own), _client(place.far_desk)
    base = f"/e/{place.edition.slug}/me/sharing/"
    step = own.post(base + "with/", {"organisation": str(place.far.pk)})
    second = base + f"with/{place.far.pk}/"
    assert (step.status_code, step["Location"]) == (303, second)
    assert not Consent.objects.exists()
    page = own.get(second).content.decode()
    assert "Fern GmbH (Germany)" in page
    assert 'name="abroad"' in page
    refused = own.post(second, {"purposes": ["profile"]})
    assert refused.status_code == 422
    assert not Consent.objects.exists()
    assert own.post(second, {"purposes": ["profile"], "abroad": ["abroad"]}).status_code == 303
    talent = f"/e/{place.edition.slug}/talents/{place.talent.pk}/"
    assert desk.get(talent).status_code == 200
    assert own.post(second, {}).status_code == 303
    assert desk.get(talent).status_code == 404
    assert 'name="abroad"' not in own.get(base + f"with/{place.home.pk}/").content.decode()


def test_on_its_own_page_with_a_receipt() -> None:
    place = Place("profile")
    own, desk = _client(place.own), _client(place.far_desk)
    page = f"/e/{place.edition.slug}/me/sharing/abroad/"
    shown = own.get(page)
    assert "Autre SA" in shown.content.decode()
    given = {"abroad": ["abroad"], "read": shown.context["form"]["read"].value()}
    assert own.post(page, given).status_code == 303
    row = Consent.objects.get(purpose="abroad")
    assert row.valid_until is not None
    assert "email" in row.fields
    receipt = own.get(f"/e/{place.edition.slug}/me/sharing/receipts/{row.pk}/")
    told = receipt.content.decode()
    assert "Organisations abroad receive what I share" in told
    assert "Autre SA (France); Fern GmbH (Germany)" in told
    file = own.get(f"/e/{place.edition.slug}/me/sharing/receipts/{row.pk}/file/").json()
    parties = {one["party_name"]: one for one in file["party_identification"]}
    assert parties["Autre SA"]["party_country"] == "FR"
    assert parties["Fern GmbH"]["party_id"] == str(place.far.pk)
    assert str(place.home.pk) not in str(file)
    listed = f"/api/editions/{place.edition.slug}/talents"
    assert desk.get(listed).json()["count"] == 1
    assert own.post(page, {}).status_code == 303
    assert desk.get(listed).json()["count"] == 0


def test_through_the_api() -> None:
    place = Place("profile")
    own, desk = _client(place.own), _client(place.far_desk)
    base = f"/api/editions/{place.edition.slug}/talents/{place.talent.pk}"
    told = own.get(f"{base}/consents/abroad").json()
    assert told["agreed"] is False
    assert set(told["organisations"]) == {str(place.far.pk), str(place.other.pk)}
    assert desk.get(f"{base}/consents/abroad").status_code == 404
    json = "application/json"
    done = own.put(f"{base}/consents/abroad", {"agreed": True}, content_type=json)
    assert done.json()["agreed"] is True
    assert set(done.json()["agreed_to"]) == {str(place.far.pk), str(place.other.pk)}
    assert desk.get(f"{base}/consents/abroad").status_code == 404
    assert desk.get(base).status_code == 200
    own.put(f"{base}/consents/abroad", {"agreed": False}, content_type=json)
    assert desk.get(base).status_code == 404
    share = f"{base}/shares/{place.far.pk}"
    assert own.put(share, {"purposes": ["profile"]}, content_type=json).status_code == 422
    given = own.put(share, {"purposes": ["profile", "abroad"]}, content_type=json)
    assert set(given.json()["purposes"]) == {"profile", "abroad"}
    assert desk.get(base).status_code == 200


def test_a_list_takes_no_more_statements_for_one_abroad_with_many_talents() -> None:
    place = Place("profile")
    place.agree()
    services.set_abroad(SYSTEM, SetAbroad(talent=place.talent.pk, agreed=True))
    actor = actor_for(User.objects.get(pk=place.far_desk.user))

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            rows = list(queries.talents(actor, place.edition.pk))
            queries.shown_many(actor, rows[:1])
            rules.visible_contacts(actor)
        return len(found)

    before = statements()
    for number in range(5):
        one = make.talent(place.edition, f"More {number}", consents=("profile",))
        services.set_abroad(SYSTEM, SetAbroad(talent=one.pk, agreed=True))
    assert queries.talents(actor, place.edition.pk).count() == 6
    assert statements() == before
