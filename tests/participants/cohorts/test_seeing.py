"""What a university sees of its graduates, and what its confirmation is worth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.consents import GiveConsent, give_consent
from talex.evidence.services import witness
from talex.ledger.models import Block, Entry
from talex.messages.models import Message
from talex.participants import services as people
from talex.participants.cohorts import expiry, queries, services
from talex.participants.cohorts.models import Member, RollDraft, RollEntry
from talex.participants.commands import ErasePerson, UpdateTalent
from talex.participants.facts import Name
from talex.participants.models import Talent
from tests.participants import factories as make
from tests.participants.cohorts.scenes import (
    ROLL,
    cohort,
    decide,
    graduate,
    invite,
    join,
    read,
    rungs,
    university,
    verify,
)
from tests.participants.credentials.test_looked_at import client_of

pytestmark = pytest.mark.django_db


def test_a_withdrawal_removes_somebody_from_the_view_at_once(scene: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of, agree=False)
    assert not queries.members(head, of).exists()
    assert queries.members(make.office(edition), of).get() == member
    services.see_results(actor, services.SeeResults(member=member.pk, agree=True))
    assert queries.members(head, of).get() == member
    with pytest.raises(NotFound):
        services.see_results(head, services.SeeResults(member=member.pk, agree=False))
    services.see_results(actor, services.SeeResults(member=member.pk, agree=False))
    assert not queries.members(head, of).exists()
    assert queries.results(of).agreed == 0
    with pytest.raises(NotFound):
        decide(head, member)


def test_agreeing_for_one_university_tells_another_nothing(scene: Any) -> None:
    edition, uni, _head, _of = scene
    other, stranger = university(edition, "Other")
    theirs = cohort(edition, other, stranger)
    talent, actor = graduate(edition)
    join(actor, theirs, agree=False)
    give_consent(
        make.office(edition),
        GiveConsent(edition.pk, talent.person_id, "university", "2026-11", str(uni.pk)),
    )
    assert not queries.members(stranger, theirs).exists()


def test_the_pages_of_general_consents_leave_the_universitys_alone(scene: Any) -> None:
    from talex.participants.commands import SetConsents, ShareContact

    edition, uni, head, of = scene
    talent, actor = graduate(edition)
    join(actor, of)
    actor = actor_for(User.objects.get(pk=actor.user))
    people.set_consents(actor, SetConsents(talent=talent.pk, purposes=["press"]))
    people.share_contact(
        actor, ShareContact(talent=talent.pk, organisation=uni.pk, share=False, purposes=())
    )
    assert queries.members(head, of).count() == 1
    with pytest.raises(Invalid):  # never to all at once
        people.set_consents(actor, SetConsents(talent=talent.pk, purposes=["university"]))


def test_counts_of_those_who_did_not_agree_are_told_only_where_they_hide_single_ones(
    scene: Any,
) -> None:
    edition, _uni, _head, of = scene
    talents = []
    for number in range(10):
        talent, actor = graduate(edition, f"Person {number}")
        # Nobody, and the first who is told of by it, read alike.
        assert (queries.results(of).others is None) == (number < 5)
        join(actor, of, agree=False)
        talents.append(talent)
    witness(SYSTEM, edition=edition.pk, rung="interviewed", subjects=[t.pk for t in talents[:5]])
    witness(SYSTEM, edition=edition.pk, rung="arrived", subjects=[t.pk for t in talents[:2]])
    witness(SYSTEM, edition=edition.pk, rung="verified", subjects=[t.pk for t in talents[:8]])
    others = {str(one.rung): one.others for one in queries.results(of).rungs}
    # 5 of 10 is told; 2 of 10, 8 of 10 and all of 10 would tell of single persons.
    assert others == {
        "registered": None, "verified": None, "interviewed": 5, "mutual_intent": None,
        "offer_accepted": None, "arrived": None,
    }  # fmt: skip


def test_results_count_by_rung_and_leave_out_who_is_not_ours(scene: Any) -> None:
    edition, _uni, head, of = scene
    rows = []
    for number in range(3):
        talent, actor = graduate(edition, f"Person {number}")
        rows.append((talent, join(actor, of)))
    witness(SYSTEM, edition=edition.pk, rung="arrived", subjects=[t.pk for t, _m in rows])
    decide(head, rows[0][1], confirm=False, reason="We do not know the name.")
    told = queries.results(of)
    assert (told.agreed, told.confirmed, told.others) == (2, 0, None)
    assert {str(one.rung): one.agreed for one in told.rungs}["arrived"] == 2
    assert {m.rung for m in queries.members(head, of)} == {"arrived"}


def test_a_confirmation_is_of_a_named_person_of_the_university(scene: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of)
    for wrong in (make.office(edition), make.holder("auditor", edition), SYSTEM):
        with pytest.raises(NotAllowed):
            decide(wrong, member)
    _other, stranger = university(edition, "Other")
    with pytest.raises(NotFound):
        decide(stranger, member)
    with pytest.raises(Invalid):
        decide(head, member, confirm=False)
    assert decide(head, member) == 1 and decide(head, member) == 0  # the second click
    member.refresh_from_db()
    assert member.decided_by == head.user and member.state == "confirmed"
    events = [entry for block in Block.objects.all() for entry in block.entries.all()]
    assert sum(entry.event == "cohorts.member_confirmed" for entry in events) == 1


def test_verified_is_reached_only_with_a_verified_university_and_a_match_in_its_list(
    scene: Any,
) -> None:
    edition, uni, head, of = scene
    (token,) = invite(head, of, "Wei Wang,wei@example.org,U1,Master,")
    matched, actor = graduate(edition, email="wei@example.org")
    by_link = services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    assert isinstance(by_link, Member)
    stranger, other = graduate(edition, "Jia Li")
    by_code = join(other, of, student_number="U9")
    decide(head, by_link)
    assert "verified" not in rungs(matched)  # the university is not verified itself
    verify(edition, uni)
    decide(head, by_link, confirm=False, reason="A mistake.")
    decide(head, by_link, by_code)
    assert "verified" in rungs(matched)
    assert "verified" not in rungs(stranger)  # no line of the list
    decide(head, by_link, confirm=False, reason="Not ours after all.")
    assert "verified" not in rungs(matched)


def test_who_becomes_somebody_else_is_confirmed_again(scene: Any) -> None:
    edition, uni, head, of = scene
    verify(edition, uni)
    (token,) = invite(head, of, "Greta Grad,greta@example.org,U1,Master,")
    talent, actor = graduate(edition, "Greta Grad", email="greta@example.org")
    Talent.objects.filter(pk=talent.pk).update(degree_level="master")
    User.objects.filter(pk=actor.user).update(language="de")
    member = services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    plain = join(graduate(edition, "Jia Li")[1], of)
    decide(head, member, plain)
    assert "verified" in rungs(talent)

    def edit(by: Any, **facts: Any) -> str:
        people.update_talent(by, UpdateTalent(talent=talent.pk, changes=facts))
        member.refresh_from_db()
        return member.state

    # The same name in other letters, and what no university confirms.
    assert edit(actor, names=[Name("GRETA  grad")], skills=["optics"]) == "confirmed"
    assert "verified" in rungs(talent)
    assert edit(actor, names=[Name("Greta Ganzanders")]) == "waiting"
    assert "verified" not in rungs(talent)
    assert (member.evidence, member.decided_by) == (None, None)
    page = client_of(head).get(f"/e/{edition.slug}/cohorts/{of.pk}/members/").content.decode()
    assert "In your list as Greta Grad" in page
    told = Message.objects.get(kind="cohorts.reopened")
    assert told.language == "de" and "HUST" in told.text
    assert Entry.objects.filter(event="cohorts.member_reopened").count() == 1
    decide(head, member)
    assert "verified" in rungs(talent)
    assert edit(actor, degree_level="doctorate") == "waiting"
    assert "verified" not in rungs(talent)
    plain.refresh_from_db()
    assert plain.state == "confirmed"


def test_a_student_number_matches_only_with_the_name_or_the_address(scene: Any) -> None:
    edition, _uni, head, of = scene
    invite(head, of, "Wei Wang,wei@example.org,U1,Master,\nJia Li,jia@example.org,U2,Master,")
    _thief, thief = graduate(edition, "Somebody Else")
    assert not join(thief, of, student_number="U1").proven
    _wei, wei = graduate(edition, "WANG, Wei")
    assert join(wei, of, student_number="u1").proven
    _jia, jia = graduate(edition, "J. L.", email="jia@example.org")
    assert join(jia, of, student_number="U2").proven
    _second, second = graduate(edition, "Wei Wang")
    assert not join(second, of, student_number="U1").proven  # the line is taken


def test_nobody_confirms_themselves(scene: Any) -> None:
    edition, _uni, head, of = scene
    account = User.objects.get(pk=head.user)
    talent = make.talent(edition, "Dana Lee")
    talent.person.user = account
    talent.person.save()
    both = actor_for(account)
    member = join(both, of)
    with pytest.raises(Conflict):
        decide(both, member)


def test_who_was_said_not_to_be_ours_reads_why_in_their_language(scene: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    User.objects.filter(pk=actor.user).update(language="de")
    member = join(actor, of)
    decide(head, member, confirm=False, reason="Kein Abschluss bei uns.")
    told = Message.objects.get(kind="cohorts.decided")
    assert told.language == "de" and "Kein Abschluss bei uns." in told.text
    # A reason of the list, whatever language the university works in.
    with translation.override("zh-hans"):
        decide(head, member, confirm=False, why="number")
    told = Message.objects.filter(kind="cohorts.decided").order_by("pk").exclude(pk=told.pk).get()
    assert "Matrikelnummer und Name passen nicht zusammen" in told.text
    with pytest.raises(Invalid):
        decide(head, member, confirm=False, why="whatever", reason="So it is.")


def test_erasing_leaves_no_name_in_a_list_and_the_count(scene: Any) -> None:
    edition, _uni, head, of = scene
    (token,) = invite(head, of, "Wei Wang,wei@example.org,U1,Master,")
    read(head, of, ROLL + "Wei Wang,wei@example.org,U1,Master,\nJia,jia@example.org,U2,,")
    talent, actor = graduate(edition, email="wei@example.org")
    talent.person.email = talent.person.email_key = "wei@example.org"
    talent.person.save()
    services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    people.erase_person(make.office(edition), ErasePerson(person=talent.person_id))
    assert not RollEntry.objects.exists()
    assert [row["name"] for row in RollDraft.objects.get().rows] == ["Jia"]
    assert Member.objects.get().student_number == ""
    assert not queries.members(make.office(edition), of).exists()


def test_lists_nobody_sent_and_graduates_who_did_not_come_go_after_a_while(scene: Any) -> None:
    _edition, _uni, head, of = scene
    invite(head, of, "Wei Wang,wei@example.org,U1,Master,")
    read(head, of, ROLL + "Jia,jia@example.org,U2,,")
    with clock.at(clock.now() + timedelta(days=8)):
        expiry.expire()
    assert not RollDraft.objects.exists() and RollEntry.objects.exists()
    with clock.at(clock.now() + timedelta(days=130)):
        expiry.expire()
    assert not RollEntry.objects.exists()


def test_leaving_ends_what_was_agreed_to_but_not_what_was_verified(scene: Any) -> None:
    edition, uni, head, of = scene
    verify(edition, uni)
    (token,) = invite(head, of, "Wei Wang,wei@example.org,U1,Master,")
    _talent, actor = graduate(edition, email="wei@example.org")
    member = services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    decide(head, member)
    with pytest.raises(Conflict):
        services.leave(actor, member.pk)
    _other, other = graduate(edition, "Jia Li")
    second = join(other, of)
    with pytest.raises(NotFound):
        services.leave(actor, second.pk)
    services.leave(other, second.pk)
    assert queries.members(head, of).count() == 1
