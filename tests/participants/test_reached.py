"""The list of talents: contact details in free texts, for whom they are and for nobody else; and
names that are a way to reach somebody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Invalid
from talex.participants import services
from talex.participants.commands import ShareContact, UpdateTalent
from talex.participants.lists import find_people, talent_rows
from talex.participants.models import Talent
from talex.participants.rules import read_whole
from tests.participants import factories as make
from tests.participants.test_sharing import _client

pytestmark = pytest.mark.django_db
POSITION = "Laser engineer, karl.qaz@example.org"


class Place:
    """Two firms see a profile; one of them the contact as well."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.talent = make.talent(
            self.edition, "Karl Mays", current_position=POSITION,
            industry="optics, call 0151 2345678", consents=("profile",),
        )  # fmt: skip
        self.near = make.organisation(self.edition, "Near")
        far = make.organisation(self.edition, "Far")
        self.reaches = make.with_account(make.delegate(self.edition, self.near, "N"))
        self.shown = make.with_account(make.delegate(self.edition, far, "F"))
        self.share("profile", "contact")

    def share(self, *purposes: str) -> None:
        services.share_contact(
            SYSTEM,
            ShareContact(
                talent=self.talent.pk, organisation=self.near.pk, share=bool(purposes),
                purposes=purposes,
            ),
        )  # fmt: skip

    def page(self, actor: Actor, **asked: str) -> str:
        return _client(actor).get(f"/e/{self.edition.slug}/talents/", asked).content.decode()

    def found(self, actor: Actor, words: str) -> bool:
        rows = talent_rows(actor, self.edition)
        whole = read_whole(actor, self.edition.pk)
        return find_people(rows, words, "current_position", whole=whole).exists()


def test_who_may_reach_somebody_reads_their_texts_whole() -> None:
    place = Place()
    assert "karl.qaz@example.org" in place.page(place.reaches)
    told = place.page(place.shown)
    assert "Laser engineer" in told and "•••" in told and "karl.qaz" not in told
    place.share("profile")
    assert "karl.qaz" not in place.page(place.reaches)


@pytest.mark.parametrize("word", ["karl.qaz", "qaz", "az@ex", "example", "q", "@example"])
def test_what_is_masked_cannot_be_spelled_out_by_searching(word: str) -> None:
    place = Place()
    # Found in the text only: nobody is called so.
    assert place.found(place.reaches, word)
    assert not place.found(place.shown, word)
    assert place.found(place.shown, "laser")
    listed = _client(place.shown).get(
        f"/api/editions/{place.edition.slug}/talents", {"q": word}
    ).json()  # fmt: skip
    assert listed["count"] == 0


def test_nor_by_the_filter_of_the_list() -> None:
    place = Place()
    name = "Karl Mays"
    assert name in place.page(place.shown, industry="optics")
    assert name not in place.page(place.shown, industry="2345")
    assert name in place.page(place.reaches, industry="2345")


@pytest.mark.parametrize("name", ["karl@example.org", "Karl 0151 2345678"])
def test_a_way_to_reach_somebody_is_no_name(name: str) -> None:
    place = Place()
    with pytest.raises(Invalid) as told:
        services.update_talent(
            SYSTEM,
            UpdateTalent(
                talent=place.talent.pk, version=Talent.objects.get(pk=place.talent.pk).version,
                changes={"names": [{"text": name}]},
            ),
        )  # fmt: skip
    assert "not a name" in str(told.value.fields["names"])


def test_the_api_and_the_account_say_so_too() -> None:
    place = Place()
    own = make.with_account(place.talent)
    client: Client = _client(own)
    path = f"/api/editions/{place.edition.slug}/talents/{place.talent.pk}"
    sent: dict[str, Any] = {"names": [{"text": "0151 2345678"}]}
    version = Talent.objects.get(pk=place.talent.pk).version
    answer = client.patch(path, {**sent, "version": version}, content_type="application/json")
    assert answer.status_code == 422 and "not a name" in answer.content.decode()
    user = User.objects.get(pk=own.user)
    answer = client.patch("/api/me", {"name": "0151 2345678"}, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert User.objects.get(pk=user.pk).name == user.name
