"""Sign-in links: for rehearsals only, and for nobody real."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.editions.sign_in_links import (
    MakeSignInLink,
    make_sign_in_link,
    register_holder,
    rehearsal_account,
)
from tests.editions.factories import grant, make_actor, make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(settings: Any) -> Edition:
    settings.TALEX_REHEARSAL_SIGN_IN = True
    return make_edition("rehearsal", rehearsal=True)


def path(edition: Edition, role: str = "organiser", **fields: Any) -> str:
    link = make_sign_in_link(SYSTEM, MakeSignInLink(edition.pk, role, **fields))
    assert link.url.startswith("http://127.0.0.1:8000/")
    return link.url.removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("role", ["organiser", "judge", "partner", "press", "auditor"])
def test_it_signs_in_in_the_role(client: Client, edition: Edition, role: str) -> None:
    response = client.get(path(edition, role))
    assert response["Location"] == "/e/rehearsal/home/"
    page = client.get("/e/rehearsal/home/", headers={"Accept-Language": "en"}).content.decode()
    assert str(Role(role).label) in page
    # The same link and the same account, however often.
    client.get(path(edition, role))
    assert User.objects.count() == 1


def test_it_says_who_is_signed_in_in_their_language(edition: Edition) -> None:
    for chosen, words in (("", "Sie sind angemeldet"), ("en", "You are signed in")):
        client = Client(headers={"Accept-Language": "zh-hans"})
        link = path(edition)
        User.objects.update(language="de")
        if chosen:
            client.cookies["talex_language"] = chosen
        assert words in client.get(link, follow=True).content.decode()


def test_it_expires(client: Client, edition: Edition, monkeypatch: Any) -> None:
    link = path(edition, lasts=timedelta(hours=1))
    assert client.get(link).status_code == 302
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 3700)
    assert Client().get(link).status_code == 409


def test_a_link_that_was_tampered_with(client: Client, edition: Edition) -> None:
    link = path(edition)
    assert client.get(link[:-3] + "x/").status_code == 404


def test_off_means_off(client: Client, edition: Edition, settings: Any) -> None:
    link = path(edition)
    settings.TALEX_REHEARSAL_SIGN_IN = False
    client.get(link)
    assert "_auth_user_id" not in client.session
    with pytest.raises(NotAllowed):
        path(edition)


def test_a_real_edition_has_none(client: Client, edition: Edition) -> None:
    link = path(edition)
    with pytest.raises(NotAllowed):
        path(make_edition("real"))
    Edition.objects.filter(pk=edition.pk).update(rehearsal=False)
    client.get(link)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("how", ["a role in a real edition", "site administrator"])
def test_nobody_real_is_impersonated(client: Client, edition: Edition, how: str) -> None:
    link = path(edition)
    user = User.objects.get()
    if how == "site administrator":
        User.objects.update(is_site_admin=True)
    else:
        grant(user, make_edition("real"), "judge")
    client.get(link)
    assert "_auth_user_id" not in client.session
    with pytest.raises(NotAllowed):
        path(edition)


def test_only_the_operator_makes_them(edition: Edition) -> None:
    with pytest.raises(NotAllowed):
        make_sign_in_link(make_actor(edition, "organiser"), MakeSignInLink(edition.pk, "judge"))


def test_roles_that_come_with_a_record(
    client: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talex.editions import sign_in_links

    monkeypatch.setattr(sign_in_links, "_holders", {})
    with pytest.raises(NotFound):
        path(edition, "talent")
    register_holder("talent", lambda e: rehearsal_account(e, "talent-1", "Tara", "de"))
    assert client.get(path(edition, "talent")).status_code == 302
    assert User.objects.get().name == "Tara"
