"""Sending once more what failed, or what perhaps did not arrive: the office decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core import clock, outbox
from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.rules import can_audit, is_office
from talex.ledger.services import record
from talex.messages import log, preferences
from talex.messages.bounces import suppressing
from talex.messages.models import Message, State

AGAIN = (State.FAILED, State.UNSURE, State.BOUNCED, State.SUPPRESSED)
UNDER_WAY = (State.QUEUED, State.CLAIMED, State.HANDED)


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Send a message once more, as it was and with the same Message-ID."""

    message: UUID


def send_again(actor: Actor, command: SendAgain) -> Message:
    """Put it back into the queue. Raises `NotFound`, `NotAllowed`, `Conflict`.

    A second click, or a second person at once, finds it under way and changes nothing.
    """
    with work():
        message = Message.objects.select_for_update().filter(pk=command.message).first()
        if message is None or not can_audit(actor, message.edition_id):
            raise NotFound
        if not is_office(actor, message.edition_id):
            raise NotAllowed
        if message.state in UNDER_WAY:
            return message
        if message.state not in AGAIN:
            raise Conflict(_("Only what did not arrive, or perhaps did not, can be sent again."))
        _refuse(message)
        facts = {"was": message.state, "code": log.code(message), "kind": message.kind}
        now = clock.now()
        took = Message.objects.filter(pk=message.pk, state=message.state).update(
            state=State.QUEUED, due_at=now, attempts=0, ended_at=None, error=""
        )
        if took:
            record(
                "messages.sent_again",
                actor=actor,
                edition=message.edition_id,
                obj=message,
                facts=facts,
            )
        message.refresh_from_db()
        return message


def send_many_again(actor: Actor, messages: Sequence[UUID]) -> tuple[int, int]:
    """The same for each of them that can be: (queued, left as they were)."""
    done = 0
    with work():
        for pk in messages:
            try:
                send_again(actor, SendAgain(pk))
            except (Conflict, NotFound):
                continue
            done += 1
    return done, len(messages) - done


def told(done: int, left: int) -> str:
    """What to tell whoever sent many again."""
    said = ngettext("%(count)s goes out again.", "%(count)s go out again.", done)
    said %= {"count": done}
    if left:
        more = ngettext("%(count)s cannot.", "%(count)s cannot.", left)
        said += " " + more % {"count": left}
    return said


def _refuse(message: Message) -> None:
    """Raise `Conflict` where nothing is left to send, or nobody is there who wants it."""
    if not message.text:
        raise Conflict(_("Its words are no longer kept. Cause it anew, e.g. invite once more."))
    address = message.address.lower()
    gone = message.user is not None and not message.user.is_active
    if gone or (message.channel == "mail" and address.endswith(".invalid")):
        raise Conflict(_("The account was closed. Nobody reads this address."))
    if message.channel == "mail" and suppressing.of(address):
        raise Conflict(
            _(
                "Mails to this address come back. Have the address put right, or lift the block if "
                "it works again."
            )
        )
    kind = outbox.kinds().get(message.kind)
    if kind is None or kind.group is None or kind.urgent:
        return
    whom = {address: message.user_id}
    if preferences.refusing(whom, str(kind.group), message.edition_id):
        raise Conflict(_("This reader wants no more mails of this kind."))
