"""Two at once make what one after the other makes: one, and a refusal in words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Conflict, TalexError
from talex.editions.models import Edition
from talex.evidence.models import Evidence
from talex.evidence.services import ConfirmRung, confirm
from talex.evidence.vocabulary import Rung
from talex.participants.commands import AddDelegate, CreateTalent, VerifyTalents
from talex.participants.facts import Name, PersonFacts, TalentFacts
from talex.participants.models import Delegate, Person, Talent
from talex.participants.services import add_delegate, create_talent, verify_talents
from tests.editions.factories import make_user
from tests.participants import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 4


def at_once(call: Callable[[], Any]) -> list[Any]:
    """What came of each of several calls that begin together: a result, or the refusal."""
    gate, told = threading.Barrier(MANY), []

    def run() -> None:
        try:
            gate.wait(20)
            told.append(call())
        except (TalexError, DatabaseError) as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _one in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def refused(told: list[Any]) -> int:
    others = [one for one in told if isinstance(one, Exception) and not isinstance(one, Conflict)]
    assert not others, others
    return sum(isinstance(one, Conflict) for one in told)


def test_one_account_is_one_talent() -> None:
    edition = make.edition()
    Edition.objects.update(state="open")
    user = make_user("one@example.org")
    actor = Actor(user=user.pk, name="One", kind="user")
    command = CreateTalent(edition=edition.pk, facts=TalentFacts(names=[Name("One")]), own=True)
    assert refused(at_once(lambda: create_talent(actor, command))) == MANY - 1
    assert Talent.objects.count() == Person.objects.filter(user=user).count() == 1


def test_one_address_is_one_delegate() -> None:
    edition = make.edition()
    works = make.organisation(edition, "Works")
    office = make.office(edition)
    command = AddDelegate(
        edition=edition.pk, organisation=works.pk,
        facts=PersonFacts(names=[Name("Dana")], email="dana@example.org"),
    )  # fmt: skip
    assert refused(at_once(lambda: add_delegate(office, command))) == MANY - 1
    assert Delegate.objects.count() == 1


def test_a_rung_is_confirmed_once() -> None:
    edition = make.edition()
    talent, office = make.talent(edition, "Li Lei"), make.office(edition)
    command = ConfirmRung(edition=edition.pk, rung=Rung.INTERVIEWED, subject_id=talent.pk)
    assert refused(at_once(lambda: confirm(office, command))) == 0
    assert Evidence.objects.filter(rung=Rung.INTERVIEWED).count() == 1


def test_a_person_is_verified_once() -> None:
    edition = make.edition()
    talent, office = make.talent(edition, "Li Lei"), make.office(edition)
    command = VerifyTalents(edition=edition.pk, talents=[talent.pk], seen="passport")
    told = at_once(lambda: verify_talents(office, command))
    assert refused(told) == 0 and sorted(told) == [0] * (MANY - 1) + [1]
    assert Evidence.objects.filter(rung=Rung.VERIFIED).count() == 1


def test_an_address_that_is_signed_up_several_times_at_once_is_one_account() -> None:
    sent = {
        "name": "Ada", "email": "ada@example.org", "password1": "kH8-long-enough",
        "password2": "kH8-long-enough",
    }  # fmt: skip

    def sign_up() -> tuple[int, str]:
        answer = Client(raise_request_exception=False).post("/accounts/signup/", sent)
        return answer.status_code, answer.headers.get("Location", "")

    told = at_once(sign_up)
    assert len(set(told)) == 1 and told[0][0] == 302, told
    assert User.objects.filter(email="ada@example.org").count() == 1
