"""Whoever changes what was verified is verified no longer, and is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import NotAllowed
from talex.evidence.services import ConfirmRung, confirm
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import queries
from talex.participants import services as people
from talex.participants.checked import another_degree, same_name
from talex.participants.commands import (
    ErasePerson,
    MergePersons,
    UpdateDelegate,
    UpdateTalent,
    VerifyTalents,
)
from talex.participants.credentials import services
from talex.participants.credentials.models import Case
from talex.participants.facts import Name
from talex.participants.models import Talent
from tests.participants import factories as make
from tests.participants.credentials.test_cases import accept, an_identity, hand_in
from tests.participants.credentials.test_looked_at import client_of, rename
from tests.participants.credentials.test_registering import again

pytestmark = pytest.mark.django_db


def accepted(edition: Any) -> tuple[Actor, Actor, Case]:
    """(the office, the talent, an accepted identity)"""
    office = make.office(edition)
    actor, case = an_identity(edition)
    services.claim_case(office, case.pk)
    accept(office, case.pk)
    case.refresh_from_db()
    assert case.state == "accepted" and verified(case.talent)
    return office, again(actor), case


def verified(talent: Any) -> bool:
    return queries.is_verified(talent)


def a_degree(edition: Any) -> tuple[Actor, Actor, Case]:
    office = make.office(edition)
    row = {"level": "master", "institution": "HUST", "discipline": "Optics", "year": 2020}
    talent = make.talent(
        edition, "Tang", degree_level="master", institution="HUST", education=[row]
    )
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    hand_in(actor, case, "certificate")
    services.claim_case(office, case.pk)
    accept(office, case.pk)
    return office, again(actor), case


@pytest.mark.parametrize(
    "changes", [{"names": [Name("Somebody Else")]}, {"degree_level": "master"}]
)
def test_what_the_office_confirmed_through_the_api_falls_as_well(changes: Any) -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei", degree_level="bachelor")
    actor = make.with_account(talent)
    claim = ConfirmRung(
        edition=edition.pk, subject_id=talent.pk, rung="verified", source_kind="office"
    )
    confirm(make.office(edition), claim)
    people.update_talent(again(actor), UpdateTalent(talent=talent.pk, changes={"skills": ["x"]}))
    assert verified(talent)
    people.update_talent(again(actor), UpdateTalent(talent=talent.pk, changes=changes))
    assert not verified(talent)


def test_another_name_takes_the_rung_back_and_the_case_waits_again() -> None:
    office, actor, case = accepted(make.edition())
    rename(actor, case, "Somebody Else")
    case.refresh_from_db()
    assert (case.state, case.evidence, case.decided_by) == ("waiting", None, None)
    assert not verified(case.talent)
    assert "checked again" in Message.objects.get(kind="credentials.rechecked").subject
    assert Entry.objects.filter(event="credentials.case_reopened").count() == 1
    page = client_of(office).get(f"/e/{case.edition.slug}/verification/{case.pk}/")
    assert "It was verified as" in page.content.decode() and "Li Lei" in page.content.decode()
    services.claim_case(office, case.pk)
    accept(office, case.pk)
    assert verified(case.talent)


def test_spelling_and_what_was_open_are_no_change() -> None:
    _office, actor, case = accepted(make.edition())
    rename(actor, case, "LI  lei", "李雷")
    rename(actor, case, "李雷", "Li Lei", "Ray Li")
    rename(actor, case, birth_year=1995, nationality="China", region="Wuhan")
    case.refresh_from_db()
    assert case.state == "accepted" and verified(case.talent)
    rename(actor, case, "Ray Li", "Li Lei")  # nobody looked at that one
    assert not verified(case.talent)


def test_another_degree_takes_it_back() -> None:
    row = {"level": "doctorate", "institution": "MIT", "discipline": "", "year": None}
    old = {"level": "master", "institution": "HUST", "discipline": "Optics", "year": 2020}
    for changes in (
        {"degree_level": "doctorate"},
        {"institution": "MIT"},
        {"education": [row, old]},
        {"names": [Name("Somebody Else")]},
    ):
        _office, actor, case = a_degree(make.edition())
        rename(actor, case, institution=" hust", education=[{**old, "year": None}])
        assert verified(case.talent)
        rename(actor, case, **changes)  # type: ignore[arg-type]
        case.refresh_from_db()
        assert case.state == "waiting" and not verified(case.talent)


def test_without_papers_the_talent_is_asked_for_some() -> None:
    _office, actor, case = accepted(make.edition())
    with clock.at(clock.now()):
        case.papers.update(removed_at=clock.now(), upload=None)
    rename(actor, case, "Somebody Else")
    case.refresh_from_db()
    assert case.state == "gathering"
    assert "Hand in a document" in Message.objects.get(kind="credentials.rechecked").text


def test_the_office_mends_the_writing_and_says_so() -> None:
    office, actor, case = accepted(make.edition())
    with pytest.raises(NotAllowed):
        people.update_talent(
            actor,
            UpdateTalent(
                talent=case.talent_id,  # type: ignore[arg-type]
                changes={"names": [Name("Li Leif")]},
                correction=True,
            ),
        )
    client, here = client_of(office), f"/e/{case.edition.slug}/talents/{case.talent_id}/edit/"
    assert 'name="correction"' in client.get(here).content.decode()
    own = client_of(actor).get(here).content.decode()
    assert 'name="correction"' not in own and "has to be checked again" in own
    data = {"names": "Li Leif", "mode": "both", "correction": "on"}
    assert client.post(here, data).status_code == 303
    assert verified(case.talent)
    rename(actor, case, "li leif")  # what the office wrote is what was accepted
    assert verified(case.talent)
    rename(office, case, "Somebody Else")  # it did not say so
    assert not verified(case.talent)


def test_every_way_to_another_name_counts() -> None:
    edition = make.edition()
    _office, _actor, case = accepted(edition)
    talent = Talent.objects.get(pk=case.talent_id)
    row = make.delegate(edition, make.organisation(edition))
    row.person = talent.person
    row.save()
    command = UpdateDelegate(delegate=row.pk, changes={"names": [Name("Somebody Else")]})
    people.update_delegate(SYSTEM, command)
    assert not verified(talent)
    # A merge into a record of another name, whose registration takes the case over.
    edition = make.edition()
    _office, _actor, case = accepted(edition)
    keep, drop = make.talent(edition, "Somebody Else"), Talent.objects.get(pk=case.talent_id)
    people.merge_persons(SYSTEM, MergePersons(keep=keep.person_id, drop=drop.person_id))
    case.refresh_from_db()
    assert (case.talent_id, case.state) == (keep.pk, "waiting") and not verified(drop)


def test_what_the_office_looked_at_without_a_case_falls_too() -> None:
    edition = make.edition()
    office = make.office(edition)
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    people.verify_talents(
        office, VerifyTalents(edition=edition.pk, talents=[talent.pk], seen="passport")
    )
    change = UpdateTalent(talent=talent.pk, changes={"degree_level": "master"})
    people.update_talent(again(actor), change)
    assert verified(talent)
    change = UpdateTalent(talent=talent.pk, changes={"names": [Name("Somebody Else")]})
    people.update_talent(again(actor), change)
    assert not verified(talent)
    assert Message.objects.filter(kind="credentials.rechecked").count() == 1


def test_a_conference_that_is_over_stays_as_it_was_and_erasing_forgets() -> None:
    _office, actor, case = accepted(make.edition())
    case.edition.ends_on = date(2020, 1, 2)
    case.edition.starts_on = date(2020, 1, 1)
    case.edition.save()
    rename(actor, case, "Somebody Else")
    case.refresh_from_db()
    assert case.state == "accepted" and case.accepted["names"] == ["Li Lei"]
    people.erase_person(SYSTEM, ErasePerson(person=case.talent.person_id))  # type: ignore[union-attr]
    case.refresh_from_db()
    assert case.accepted == {}


def test_names_and_degrees_are_compared_as_they_are_read() -> None:
    assert same_name("Wang Wei", ["王伟"]) and same_name("WEI, Wang", ["Wang Wei"])
    assert same_name("王伟", ["Wang Wei"])
    assert not same_name("章薇", ["张伟", "Zhang Wei"])  # they read alike
    assert not another_degree({"degree_level": "master", "institution": "HUST"}, {})
    assert another_degree({}, {"degree_level": "master"})
