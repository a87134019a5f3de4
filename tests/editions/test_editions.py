"""Making, editing, opening and dressing an edition: services and pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from talex.accounts.actors import actor_for
from talex.core.actor import NOBODY, SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.editions import services
from talex.editions.models import Edition
from talex.editions.services import CreateEdition, EditEdition, SetPicture, SetState
from talex.ledger.models import Entry
from tests.core.hostile import png
from tests.editions.factories import grant, make_actor, make_edition, make_user

pytestmark = pytest.mark.django_db
PNG = png()


def command(**fields: Any) -> CreateEdition:
    values: dict[str, Any] = {
        "slug": "new",
        "name": TranslatedText({"en": "New"}),
        "starts_on": date(2027, 5, 12),
        "ends_on": date(2027, 5, 14),
        **fields,
    }
    return CreateEdition(**values)


def test_who_makes_an_edition_is_its_organiser() -> None:
    admin = make_user(is_site_admin=True)
    edition = services.create_edition(actor_for(admin), command())
    assert edition.state == "draft"
    assert actor_for(admin).has(edition.pk, "organiser")
    events = Entry.objects.filter(block__chain=str(edition.pk)).order_by("index")
    assert [e.event for e in events] == ["editions.created", "editions.role_granted"]


@pytest.mark.parametrize("allowed", [True, False])
def test_organisers_make_editions_only_where_the_installation_says_so(
    settings: Any, allowed: bool
) -> None:
    settings.TALEX_ORGANISERS_MAY_CREATE = allowed
    organiser = make_actor(make_edition(), "organiser")
    if allowed:
        services.create_edition(organiser, command())
    else:
        with pytest.raises(NotAllowed):
            services.create_edition(organiser, command())
    for actor in (NOBODY, make_actor(make_edition(), "judge")):
        with pytest.raises(NotAllowed):
            services.create_edition(actor, command(slug="other"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"slug": "Bad Slug"}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"slug": "x" * 61}, "slug"),
        ({"name": TranslatedText()}, "name"),
        ({"name": TranslatedText({"en": "x" * 201})}, "name"),
        ({"ends_on": date(2027, 5, 11)}, "ends_on"),
        ({"ends_on": date(2029, 5, 11)}, "ends_on"),
        ({"time_zone": "Asia/Nowhere"}, "time_zone"),
        ({"languages": ()}, "languages"),
        ({"languages": ("xx",)}, "languages"),
        ({"accent": "red"}, "accent"),
        ({"accent": "#ffee88"}, "accent"),
    ],
)
def test_what_an_edition_cannot_be(fields: dict[str, Any], wrong: str) -> None:
    make_edition("taken")
    with pytest.raises(Invalid) as caught:
        services.create_edition(SYSTEM, command(**fields))
    assert list(caught.value.fields) == [wrong]
    assert Edition.objects.count() == 1


def test_the_days_are_judged_together_when_one_of_them_changes() -> None:
    edition = make_edition()
    with pytest.raises(Invalid):
        services.edit_edition(SYSTEM, EditEdition(edition.pk, starts_on=date(2027, 6, 1)))


def test_of_two_who_edit_at_once_the_second_is_told() -> None:
    edition = make_edition()
    first = EditEdition(edition.pk, revision=1, tagline=TranslatedText({"en": "one"}))
    services.edit_edition(SYSTEM, first)
    second = EditEdition(edition.pk, revision=1, tagline=TranslatedText({"en": "two"}))
    with pytest.raises(Conflict):
        services.edit_edition(SYSTEM, second)


def test_a_change_of_nothing_is_no_entry() -> None:
    edition = make_edition()
    services.edit_edition(SYSTEM, EditEdition(edition.pk, name=edition.name))
    assert not Entry.objects.exists()


def test_states_follow_each_other() -> None:
    edition = make_edition(state="draft")
    with pytest.raises(Conflict):
        services.set_state(SYSTEM, SetState(edition.pk, "running"))
    for state in ("open", "running", "closed", "open"):
        assert services.set_state(SYSTEM, SetState(edition.pk, state)).state == state
    with pytest.raises(Invalid):
        services.set_state(SYSTEM, SetState(edition.pk, "frozen"))
    assert Entry.objects.filter(event="editions.state_set").count() == 4


def test_who_may_not_see_it_is_not_told_that_it_is_there() -> None:
    edition = make_edition(state="draft")
    with pytest.raises(NotFound):
        services.set_state(make_actor(), SetState(edition.pk, "open"))
    with pytest.raises(NotAllowed):
        services.set_state(make_actor(edition, "judge"), SetState(edition.pk, "open"))


def test_a_picture_is_known_by_its_bytes(django_capture_on_commit_callbacks: Any) -> None:
    edition = make_edition()
    for bad in (b"<svg onload=alert(1)>", b"GIF89a", b""):
        file = SimpleUploadedFile("logo.png", bad)
        with pytest.raises(Invalid):
            services.set_picture(SYSTEM, SetPicture(edition.pk, "logo", file))
    large = SimpleUploadedFile("logo.png", PNG + b"\0" * (5 * 1024 * 1024))
    with pytest.raises(Invalid):
        services.set_picture(SYSTEM, SetPicture(edition.pk, "logo", large))
    with django_capture_on_commit_callbacks(execute=True):
        file = SimpleUploadedFile("../../x.exe", PNG)
        first = services.set_picture(SYSTEM, SetPicture(edition.pk, "logo", file)).logo.name
    assert first.startswith(f"editions/{edition.pk}/logo-")
    assert first.endswith(".png")
    with django_capture_on_commit_callbacks(execute=True):
        services.set_picture(SYSTEM, SetPicture(edition.pk, "logo", None))
    assert not default_storage.exists(first)


def test_the_pages_of_the_office(client: Client) -> None:
    admin = make_user(is_site_admin=True)
    client.force_login(admin)
    response = client.post(
        "/conferences/new/",
        {
            "name__en": "Wuhan Talent Conference",
            "name__zh-hans": "武汉人才交流大会",
            "slug": "wuhan-2027",
            "city__en": "Wuhan",
            "starts_on": "2027-05-12",
            "ends_on": "2027-05-14",
            "time_zone": "Asia/Shanghai",
            "languages": ["zh-hans", "en"],
            "accent": "#0b5cad",
        },
    )
    assert response["Location"] == "/e/wuhan-2027/home/"
    assert client.get("/e/wuhan-2027/home/").status_code == 200
    assert "wuhan-2027" in client.get("/conferences/").content.decode()
    assert client.get("/e/wuhan-2027/settings/").status_code == 200
    client.post("/e/wuhan-2027/settings/state/", {"state": "open"})
    client.post(
        "/e/wuhan-2027/settings/cover/",
        {"file": SimpleUploadedFile("c.png", PNG, content_type="image/png")},
    )
    client.logout()
    page = client.get("/e/wuhan-2027/").content.decode()
    assert "Wuhan Talent Conference" in page
    assert "/e/wuhan-2027/cover/?v=" in page
    picture = client.get("/e/wuhan-2027/cover/")
    assert picture["Content-Type"] == "image/png"
    assert b"".join(picture.streaming_content) == PNG  # type: ignore[attr-defined]
    assert client.get("/e/wuhan-2027/logo/").status_code == 404


def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(client: Client) -> None:
    user = make_user(language="de")
    edition = make_edition("one")
    grant(user, edition, "organiser")
    client.force_login(user)
    sent = {
        "name__en": "Typed name",
        "starts_on": "2027-05-12",
        "ends_on": "2027-05-11",
        "time_zone": "Asia/Shanghai",
        "languages": ["en"],
        "accent": "#ffee88",
        "revision": "1",
    }
    response = client.post("/e/one/settings/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Typed name" in page
    assert "Der letzte Tag liegt vor dem ersten." in page
    assert "Weißer Text ist auf dieser Farbe nicht lesbar" in page


def test_the_stylesheet_of_an_edition(client: Client) -> None:
    make_edition("one", accent="#7a1f5c")
    response = client.get("/e/one/theme.css")
    assert "--accent:#7a1f5c;" in response.content.decode()
    again = client.get("/e/one/theme.css", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
