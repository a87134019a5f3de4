"""Two records that become one and are taken apart again; a person who is erased."""

from __future__ import annotations

import pytest

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.fair.models import Hidden, Interest, Match, Suspension, TextVector
from talex.participants.commands import ErasePerson, MergePersons, UndoMerge
from talex.participants.own_data import export_person
from talex.participants.services import erase_person, merge_persons, undo_merge
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def state_of(model: type) -> set:
    return set(model.objects.values_list("pk", "talent_id", "state"))  # type: ignore[attr-defined]


def test_interests_and_proposals_follow_and_go_back() -> None:
    where = make.edition()
    company = make.organisation(where)
    shared, alone = make.opening(where, company, "Shared"), make.opening(where, company, "Alone")
    keep, drop = make.talent(where, "王伟"), make.talent(where, "Wang Wei")
    waiting = make.interest(keep, shared)
    agreed = make.interest(drop, shared, state="accepted")
    moved = make.interest(drop, alone)
    proposed = make.match(keep, shared, state="proposed")
    approved = make.match(drop, shared, state="approved")
    for talent, about in ((keep, shared), (drop, shared), (drop, alone)):
        Hidden.objects.create(talent=talent, opening=about)
    before = state_of(Interest), state_of(Match)
    hidden = set(Hidden.objects.values_list("talent_id", "opening_id"))

    merge = merge_persons(SYSTEM, MergePersons(keep=keep.person_id, drop=drop.person_id))
    assert state_of(Interest) == {
        (waiting.pk, keep.pk, "withdrawn"),
        (agreed.pk, keep.pk, "accepted"),
        (moved.pk, keep.pk, "asked"),
    }
    assert state_of(Match) == {
        (proposed.pk, keep.pk, "superseded"),
        (approved.pk, keep.pk, "approved"),
    }
    assert set(Hidden.objects.values_list("talent_id", flat=True)) == {keep.pk}

    undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert (state_of(Interest), state_of(Match)) == before
    assert set(Hidden.objects.values_list("talent_id", "opening_id")) == hidden


def test_a_suspension_that_follows_ends_what_waits() -> None:
    where = make.edition()
    company = make.organisation(where)
    keep, drop = make.talent(where, "王伟"), make.talent(where, "Wang Wei")
    asked = make.interest(keep, make.opening(where, company, "Asked"))
    invited = make.interest(keep, make.opening(where, company, "Invited"), side="employer")
    agreed = make.interest(keep, make.opening(where, company, "Agreed"), state="accepted")
    Suspension.objects.create(
        edition=where, person_id=drop.person_id, reason="Sent the same words to sixty companies"
    )

    merge_persons(SYSTEM, MergePersons(keep=keep.person_id, drop=drop.person_id))
    for one in (asked, invited, agreed):
        one.refresh_from_db()
    assert (asked.state, asked.ended_by) == ("withdrawn", "office")
    assert (invited.state, agreed.state) == ("asked", "accepted")


def test_two_agreements_about_one_opening_stand_against_a_merge() -> None:
    where = make.edition()
    about = make.opening(where, make.organisation(where), "Battery engineer")
    one, two = make.talent(where, "A"), make.talent(where, "B")
    for talent in (one, two):
        make.interest(talent, about, state="accepted")
    with pytest.raises(Conflict) as told:
        merge_persons(SYSTEM, MergePersons(keep=one.person_id, drop=two.person_id))
    assert any("Battery engineer" in str(item) for item in told.value.items)


def test_what_was_written_and_computed_goes_and_that_they_met_stays() -> None:
    where = make.edition()
    company = make.organisation(where)
    who = make.talent(where)
    asked = make.interest(who, make.opening(where, company), message="I am Anna", answer="No, Anna")
    reasons = [{"code": "skills_matched", "matched": [["Anna's skill", "x", 1.0]]}]
    agreed = make.interest(who, make.opening(where, company), state="accepted")
    make.match(who, make.opening(where, company), state="approved", reasons=reasons)
    make.match(who, make.opening(where, company), reasons=reasons)
    TextVector.objects.create(key="a" * 64, model="m", vector=b"12", subject=who.person_id)
    TextVector.objects.create(key="b" * 64, model="m", vector=b"12")
    told = export_person(SYSTEM, who.person_id)
    assert "I am Anna" in str(told)

    erase_person(SYSTEM, ErasePerson(person=who.person_id))
    asked.refresh_from_db()
    assert (asked.message, asked.answer, asked.state) == ("", "", "withdrawn")
    agreed.refresh_from_db()
    # It reads as ended: nobody is there any more to meet.
    assert agreed.state == "withdrawn"
    assert list(Match.objects.values_list("state", "reasons")) == [("approved", [])]
    assert list(TextVector.objects.values_list("key", flat=True)) == ["b" * 64]
