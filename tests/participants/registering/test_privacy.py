"""Who sees which of the answers that registering brought, over the API and the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.participants.registering.services import SendDraft, send_draft
from tests.participants import factories as make
from tests.participants.registering.factories import answered, client_of

pytestmark = pytest.mark.django_db


def client(actor: Actor) -> Client:
    return client_of(User.objects.get(pk=actor.user))


@pytest.mark.parametrize(
    ("consents", "who", "seen"),
    [
        (["profile"], "delegate", {"experience"}),
        (["contact"], "delegate", None),
        (["partners"], "partner", {"experience"}),
        (["profile"], "partner", None),
        (["profile", "partners"], "press", None),
        ([], "auditor", {"experience", "wished_pay", "birth_year"}),
        ([], "office", {"experience", "wished_pay", "birth_year"}),
        ([], "own", {"experience", "wished_pay", "birth_year"}),
    ],
)
def test_posts_pay_and_year_of_birth(consents: list[str], who: str, seen: Any) -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition, consents=consents)
    talent = send_draft(actor, SendDraft(draft.pk))
    if who == "own":
        reader = client_of(user)
    elif who == "delegate":
        firm = make.organisation(edition)
        reader = client(make.with_account(make.delegate(edition, firm)))
    else:
        reader = client(make.office(edition) if who == "office" else make.holder(who, edition))
    answer = reader.get(f"/api/editions/{edition.slug}/talents/{talent.pk}")
    page = reader.get(
        reverse("participants:talent", kwargs={"edition": edition.slug, "talent": talent.pk})
    )
    if seen is None:
        assert answer.status_code == 404 and page.status_code in (403, 404)
        return
    told = answer.json()
    assert {"experience", "wished_pay", "birth_year"} & told.keys() == seen
    text = page.content.decode()
    assert "Laser GmbH" in text
    assert ("60,000 EUR" in text) == ("wished_pay" in seen)
