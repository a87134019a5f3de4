"""From a file to answers: read, looked at, kept; the file itself does not stay."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from talex.core.errors import Invalid, NotFound
from talex.core.models import Upload
from talex.participants.registering.models import Reading
from talex.participants.registering.resumes.found import Found
from talex.participants.registering.services import (
    KeepFound,
    ReadFile,
    SaveDraft,
    keep_found,
    read_file,
    save_draft,
)
from talex.participants.registering.values import found_values
from tests.participants import factories as make
from tests.participants.registering.factories import begun
from tests.participants.registering.files import CHINESE, GERMAN, make_docx, pdf_of
from tests.participants.registering.test_understanding import ORCID, ORCID_XML

pytestmark = pytest.mark.django_db


def given(name: str, data: bytes | str) -> Any:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def test_a_cv_is_read_and_the_file_is_gone(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    actor, draft = begun(make.user(), make.edition())
    path = pdf_of(tmp_path / "cv.pdf", GERMAN.split("\n"))
    reading = read_file(actor, ReadFile(draft=draft.pk, file=path))
    found = {one["field"]: one["value"] for one in reading.found}
    assert found["languages"] == ["German native", "English C1", "Chinese A2"]
    assert found["education"][0]["institution"] == "RWTH Aachen"
    assert "email" not in found  # the account's address is used
    assert not Upload.objects.exists()
    draft.refresh_from_db()
    assert draft.values.get("education") is None  # nothing is kept before it was looked at


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("cv.txt", CHINESE, "text"),
        ("cv-gb.txt", CHINESE.encode("gb18030"), "text"),
        ("orcid.json", json.dumps(ORCID), "orcid"),
        ("orcid.xml", ORCID_XML, "orcid"),
        ("resume.json", json.dumps({"basics": {"name": "Jana Müller"}}), "json_resume"),
    ],
)
def test_other_files(name: str, data: bytes | str, source: str) -> None:
    actor, draft = begun(make.user(), make.edition())
    reading = read_file(actor, ReadFile(draft=draft.pk, file=given(name, data)))
    assert reading.source == source
    assert any(one["field"] == "names" for one in reading.found)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "type"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 50, "old kind"),
        ("a.pdf", b"%PDF-1.4\nnothing", "damaged"),
        ("a.json", "{broken", "neither a JSON Resume"),
        ("a.json", "[" * 100_000, "neither a JSON Resume"),
        ("a.json", '{"a": 1}', "neither a JSON Resume"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><record>&b;</record>', "ORCID"),
        ("a.txt", "a stroll by the sea, 3 kilometres of it", "Nothing"),
        ("a.txt", "", "empty"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(name: str, data: bytes | str, words: str) -> None:
    actor, draft = begun(make.user(), make.edition())
    raw = data.encode() if isinstance(data, str) else data
    with pytest.raises(Invalid) as caught:
        read_file(actor, ReadFile(draft=draft.pk, file=BytesIO(raw)))
    assert words in str(caught.value)
    assert not Upload.objects.exists() and not Reading.objects.exists()


@pytest.mark.parametrize(
    ("quote", "number"),
    [("手机：13800138000", "+86 13800138000"), ("m: 13800138000", "13800138000")],
)
def test_a_mobile_in_a_chinese_cv_gets_its_country(quote: str, number: str) -> None:
    """The form asks for it; there nobody writes it."""
    (told,) = found_values([Found("phone", "13800138000", quote)])
    assert told["value"] == number


def test_only_what_is_kept_comes_in_and_what_stood_there_is_put_aside(tmp_path: Path) -> None:
    actor, draft = begun(make.user(), make.edition())
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Bonn", "birth_year": "1991"}))
    path = make_docx(tmp_path / "cv.docx", CHINESE.split("\n"))
    read_file(actor, ReadFile(draft=draft.pk, file=path))
    kept = keep_found(
        actor,
        KeepFound(
            draft=draft.pk,
            values={"region": "武汉市", "names": ["王伟"], "profile_text": "", "industry": "x"},
        ),
    )
    assert (kept.values["region"], kept.values["birth_year"]) == ("武汉市", "1991")
    assert "industry" not in kept.values  # it was not read
    assert [(one["field"], one["value"]) for one in kept.replaced] == [("region", "Bonn")]
    with pytest.raises(NotFound):
        keep_found(actor, KeepFound(draft=draft.pk, values={}))


@pytest.mark.parametrize(
    "page",
    ["<html><body>CV</body></html>", "\ufeff\n<!DOCTYPE HTML><p>CV",
     '<?xml version="1.0"?>\n<html/>', "<!-- saved --><html xmlns:w='urn:word'>CV</html>"],
)  # fmt: skip
def test_a_web_page_that_is_named_doc_is_told_what_it_is(
    page: str, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    actor, draft = begun(make.user(), make.edition())
    with pytest.raises(Invalid) as caught:
        read_file(actor, ReadFile(draft=draft.pk, file=given("cv.doc", page)))
    assert "web page" in str(caught.value) and "ORCID" not in str(caught.value)
