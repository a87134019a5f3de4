"""Consents: given once, withdrawn for good, asked for by whoever shares data."""

from __future__ import annotations

import uuid

import pytest

from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.editions.consents import (
    GiveConsent,
    WithdrawConsent,
    allowed,
    consents_of,
    give_consent,
    withdraw_consent,
)
from talex.editions.models import Consent, Edition
from talex.ledger.models import Entry
from tests.editions.factories import make_actor, make_edition

pytestmark = pytest.mark.django_db
PERSON = uuid.uuid4()


def herself(edition: Edition) -> Actor:
    user = make_actor()
    return Actor(
        user=user.user, kind="user", grants=frozenset({Grant("talent", edition.pk, person=PERSON)})
    )


def test_given_withdrawn_and_given_again() -> None:
    edition = make_edition()
    actor = herself(edition)
    give = GiveConsent(edition.pk, PERSON, "partners", "2027-1", recipient="wuhan")
    first = give_consent(actor, give)
    assert give_consent(actor, give).pk == first.pk
    assert list(allowed(edition.pk, "partners", "wuhan")) == [PERSON]
    assert not allowed(edition.pk, "partners", "beijing").exists()
    assert withdraw_consent(actor, WithdrawConsent(edition.pk, PERSON, "partners")) == 1
    assert not allowed(edition.pk, "partners", "wuhan").exists()
    assert give_consent(actor, give).pk != first.pk
    assert Consent.objects.count() == 2
    assert len(list(consents_of(actor, edition.pk, PERSON))) == 2
    assert Entry.objects.filter(subject=PERSON).count() == 3


def test_a_consent_to_all_holds_for_each() -> None:
    edition = make_edition()
    give_consent(SYSTEM, GiveConsent(edition.pk, PERSON, "partners", "1", source="import"))
    assert list(allowed(edition.pk, "partners", "anybody")) == [PERSON]


def test_nobody_consents_for_somebody_else() -> None:
    edition, other = make_edition(), make_edition()
    give = GiveConsent(edition.pk, PERSON, "profile", "1")
    for actor in (NOBODY, make_actor(), make_actor(other, "organiser")):
        with pytest.raises(NotAllowed):
            give_consent(actor, give)
    give_consent(make_actor(edition, "organiser"), give)


def test_what_is_not_known() -> None:
    edition = make_edition()
    with pytest.raises(Invalid):
        give_consent(SYSTEM, GiveConsent(edition.pk, PERSON, "everything", "1"))
    with pytest.raises(NotFound):
        give_consent(SYSTEM, GiveConsent(uuid.uuid4(), PERSON, "profile", "1"))
