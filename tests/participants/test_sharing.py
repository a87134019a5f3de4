"""What a talent shares: given and taken back on a page, by the API and the command line, and what
that does to the lists and files of others."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.main import group
from talex.core.actor import Actor
from talex.editions.models import Consent
from talex.ledger.models import Entry
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
    """A talent, and the delegates of two organisations."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.talent = make.talent(self.edition, "Ada Lovelace", email="ada@example.org")
        self.firm = make.organisation(self.edition, "Firm")
        self.rival = make.organisation(self.edition, "Rival")
        self.own = _client(make.with_account(self.talent))
        self.desk = _client(make.with_account(make.delegate(self.edition, self.firm, "F")))
        self.other = _client(make.with_account(make.delegate(self.edition, self.rival, "R")))

    def url(self, name: str, **more: object) -> str:
        return reverse(f"participants:{name}", kwargs={"edition": self.edition.slug, **more})

    def seen(self, client: Client) -> list[bool]:
        """Whether she is in the list, in the API's list, and has a page. Files are not offered."""
        page = self.url("talents")
        assert client.get(page + "?export=csv").status_code == 404
        listed = client.get(f"/api/editions/{self.edition.slug}/talents").json()["items"]
        return [
            "Ada Lovelace" in client.get(page).content.decode(),
            bool(listed),
            client.get(self.url("talent", talent=self.talent.pk)).status_code == 200,
        ]


def test_a_withdrawal_reaches_lists_files_and_pages() -> None:
    place = Place()
    assert place.seen(place.desk) == [False] * 3
    page = place.url("own_consents")
    assert place.own.post(page, {"purposes": ["profile", "contact"]}).status_code == 303
    assert place.seen(place.desk) == place.seen(place.other) == [True] * 3
    talent = place.url("talent", talent=place.talent.pk)
    assert "ada@example.org" in place.desk.get(talent).content.decode()
    assert place.own.post(page, {"purposes": ["profile"]}).status_code == 303
    assert "ada@example.org" not in place.desk.get(talent).content.decode()
    assert place.own.post(page, {}).status_code == 303
    assert place.seen(place.desk) == [False] * 3
    told = place.own.get(page).content.decode()
    assert told.count("taken back") == 2
    events = list(
        Entry.objects.filter(event__startswith="editions.consent").values_list("event", flat=True)
    )
    assert events.count("editions.consent_given") == 2
    assert events.count("editions.consent_withdrawn") == 2


def test_one_organisation_alone() -> None:
    place = Place()
    page = place.url("own_share_new")
    assert "Firm" in place.own.get(page).content.decode()
    again = place.url("own_share", organisation=place.firm.pk)
    chosen = place.own.post(page, {"organisation": str(place.firm.pk)})
    assert (chosen.status_code, chosen["Location"]) == (303, again)
    assert place.own.post(again, {"purposes": ["profile"]}).status_code == 303
    assert place.seen(place.desk) == [True] * 3
    assert place.seen(place.other) == [False] * 3
    assert "only Firm" in place.own.get(place.url("own_consents")).content.decode()
    assert "checked" in place.own.get(again).content.decode()
    assert place.own.post(again, {}).status_code == 303
    assert place.seen(place.desk) == [False] * 3
    assert place.own.post(page, {"organisation": "nonsense"}).status_code == 422
    assert place.desk.get(page).status_code == 403


def test_through_the_api() -> None:
    place = Place()
    base = f"/api/editions/{place.edition.slug}/talents/{place.talent.pk}"

    def put(client: Client, to: object, *purposes: str) -> int:
        return client.put(
            f"{base}/shares/{to}",
            json.dumps({"purposes": purposes}),
            content_type="application/json",
        ).status_code

    assert put(place.own, place.firm.pk, "profile", "contact") == 200
    assert place.own.get(f"{base}/shares").json() == [
        {"organisation": str(place.firm.pk), "purposes": ["contact", "profile"]}
    ]
    assert put(place.own, place.firm.pk, "press") == 422
    assert put(place.desk, place.rival.pk, "profile") == 403
    assert place.desk.get(f"{base}/shares").status_code == 404
    assert put(place.own, place.firm.pk) == 200
    assert place.own.get(f"{base}/shares").json() == []


@pytest.mark.django_db(transaction=True)
def test_through_the_command_line() -> None:
    place = Place()
    who = [place.edition.slug, str(place.talent.pk)]
    run = CliRunner()

    def call(*words: str) -> object:
        done = run.invoke(group, ["consent", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    call("give", *who, "press")
    call("give", *who, "profile", "--to", str(place.firm.pk))
    assert place.seen(place.desk) == [True] * 3
    call("withdraw", *who, "profile", "--to", str(place.firm.pk))
    rows = call("show", *who)
    assert isinstance(rows, list) and len(rows) == 2
    assert Consent.objects.get(purpose="press").source == "office"
    assert place.seen(place.desk) == [False] * 3
