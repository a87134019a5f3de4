"""Texts of the office: checked when they are saved, kept in versions, seen before they go out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.messages.campaigns import queries, texts, trying
from talex.messages.models import Message
from talex.messages.sending import deliver
from talex.participants.looking.models import Look
from tests.messages.campaigns import factories as write
from tests.messages.conftest import Box
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": {"en": "Hello {who}"}, "subject": {"en": "A"}}, "text"),
        ({"text": {"en": "Hello {name.__class__}"}, "subject": {"en": "A"}}, "text"),
        ({"text": {"en": "Hello {name!r}"}, "subject": {"en": "A"}}, "text"),
        ({"text": {"en": "Hello {name"}, "subject": {"en": "A"}}, "text"),
        ({"text": {"en": "Hello {}"}, "subject": {"en": "A"}}, "text"),
        ({"text": {}, "subject": {"en": "A"}}, "text"),
        ({"text": {"en": "A"}, "subject": {"en": "x" * 201}}, "subject"),
        ({"text": {"en": "A"}, "subject": {"en": "A\nBcc: all@example.org"}}, "subject"),
        ({"text": {"en": "A"}, "subject": {"en": "A\u2028B"}}, "subject"),
        ({"text": {"en": "A", "de": "A"}, "subject": {"en": "A"}}, "text"),
        ({"text": {"fr": "A"}, "subject": {"fr": "A"}}, "text"),
    ],
)
def test_what_cannot_be_sent_is_not_saved(said: Any, field: str) -> None:
    edition = make.edition()
    with pytest.raises(Invalid) as refused:
        write.text(make.office(edition), edition, **said)
    assert {one.partition(".")[0] for one in refused.value.fields} >= {field}


def test_braces_themselves_are_written_twice() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition, text={"en": "{{x}} {city}"}, subject={"en": "S"})
    reader = write.talent(edition, 1)
    seen = trying.preview(office, edition, queries.wording(template), reader.person_id)
    assert seen.said.text == "{x} Wuhan"


def test_an_edit_makes_a_version_and_two_at_once_do_not_overwrite() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition)
    command = texts.EditTemplate(
        template.pk, 1, "Opening", TranslatedText({"en": "B"}), TranslatedText({"en": "C"})
    )
    assert texts.edit_template(office, command).number == 2
    assert texts.edit_template(office, replace(command, based_on=2)).number == 2  # nothing changed
    with pytest.raises(Conflict):
        texts.edit_template(
            make.office(edition), replace(command, text=TranslatedText({"en": "D"}))
        )
    assert queries.wording(template, 1).text.texts() == write.TEXT


def test_only_the_office_writes_and_auditors_read() -> None:
    edition = make.edition()
    template = write.text(make.office(edition), edition)
    auditor, press = make.holder("auditor", edition), make.holder("press", edition)
    assert list(queries.templates(auditor, edition)) == [template]
    with pytest.raises(NotAllowed):
        queries.templates(press, edition)
    with pytest.raises(NotAllowed):
        texts.retire_template(auditor, template.pk)
    with pytest.raises(NotFound):
        texts.retire_template(make.office(make.edition()), template.pk)


def test_a_preview_is_what_the_reader_gets_and_is_noted() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition)
    reader = write.talent(edition, 1, "de")
    seen = trying.preview(office, edition, queries.wording(template), reader.person_id)
    assert seen.said.language == "de"
    assert seen.said.text.startswith("Guten Tag Talent 1,")
    assert "12. April 2027" in seen.said.text
    assert Look.objects.filter(person=reader.person_id, viewer=office.user, way="message").exists()
    with pytest.raises(NotFound):
        elsewhere = write.talent(make.edition(), 2)
        trying.preview(office, edition, queries.wording(template), elsewhere.person_id)


def test_a_text_without_the_readers_language_comes_in_another_one() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition, subject={"de": "Hallo"}, text={"de": "Am {first_day}"})
    reader = write.talent(edition, 1, "zh-hans")
    said = trying.preview(office, edition, queries.wording(template), reader.person_id).said
    assert (said.language, said.text) == ("de", "Am 12. April 2027")


def test_a_test_goes_to_oneself_alone(box: Box) -> None:
    edition = make.edition()
    office = make.holder("organiser", edition, email="me@mail.example.com", name="Me")
    template = write.text(office, edition)
    reader = write.talent(edition, 1, "de")
    wording = queries.wording(template)
    assert sorted(trying.send_test(office, edition, wording)) == ["de", "en", "zh-hans"]
    assert trying.send_test(office, edition, wording, reader.person_id) == ["de"]
    deliver()
    assert {to for _from, tos in box.envelopes for to in tos} == {"me@mail.example.com"}
    assert len(box.taken) == 4
    assert "Guten Tag Talent 1," in box.taken[-1].get_content()
    assert box.taken[-1]["Subject"] == "[Test] Neues für Talent 1"
    with pytest.raises(NotAllowed):
        trying.send_test(make.holder("auditor", edition), edition, wording)
    assert Message.objects.filter(user=reader.person.user).count() == 0
    nobody = make.holder("organiser", edition, email="made@up.invalid")
    with pytest.raises(Conflict):  # not a word of success where nothing was sent
        trying.send_test(nobody, edition, wording)


def test_a_preview_says_where_a_reader_acts_for_no_organisation() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition, text={"en": "For {organisation}"}, subject={"en": "S"})
    reader = write.talent(edition, 1)
    wording = queries.wording(template)
    assert trying.preview(office, edition, wording, reader.person_id).lacks_organisation
    delegate = make.delegate(edition, make.organisation(edition))
    make.with_account(delegate)
    seen = trying.preview(office, edition, wording, delegate.person_id)
    assert (seen.lacks_organisation, seen.said.text) == (False, "For Acme")
