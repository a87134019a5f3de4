"""Every hostile file at every door for files, by page and API: told what is wrong, or harmless."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import uploads
from talex.core.models import Upload
from talex.participants.credentials import services
from tests.core.hostile import corpus, pdf
from tests.core.hostile_more import NAMES, more_hostile
from tests.core.test_hostile_uploads import LANGUAGES, bounds, faults  # noqa: F401
from tests.editions.factories import make_actor
from tests.participants import factories as make
from tests.participants.cohorts.scenes import cohort, university
from tests.participants.registering.factories import begun, client_of

#: Made once: the bombs take seconds to pack.
more_hostile, corpus = cache(more_hostile), cache(corpus)
pytestmark = pytest.mark.django_db
Door = tuple[Client, str, dict[str, str]]

#: Harmless, each for its reason: what a table's reader passes over, rows that the preview of an
#: import names as wrong before anything is brought in, and PDFs that nobody here takes apart and
#: every viewer mends.
PREVIEWED = {"zeros.csv", "open quote.csv"}
HARMLESS = {
    "import": {"merged sheet.xlsx", *PREVIEWED},
    "openings": PREVIEWED,
    "roll": {"merged sheet.xlsx"},
    "evidence": {"tables in a circle.pdf", "deep page.pdf", "far length.pdf"},
}


def _client(actor: Any) -> Client:
    return client_of(User.objects.get(pk=actor.user))


@pytest.fixture
def doors(settings: Any, tmp_path: Path) -> Iterator[dict[str, Door]]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TALEX_RATES = {}
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="identity"))
    user = make.user()
    begun(user, edition)
    uni, head = university(edition)
    of = cohort(edition, uni, head)
    office = _client(make.office(edition))
    slug = edition.slug
    api = f"/api/editions/{slug}"
    kind = {"kind": "passport"}
    person, runner = client_of(user), _client(head)
    cv = reverse("registering:file", kwargs={"edition": slug, "kind": "talent"})
    papers = f"/e/{slug}/verification/{case.pk}/papers/"
    yield {
        "evidence": (_client(actor), papers, kind),
        "evidence api": (
            _client(actor), f"{api}/verification/{case.pk}/papers", kind,
        ),
        "cv": (person, cv, {}),
        "cv api": (person, f"{api}/registration/talent/file", {}),
        "roll": (runner, f"/e/{slug}/cohorts/{of.pk}/list/", {"language": "en"}),
        "roll api": (runner, f"{api}/cohorts/{of.pk}/lists", {"language": "en"}),
        "import": (office, f"/e/{slug}/imports/new/", {"target": "talent"}),
        "openings": (office, f"/e/{slug}/imports/new/", {"target": "opening"}),
        "import api": (office, f"{api}/imports", {"target": "talent"}),
        "logo": (office, f"/e/{slug}/settings/logo/", {}),
        "terms": (office, f"/e/{slug}/terms/import/", {}),
    }  # fmt: skip


def _throw(doors: dict[str, Door], name: str, files: dict[str, bytes]) -> dict[str, Any]:
    client, path, fields = doors[name]
    harmless = HARMLESS.get(name.split()[0], set())
    wrong: dict[str, Any] = {}
    for number, (file, content) in enumerate(files.items()):
        language = LANGUAGES[number % 3]
        client.cookies["talex_language"] = language
        started = time.monotonic()
        answer = client.post(
            path, {**fields, "file": SimpleUploadedFile(file, content)},
            headers={"Accept-Language": language},
        )  # fmt: skip
        took = time.monotonic() - started
        if took > 20:
            wrong[file] = f"{took:.0f} s"
        elif answer.status_code in (200, 201, 302, 303):
            if file not in harmless:
                wrong[file] = f"taken, {answer.status_code}"
        elif answer.status_code != 422:
            wrong[file] = answer.status_code
        elif name.endswith("api"):
            told = answer.json()["errors"][0]["messages"][0]
            if not told:
                wrong[file] = answer.json()
        elif not faults(unescape(answer.content.decode())):
            wrong[file] = "nothing told"
    return wrong


DOORS = (
    "evidence", "evidence api", "cv", "cv api", "roll", "roll api", "import", "openings",
    "import api", "logo", "terms",
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.usefixtures("bounds")
def test_no_door_takes_what_is_hostile(door: str, doors: dict[str, Door]) -> None:
    assert _throw(doors, door, more_hostile()) == {}


@pytest.mark.parametrize("door", ["evidence", "cv", "roll"])
@pytest.mark.usefixtures("bounds")
def test_nor_what_the_others_refuse(door: str, doors: dict[str, Door]) -> None:
    assert _throw(doors, door, corpus()) == {}


def test_there_are_many_of_them() -> None:
    assert len(set(more_hostile()) - set(corpus())) >= 20


@pytest.mark.parametrize(("given", "kept"), NAMES.items())
def test_a_name_is_made_harmless(given: str, kept: str) -> None:
    assert uploads.clean_name(given) == kept
    assert len(uploads.clean_name("a" * 5000 + ".pdf")) <= 200


def test_a_hostile_name_reaches_no_header(doors: dict[str, Door], settings: Any) -> None:
    client, path, fields = doors["evidence"]
    # Of "/" nothing is left, and no browser's form gets past Django with it.
    for name in NAMES.keys() - {"/"}:
        Upload.objects.all().delete()
        content = pdf(b"/Note (" + name.encode().hex().encode() + b")")
        client.post(path, {**fields, "file": SimpleUploadedFile(name, content)})
        for found in Upload.objects.all():
            assert not re.search(r"[\x00-\x1f\u202e/\\]", found.name)
            assert found.path.is_relative_to(settings.MEDIA_ROOT)


def test_a_resume_with_signs_that_no_database_keeps_is_read_without_them(
    doors: dict[str, Door],
) -> None:
    client, path, _fields = doors["cv api"]
    text = '{"basics": {"name": "Ada", "name": "Lena\\u0000 Vo\\ud800gel"}, "work": {"a": 1}}'
    answer = client.post(path, {"file": SimpleUploadedFile("resume.json", text.encode())})
    assert answer.status_code == 200, answer.content
    assert answer.json()["found"][0]["value"] == ["Lena Vogel"]


def test_the_file_of_a_stranger_is_nothing_one_may_have(doors: dict[str, Door]) -> None:
    client, path, fields = doors["evidence"]
    client.post(path, {**fields, "file": SimpleUploadedFile("a.pdf", pdf())})
    found = Upload.objects.get()
    with pytest.raises(uploads.NotFound):
        uploads.get(make_actor(), found.pk)
    answer = doors["roll"][0].get(reverse("core:upload", kwargs={"pk": found.pk}))
    assert answer.status_code == 404
    answer = client.get(reverse("core:upload", kwargs={"pk": found.pk}))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
