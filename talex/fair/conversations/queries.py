"""Conversations as their reader sees them: masked until both agreed, with what is unread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from talex.core import masking
from talex.core.actor import Actor, names_of
from talex.core.clock import now
from talex.core.ids import parse
from talex.editions.models import Edition
from talex.fair import privacy
from talex.fair import queries as fair
from talex.fair.choices import Side
from talex.fair.conversations import rules
from talex.fair.conversations.models import Conversation, Message, ReadMark
from talex.fair.models import Opening
from talex.participants.models import Talent


@dataclass(frozen=True, slots=True)
class Line:
    """A message as a reader sees it. `masked`: contact details are hidden in it (for the writer:
    from the other side)."""

    id: Any
    mine: bool
    writer: str
    text: str
    language: str
    sent_at: datetime
    masked: bool
    hidden: bool


def conversations(actor: Actor, edition: Edition) -> QuerySet[Any]:
    """The actor's own sides' conversations, the newest first, each with `unread`."""
    mark = ReadMark.objects.filter(conversation=OuterRef("pk"), reader=actor.id).values("read_at")
    start = Value(datetime.fromtimestamp(0, tz=now().tzinfo))
    rows = (
        Conversation.objects.filter(rules.visible(actor), edition=edition)
        .select_related("talent__person", "opening__organisation")
        .annotate(since=Coalesce(Subquery(mark[:1]), start))
    )
    theirs = Q(messages__side=Side.EMPLOYER, talent__person_id__in=actor.persons()) | (
        Q(messages__side=Side.TALENT) & ~Q(talent__person_id__in=actor.persons())
    )
    fresh = theirs & Q(messages__sent_at__gt=F("since"), messages__hidden_at__isnull=True)
    return rows.annotate(unread=Count("messages", filter=fresh)).order_by("-last_at", "id")


def unread(actor: Actor, edition: Edition) -> int:
    """How many messages of the other sides the actor has not read."""
    return sum(conversations(actor, edition).values_list("unread", flat=True))


def shown(one: Message, side: str, *, agreed: bool) -> tuple[str, bool]:
    """The words of a message for a reader of this side, and whether contact details are hidden in
    them (for the writer: from the other side)."""
    body = "" if one.hidden_at else one.body
    masked = masking.mask(body)
    plain = one.side == side or agreed
    return body if plain else masked.text, bool(masked.hidden) and not agreed


def lines(rows: Iterable[Message], side: str, *, agreed: bool, partner: str) -> list[Line]:
    """Messages for a reader of this side. `partner`: what the other side is called until both
    agreed; then the writers are named."""
    every = list(rows)
    names = names_of({pk for one in every if (pk := parse(one.author)) is not None})
    found = []
    for one in every:
        mine = one.side == side
        text, masked = shown(one, side, agreed=agreed)
        account = parse(one.author) if mine or agreed else None
        writer = names.get(account, "") if account is not None else ""
        found.append(
            Line(
                one.pk,
                mine,
                writer or (_("Your side") if mine else partner),
                text,
                one.language,
                one.sent_at,
                masked,
                one.hidden_at is not None,
            )
        )
    return found


def partner_of(actor: Actor, edition: Edition, talent: Talent, opening: Opening, side: str) -> str:
    """What a reader may call the other side."""
    if side == Side.TALENT:
        return str(opening.organisation.name)
    facts = fair.faces(actor, edition, [(talent, opening.organisation_id)])
    name = facts[talent.pk, opening.organisation_id].get("name")
    return name or _("Talent %(sign)s") % {"sign": privacy.alias(talent)}


def partners(
    actor: Actor, edition: Edition, rows: Sequence[Conversation]
) -> list[tuple[Conversation, str]]:
    """Each conversation with what the reader may call the other side, few statements for a page."""
    faces = fair.faces(actor, edition, [(c.talent, c.opening.organisation_id) for c in rows])
    persons = actor.persons()
    found = []
    for one in rows:
        if one.talent.person_id in persons:
            name = str(one.opening.organisation.name)
        else:
            facts = faces[one.talent.pk, one.opening.organisation_id]
            name = facts.get("name") or _("Talent %(sign)s") % {"sign": privacy.alias(one.talent)}
        found.append((one, name))
    return found
