"""The pages as a browser asks for them, without a script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.editions.models import Edition
from talex.editions.next_steps import next_steps
from talex.participants.models import ProjectOwner, Talent
from talex.participants.registering.models import Draft
from talex.participants.registering.services import SaveDraft, SendDraft, save_draft, send_draft
from tests.participants import factories as make
from tests.participants.registering.factories import answered, begun, client_of
from tests.participants.registering.files import GERMAN, pdf_of

pytestmark = pytest.mark.django_db


def url(name: str, edition: Edition, **more: Any) -> str:
    return reverse(f"registering:{name}", kwargs={"edition": edition.slug, **more})


def seen_in(page: str) -> str:
    found = re.search(r'id="draft-seen" value="([^"]*)"', page)
    assert found
    return found[1].replace("&quot;", '"')


def test_a_visitor_is_told_of_the_account_first() -> None:
    edition = make.edition()
    page = Client().get(url("start", edition)).content.decode()
    assert reverse("account_signup") in page and "next=" in page
    assert Client().get(url("begin", edition, kind="talent")).status_code in (302, 403)


def test_a_talent_registers_page_by_page() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    client = client_of(user, "de")
    answer = client.post(url("begin", edition, kind="talent"))
    assert answer["Location"] == url("file", edition, kind="talent")
    steps = {
        "who": {"names": "Lena Vogel, 莱娜", "birth_year": "1990", "language": "de"},
        "education": {"degree_level": "master", "education_0_institution": "TU München",
                      "education_0_level": "master", "education_0_year": "2015"},
        "experience": {"experience_years": "3", "experience_0_position": "Ingenieurin",
                       "experience_0_start": "2019-03"},
        "skills": {"skills": "Optik, Python", "languages": "Deutsch Muttersprache"},
        "wishes": {"mode": "both", "wished_regions": "Wuhan"},
        "hours": {"time_zone": "Europe/Berlin", "windows_0_date": "2027-04-12",
                  "windows_0_start": "09:00", "windows_0_end": "11:00"},
        "consents": {"consents": ["profile", "contact"]},
    }  # fmt: skip
    for step, data in steps.items():
        here = url("step", edition, kind="talent", step=step)
        page = client.get(here).content.decode()
        answer = client.post(here, {**data, "seen": seen_in(page)})
        assert answer.status_code == 303, (step, answer.content.decode()[:2000])
    assert answer["Location"] == url("check", edition, kind="talent")
    page = client.get(answer["Location"]).content.decode()
    assert "TU München" in page and "error-summary" not in page
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    for _click in range(2):
        answer = client.post(url("check", edition, kind="talent"), {"revision": revision[1]})
        assert answer["Location"] == reverse("participants:own", kwargs={"edition": edition.slug})
    talent = Talent.objects.get()
    assert (talent.institution, talent.person.name) == ("TU München", "Lena Vogel")


def test_a_page_that_is_wrong_keeps_what_was_typed_and_says_so() -> None:
    edition, user = make.edition(), make.user()
    begun(user, edition)
    client = client_of(user)
    here = url("step", edition, kind="talent", step="skills")
    answer = client.post(here, {"skills": "Optics", "languages": "Klingon Z9"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "error-summary" in page and "Klingon Z9" in page
    assert Draft.objects.get().values["skills"] == ["Optics"]


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("who", {"birth_year": "2091"}, "Give a year from 1900"),
        (
            "experience",
            {
                "experience_0_position": "X",
                "experience_0_start": "2021",
                "experience_0_end": "2019",
            },
            "A post cannot end before it begins.",
        ),
    ],
)
def test_what_is_refused_at_the_end_is_told_on_its_page(
    step: str, typed: dict[str, str], told: str
) -> None:
    edition, user = make.edition(), make.user()
    begun(user, edition)
    here = url("step", edition, kind="talent", step=step)
    answer = client_of(user).post(here, {"names": "Lena Vogel", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page
    assert all(f'value="{text}"' in page for text in typed.values())


def test_saving_while_one_types() -> None:
    edition, user = make.edition(), make.user()
    begun(user, edition)
    client = client_of(user)
    here = url("step", edition, kind="talent", step="who")
    page = seen_in(client.get(here).content.decode())
    save = url("save", edition, kind="talent", step="who")
    first = client.post(save, {"names": "Lena", "region": "Bonn", "seen": page})
    assert first.status_code == 200 and 'data-draft-saved="ok"' in first.content.decode()
    # Another window, which was opened before.
    late = client.post(save, {"names": "Lena V.", "region": "", "seen": page}).content.decode()
    assert "is put aside" in late and "in another window since" in late
    values = Draft.objects.get().values
    assert (values["names"], values["region"]) == (["Lena V."], "Bonn")
    page = client.get(here).content.decode()
    assert "An answer was put aside" in page
    client.post(url("aside", edition, kind="talent"), {"at": "0", "take": "1", "step": "who"})
    assert Draft.objects.get().values["names"] == ["Lena"]
    fresh = json.loads(seen_in(client.get(here).content.decode()))
    assert fresh["names"][0] > 0


@pytest.mark.parametrize("seen", ["", "null", "[1]", '{"names": 5}', "[" * 5000, '{"names":["x"]}'])
def test_stamps_of_a_wrong_shape_do_no_harm(seen: str) -> None:
    edition, user = make.edition(), make.user()
    begun(user, edition)
    save = url("save", edition, kind="talent", step="who")
    answer = client_of(user).post(save, {"names": "Lena", "seen": seen})
    assert answer.status_code == 200
    assert Draft.objects.get().values["names"] == ["Lena"]


def test_more_rows_are_asked_for() -> None:
    edition, user = make.edition(), make.user()
    begun(user, edition)
    client = client_of(user)
    here = url("step", edition, kind="talent", step="education")
    answer = client.post(here, {"education_0_institution": "MIT", "more": "1"})
    page = client.get(answer["Location"]).content.decode()
    assert 'name="education_2_institution"' in page and "MIT" in page


def test_a_file_is_looked_at_before_it_is_kept(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    edition, user = make.edition(), make.user()
    begun(user, edition)
    client = client_of(user)
    with pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n")).open("rb") as stream:
        answer = client.post(url("file", edition, kind="talent"), {"file": stream})
    found = url("found", edition, kind="talent")
    assert answer["Location"] == found
    page = client.get(found).content.decode()
    assert "RWTH Aachen" in page and "Read from:" in page
    data = {
        "keep_names": "1", "names": "Lena Maria Vogel",
        "keep_skills": "1", "skills": "Optik",
        "education_0_institution": "RWTH Aachen",
        "phone": "+49 151 2345 6789",
    }  # fmt: skip
    assert client.post(found, data).status_code == 303
    values = Draft.objects.get().values
    assert values["names"] == ["Lena Maria Vogel"]
    assert values["skills"] == ["Optik"]
    assert "education" not in values and "phone" not in values
    assert client.get(found).status_code == 302
    # Who goes on later is led to the pages, not to the file again.
    later = client.get(url("begin", edition, kind="talent"))
    assert later["Location"] == url("step", edition, kind="talent", step="who")


def test_what_one_chose_to_replace_is_not_put_aside(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    edition, user = make.edition(), make.user()
    actor, draft = begun(user, edition)
    save_draft(actor, SaveDraft(draft=draft.pk, values={"names": ["L. V."], "phone": "+49 1"}))
    client = client_of(user)
    with pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n")).open("rb") as stream:
        client.post(url("file", edition, kind="talent"), {"file": stream})
    found = url("found", edition, kind="talent")
    page = client.get(found).content.decode()
    stamps = dict(re.findall(r'name="(stamp_\w+)" value="(\d+)"', page))
    assert {"stamp_names", "stamp_phone"} <= stamps.keys() and "L. V." in page
    # Meanwhile another window writes another number.
    save_draft(actor, SaveDraft(draft=draft.pk, values={"phone": "+49 22222"}))
    kept = {"keep_names": "1", "names": "Lena Vogel", "keep_phone": "1", "phone": "+49 151 2345"}
    assert client.post(found, {**stamps, **kept}).status_code == 303
    draft = Draft.objects.get()
    assert draft.values["names"] == ["Lena Vogel"]
    assert [(one["field"], one["value"]) for one in draft.replaced] == [("phone", "+49 22222")]
    # Told where it can be answered, and before all is sent, not on every page.
    told = "An answer was put aside"
    assert told in client.get(url("step", edition, kind="talent", step="who")).content.decode()
    assert told in client.get(url("check", edition, kind="talent")).content.decode()
    skills = url("step", edition, kind="talent", step="skills")
    assert told not in client.get(skills).content.decode()


def test_a_kept_field_must_be_right(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    edition, user = make.edition(), make.user()
    begun(user, edition)
    client = client_of(user)
    with pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n")).open("rb") as stream:
        client.post(url("file", edition, kind="talent"), {"file": stream})
    found = url("found", edition, kind="talent")
    wrong = {"languages": "Klingon Z9"}
    assert client.post(found, {**wrong, "keep_languages": "1"}).status_code == 422
    assert client.post(found, wrong).status_code == 303


def test_an_own_profile_is_edited_on_the_same_pages() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    send_draft(actor, SendDraft(draft.pk))
    client = client_of(user)
    own = reverse("participants:own_edit", kwargs={"edition": edition.slug})
    answer = client.get(own, follow=True)
    assert answer.redirect_chain[-1][0] == url("check", edition, kind="talent")
    here = url("step", edition, kind="talent", step="who")
    answer = client.post(here, {"names": "Lena V.", "to_check": "1"})
    assert answer["Location"] == url("check", edition, kind="talent")
    client.post(url("check", edition, kind="talent"), {})
    assert Talent.objects.get().person.name == "Lena V."


def test_a_project_owner_sees_and_erases_their_own() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition, "owner")
    client = client_of(user)
    assert client.get(url("project", edition)).status_code == 403
    send_draft(actor, SendDraft(draft.pk))
    assert "Welds thin steel" in client.get(url("project", edition)).content.decode()
    assert b"Laser welding" in client.get(url("project_data", edition)).getvalue()
    page = client.get(url("project_erase", edition)).content.decode()
    assert "1 project" in page
    assert client.post(url("project_erase", edition), {"sure": "on"}).status_code == 303
    assert ProjectOwner.objects.get().title == ""


def test_what_is_begun_is_the_next_step() -> None:
    edition, user = make.edition(), make.user()
    keys = {step.key for step in next_steps(actor_for(user), edition)}
    assert "registering.start" in keys
    actor, _draft = answered(user, edition)
    keys = {step.key for step in next_steps(actor, edition)}
    assert "registering.talent" in keys and "registering.start" not in keys


def test_changes_that_wait_to_be_sent_lead_to_where_they_are_sent() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    (step,) = [one for one in next_steps(actor, edition) if one.key == "registering.talent"]
    assert step.url == url("begin", edition, kind="talent")
    send_draft(actor, SendDraft(draft.pk))
    client = client_of(user)
    client.get(url("begin", edition, kind="talent"))
    Draft.objects.filter(sent_at__isnull=True).update(revision=2, step="who")
    (step,) = [one for one in next_steps(actor, edition) if one.key == "registering.talent"]
    assert step.title == "Send your changes"
    assert step.url == url("check", edition, kind="talent")
    assert "Save the changes" in client.get(step.url).content.decode()


def test_a_draft_is_given_up_after_being_asked() -> None:
    edition, user = make.edition(), make.user()
    answered(user, edition)
    client = client_of(user)
    here = url("discard", edition, kind="talent")
    assert client.get(here).status_code == 200 and Draft.objects.exists()
    assert client.post(here).status_code == 303 and not Draft.objects.exists()


def test_an_organisation_is_offered_as_well() -> None:
    edition, user = make.edition(), make.user("li@example.org")
    client = client_of(user, "en")
    page = client.get(url("start", edition)).content.decode()
    way = reverse("credentials:register", kwargs={"edition": edition.slug, "step": "name"})
    assert way in page and "registration number" in page
    assert client.get(way).status_code == 200
    Edition.objects.filter(pk=edition.pk).update(state="closed")
    assert way not in client.get(url("start", edition)).content.decode()


@pytest.mark.parametrize("kind", ["talent", "owner"])
def test_who_has_sent_already_reads_so_and_is_led_to_the_way_to_edit(kind: str) -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition, kind)
    client = client_of(user)
    # Another page is still open when all is sent.
    send_draft(actor, SendDraft(draft.pk))
    summary = url("check", edition, kind=kind)
    asked = [("check", {}), ("discard", {}), ("step", {"step": "who"})]
    if kind == "talent":
        asked += [("file", {}), ("found", {})]
    for name, more in asked:
        answer = client.get(url(name, edition, kind=kind, **more))
        page = answer.content.decode()
        assert answer.status_code == 200 and "You are registered already" in page, name
        assert url("begin", edition, kind=kind) in page and "error-summary" not in page
    late = client.post(url("step", edition, kind=kind, step="who"), {"names": "Lena V."})
    assert (late.status_code, late["Location"]) == (303, summary)
    assert client.post(url("aside", edition, kind=kind), {"at": "0"})["Location"] == summary
    typed = client.post(url("save", edition, kind=kind, step="who"), {"names": "L", "seen": "{}"})
    page = typed.content.decode()
    assert typed.status_code == 200 and "You are registered already" in page
    assert summary in page and "Not saved" not in page
    assert client.post(summary)["Location"] != summary


def test_who_has_begun_nothing_is_led_to_the_beginning() -> None:
    edition, user = make.edition(), make.user()
    client = client_of(user)
    start = url("start", edition)
    for answer in (
        client.get(url("check", edition, kind="talent")),
        client.get(url("step", edition, kind="talent", step="who")),
        client.post(url("check", edition, kind="talent")),
    ):
        assert answer["Location"] == start
