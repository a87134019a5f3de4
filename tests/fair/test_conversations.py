"""Writing to each other: masked until both agreed, closed when it is over, paced, erased."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from talex.core import clock, masking
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotFound
from talex.core.registries import erase, merge
from talex.fair import services as fair
from talex.fair.conversations import queries, services
from talex.fair.conversations.models import Conversation, Message
from talex.fair.services.interests import (
    AnswerInterest,
    Invite,
    WithdrawInterest,
    answer,
    invite,
    withdraw,
)
from talex.ledger.models import Entry
from talex.ledger.outbox import deliver
from talex.meetings.models import Meeting, MeetingRequest
from tests.fair import factories as make
from tests.fair.test_api import Api
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


@pytest.fixture
def pair() -> Pair:
    return Pair()


def write(pair: Pair, actor: Actor, body: str = "Hello") -> Message:
    command = services.SendMessage(pair.talent.pk, pair.opening.pk, body)
    return services.send(actor, pair.edition, command)


def read(pair: Pair, actor: Actor, side: str) -> list[queries.Line]:
    standing = services.standing(pair.edition, pair.talent, pair.opening, side)
    rows = Conversation.objects.get().messages.all()
    return queries.lines(rows, side, agreed=standing.agreed, partner="X")


@pytest.mark.parametrize(
    "text",
    [
        "Write to anna.weber@example.org please",
        "anna (at) example (dot) org",
        "ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "call +49 151 2345 6789",
        "我的电话13812345678，谢谢",
        "加我微信：lilei_1988",
        "wechat: liLei1988",
        "QQ 123456789",
        "WhatsApp +86 138-1234-5678",
        "see https://example.org/cv?id=1",
        "see linkedin.com/in/anna",
        "I am @anna_weber there",
        "电话一三八一二三四五六七八，谢谢",
        "打幺三八 壹贰叁肆 伍陆柒捌",
        "mail bob @ firm . com",
        "bob at firm dot com, or bob ät firma punkt de",
        "bob (at) firm . com",
        "bob@firm. com",
        "我的微 信 号 bobby88",
        "加我微信 bobby_x",
        "微信号：bobbyxiao",
        "ring １３８１２３４５６７８ or ①③⑧①②③④⑤⑥⑦⑧",
    ],
)
def test_contact_details_are_found(text: str) -> None:
    assert masking.has_contact(text)
    told = masking.mask(text).text
    assert masking.MASK in told
    for piece in (
        "bob",
        "firm",
        "anna.weber",
        "example",
        "2345",
        "13812345678",
        "lilei",
        "123456789",
        "anna_weber",
        "五六七八",
        "伍陆柒捌",
        "⑤⑥⑦⑧",
        "５６７８",
    ):
        assert piece not in told.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "I worked there from 2019 - 2023 on lasers.",
        "We pay 300,000 to 400,000 a year, 12 months.",
        "Let us meet on 2027-04-20 at 10:30 in hall 3.",
        "Bis 20.04.2027 um 14:15 Uhr, Raum 4.12.",
        "月薪 25000 元，2027年4月20日面谈",
        "Can you look at line 3 and signal processing?",
        "Look at this. Me too, I was at it. De facto nothing changed.",
        "Expert at Node.js, ASP.NET and Socket.io. We met at 10.30.",
        "WeChat marketing, Telegram bots and QQ games",
        "I work @ Siemens . It is a great place.",
        "2018.09-2021.06 Optical engineering, 09/2018 - 06/2021 Berlin",
        "Ich bin Ingenieurin bei Siemens @ Berlin. Mein Team zählt 12 Leute.",
        "Vom 01.09.2018-30.06.2021 war ich in Jena. Info folgt.",
        "Dort habe ich Punkt für Punkt geprüft, z. B. das at-Zeichen.",
        "2018.09-2021.06 华中科技大学 光学工程 硕士",
        "我在微信工作了三年，负责微信小程序和微信 Android 客户端",
        "这一点很重要，三点半开会，微波和信号处理",
        "Node.js and C++ since 2015",
        "请加油！",
        "三年以上经验，二〇二六年九月一日到岗，一百二十人的团队",
        "一、二、三、四、五、六、七项专利",
    ],
)
def test_dates_pay_and_words_stay_readable(text: str) -> None:
    assert masking.mask(text) == masking.Masked(text, 0)


def test_contact_details_are_hidden_until_both_agreed(pair: Pair) -> None:
    asked = pair.ask()
    write(pair, pair.as_talent, "I am Anna, anna@example.org")
    (theirs,) = read(pair, pair.as_delegate, "employer")
    assert theirs.text == f"I am Anna, {masking.MASK}" and theirs.masked
    (own,) = read(pair, pair.as_talent, "talent")
    assert own.text.endswith("anna@example.org") and own.masked
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    (theirs,) = read(pair, pair.as_delegate, "employer")
    assert theirs.text.endswith("anna@example.org") and not theirs.masked
    # The chain knows that somebody wrote, never what.
    assert "anna" not in "".join(Entry.objects.values_list("canonical", flat=True))


def test_a_second_click_sends_a_message_once(pair: Pair) -> None:
    pair.ask()
    api = Api(pair.edition, pair.talent.person)
    address = f"/e/{pair.edition.slug}/conversations/{pair.talent.pk}/{pair.opening.pk}/"
    form = {"body": "Hello", "idempotency_key": str(uuid4())}
    for _click in range(3):
        assert api.client.post(address, form).status_code == 303
    assert Message.objects.count() == 1
    assert api.client.post(address, form | {"idempotency_key": str(uuid4())}).status_code == 303
    assert Message.objects.count() == 2


def test_what_only_the_office_approved_opens_contact_details_while_they_meet(pair: Pair) -> None:
    match = make.match(pair.talent, pair.opening)
    fair.approve_matches(make.office(pair.edition), pair.edition, [match.pk])
    write(pair, pair.as_delegate, "Call 13812345678")

    def hidden() -> bool:
        return "13812345678" not in read(pair, pair.as_talent, "talent")[0].text

    assert hidden()
    meeting = make.held_meeting(MeetingRequest.objects.get())
    assert not hidden()
    Meeting.objects.filter(pk=meeting.pk).update(status=Meeting.Status.CANCELLED)
    assert hidden()
    # What was written is read by both, also once nothing else joins them.
    match.delete()
    for actor in (pair.as_talent, pair.as_delegate):
        assert services.pair_of(actor, pair.edition, pair.talent.pk, pair.opening.pk)
        with pytest.raises(Conflict, match="as soon as"):
            write(pair, actor)


def test_only_the_two_sides_write_and_only_once_one_has_asked(pair: Pair) -> None:
    with pytest.raises(Conflict, match="as soon as"):
        write(pair, pair.as_talent)
    with pytest.raises(NotFound):  # a stranger to them
        write(pair, pair.as_delegate)
    pair.ask()
    write(pair, pair.as_delegate)
    for other in (
        make.office(pair.edition),
        make.as_talent(make.talent(pair.edition, "Other")),
        make.as_delegate(make.delegate(pair.edition, make.organisation(pair.edition))),
    ):
        with pytest.raises(NotFound):
            write(pair, other)
        assert not queries.conversations(other, pair.edition).exists()


@pytest.mark.parametrize("end", ["declined", "withdrawn", "expired", "blocked", "left"])
def test_nobody_writes_when_it_is_over(pair: Pair, end: str) -> None:
    asked = pair.ask()
    write(pair, pair.as_talent)
    later = make.BEFORE
    if end == "declined":
        command = AnswerInterest(asked.pk, False, reason="skills")
        answer(pair.as_delegate, pair.edition, command)
    elif end == "withdrawn":
        withdraw(pair.as_talent, pair.edition, WithdrawInterest(asked.pk))
    elif end == "expired":
        later = make.BEFORE + timedelta(days=6)
    elif end == "blocked":
        block = fair.SetBlock(pair.company.pk, pair.talent.pk, "talent")
        fair.set_block(pair.as_talent, pair.edition, block)
    else:
        type(pair.talent).objects.update(withdrawn_at=clock.now())
    with clock.at(later):
        for actor in (pair.as_talent, pair.as_delegate):
            with pytest.raises(Conflict):
                write(pair, actor)


def test_a_message_is_plain_short_and_not_one_of_hundreds(pair: Pair) -> None:
    pair.ask()
    for body in ("", " \n", "\x00", "x" * 2001):
        with pytest.raises(Invalid) as wrong:
            write(pair, pair.as_talent, body)
        assert set(wrong.value.fields) == {"body"}
    made = write(pair, pair.as_talent, "<b>你好</b>，我想了解这个岗位的要求\u202e\r\nDanke")
    assert made.body == "<b>你好</b>，我想了解这个岗位的要求\nDanke"
    assert made.language == "zh"
    for _n in range(services.IN_A_ROW - 1):
        write(pair, pair.as_talent)
    with pytest.raises(Conflict, match="Wait for an answer"):
        write(pair, pair.as_talent)
    write(pair, pair.as_delegate)
    write(pair, pair.as_talent)


def test_an_account_has_a_pace(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    pair.ask()
    write(pair, pair.as_talent)
    write(pair, pair.as_talent)
    with pytest.raises(Conflict, match="short time"):
        write(pair, pair.as_talent)
    with clock.at(make.BEFORE + timedelta(minutes=11)):
        write(pair, pair.as_talent)


def test_unread_counts_are_each_reader_s(pair: Pair) -> None:
    pair.ask()
    write(pair, pair.as_talent)
    write(pair, pair.as_talent)
    assert queries.unread(pair.as_delegate, pair.edition) == 2
    assert queries.unread(pair.as_talent, pair.edition) == 0
    colleague = make.as_delegate(make.delegate(pair.edition, pair.company, "韩梅梅"))
    with clock.at(make.BEFORE + timedelta(minutes=1)):
        services.mark_read(pair.as_delegate, Conversation.objects.get())
    assert queries.unread(pair.as_delegate, pair.edition) == 0
    assert queries.unread(colleague, pair.edition) == 2


def test_erasing_takes_all_words_and_the_archive_holds_them(pair: Pair) -> None:
    pair.ask()
    write(pair, pair.as_talent, "My own words")
    with clock.at(make.BEFORE + timedelta(minutes=1)):
        write(pair, pair.as_delegate, "Dear Anna")
    port = erase["conversations.persons"]
    texts = [one["text"] for one in port.export(pair.talent.person_id)["messages"]]
    assert texts == ["My own words", "Dear Anna"]
    port.erase(SYSTEM, pair.talent.person_id)
    assert set(Message.objects.values_list("body", flat=True)) == {""}


def test_a_merge_joins_conversations_and_its_undo_parts_them(pair: Pair) -> None:
    make.consent(pair.talent, "profile")
    second = make.talent(pair.edition, "A. Weber")
    make.consent(second, "profile")
    for who in (pair.talent, second):
        invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, who.pk))
        command = services.SendMessage(who.pk, pair.opening.pk, "Hello")
        services.send(pair.as_delegate, pair.edition, command)
    type(second).objects.filter(pk=second.pk).update(merged_into=pair.talent)
    port = merge["conversations.persons"]
    moved = port.merge(SYSTEM, pair.talent.person_id, second.person_id)
    kept = Conversation.objects.get(talent=pair.talent)
    assert kept.messages.count() == 2
    port.undo(SYSTEM, pair.talent.person_id, second.person_id, moved)
    assert kept.messages.count() == 1


def test_what_neither_side_ended_is_not_told_as_taken_back(pair: Pair) -> None:
    asked = pair.ask()
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    decision = fair.Suspend("Fake posts.", organisation=pair.opening.organisation_id)
    fair.suspend(make.office(pair.edition), pair.edition, decision)
    deliver()
    closed = services.standing(pair.edition, pair.talent, pair.opening, "talent").closed
    assert str(closed) == "The organiser's office ended it."


def test_an_archive_shows_of_the_other_side_what_the_page_shows(pair: Pair) -> None:
    asked = pair.ask()
    write(pair, pair.as_talent, "I am anna@example.org")
    with clock.at(make.BEFORE + timedelta(minutes=1)):
        write(pair, pair.as_delegate, "Write to karl@works.example or 0171 9988776")
    port = erase["conversations.persons"]

    def texts(person: UUID) -> list[str]:
        return [one["text"] for one in port.export(person)["messages"]]

    talent = pair.talent.person_id
    assert texts(talent) == ["I am anna@example.org", "Write to ••• or •••"]
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    assert texts(talent)[1] == "Write to karl@works.example or 0171 9988776"
