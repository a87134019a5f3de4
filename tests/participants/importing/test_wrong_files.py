"""What is no table is refused on the page: what is wrong, what to do, in the reader's language."""

from __future__ import annotations

import io
import zipfile
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext

from talex.core.models import Upload
from talex.participants.importing.models import Import
from talex.participants.importing.notes import TEXTS
from tests.participants import factories as make
from tests.participants.importing.test_pages import address, signed_in

pytestmark = pytest.mark.django_db


def workbook() -> bytes:
    """A sound one, large enough to be cut."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "学历"])
    for number in range(500):
        sheet.append([f"某{number}", "硕士"])
    book.save(out)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to 200 MB."""
    return packed(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (200 * 2**20)})


OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
WRONG = {
    "blank.csv": (b"\n\n  \n", TEXTS["empty"], {}),
    "headings.csv": ("姓名,学历\n".encode(), TEXTS["no_rows"], {}),
    "people.pdf": (b"%PDF-1.7 people", TEXTS["not_a_table"], {"what": "PDF"}),
    # The name may say anything: what the file holds is looked at.
    "people.xls": (OLD_EXCEL, TEXTS["old_excel"], {}),
    "people.csv": (OLD_EXCEL, TEXTS["old_excel"], {}),
    "page.xls": (b"<html><body><table><tr><td>x</td></tr></table>", TEXTS["html"], {}),
    "noise.csv": (bytes(range(256)) * 20, TEXTS["not_a_table"], {"what": "binary"}),
    "other.xlsx": (packed(a=b"hello"), TEXTS["not_a_table"], {"what": "ZIP"}),
    "cut.xlsx": (workbook()[:4000], TEXTS["corrupt"], {}),
    "bomb.xlsx": (bomb(), TEXTS["unpacks_too_large"], {}),
}


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_wrong_files_are_refused_in_the_readers_language(language: str) -> None:
    where = make.edition()
    client = signed_in(where, language=language)
    told: set[str] = set()
    for name, (content, text, params) in WRONG.items():
        response = client.post(
            address("new", where), {"target": "talent", "file": SimpleUploadedFile(name, content)}
        )
        page = unescape(response.content.decode())
        assert response.status_code == 422, name
        with translation.override(language):
            wanted = str(text) % params
        assert wanted in page, name
        told.add(wanted)
    assert len(told) == len({str(text) + str(params) for _c, text, params in WRONG.values()})
    # Nothing of them is kept.
    assert Upload.objects.count() == Import.objects.count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_an_empty_file_is_refused_in_the_readers_language(language: str) -> None:
    where = make.edition()
    response = signed_in(where, language=language).post(
        address("new", where), {"target": "talent", "file": SimpleUploadedFile("x.csv", b"")}
    )
    with translation.override(language):
        wanted = gettext("This file is empty. Choose another one.")
    assert response.status_code == 422 and wanted in unescape(response.content.decode())


def test_the_name_of_a_table_does_not_matter() -> None:
    where = make.edition()
    client = signed_in(where)
    file = SimpleUploadedFile("export.dat", "姓名;学历\n王伟;硕士\n".encode("utf-16"))
    response = client.post(address("new", where), {"target": "talent", "file": file})
    assert response.status_code == 303
    assert Import.objects.get().headings == ["姓名", "学历"]
