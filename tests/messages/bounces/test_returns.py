"""What follows from each mail that comes back, and from those that lie."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.ledger.models import Entry
from talex.messages import log, preferences, sending
from talex.messages.again import SendAgain, send_again
from talex.messages.bounces import codes, reading, returns, suppressing, verp
from talex.messages.bounces.models import Bounce, Reason, Sort, Suppression
from talex.messages.models import Message, OptOut, Preference, State
from talex.messages.sending import deliver
from tests.editions.factories import make_actor, make_edition, make_user
from tests.messages.bounces.conftest import TO, mail, sent, tell
from tests.messages.conftest import Box

pytestmark = pytest.mark.django_db


def untouched() -> bool:
    return not (Suppression.objects.exists() or Bounce.objects.exists())


@pytest.mark.parametrize("name", ["postfix", "exchange", "gmail", "qq", "internationalised"])
def test_a_hard_bounce_ends_the_message_and_the_address(name: str, box: Box) -> None:
    message, waiting = sent(), tell()
    assert returns.take(mail(name, message)) == returns.Taken("hard", message.pk, True)
    message.refresh_from_db()
    assert message.state == State.BOUNCED and message.error
    assert str(log.why(message)) == "The address does not exist, or takes nothing from us."
    # Queued before the bounce came: it is not sent, and the log says why.
    assert deliver() == 0 and not box.taken
    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED and waiting.error
    assert Entry.objects.filter(event="bounces.came_back").count() == 1
    assert TO not in "".join(Entry.objects.values_list("canonical", flat=True))
    # The same mail once more does no harm.
    assert returns.take(mail(name, message)).what == "known"
    assert Bounce.objects.count() == 1 and Suppression.objects.count() == 1


def test_what_is_lifted_is_sent_to_again_and_an_old_bounce_read_again_changes_nothing(
    box: Box,
) -> None:
    edition = make_edition()
    message = sent(edition=edition)
    returns.take(mail("postfix", message))
    office = make_actor(edition, "organiser")
    with pytest.raises(Conflict):
        send_again(office, SendAgain(message.pk))
    for _click in range(2):
        suppressing.lift(office, suppressing.Lift(TO.upper()))
    assert Entry.objects.filter(event="bounces.lifted").count() == 1
    assert returns.take(mail("postfix", message)).what == "known"
    send_again(office, SendAgain(message.pk))
    assert deliver() == 1 and box.taken[0]["Message-ID"] == message.message_id
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_bounce_that_is_quicker_than_the_servers_word_stays() -> None:
    message = tell(kind="test.door")
    claim = sending._claim(message.pk)
    assert claim is not None
    sending._hand_over(message.pk, claim)
    assert returns.take(mail("postfix", message)).what == "hard"
    sending.end(message.pk, claim, State.SENT)
    message.refresh_from_db()
    assert message.state == State.BOUNCED and message.text == "" and message.claim is None


def test_soft_bounces_suppress_only_when_they_come_again_and_again(box: Box) -> None:
    for count in range(1, suppressing.SOFT):
        message = sent()
        assert returns.take(mail("full", message)) == returns.Taken("soft", message.pk)
        assert returns.take(mail("full", message)).what == "known"
        message.refresh_from_db()
        assert message.state == State.BOUNCED
        assert str(log.why(message)) == "The mailbox is full."
        assert Bounce.objects.count() == count
    assert suppressing.of(TO) is None
    assert returns.take(mail("full", sent())).suppressed
    assert suppressing.of(TO).reason == Reason.SOFT  # type: ignore[union-attr]
    suppressing.lift(SYSTEM, suppressing.Lift(TO))
    assert not returns.take(mail("full", sent())).suppressed  # counted from the lifting on
    Suppression.objects.update(lifted_at=None)
    with clock.at(clock.now() + suppressing.SOFT_ENDS + timedelta(hours=1)):
        suppressing.tidy()
        tell()
        assert deliver() == 1  # tried anew after two weeks


def test_soft_bounces_of_weeks_ago_and_of_our_own_fault_do_not_count() -> None:
    for _nth in range(suppressing.SOFT - 1):
        returns.take(mail("full", sent()))
    Bounce.objects.update(at=clock.now() - timedelta(days=suppressing.DAYS, hours=1))
    assert not returns.take(mail("full", sent())).suppressed
    for _nth in range(suppressing.SOFT + 1):
        message = sent("wang@mail.example.com")
        raw = mail("full", message).replace(b"5.2.2 Mailbox full, quota", b"5.7.1 Spam")
        assert returns.take(raw.replace(b"Status: 5.2.2", b"Status: 5.7.1")).what == "soft"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("name", "sort"),
    [("delayed", "delayed"), ("relayed", "delivered"), ("vacation", "auto_reply")],
)
def test_what_only_informs_changes_nothing_and_is_noted(name: str, sort: str) -> None:
    message = sent()
    assert returns.take(mail(name, message)).what == sort
    assert Message.objects.get(pk=message.pk).state == State.SENT
    assert Bounce.objects.get().sort == sort and not Suppression.objects.exists()
    assert not Entry.objects.filter(event__startswith="bounces.").exists()


def test_a_complaint_ends_what_can_be_refused_and_nothing_else() -> None:
    user = make_user(TO)
    message = sent(user=user.pk)
    assert returns.take(mail("complaint", message)).what == "complaint"
    ways = dict(Preference.objects.filter(user=user).values_list("group", "way"))
    assert ways == dict.fromkeys(map(str, preferences.TITLES), "never")
    assert Message.objects.get(pk=message.pk).state == State.SENT
    assert suppressing.of(TO) is None
    guest = sent("guest@mail.example.com")
    returns.take(mail("complaint", guest))
    rows = OptOut.objects.filter(address=guest.address, edition=None)
    assert set(rows.values_list("group", flat=True)) == set(map(str, preferences.TITLES))
    other = mail("complaint", sent("x@mail.example.com")).replace(b": abuse", b": not-spam")
    assert returns.take(other).what == "other" and not OptOut.objects.filter(address="x").exists()


def test_what_is_no_report_or_about_no_mail_of_ours_changes_nothing() -> None:
    message = sent()
    assert returns.take(mail("qmail", message)).what == "other"
    assert returns.take(b"Subject: hello\r\n\r\nHow are you?").what == "other"
    assert returns.take(b"").what == "other"
    strange = mail("postfix", message, message_id="<someone@else.example>")
    assert returns.take(strange).what == "unmatched"
    assert untouched()


def test_a_refusal_at_the_door_counts_as_a_hard_bounce(box: Box) -> None:
    answers = {
        "gone": "550 5.1.1 <gone>: Recipient address rejected: User unknown",
        "none": "550 Mailbox not found. http://service.mail.qq.example/detail/0/51",
        "spam": "554 5.7.1 Service unavailable; Client host blocked",
        "bare": "550 no",
    }
    box.recipient = lambda to: answers[to.partition("@")[0]]
    made = {name: tell(f"{name}@mail.example.com") for name in answers}
    assert deliver() == 0
    for name, message in made.items():
        message.refresh_from_db()
        assert message.state == State.FAILED
        blocked = suppressing.of(message.address) is not None
        assert blocked == (name in {"gone", "none"}), name
    assert Bounce.objects.filter(sort=Sort.SOFT).count() == 2


def test_a_bounce_speaks_only_of_the_address_that_its_mail_went_to() -> None:
    mine, victim = sent("eve@mail.example.com"), sent("victim@mail.example.com")
    with pytest.raises(Invalid, match="another address"):
        returns.take(mail("postfix", mine, to=victim.address))
    assert untouched() and Message.objects.get(pk=victim.pk).state == State.SENT
    for state in (State.QUEUED, State.GATHERED, State.SUPPRESSED):
        Message.objects.filter(pk=victim.pk).update(state=state)
        with pytest.raises(Invalid, match="not sent"):
            returns.take(mail("postfix", victim))
    assert untouched()


def test_with_an_address_for_bounces_only_the_signed_token_proves(settings: Any, box: Box) -> None:
    settings.TALEX_BOUNCE_ADDRESS = "bounces@talex.example"
    settings.DEFAULT_FROM_EMAIL = "Talex <talex@talex.example>"
    message = tell()
    assert deliver() == 1
    (envelope,) = box.envelopes
    assert envelope[0] == verp.sender_of(message.pk) and len(envelope[0].split("@")[0]) <= 64
    assert box.taken[0]["From"] == "Talex <talex@talex.example>"
    other = sent("wang@mail.example.com")
    token = envelope[0]
    forged = token.replace(token[20], "a" if token[20] != "a" else "b", 1)
    assert verp.message_of([token.upper()]) == message.pk
    for sender in (
        "talex@talex.example",
        forged,
        verp.sender_of(other.pk),
        "bounces+@talex.example",
    ):
        with pytest.raises(Invalid, match="prove"):
            returns.take(mail("postfix", message, sender=sender))
    assert untouched()
    # With the token, a server that returns nothing of the mail is understood as well.
    bare = mail("postfix", message, message_id="")
    assert returns.take(bare).what == "hard"
    assert returns.take(mail("complaint", other, message_id="<redacted@x>")).what == "complaint"


def nested(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return b"MIME-Version: 1.0\r\n" + head + b"\r\nend\r\n"


HOSTILE = {
    "fifty megabytes": lambda m: mail("postfix", m) + b"x" * (50 * 1024 * 1024),
    "deep": lambda m: nested(60),
    "deeper": lambda m: nested(900),
    "mail in mail": lambda m: b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "many parts": lambda m: mail("postfix", m) + b"\r\n--9B3D12033.1795888931" * 5000,
    "many lines": lambda m: b"A: b\n" * 300_000,
    "no action": lambda m: mail("postfix", m).replace(b"Action: failed", b"Action: \xff\xfe"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_mail_is_refused_and_nothing_changes(case: str) -> None:
    message = sent()
    with pytest.raises(Invalid) as refusal:
        returns.take(HOSTILE[case](message))
    assert "mail" in refusal.value.fields and untouched()
    assert Message.objects.get(pk=message.pk).state == State.SENT


@pytest.mark.parametrize(
    "change",
    [
        (b"charset=utf-8", b"charset=no-such-charset"),
        (b"Diagnostic-Code: smtp;", b"Diagnostic-Code: =?utf-8?b?/w==?= \xff\xfe;"),
        (b"Subject: Undelivered", b"Subject: =?x-unknown?q?=FF?= \x80"),
        (b"Content-Transfer-Encoding: 8bit", b"Content-Transfer-Encoding: base64"),
        (b"To: ", b"To: <<<>>>,,;@, "),
        (b"Delivered-To: ", b"Delivered-To: \x00"),
    ],
)
def test_broken_encodings_are_read_or_refused_but_never_a_fault(
    change: tuple[bytes, bytes],
) -> None:
    message = sent()
    raw = mail("postfix", message).replace(*change)
    try:
        taken = returns.take(raw)
    except Invalid:
        assert untouched()
    else:
        assert taken.what in {"hard", "unmatched", "other"}
        assert taken.what == "hard" or untouched()


def test_any_beginning_of_a_mail_is_read_or_refused() -> None:
    message = sent()
    for name in ("postfix", "internationalised", "complaint", "gmail"):
        raw = mail(name, message)
        for end in range(0, len(raw), 97):
            with suppress(Invalid):
                reading.read(raw[:end])


@pytest.mark.parametrize(
    ("status", "words", "hard"),
    [
        ("5.1.1", "", True),
        ("5.1.2", "", True),
        ("5.1.10", "Recipient address has null MX", True),
        ("5.2.1", "550-5.2.1 The email account is disabled", True),
        ("5.4.4", "Host or domain name not found", True),
        ("5.0.0", "550 5.1.1 no", True),
        ("5.0.0", "550 User not found: li@163.example", True),
        ("", "550 Unrouteable address", True),
        ("5.1.8", "Sender address rejected: Domain not found", False),
        ("5.2.2", "mailbox full, user unknown", False),
        ("5.3.4", "message too big", False),
        ("5.4.1", "no answer from host", False),
        ("5.7.1", "550 5.7.1 user unknown or blocked", False),
        ("4.1.1", "user unknown", False),
        ("4.4.7", "delivery time expired", False),
        ("5.0.0", "550 Mail content denied", False),
        ("5.0.0", "550 Ip frequency limited [5.1.1.9]", False),
        ("", "", False),
        ("nonsense", "x", False),
    ],
)
def test_codes(status: str, words: str, hard: bool) -> None:
    assert codes.is_hard(status, words) is hard
