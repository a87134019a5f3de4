"""Sending what waits in the outbox: by any number of workers, each message by one of them.

    queued -> claimed -> handed -> sent
       ^---------'  '------+---> failed (refused for good)
       '--- later ---------'---> unsure
                '--> suppressed (mails to the address come back)
                '--> unwanted (its reader wants no more)

A worker claims a message with a lease, writes `handed` right before the one line by which the
server takes it (smtp.py), and `sent` when the server has said so. SMTP has no way to ask whether a
mail arrived, so something must be chosen for a worker that dies in between:

- before `handed` the server can have nothing. The message goes back and is sent again: never lost.
- after `handed` it almost certainly has it (the line is five bytes; what takes time is its answer).
  The message becomes `unsure` and is not sent again by itself: never twice. The office sees it, and
  may send it once more, with the same Message-ID, by which programmes know a repetition.

A server that answers decides: 4xx means later (with growing pauses), 5xx means never. What is sent
may come back later, and is `bounced` then (bounces/returns.py).
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from uuid import UUID, uuid4

import requests
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from talex.core import clock, outbox
from talex.core.work import work
from talex.ledger import after
from talex.messages import channels, preferences
from talex.messages.bounces import returns, suppressing, verp
from talex.messages.models import FINAL, Message, State
from talex.messages.smtp import TwoStepBackend

log = logging.getLogger(__name__)

#: How long an attempt may take before another worker asks what became of it.
LEASE = timedelta(minutes=10)
#: Minutes until the next attempt; after the last one the message has failed.
PAUSES = (1, 5, 15, 60, 180, 360, 720, 1440)


class ClaimLost(Exception):
    """This attempt took too long: another worker has the message."""


def deliver(limit: int = 50) -> int:
    """Send what is due, the longest waiting first; returns how many were sent."""
    sweep()
    # What is written from now on waits for the next time: it may tell of what came after something
    # that is still owed.
    until = clock.now()
    after.catch_up()
    due = Message.objects.filter(state=State.QUEUED, due_at__lte=until)
    waiting = due.order_by("due_at", "id").values_list("pk", "channel")
    others = list(waiting.exclude(channel="mail")[:limit])
    sent = sum(_by_channel(pk, channel) for pk, channel in others)
    mails = [pk for pk, _channel in waiting.filter(channel="mail")[:limit]]
    return sent + (_by_mail(mails) if mails else 0)


def _by_mail(ids: list[UUID]) -> int:
    sent = 0
    backend = connect()
    try:
        for pk in ids:
            claim = _claim(pk)
            if claim is None:
                continue
            if not _open(backend, pk, claim):
                break
            sent += _attempt(backend, pk, claim)
    finally:
        backend.close()
    return sent


def _by_channel(pk: UUID, name: str) -> bool:
    """One message by another channel than mail; whether it was sent.

    As with mail, it is `handed` from right before the request that asks the provider to send it. A
    provider that knows a repetition by our id may be asked again, others not.
    """
    channel = channels.of(name)
    claim = _claim(pk)
    message = Message.objects.filter(pk=pk, claim=claim).first() if claim else None
    if claim is None or message is None:
        return False
    handed = False

    def hand_over() -> None:
        nonlocal handed
        _hand_over(pk, claim)
        handed = True

    try:
        if channel is None:
            raise channels.Later(f"the channel {name} is not set up")
        provider_id = channel.send(message, hand_over)
    except ClaimLost:
        return False
    except channels.Refused as error:
        end(pk, claim, State.FAILED, error)
        return False
    except channels.Later as error:
        _later(pk, claim, error)
        return False
    except requests.RequestException as error:
        if handed and channel is not None and not channel.knows_repetition:
            end(pk, claim, State.UNSURE, error)
        else:
            _later(pk, claim, error)
        return False
    Message.objects.filter(pk=pk, claim=claim).update(provider_id=provider_id[:100])
    end(pk, claim, State.SENT)
    return True


def connect() -> BaseEmailBackend:
    """The way out that the operator set up; SMTP in two steps."""
    if settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        return TwoStepBackend()
    backend: BaseEmailBackend = get_connection()
    return backend


def sweep() -> int:
    """What attempts that died left behind: back to the queue, or unsure; returns how many."""
    left = Message.objects.filter(claimed_until__lt=clock.now())
    back = left.filter(state=State.CLAIMED).update(
        state=State.QUEUED, claim=None, claimed_until=None
    )
    unsure = left.filter(state=State.HANDED).update(
        state=State.UNSURE, claim=None, claimed_until=None, ended_at=clock.now()
    )
    return back + unsure


def prune() -> int:
    """Delete what ended longer ago than the term of the log; returns how many."""
    before = clock.now() - timedelta(days=settings.TALEX_MESSAGES_KEPT_DAYS)
    return Message.objects.filter(state__in=FINAL, ended_at__lt=before).delete()[0]


def _claim(pk: UUID) -> UUID | None:
    """Make the message ours; None where another worker was quicker."""
    claim, now = uuid4(), clock.now()
    took = Message.objects.filter(pk=pk, state=State.QUEUED, due_at__lte=now).update(
        state=State.CLAIMED, claim=claim, claimed_until=now + LEASE
    )
    return claim if took else None


def _hand_over(pk: UUID, claim: UUID) -> None:
    """Write down that the server or provider gets it now."""
    if not Message.objects.filter(pk=pk, claim=claim, state=State.CLAIMED).update(
        state=State.HANDED
    ):
        raise ClaimLost


def _open(backend: BaseEmailBackend, pk: UUID, claim: UUID) -> bool:
    """Whether the server can be talked to; where not, the message waits."""
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server cannot be reached: %s", error)
        _later(pk, claim, error)
        return False
    return True


def _attempt(backend: BaseEmailBackend, pk: UUID, claim: UUID) -> bool:
    """Send one claimed message; whether it was sent."""
    handed = False

    def hand_over() -> None:
        nonlocal handed
        _hand_over(pk, claim)
        handed = True

    message = Message.objects.filter(pk=pk, claim=claim).first()
    if message is None:  # erased in this moment
        return False
    # Asked now, not when it was written: the address may have come to nothing in between.
    if preferences.is_unwanted(message):
        end(pk, claim, State.UNWANTED)
        return False
    block = suppressing.of(message.address)
    if block is not None:
        said = f"{block.status} {block.said}".strip() or str(block.get_reason_display())
        end(pk, claim, State.SUPPRESSED, suppressing.Suppressed(said))
        return False
    try:
        _send(backend, message, hand_over)
    except ClaimLost:
        _drop(backend)
        return False
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        _drop(backend)
        _refused(pk, claim, error)
        return False
    except (OSError, smtplib.SMTPException) as error:
        _drop(backend)
        if handed:
            end(pk, claim, State.UNSURE, error)
        else:
            _later(pk, claim, error)
        return False
    except ValueError as error:  # what cannot be written as a mail will not be later either
        end(pk, claim, State.FAILED, error)
        return False
    end(pk, claim, State.SENT)
    return True


def _drop(backend: BaseEmailBackend) -> None:
    """End a conversation that broke off; the next message begins another."""
    if isinstance(backend, TwoStepBackend):
        backend.drop()
    else:
        backend.close()


def _send(backend: BaseEmailBackend, message: Message, hand_over: Callable[[], None]) -> None:
    mail = as_mail(message)
    mail.connection = backend
    if isinstance(backend, TwoStepBackend):
        backend.watch(hand_over)
    else:
        # Other ways out (a file, the console) take a mail in one piece.
        mail.message()
        hand_over()
    mail.send()


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The message as it goes out; the same in every attempt."""
    envelope = verp.sender_of(message.pk)
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        # The sender of the envelope; what its reader sees stands in the headers.
        envelope or None,
        [message.address],
        headers={
            **({"From": settings.DEFAULT_FROM_EMAIL} if envelope else {}),
            "Message-ID": message.message_id,
            "Date": format_datetime(message.created_at),
            "Content-Language": message.language,
            # No absence notes, please (RFC 3834).
            "Auto-Submitted": "auto-generated",
            **message.headers,
        },
    )
    if message.calendar:
        kind = f"text/calendar; method={message.method}"
        if message.method == "PUBLISH":
            # Several entries: what stands beside the text is taken for one invitation (RFC 6047),
            # so they come as a file, which is opened to take them all in.
            mail.attach("meetings.ics", message.calendar, kind)
            return mail
        # Beside the text for programmes that show an invitation (RFC 6047), and as a file for
        # those that only open files.
        mail.attach_alternative(message.calendar, kind)
        mail.attach("invite.ics", message.calendar.encode(), "application/ics")
    return mail


def _refused(pk: UUID, claim: UUID, error: smtplib.SMTPException) -> None:
    """The server answered: for good where it refuses this address or this text, else later.

    What it says of us (5xx to our name, our password, our sender) is the operator's to mend.
    """
    answer = refusal(error)
    if not answer:
        _later(pk, claim, error)
        return
    with work():
        end(pk, claim, State.FAILED, error)
        returns.refused(pk, answer)


def refusal(error: Exception) -> str:
    """What the server said where it refused this address or this text for good; else ''."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        answers = [(error.smtp_code, error.smtp_error)]
    if not answers or not all(500 <= code < 600 for code, _text in answers):
        return ""
    code, told = answers[0]
    words = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    return " ".join(f"{code} {words}".split())


def _later(pk: UUID, claim: UUID, error: Exception) -> None:
    message = Message.objects.filter(pk=pk, claim=claim).first()
    if message is None:
        return
    if message.attempts >= len(PAUSES):
        end(pk, claim, State.FAILED, error)
        return
    Message.objects.filter(pk=pk, claim=claim).update(
        state=State.QUEUED,
        claim=None,
        claimed_until=None,
        attempts=message.attempts + 1,
        due_at=clock.now() + timedelta(minutes=PAUSES[message.attempts]),
        error=_said(error),
    )


def end(pk: UUID, claim: UUID, state: State, error: Exception | None = None) -> None:
    """How an attempt ended; nothing where it lost its claim."""
    mine = Message.objects.filter(pk=pk, claim=claim)
    if state == State.SENT:
        mine.filter(kind__in=outbox.secret_kinds()).update(text="", fields={})
    # What the other side said of a failure may hold the address as well.
    if mine.filter(kind__in=outbox.last_kinds()).update(address="", text="", fields={}):
        error = None
    mine.update(
        state=state,
        claim=None,
        claimed_until=None,
        ended_at=clock.now(),
        error=_said(error) if error else "",
    )


def _said(error: Exception) -> str:
    """What the server answered, for the log of the office."""
    return " ".join(str(error).split())[:500] or type(error).__name__
