"""Mails at the door (a code to sign in, a confirmation, a password): the port of `accounts.hooks`.

They are worded by allauth and sent at once, as whoever asked waits for them; the outbox never has
them. But they come back as others do. So that a report about one is known to be about a mail of
ours, there is a row for each, from right before the server gets it, that holds nothing of what it
says: its words open the door.

    handed -> sent | failed            (unsure, where the process dies in between: sending.sweep)
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.utils import format_datetime
from uuid import uuid4

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User, normal_email
from talex.core import clock, outbox
from talex.core.outbox import Kind
from talex.core.work import work
from talex.messages import sending, writing
from talex.messages.bounces import returns, verp
from talex.messages.models import Message, State

DOOR = Kind(
    "messages.door",
    _("Mail at the door: a code, a confirmation, a password"),
    "messages/mail/door",
    secret=True,
    whom=_("Who asked for it, or whose way in was changed"),
)
#: Servers give up after five days (RFC 5321, 4.5.4.1). Later the row is only a trace of who signed
#: in when, and of addresses that were mistyped.
KEPT = timedelta(days=14)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DOOR)


def send(mail: EmailMessage, user: User | None, language: str) -> None:
    """Send it, so that it is known when it comes back."""
    row = _written(mail, user, language)
    envelope = verp.sender_of(row.pk)
    if envelope:
        # What its reader sees stands in the headers.
        mail.extra_headers["From"] = mail.from_email
        mail.from_email = envelope
    mail.extra_headers |= {
        "Message-ID": row.message_id,
        "Date": format_datetime(row.created_at),
        "Content-Language": language,
        # No absence notes, please (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    assert row.claim is not None
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        with work():
            sending.end(row.pk, row.claim, State.FAILED, error)
            if answer := sending.refusal(error):
                returns.refused(row.pk, answer)
        raise
    sending.end(row.pk, row.claim, State.SENT)


def _written(mail: EmailMessage, user: User | None, language: str) -> Message:
    """Handed over already, so that no worker takes it up."""
    pk, now = uuid4(), clock.now()
    return Message.objects.create(
        id=pk,
        kind=DOOR.name,
        user=user,
        address=normal_email(mail.to[0]),
        language=language,
        # Not the mail's: it must not matter what allauth writes there.
        subject=str(DOOR.title),
        text="",
        message_id=writing.message_id_of(pk),
        state=State.HANDED,
        claim=uuid4(),
        claimed_until=now + sending.LEASE,
        created_at=now,
        due_at=now,
    )


def prune() -> int:
    """Forget those that cannot come back any more; returns how many."""
    return Message.objects.filter(kind=DOOR.name, ended_at__lt=clock.now() - KEPT).delete()[0]
