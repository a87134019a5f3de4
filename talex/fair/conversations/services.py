"""Writing to each other, and what one has read. Contact details stay hidden until both agreed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound, TalexError
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.text import UNKNOWN, language_of
from talex.fair import planned, stages
from talex.fair import rules as fair_rules
from talex.fair.choices import InterestState
from talex.fair.conversations import rules
from talex.fair.conversations.models import Conversation, ReadMark
from talex.fair.conversations.models import Message as Written
from talex.fair.models import Interest, Opening
from talex.fair.queries import state_now
from talex.fair.services import barring, ending
from talex.ledger.services import record
from talex.participants.models import Talent

LENGTH = 2000
#: Messages of one account within `WITHIN`, whatever conversation they go to ...
MOST = 20
WITHIN = timedelta(minutes=10)
#: ... and of one side in one conversation before the other has answered.
IN_A_ROW = 8


@dataclass(frozen=True, slots=True)
class SendMessage:
    talent: UUID
    opening: UUID
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether both agreed, so that contact details are shown; why nobody may write, or ''."""

    agreed: bool
    closed: Message = ""


def standing(edition: Edition, talent: Talent, opening: Opening, side: str) -> Standing:
    """What the state of the application allows the two sides."""
    if talent.erased_at is not None or talent.withdrawn_at is not None:
        return Standing(False, _("The talent no longer takes part."))
    asked = list(Interest.objects.filter(talent=talent, opening=opening).order_by("asked_at"))
    states = [state_now(one) for one in asked]
    accepted, approved = InterestState.ACCEPTED in states, ending.approved(talent.pk, opening.pk)
    # What only the office approved opens contact details while they meet; they may write before.
    agreed = accepted or (approved and planned.meets(talent, opening))
    try:
        barring.check_free(edition, talent, opening, side)
    except TalexError as error:
        return Standing(agreed, error.message)
    if accepted or approved or InterestState.ASKED in states:
        return Standing(agreed)
    if not states:
        return Standing(False, _("You can write as soon as one side asked the other to meet."))
    last = asked[-1]
    if last.ended_by:
        # Neither side took it back: it says who or what ended it.
        return Standing(False, stages.over_words(states[-1], last.ended_by, last.side == side))
    told = {
        InterestState.DECLINED: _("It was declined, so nobody writes any more."),
        InterestState.EXPIRED: _("It expired without an answer. Ask again to write."),
    }
    return Standing(
        False,
        told.get(InterestState(states[-1]), _("It was taken back, so nobody writes any more.")),
    )


def pair_of(
    actor: Actor, edition: Edition, talent_id: UUID, opening_id: UUID
) -> tuple[Talent, Opening, str]:
    """The two and the actor's own side. Raises `NotFound` for whoever is neither."""
    talent = (
        Talent.objects.select_related("person")
        .filter(edition=edition, pk=talent_id, merged_into__isnull=True)
        .first()
    )
    opening = (
        Opening.objects.select_related("organisation", "edition")
        .filter(edition=edition, pk=opening_id)
        .first()
    )
    side = rules.side_of(actor, talent, opening) if talent and opening else None
    if talent is None or opening is None or side is None:
        raise NotFound
    known = side != "employer" or fair_rules.can_approach(actor, opening, talent)
    if not known and not _written(actor, talent, opening):
        raise NotFound
    return talent, opening, side


def _written(actor: Actor, talent: Talent, opening: Opening) -> bool:
    """What was written stays readable once they have nothing to do with each other any more."""
    found = Conversation.objects.filter(talent=talent, opening=opening).first()
    return found is not None and rules.can_read(actor, found)


def tidy(body: str) -> str:
    """Plain text: without control signs and signs that turn the direction of others."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(s for s in lines if s in "\n\t" or unicodedata.category(s) not in ("Cc", "Cf"))


def send(actor: Actor, edition: Edition, command: SendMessage) -> Written:
    """Write to the other side of an application. Raises `Conflict` where it is over, blocked, or
    too much at once."""
    if not actor.signed_in:
        raise NotAllowed
    talent, opening, side = pair_of(actor, edition, command.talent, command.opening)
    body = tidy(command.body)
    if not body:
        raise Invalid({"body": _("Write something.")})
    if len(body) > LENGTH:
        raise Invalid({"body": _("Write at most 2,000 characters.")})
    if side == "employer":
        fair_rules.check_speaks_for(actor, opening)
    with work():
        allowed = standing(edition, talent, opening, side)
        if allowed.closed:
            raise Conflict(allowed.closed)
        made, _new = Conversation.objects.get_or_create(
            talent=talent, opening=opening, defaults={"edition": edition}
        )
        # Two messages at once are counted one after the other.
        conversation = Conversation.objects.select_for_update(no_key=True).get(pk=made.pk)
        _check_pace(actor, conversation, side)
        language = language_of(body)
        message = Written(
            conversation=conversation,
            side=side,
            author=actor.id,
            body=body,
            language="" if language == UNKNOWN else language,
            sent_at=now(),
        )
        message.save(force_insert=True)
        conversation.last_at = message.sent_at
        conversation.save(update_fields=["last_at"])
        _read(actor, conversation)
        # What was written is nobody's business but theirs: the chain knows that, not what.
        record(
            "fair.message.sent",
            actor=actor,
            edition=edition.pk,
            obj=message,
            subject=talent.person_id,
            facts={"side": side, "opening": str(opening.pk)},
        )
    return message


def _check_pace(actor: Actor, conversation: Conversation, side: str) -> None:
    recent = Written.objects.filter(author=actor.id, sent_at__gt=now() - WITHIN)
    if recent.count() >= MOST:
        raise Conflict(_("You wrote very much within a short time. Wait ten minutes."))
    mine = conversation.messages.filter(side=side)
    # By the time of the answer, not by the order of rows: two of one instant have none.
    answer = conversation.messages.exclude(side=side).aggregate(at=Max("sent_at"))["at"]
    if answer is not None:
        mine = mine.filter(sent_at__gt=answer)
    if mine.count() >= IN_A_ROW:
        raise Conflict(_("Wait for an answer before you write more."))


def _read(actor: Actor, conversation: Conversation) -> None:
    ReadMark.objects.update_or_create(
        conversation=conversation, reader=actor.id, defaults={"read_at": now()}
    )


def mark_read(actor: Actor, conversation: Conversation) -> None:
    """The actor has seen all that stands there; no event, nobody else is told."""
    if not rules.can_read(actor, conversation):
        raise NotFound
    _read(actor, conversation)
