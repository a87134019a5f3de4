"""Whoever is new is told what comes next, and goes on with what was begun."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.accounts.actors import load_actor
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.editions.next_steps import next_steps
from talex.participants.credentials import services
from tests.fair import factories as fair
from tests.participants import factories as make
from tests.participants.credentials.test_registering import again, register, somebody, typed

pytestmark = pytest.mark.django_db
FULL = {"degree_level": "master", "skills": ["welding"], "languages": [{"code": "de"}]}


def keys(actor: Actor, edition: Any) -> list[str]:
    return [step.key for step in next_steps(actor, edition)]


def test_a_new_talent_has_the_degree_verified_and_looks_for_openings() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei", consents=("profile",), **FULL)
    actor = make.with_account(talent)
    assert keys(actor, edition) == ["credentials.degree"]  # nothing is offered yet
    opening = fair.opening(edition, make.organisation(edition))
    assert keys(actor, edition) == ["credentials.degree", "fair.browse"]
    services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    assert "credentials.degree" not in keys(actor, edition)
    fair.interest(talent, opening)
    assert "fair.browse" not in keys(actor, edition)


def test_what_is_missing_in_the_profile_is_named() -> None:
    edition = make.edition()
    actor = make.with_account(make.talent(edition, "Li Lei", **{**FULL, "languages": []}))
    step = {step.key: step for step in next_steps(actor, edition)}["participants.profile"]
    assert str(step.text).endswith("Still missing: Languages.")


def test_who_was_just_let_in_enters_openings_and_looks_at_talents() -> None:
    edition = make.edition()
    head = somebody()
    company = register(head, edition)
    assert "fair.talents" not in keys(again(head), edition)
    services.let_in(make.office(edition), edition.pk, company.pk)
    found = keys(again(head), edition)
    assert "fair.offer" in found and "fair.talents" in found
    opening = fair.opening(edition, company)
    fair.interest(make.talent(edition, "Li Lei"), opening, side="employer")
    assert "fair.talents" not in keys(again(head), edition)


def test_a_registration_of_an_organisation_that_was_begun_goes_on_where_it_stopped() -> None:
    edition = make.edition()
    actor = somebody()
    services.save_draft(
        actor, services.SaveDraft(edition=edition.pk, answers={"name": {"en": "Acme"}})
    )
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    page = client.get(f"/e/{edition.slug}/").content.decode()
    assert "Go on registering your organisation" in page
    assert f"/e/{edition.slug}/register-organisation/number/" in page


def test_what_ended_in_a_request_to_be_let_in_is_not_gone_on_with() -> None:
    edition = make.edition()
    register(somebody(), edition)
    asker = somebody()
    typed(asker, edition)
    assert "go on" in _title(asker, edition)
    services.ask_to_join(asker, services.AskToJoin(edition=edition.pk))
    assert "go on" not in _title(load_actor(asker.user), edition)  # type: ignore[arg-type]


def _title(actor: Actor, edition: Any) -> str:
    return " ".join(str(step.title) for step in next_steps(actor, edition)).lower()
