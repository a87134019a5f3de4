"""Own terms sent twice, by two writers at once, or with signs that nobody sees."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from talex.fair.models import Term
from talex.fair.services.terms import SaveTerm, save_term
from tests.editions.factories import grant, make_user
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def test_two_writers_of_a_term_do_not_overwrite_each_other(client: Client) -> None:
    where = make.edition()
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    term = save_term(make.office(where), where, SaveTerm("skill", {"en": ["Kiting"]}))
    page = reverse("fair:term", kwargs={"edition": where.slug, "pk": term.pk})
    # Both opened the form before either sent it.
    seen = client.get(page).context["form"]["version"].value()
    first = {"kind": "skill", "label_en": ["Kite flying"], "version": seen}
    assert client.post(page, first).status_code == 303
    second = client.post(page, {**first, "label_en": ["Kiting"], "label_de": ["Drachenflug"]})
    assert second.status_code == 409 and "Open it again" in second.content.decode()
    assert Term.objects.get().labels == {"en": ["Kite flying"]}
    again = client.get(page).context["form"]["version"].value()
    assert client.post(page, {**first, "label_de": ["Drachenflug"], "version": again})
    assert Term.objects.get().labels == {"en": ["Kite flying"], "de": ["Drachenflug"]}


def test_a_term_sent_twice_is_kept_once(client: Client) -> None:
    where = make.edition()
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    page = reverse("fair:term_new", kwargs={"edition": where.slug})
    sent = {"kind": "skill", "label_en": ["Kiting"], "idempotency_key": uuid.uuid4().hex}
    answers = [client.post(page, sent) for _twice in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [
        (303, reverse("fair:terms", kwargs={"edition": where.slug}))
    ] * 2
    assert Term.objects.count() == 1


def test_signs_that_nobody_sees_are_not_kept() -> None:
    where = make.edition()
    labels = {"en": ["Ki\u202eting\u202c", "\u2066Sky\u200b kites\u2069", "\u2067\ufeff"]}
    term = save_term(make.office(where), where, SaveTerm("skill", labels))
    assert term.labels == {"en": ["Kiting", "Sky kites"]} and term.line == "Kiting · Sky kites"
