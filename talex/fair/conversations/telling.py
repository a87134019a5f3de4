"""Mails about messages of the other side: one a conversation until its reader has looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.masking import mask
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.fair import disclosing, privacy
from talex.fair.choices import Side
from talex.fair.conversations.models import Message, ReadMark
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.participants.addresses import delegates_of, recipients_of

WRITTEN = Kind(
    "conversations.written",
    _("Message of the other side"),
    "conversations/mail/written",
    group=Group.MESSAGES,
    whom=_("Who reads the conversation on the other side, once until they have read it"),
)
#: Characters of a message that stand in the mail; the rest is read in Talex.
EXCERPT = 300


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(WRITTEN)
    register_within("conversations.telling", frozenset({"fair.message.sent"}), tell)


def tell(entries: list[Pending]) -> None:
    """Write to the other side. In the transaction of the message."""
    rows = Message.objects.filter(pk__in=[e.object_id for e in entries]).select_related(
        "conversation__talent__person",
        "conversation__opening__organisation",
        "conversation__edition",
    )
    outbox.tell_many([letter for message in rows for letter in _letters(message)])


def _letters(message: Message) -> Iterator[Letter]:
    conversation = message.conversation
    read = dict(ReadMark.objects.filter(conversation=conversation).values_list("reader", "read_at"))
    for to in _readers(message):
        if to.user is None or str(to.user) == message.author:
            continue  # only an account can read it
        since = read.get(str(to.user))
        seen = since.isoformat() if since else "never"
        yield Letter(
            to,
            WRITTEN.name,
            lambda: _context(message),
            conversation.edition_id,
            key=f"conversations.written/{conversation.pk}/{to.user}/{seen}",
            about=frozenset({conversation.talent.person_id} if message.side == Side.TALENT else ()),
        )


def _readers(message: Message) -> list[Recipient]:
    conversation = message.conversation
    edition: UUID = conversation.edition_id
    if message.side == Side.EMPLOYER:
        person = conversation.talent.person_id
        return list(recipients_of([person], edition).values())
    organisation = conversation.opening.organisation_id
    return delegates_of([organisation], edition).get(organisation, [])


def _context(message: Message) -> Mapping[str, Any]:
    conversation = message.conversation
    talent, opening = conversation.talent, conversation.opening
    agreed = bool(disclosing.agreed_pairs([(talent.pk, opening.pk)]))
    name = str(opening.organisation.name)
    if message.side == Side.TALENT:
        shown = privacy.shown_to(opening.organisation_id, [talent]).get(talent.pk)
        own = talent.person.name if shown is not None and shown.profile else ""
        name = own or privacy.alias(talent)
    text = message.body if agreed else mask(message.body).text
    path = reverse("conversations:thread", args=[conversation.edition.slug, talent.pk, opening.pk])
    return {
        "edition": str(conversation.edition.name),
        "name": name,
        "title": str(opening.shown_title),
        "excerpt": text if len(text) <= EXCERPT else f"{text[:EXCERPT]} …",
        "url": settings.TALEX_URL + path,
    }
