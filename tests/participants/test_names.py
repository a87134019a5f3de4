"""A name as it is typed: a comma may be part of it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS, Name, clean
from talex.participants.forms import NamesField, PersonForm, split_names
from talex.participants.models import Talent
from talex.participants.registering.models import Draft
from talex.participants.registering.services import SendDraft, send_draft
from tests.participants import factories as make
from tests.participants.registering.factories import answered, client_of


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Müller, Hans", ["Müller, Hans"]),
        ("Müller, Hans\r\nHans Müller", ["Müller, Hans", "Hans Müller"]),
        ("Müller, Hans; Mueller, Hans", ["Müller, Hans", "Mueller, Hans"]),
        ("王伟, Wang Wei", ["王伟", "Wang Wei"]),
        ("Wang, Wei，王伟", ["Wang, Wei", "王伟"]),
        ("王伟、Wang Wei；王伟,", ["王伟", "Wang Wei"]),
        (", ,;\n", []),
    ],
)
def test_what_is_one_name(typed: str, names: list[str]) -> None:
    assert split_names(typed) == names


def test_the_form_shows_a_line_a_name() -> None:
    shown = str(PersonForm(initial={"names": ["Müller, Hans", "王伟"]})["names"])
    assert "<textarea" in shown and "Müller, Hans\n王伟" in shown
    form = PersonForm({"names": "Müller, Hans\n王伟"})
    assert form.is_valid() and [one.text for one in form.cleaned_data["names"]] == [
        "Müller, Hans", "王伟"]  # fmt: skip
    assert NamesField(required=False).widget.is_required is False


def test_what_was_copied_from_a_pdf_holds_characters_not_radicals() -> None:
    given = {"names": [Name("⻓孙⻅⻘")], "institution": "⻓安⼤学", "profile_text": "⻋辆\n⼯程"}
    facts = clean(given, (*PERSON_FIELDS, *TALENT_FIELDS))
    assert [one.text for one in facts["names"]] == ["长孙见青"]
    assert (facts["institution"], facts["profile_text"]) == ("长安大学", "车辆\n工程")


@pytest.mark.django_db
def test_a_comma_stays_from_the_page_and_the_api_to_the_record() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    client = client_of(user)
    step = {"edition": edition.slug, "kind": "talent", "step": "who"}
    client.post(reverse("registering:step", kwargs=step), {"names": "Müller, Hans"})
    assert Draft.objects.get().values["names"] == ["Müller, Hans"]
    base = f"/api/editions/{edition.slug}/registration/talent"
    told = {"values": {"names": ["Müller, Hans", "Mueller, Hans"]}}
    answer = client.patch(base, json.dumps(told), "application/json").json()
    assert "names" not in answer["faults"].get("who", {})
    check = reverse("registering:check", kwargs={"edition": edition.slug, "kind": "talent"})
    assert "Müller, Hans<br>Mueller, Hans" in client.get(check).content.decode()
    send_draft(actor, SendDraft(draft.pk))
    person = Talent.objects.get().person
    assert person.name == "Müller, Hans"
    assert {one.text for one in person.names.all()} == {"Müller, Hans", "Mueller, Hans"}
