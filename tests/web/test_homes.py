"""Home pages: first steps, visitors, those signed in, one's own page of a conference."""

from __future__ import annotations

import pytest
from django.test import Client

from talex.participants.registering.models import Draft
from tests.editions.factories import grant, make_edition, make_user

pytestmark = pytest.mark.django_db


def test_an_installation_without_accounts_says_how_to_begin(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "talex user create --admin" in page


def test_visitors_see_open_conferences_and_no_drafts(client: Client) -> None:
    make_user()
    make_edition("seen", state="open")
    make_edition("hidden", state="draft")
    page = client.get("/").content.decode()
    assert "/e/seen/" in page
    assert "/e/hidden/" not in page


def test_an_organiser_is_told_what_to_do_next(client: Client) -> None:
    user = make_user()
    edition = make_edition("mine", state="draft")
    grant(user, edition, "organiser")
    client.force_login(user)
    assert "/e/mine/settings/" in client.get("/").content.decode()
    page = client.get("/e/mine/home/").content.decode()
    assert "/e/mine/roles/" in page


def test_who_began_to_register_finds_it_on_another_device(client: Client) -> None:
    edition, user = make_edition("open-one"), make_user()
    make_edition("another")
    client.force_login(user)
    begin = "/e/open-one/register/talent/"
    assert begin not in client.get("/").content.decode()
    Draft.objects.create(edition=edition, user=user, kind="talent", revision=2)
    page = client.get("/").content.decode()
    assert begin in page and "You take part in no conference yet" not in page
    assert "You run this site" not in page
    assert page.count("/e/open-one/") and "/e/another/" in page


def test_who_has_no_role_is_led_to_the_front_page(client: Client) -> None:
    make_edition("open-one")
    client.force_login(make_user())
    response = client.get("/e/open-one/home/")
    assert response.status_code == 302
    assert response["Location"] == "/e/open-one/"


def test_nobody_is_led_to_the_sign_in_and_back(client: Client) -> None:
    make_edition("open-one")
    response = client.get("/e/open-one/home/")
    assert response["Location"] == "/accounts/login/?next=/e/open-one/home/"


def test_a_draft_is_not_found_by_others(client: Client) -> None:
    make_edition("draft-one", state="draft")
    assert client.get("/e/draft-one/").status_code == 404
    client.force_login(make_user())
    assert client.get("/e/draft-one/").status_code == 404


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_front_page_in_each_language(client: Client, language: str) -> None:
    make_edition("open-one")
    page = client.get("/e/open-one/", headers={"Accept-Language": language})
    assert f'<html lang="{language}"' in page.content.decode()
    if language == "zh-hans":
        assert "人才交流大会" in page.content.decode()
        assert "2027年5月12日" in page.content.decode()


def test_a_conference_without_next_steps_stands_under_the_heading_of_the_page(
    client: Client,
) -> None:
    """No level is left out between the page's heading and a judge's conference."""
    user = make_user()
    grant(user, make_edition("judged", state="open"), "judge")
    client.force_login(user)
    main = client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]
    assert '<h2><a href="/e/judged/home/">' in main
    assert "<h3" not in main
