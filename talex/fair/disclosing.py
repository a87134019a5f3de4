"""What the two sides read of each other's words: contact details only once both agreed to meet.

As in conversations (`core.masking`): whoever wrote a text reads all of it, and so do
office and auditors. An agreement that was taken back hides the details again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from talex.core.actor import Actor
from talex.core.masking import mask, masked_text
from talex.core.translated import TranslatedText
from talex.editions.rules import can_audit
from talex.fair import contents, planned, rules
from talex.fair.choices import InterestState, OpeningState, Side
from talex.fair.hiding import hide_contact
from talex.fair.models import Interest, Match, Opening
from talex.participants.disclosed import with_facts_hidden

Pairing = tuple[UUID, UUID]
"""(talent, opening)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was written with a request, and with its answer, as a reader sees it."""

    message: str
    answer: str


def agreed_pairs(pairs: Iterable[Pairing]) -> set[Pairing]:
    """Which of them agreed to meet, by a request, or meet because the office approved it; two
    statements."""
    wanted = set(pairs)
    if not wanted:
        return set()
    where = {
        "talent_id__in": {talent for talent, _opening in wanted},
        "opening_id__in": {opening for _talent, opening in wanted},
    }
    found = Interest.objects.filter(state=InterestState.ACCEPTED, **where)
    approved = planned.meeting(Match.objects.filter(**where))
    return wanted & {
        *found.values_list("talent_id", "opening_id"),
        *approved.values_list("talent_id", "opening_id"),
    }


def words_for(side: str, interest: Interest, *, agreed: bool) -> Words:
    """The words of a request for a reader of this side."""
    if agreed:
        return Words(interest.message, interest.answer)
    if interest.side == side:
        return Words(interest.message, mask(interest.answer).text)
    return Words(mask(interest.message).text, interest.answer)


def _of_others(interest: Interest, side: Side | None) -> bool:
    """Whether there are words that the reader's side did not write itself."""
    asked = bool(interest.message) and interest.side != side
    return asked or (bool(interest.answer) and interest.side == (side or interest.side))


def words_read(actor: Actor, interests: Sequence[Interest]) -> dict[UUID, Words]:
    """Interest -> its words as the actor reads them; few statements for a page."""
    sides = {one.pk: rules.own_side(actor, one) for one in interests}
    agreed = agreed_pairs(
        (one.talent_id, one.opening_id) for one in interests if _of_others(one, sides[one.pk])
    )
    found = {}
    for one in interests:
        whole = (one.talent_id, one.opening_id) in agreed or can_audit(actor, one.edition_id)
        side = sides[one.pk]
        if side is None and not whole:
            found[one.pk] = Words(mask(one.message).text, mask(one.answer).text)
        else:
            found[one.pk] = words_for(side or Side.TALENT, one, agreed=whole)
    return found


def openings_read(actor: Actor, rows: Iterable[Opening]) -> list[Opening]:
    """Openings as the actor reads them: own side and office read everything; who agreed to meet,
    what it said when it was open; all others that without contact details. What is not whole is a
    copy that is not to be saved."""
    every = list(rows)
    agreed = set(
        Interest.objects.filter(
            talent__person_id__in=actor.persons(), state=InterestState.ACCEPTED,
            opening_id__in=[one.pk for one in every],
        ).values_list("opening_id", flat=True)
    ) | set(
        planned.meeting(
            Match.objects.filter(
                talent__person_id__in=actor.persons(), opening_id__in=[one.pk for one in every],
            )
        ).values_list("opening_id", flat=True)
    ) if actor.persons() else set()  # fmt: skip
    return [
        one
        if rules.is_employer(actor, one) or can_audit(actor, one.edition_id)
        else _when_open(one)
        if one.pk in agreed
        else _masked(_when_open(one))
        for one in every
    ]


def _when_open(opening: Opening) -> Opening:
    """As it was open last: what its side writes on since is a draft."""
    if opening.state == OpeningState.OPEN or not opening.last_open:
        return opening
    shown = copy(opening)
    for name, value in opening.last_open.items():
        setattr(shown, name, contents.back(name, value))
    return shown


def _masked(opening: Opening) -> Opening:
    shown = copy(opening)
    shown.title = opening.shown_title
    shown.skills = [mask(str(one)).text for one in opening.skills]
    # Of before they were refused when they are written.
    shown.region, shown.industry = hide_contact(opening.region), hide_contact(opening.industry)
    shown.organisation = with_facts_hidden(opening.organisation)
    # What was left in the database would come out of it as it was written.
    left = "description" in opening.get_deferred_fields()
    shown.description = TranslatedText() if left else masked_text(opening.description)
    return shown
