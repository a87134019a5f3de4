"""The log of an edition's messages, for its office and its auditors.

It is the outbox itself. The words of a message whose kind is secret are never shown, and of no
message the foot, whose link would let a reader of the log choose for the recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.actor import Actor
from talex.core.errors import Message as Text
from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.ledger import after, aside
from talex.messages import also
from talex.messages.bounces import codes
from talex.messages.models import Message, State
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Person

CHANNELS: dict[str, Text] = {
    "mail": _("E-mail"),
    **also.TITLES,
}
FOOT = "\n-- \n"
_NOBODY = _("The address does not exist, or takes nothing from us.")
_FULL = _("The mailbox is full.")
_ENDS: dict[str, Text] = {
    State.UNSURE: _("It was handed over, but no answer came back: it may have arrived."),
    State.SUPPRESSED: _("It was not sent: mails to this address come back."),
    State.UNWANTED: _(
        "It was not sent: its reader said before that they want no more of these mails."
    ),
    State.BOUNCED: _("It was sent, but the other side's server sent it back."),
    State.FAILED: _("It could not be delivered."),
}
_CODE = re.compile(r"\((\d{3}), ")


def rows(actor: Actor, edition: Edition) -> QuerySet[Message]:
    """The messages of the edition. Raises `NotAllowed`."""
    if not can_audit(actor, edition.pk):
        raise NotAllowed
    return Message.objects.filter(edition=edition).select_related("user")


def all_rows(actor: Actor) -> QuerySet[Message]:
    """Those of all editions and of none, for the operator. Raises `NotAllowed`."""
    if not actor.all_powerful:
        raise NotAllowed
    return Message.objects.select_related("user")


def one(actor: Actor, edition: Edition, pk: UUID) -> Message:
    """One of them. Raises `NotAllowed`, `NotFound`."""
    found = rows(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def counts(actor: Actor, edition: Edition) -> list[tuple[str, Text, int]]:
    """How many are in each state, (state, what it is called, count), without those of none."""
    found = rows(actor, edition).order_by().values_list("state").annotate(Count("pk"))
    by_state = dict(found)
    return [(s.value, s.label, by_state[s.value]) for s in State if s.value in by_state]


def untold(actor: Actor, edition: Edition) -> int:
    """How many things that happened there could not be told of yet; see `ledger.aside`."""
    if not can_audit(actor, edition.pk):
        raise NotAllowed
    return aside.rows(str(edition.pk)).filter(name__in=after.names()).count()


def kinds(actor: Actor, edition: Edition) -> list[tuple[str, Text]]:
    """The kinds that were sent there, with their titles."""
    names = rows(actor, edition).order_by("kind").values_list("kind", flat=True).distinct()
    return [(name, outbox.title_of(name)) for name in names]


def noted(actor: Actor, edition: UUID, messages: Iterable[Message], way: Way) -> None:
    """Note whose messages were looked at."""
    users = {message.user_id for message in messages if message.user_id is not None}
    persons = Person.objects.filter(user__in=users).values_list("pk", flat=True)
    note(actor, edition, list(persons), way)


def is_secret(message: Message) -> bool:
    """Whether its words are nobody's but the reader's; of kinds that are gone we cannot know."""
    kind = outbox.kinds().get(message.kind)
    return kind is None or kind.secret


def words(message: Message) -> str:
    """What the office may read of it."""
    if is_secret(message):
        return ""
    text, foot, _rest = message.text.rpartition(FOOT)
    return text if foot else message.text


def code(message: Message) -> str:
    """The number of the server's answer, which names nobody; '' without one."""
    found = _CODE.search(message.error)
    return found.group(1) if found else ""


def why(message: Message) -> Text:
    """What went wrong, in plain words; '' where nothing did."""
    if message.state == State.QUEUED and message.attempts:
        return _("It did not work yet; it is tried again by itself.")
    if message.state == State.BOUNCED:
        return _returned(message.error)
    if message.state != State.FAILED:
        return why_of(message.state)
    answer = code(message)
    if answer in ("550", "551", "553"):
        return _NOBODY
    if answer == "552":
        return _FULL
    if answer.startswith("5"):
        return _("The server refused it.")
    return why_of(message.state)


def why_of(state: str) -> Text:
    """The same where of a message only its end is known."""
    return _ENDS.get(state, "")


def _returned(said: str) -> Text:
    status = codes.status_in(said)
    if status.endswith(".2.2"):
        return _FULL
    if codes.is_hard(status, said):
        return _NOBODY
    return why_of(State.BOUNCED)


def language(message: Message) -> Text:
    """The name of its language."""
    return dict(settings.LANGUAGES).get(message.language, message.language)
