"""A university's cohort: opened, joined by code or link, confirmed, and seen by nobody else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from talex.core.translated import TranslatedText
from talex.editions.consents import GiveConsent, give_consent
from talex.evidence.queries import rungs_of
from talex.evidence.services import witness
from talex.ledger.models import Block
from talex.messages.models import Message
from talex.participants import services as people
from talex.participants.cohorts import codes, expiry, queries, services
from talex.participants.cohorts.models import Cohort, Member, PendingJoin, RollDraft, RollEntry
from talex.participants.cohorts.services.joining import cohort_of_code
from talex.participants.commands import ErasePerson
from talex.participants.models import Organisation, Talent
from talex.participants.registering import services as registering
from tests.participants import factories as make

pytestmark = pytest.mark.django_db
ROLL = "姓名,Email,Student number,Degree,Language\n"


def university(edition: Any, name: str = "HUST", **facts: Any) -> tuple[Organisation, Actor]:
    uni = make.organisation(edition, name, **{"kind": "university", **facts})
    return uni, make.with_account(make.delegate(edition, uni))


def facts(**more: Any) -> services.CohortFacts:
    given = {
        "name": TranslatedText.of("Class of 2027"),
        "year": 2027,
        "closes_at": clock.now() + timedelta(days=30),
    }
    return services.CohortFacts(**{**given, **more})


def cohort(edition: Any, uni: Organisation, head: Actor, **more: Any) -> Cohort:
    command = services.OpenCohort(edition=edition.pk, organisation=uni.pk, facts=facts(**more))
    return services.open_cohort(head, command)


@pytest.fixture
def scene() -> tuple[Any, Organisation, Actor, Cohort]:
    edition = make.edition()
    uni, head = university(edition)
    return edition, uni, head, cohort(edition, uni, head)


def graduate(edition: Any, name: str = "Wei Wang", email: str = "") -> tuple[Talent, Actor]:
    """A talent with an account whose address is confirmed."""
    talent = make.talent(edition, name)
    account = make.user(email)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    talent.person.user = account
    talent.person.save()
    return talent, actor_for(account)


def join(actor: Actor, of: Cohort, **more: Any) -> Any:
    command = services.JoinByCode(
        edition=of.edition_id, code=of.shown_code, **{"agree": True, **more}
    )
    return services.join_by_code(actor, command)


def decide(actor: Actor, *members: Member, confirm: bool = True, reason: str = "") -> int:
    command = services.DecideMembers(
        members=[one.pk for one in members], confirm=confirm, reason=reason
    )
    return services.decide(actor, command)


def read(head: Actor, of: Cohort, text: str, name: str = "list.csv") -> RollDraft:
    file = BytesIO(text.encode())
    file.name = name
    return services.read_roll(head, services.ReadRoll(cohort=of.pk, file=file, language="en"))


def invite(head: Actor, of: Cohort, text: str) -> list[str]:
    """The secrets of the links that were mailed, in the order of the rows."""
    before = set(Message.objects.values_list("pk", flat=True))
    services.invite_roll(head, of.pk, read(head, of, ROLL + text).pk)
    found = {}
    for row in Message.objects.exclude(pk__in=before):
        match = re.search(r"/invited/([^/]+)/", row.text)
        assert match
        found[row.address] = match[1]
    return [found[line.split(",")[1]] for line in text.splitlines()]


def verify(edition: Any, uni: Organisation) -> None:
    witness(
        SYSTEM, edition=edition.pk, rung="verified", subjects=[uni.pk], subject_kind="organisation"
    )


# --- opening --------------------------------------------------------------------------------


def test_only_those_who_act_for_a_university_open_a_cohort() -> None:
    edition = make.edition()
    uni, head = university(edition)
    works = make.organisation(edition, "Works")
    company = make.with_account(make.delegate(edition, works))
    other, _other_head = university(edition, "Other")
    for actor, whose in ((company, works), (company, uni), (head, other), (head, works)):
        with pytest.raises(NotAllowed):
            cohort(edition, whose, actor)
    assert cohort(edition, uni, head).is_open
    assert cohort(edition, uni, make.office(edition)).opened_by
    with pytest.raises(Invalid) as wrong:
        cohort(edition, uni, head, year=27, expected=0, name=TranslatedText({}))
    assert set(wrong.value.fields) == {"name", "year", "expected"}
    with pytest.raises(Invalid):
        cohort(edition, uni, head, closes_at=clock.now() - timedelta(days=1))


def test_a_university_that_was_not_let_in_opens_none() -> None:
    edition = make.edition()
    uni, head = university(edition)
    uni.participations.update(pending_since=clock.now())
    waiting = actor_for(User.objects.get(pk=head.user))
    with pytest.raises(NotAllowed):
        cohort(edition, uni, waiting)


def test_codes_hold_no_sign_taken_for_another_and_are_read_as_typed() -> None:
    code = codes.new_code()
    assert not set(codes.SIGNS) & set("01258BILOSUVZ")
    assert codes.normal(f" {codes.shown(code).lower()} ") == code
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert codes.normal(full_width) == code


# --- joining --------------------------------------------------------------------------------


def test_a_wrong_an_old_and_a_closed_code_are_answered_alike_and_counted(scene: Any) -> None:
    edition, uni, head, of = scene
    _talent, actor = graduate(edition)
    old = of.code
    renewed = services.renew_code(head, of.pk)
    closed = cohort(edition, uni, head)
    services.close_cohort(head, closed.pk)
    elsewhere = make.edition()
    told = set()
    for where, code in ((edition, "AAA-AAA-AAA"), (edition, old), (edition, closed.code),
                        (elsewhere, renewed.code), (edition, "")):  # fmt: skip
        with pytest.raises(Invalid) as error:
            cohort_of_code(actor, where.pk, code)
        told.add(str(error.value.fields))
    assert len(told) == 1
    assert cohort_of_code(actor, edition.pk, renewed.code) == renewed
    with pytest.raises(NotAllowed):
        cohort_of_code(Actor(), edition.pk, renewed.code)
    with override_settings(TALEX_RATES_ON=True), pytest.raises(TooMany):
        for _attempt in range(25):
            with contextlib.suppress(Invalid):
                cohort_of_code(actor, edition.pk, "AAA")


def test_whoever_joins_before_registering_is_in_the_cohort_once_registered(scene: Any) -> None:
    edition, _uni, head, of = scene
    account = make.user()
    actor = actor_for(account)
    assert isinstance(join(actor, of, student_number="U1"), PendingJoin)
    join(actor, of, student_number="U2")  # again, from another device
    draft = registering.begin_draft(actor, registering.BeginDraft(edition.pk, "talent"))
    values = {"names": ["Wei Wang"], "mode": "both", "time_zone": "Asia/Shanghai",
              "consents": ["profile"]}  # fmt: skip
    registering.save_draft(actor, registering.SaveDraft(draft.pk, values))
    registering.send_draft(actor, registering.SendDraft(draft.pk))
    registering.send_draft(actor, registering.SendDraft(draft.pk))
    member = Member.objects.get(cohort=of)
    assert member.student_number == "U2" and not PendingJoin.objects.exists()
    assert list(queries.members(head, of)) == [member]


def test_a_link_joins_once_and_only_the_address_it_was_sent_to(scene: Any) -> None:
    edition, _uni, head, of = scene
    (token,) = invite(head, of, "Wei Wang,wei@example.org,U1,Master,中文")
    assert Message.objects.get().language == "zh-hans"
    assert token not in str(list(RollEntry.objects.values()))
    _talent, other = graduate(edition, "Other")
    with pytest.raises(NotAllowed):
        services.join_by_link(other, services.JoinByLink(token=token))
    talent, actor = graduate(edition, email="wei@example.org")
    member = services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    assert isinstance(member, Member) and member.talent == talent and member.proven
    with pytest.raises(NotFound):
        services.join_by_link(actor, services.JoinByLink(token=token, agree=True))
    assert Member.objects.count() == 1


def test_opening_a_link_changes_nothing(scene: Any, client: Client) -> None:
    edition, _uni, head, of = scene
    (token,) = invite(head, of, "Wei Wang,wei@example.org,U1,Master,")
    _talent, actor = graduate(edition, email="wei@example.org")
    url = f"/e/{edition.slug}/cohorts/invited/{token}/"
    assert client.get(url).status_code == 200  # by a programme that looks at mails
    client.force_login(User.objects.get(pk=actor.user))
    assert client.get(url).status_code == 200
    assert RollEntry.objects.get().used_at is None and not Member.objects.exists()
    assert client.post(url, {"agree": "on"}).status_code in (302, 303)
    assert Member.objects.count() == 1


# --- the list -------------------------------------------------------------------------------


def test_every_row_is_shown_with_its_faults_and_only_good_ones_are_invited(scene: Any) -> None:
    _edition, _uni, head, of = scene
    invite(head, of, "Old One,old@example.org,U0,Master,de")
    text = ROLL + (
        "Wei Wang,wei@example.org,U1,Master,de\n"
        ",nobody@example.org,U2,Master,\n"
        "Bad Address,bad,U3,Master,\n"
        "Twice,WEI@example.org,U4,Master,\n"
        "Same Number,same@example.org,U1,Master,\n"
        "No Number,none@example.org,,Master,\n"
        "Old One,old@example.org,U0,Master,\n"
        "Thief,thief@example.org,U0,Master,\n"
    )
    draft = read(head, of, text)
    assert RollEntry.objects.count() == 1  # nobody was invited by reading
    faults = {row["number"]: row["faults"] for row in draft.rows}
    assert faults == {
        2: [], 3: ["name"], 4: ["email"], 5: ["email_twice"], 6: ["number_twice"],
        7: ["student_number"], 8: ["known"], 9: ["number_known"],
    }  # fmt: skip
    assert services.invite_roll(head, of.pk, draft.pk) == 1
    with pytest.raises(NotFound):
        services.invite_roll(head, of.pk, draft.pk)  # the second click
    assert Message.objects.filter(address="wei@example.org", language="de").count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", b"Name,Mail\nA,a@example.org\n"),
        ("list.xlsx", b"PK\x03\x04broken"),
        ("list.csv", b""),
        ("list.pdf", b"%PDF-1.4\n%..."),
        ("list.csv", b"MZ\x90\x00" + b"\x00" * 200),
    ],
)
def test_what_is_no_list_is_refused_and_leaves_nothing(
    scene: Any, name: str, content: bytes
) -> None:
    from talex.core.models import Upload

    _edition, _uni, head, of = scene
    file = BytesIO(content)
    file.name = name
    with pytest.raises(Invalid) as error:
        services.read_roll(head, services.ReadRoll(cohort=of.pk, file=file))
    assert "file" in error.value.fields
    assert not RollDraft.objects.exists() and not Upload.objects.exists()


def test_another_university_reads_no_list_and_sees_no_cohort(scene: Any) -> None:
    edition, _uni, _head, of = scene
    _other, stranger = university(edition, "Other")
    assert not queries.cohorts(stranger, edition).exists()
    with pytest.raises(NotFound):
        read(stranger, of, ROLL + "A,a@example.org,1,,")
    with pytest.raises(NotFound):
        services.renew_code(stranger, of.pk)
    with pytest.raises(NotAllowed):
        services.renew_code(make.holder("auditor", edition), of.pk)
    assert queries.cohorts(make.office(edition), edition).get() == of


# --- what the university sees ---------------------------------------------------------------


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
        join(actor, of, agree=False)
        talents.append(talent)
        told = queries.results(of)
        assert told.any_others and (told.others is None) == (number < 4)
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
    assert (told.agreed, told.confirmed, told.any_others) == (2, 0, False)
    assert {str(one.rung): one.agreed for one in told.rungs}["arrived"] == 2
    assert {m.rung for m in queries.members(head, of)} == {"arrived"}


# --- confirming -----------------------------------------------------------------------------


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


def rungs(talent: Talent) -> list[str]:
    return rungs_of(talent.edition_id, [talent.pk]).get(talent.pk, [])


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
    told = Message.objects.get()
    assert told.language == "de" and "Kein Abschluss bei uns." in told.text


# --- data -----------------------------------------------------------------------------------


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


# --- pages and API --------------------------------------------------------------------------


@pytest.fixture
def logged_in(client: Client) -> Iterator[Any]:
    def call(actor: Actor) -> Client:
        client.force_login(User.objects.get(pk=actor.user))
        return client

    yield call


def test_the_university_works_through_the_pages(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    talent, actor = graduate(edition, "=cmd Wei")
    member = join(actor, of)
    client = logged_in(head)
    here = f"/e/{edition.slug}/cohorts/"
    for path in ("", "new/", f"{of.pk}/", f"{of.pk}/edit/", f"{of.pk}/members/", f"{of.pk}/list/"):
        assert client.get(here + path).status_code == 200, path
    page = client.get(f"{here}{of.pk}/members/?rung=registered")
    assert talent.person.name in page.content.decode()
    file = b"".join(client.get(f"{here}{of.pk}/members/?export=csv").streaming_content)
    assert b"'=cmd Wei" in file  # no formula in a spreadsheet
    refuse = f"{here}{of.pk}/members/not-ours/?member={member.pk}"
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "Unknown."}).status_code in (302, 303)
    member.refresh_from_db()
    assert member.state == "not_ours"
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("l.csv", (ROLL + "Jia,jia@example.org,U2,,\n,bad,,,").encode())
    answer = client.post(f"{here}{of.pk}/list/", {"file": sent, "language": "de"})
    assert answer.status_code in (302, 303)
    text = client.get(answer["Location"]).content.decode()
    assert "jia@example.org" in text and "1 row is good" in text
    assert client.post(answer["Location"], {"send": "1"}).status_code in (302, 303)
    assert Message.objects.filter(address="jia@example.org").exists()
    assert client.post(f"{here}{of.pk}/code/").status_code in (302, 303)
    assert client.post(f"{here}{of.pk}/close/").status_code in (302, 303)
    assert client.get(f"{here}{of.pk}/").status_code == 200


def test_a_graduate_joins_through_the_pages(scene: Any, logged_in: Any, client: Client) -> None:
    edition, _uni, head, of = scene
    join_page = f"/e/{edition.slug}/join/{of.code}/"
    for code in (of.code, "AAAAAAAAA"):  # nothing is told to who is not signed in
        door = client.get(f"/e/{edition.slug}/join/{code}/")
        assert door.status_code == 200 and "HUST" not in door.content.decode()
    talent, actor = graduate(edition)
    client = logged_in(actor)
    typed = client.post(f"/e/{edition.slug}/join/", {"code": of.shown_code.lower()})
    assert typed["Location"] == join_page
    assert "HUST" in client.get(join_page).content.decode()
    assert client.post(join_page, {"agree": "on"}).status_code in (302, 303)
    own = client.get(f"/e/{edition.slug}/cohorts/mine/")
    assert own.status_code == 200
    member = Member.objects.get(talent=talent)
    change = f"/e/{edition.slug}/cohorts/mine/{member.pk}/"
    client.post(change, {"act": "withdraw"})
    assert not queries.members(head, of).exists()
    client.post(change, {"act": "leave"})
    assert not Member.objects.exists()


def test_the_api_tells_a_university_its_own_and_nobody_elses(scene: Any, logged_in: Any) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition)
    member = join(actor, of)
    client = logged_in(head)
    here = f"/api/editions/{edition.slug}/cohorts"
    assert [one["id"] for one in client.get(here).json()] == [str(of.pk)]
    assert client.get(f"{here}/{of.pk}/members").json()["count"] == 1
    assert client.get(f"{here}/{of.pk}/results").json()["agreed"] == 1
    sent = {"members": [str(member.pk)], "confirm": True}
    answer = client.post(f"{here}/{of.pk}/members/decide", sent, "application/json")
    assert answer.json() == {"count": 1}
    _other, stranger = university(edition, "Other")
    client = logged_in(stranger)
    assert client.get(here).json() == []
    assert client.get(f"{here}/{of.pk}/results").status_code == 404
