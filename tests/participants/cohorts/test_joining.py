"""A cohort is opened, and joined by code, by link, or after a list."""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor, load
from talex.core.errors import Invalid, NotAllowed, NotFound, TooMany
from talex.core.translated import TranslatedText
from talex.editions.models import Consent
from talex.messages.models import Message
from talex.participants.cohorts import codes, queries, services
from talex.participants.cohorts.models import Member, PendingJoin, RollDraft, RollEntry
from talex.participants.cohorts.services.joining import cohort_of_code
from talex.participants.receipts import RECEIPT, in_words
from talex.participants.registering import services as registering
from tests.participants import factories as make
from tests.participants.cohorts.scenes import (
    ROLL,
    cohort,
    graduate,
    invite,
    join,
    read,
    university,
)

pytestmark = pytest.mark.django_db


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
    with pytest.raises(Invalid, match=r"from 1950 to 20\d\d"):
        cohort(edition, uni, head, year=3027)
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


def test_who_joins_a_second_cohort_of_a_university_agreed_already(scene: Any) -> None:
    edition, uni, head, of = scene
    talent, actor = graduate(edition)
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    url = f"/e/{edition.slug}/join/{of.code}/"
    assert 'name="agree"' in client.get(url).content.decode()
    join(actor, of)
    second = cohort(edition, uni, head)
    page = client.get(url.replace(of.code, second.code)).content.decode()
    assert 'name="agree"' not in page and "sees your registration already" in page
    join(actor, second)
    assert Consent.objects.filter(person=talent.person_id, purpose="university").count() == 1
    assert Message.objects.filter(kind=RECEIPT.name).count() == 1


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
    # The same form sent twice at one instant: the second is led to where the first is.
    assert services.join_by_link(actor, services.JoinByLink(token=token, agree=True)) == member
    assert Member.objects.count() == 1
    member.delete()
    with pytest.raises(NotFound):
        services.join_by_link(actor, services.JoinByLink(token=token))


def test_a_link_sent_twice_before_registering_is_noted_once(scene: Any) -> None:
    _edition, _uni, head, of = scene
    account = make.user("jia@example.org")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    (token,) = invite(head, of, "Jia,jia@example.org,U2,,")
    actor = load(account.pk)
    noted = services.join_by_link(actor, services.JoinByLink(token=token))
    assert isinstance(noted, PendingJoin)
    assert services.join_by_link(actor, services.JoinByLink(token=token)) == noted


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


def test_who_is_in_already_gets_no_link_and_the_row_becomes_theirs(
    scene: Any, logged_in: Any
) -> None:
    edition, _uni, head, of = scene
    _talent, actor = graduate(edition, email="wei@example.org")
    join(actor, of)
    _other, unproven = graduate(edition, "Other", email="other@example.org")
    EmailAddress.objects.filter(email="other@example.org").update(verified=False)
    join(unproven, of)
    text = ROLL + "Wei Wang,WEI@example.org,U1,Master,\nOther,other@example.org,U2,Master,\n"
    # As many as are on the list: a smaller number would tell who is in without wishing to be seen.
    assert services.invite_roll(head, of.pk, read(head, of, text).pk) == 2
    assert Message.objects.get(kind="cohorts.invited").address == "other@example.org"
    member = Member.objects.get(talent=_talent)
    assert member.proven and member.entry is not None
    assert (member.entry.email, member.student_number) == ("wei@example.org", "U1")
    assert member.entry.used_at is not None
    assert not Member.objects.get(talent=_other).proven
    page = logged_in(head).get(f"/e/{edition.slug}/cohorts/{of.pk}/").content.decode()
    assert re.search(r"Invited from a list\D*>2<", page), page


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
        "Odd Language,odd@example.org,U9,Master,xx\n"
    )
    draft = read(head, of, text)
    assert RollEntry.objects.count() == 1  # nobody was invited by reading
    faults = {row["number"]: row["faults"] for row in draft.rows}
    assert faults == {
        2: [], 3: ["name"], 4: ["email"], 5: ["email_twice"], 6: ["number_twice"],
        7: ["student_number"], 8: ["known"], 9: ["number_known"],
        10: ["language"],
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


def test_the_consent_to_a_university_abroad_names_its_country() -> None:
    edition = make.edition()
    uni, head = university(edition, "TU Fern", country="DE")
    of = cohort(edition, uni, head)
    _talent, actor = graduate(edition)
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    shown = client.get(f"/e/{edition.slug}/join/{of.shown_code}/").content.decode()
    assert "It is in Germany: law there may protect" in shown
    join(actor, of)
    given = Consent.objects.get(purpose="university")
    assert given.country == "DE"
    assert in_words(given)["where"] == "Germany"
    near, near_head = university(edition, "HUST", country="CN")
    here = cohort(edition, near, near_head)
    shown = client.get(f"/e/{edition.slug}/join/{here.shown_code}/").content.decode()
    assert "It is in" not in shown
