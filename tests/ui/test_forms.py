"""Forms: the pattern, the widgets, and the way to a service and back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory

from talex.core.errors import NotAllowed, NotFound
from talex.core.translated import TranslatedText, Version
from talex.ui import forms as ui
from talex.ui.forms import service

GOOD = {
    "name__en": "Fair",
    "email": "a@example.org",
    "kind": "fair",
    "day": "2026-05-12",
    "duration": "30",
    "languages": ["zh", "de"],
    "agree": "on",
}


@pytest.mark.django_db
def test_errors_stand_in_the_summary_and_beside_the_field(client: Client) -> None:
    page = client.post("/styleguide/", {**GOOD, "email": "no"})
    assert page.status_code == 422
    html = page.content.decode()
    assert 'href="#id_email"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_error"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    # Nothing typed is lost.
    assert 'value="Fair"' in html
    assert 'value="2026-05-12"' in html


@pytest.mark.django_db
def test_invalid_of_a_service_becomes_a_field_error(client: Client) -> None:
    page = client.post("/styleguide/", {**GOOD, "duration": "31"})
    assert page.status_code == 422
    assert page.context["form"].errors["duration"] == [
        "The grid of this edition has steps of 5 minutes."
    ]


@pytest.mark.django_db
def test_conflict_stands_in_the_summary(client: Client) -> None:
    page = client.post("/styleguide/", {**GOOD, "email": "taken@example.org"})
    assert page.status_code == 409
    assert b"Somebody has taken this address meanwhile." in page.content


@pytest.mark.django_db
def test_success_redirects_and_is_told_with_a_way_back(client: Client) -> None:
    page = client.post("/styleguide/", GOOD, follow=True)
    assert page.redirect_chain[0][1] == 303
    assert b"Saved." in page.content
    assert b"Undo" in page.content


@pytest.mark.django_db
def test_htmx_gets_the_form_alone_and_a_redirect_of_its_own(client: Client) -> None:
    wrong = client.post("/styleguide/", {}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert b"<html" not in wrong.content
    assert wrong.content.lstrip().startswith(b"<form")
    right = client.post("/styleguide/", GOOD, headers={"HX-Request": "true"})
    assert right["HX-Redirect"] == "/styleguide/"


@pytest.mark.django_db
def test_the_key_stays_the_same_until_the_form_is_done(client: Client) -> None:
    first = client.get("/styleguide/").content.decode()
    key = first.split('name="idempotency_key" value="')[1].split('"')[0]
    assert uuid.UUID(key)
    again = client.post("/styleguide/", {"idempotency_key": key}).content.decode()
    assert f'name="idempotency_key" value="{key}"' in again
    forged = client.post("/styleguide/", {"idempotency_key": "<x>"}).content.decode()
    assert "<x>" not in forged


class Empty(forms.Form):
    pass


@pytest.mark.parametrize(("error", "status"), [(NotAllowed, 403), (NotFound, 404)])
def test_refusals_of_a_service_become_pages(error: Any, status: int) -> None:
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    def call(data: dict[str, Any], key: str) -> None:
        raise error

    request = RequestFactory().post("/")
    with pytest.raises(PermissionDenied if status == 403 else Http404):
        ui.service_form(request, Empty({}), call)


def test_a_refusal_with_words_of_its_own_keeps_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(data: dict[str, Any], key: str) -> None:
        raise NotAllowed("Ask the head")

    shown: list[forms.BaseForm] = []

    def response(request: Any, form: forms.BaseForm, *, status: int, **_more: Any) -> Any:
        shown.append(form)
        return HttpResponse(status=status)

    monkeypatch.setattr(service, "form_response", response)
    request = RequestFactory().post("/")
    assert ui.service_form(request, Empty({}), call).status_code == 403
    request.htmx = True  # type: ignore[attr-defined]
    assert ui.service_form(request, Empty({}), call).status_code == 409
    assert [form.non_field_errors() for form in shown] == [["Ask the head"]] * 2


class Fields(forms.Form):
    name = ui.TranslatedTextField(max_length=10)
    tags = ui.TagsField(required=False, max_tags=3)
    file = ui.FileField(accept=".csv,.xlsx", required=False)
    day = ui.DateField(required=False)


def bound(query: str, **kwargs: Any) -> Fields:
    return Fields(QueryDict(query), **kwargs)


def test_translated_text_keeps_origin_of_what_was_not_changed() -> None:
    before = TranslatedText(
        {"en": Version("Hall", "machine", "draft"), "de": Version("Halle", "machine", "draft")}
    )
    form = bound("name__en=Hall&name__de=Saal", initial={"name": before})
    assert form.is_valid(), form.errors
    after = form.cleaned_data["name"]
    assert after["en"] == Version("Hall", "machine", "draft")
    assert after["de"] == Version("Saal", "person", "checked")


def test_translated_text_is_required_and_limited() -> None:
    assert bound("name__en=+").errors["name"] == ["This field is required."]
    assert "10 characters" in bound("name__en=" + "x" * 11).errors["name"][0]
    html = str(bound("name__en=Hall&name__zh-hans=展厅")["name"])
    assert 'value="展厅"' in html
    assert 'lang="zh-hans"' in html


def test_tags_are_split_at_all_commas_once_each() -> None:
    form = bound("name__en=x&tags=a,+b，c、a")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["tags"] == ["a", "b", "c"]
    assert "At most 3" in bound("name__en=x&tags=a;b;c;d").errors["tags"][0]


def test_file_of_another_kind_is_refused() -> None:
    files = {"file": SimpleUploadedFile("a.PDF", b"x")}
    form = Fields(QueryDict("name__en=x"), files)  # type: ignore[arg-type]
    assert ".csv, .xlsx" in form.errors["file"][0]
    files = {"file": SimpleUploadedFile("a.CSV", b"x")}
    assert Fields(QueryDict("name__en=x"), files).is_valid()  # type: ignore[arg-type]
