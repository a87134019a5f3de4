"""The comparison of a talent and an opening, for whoever may see both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.editions.models import Edition
from talex.fair import disclosing, privacy, queries, rules, services, sidebyside
from talex.fair.choices import Side
from talex.fair.models import Match, Opening
from talex.fair.words import words_of
from talex.participants.models import Talent


@dataclass(frozen=True, slots=True)
class Pair:
    """A talent and an opening as the reader may see them. `side`: the reader's, or ''."""

    talent: Talent
    opening: Opening
    match: Match | None
    facts: dict[str, Any]
    side: str
    beside: sidebyside.Beside

    @property
    def alias(self) -> str:
        return privacy.alias(self.talent)


def _pair(
    actor: Actor, edition: Edition, talent: Talent, opening: Opening, match: Match | None
) -> Pair:
    facts = queries.faces(actor, edition, [(talent, opening.organisation_id)])[
        talent.pk, opening.organisation_id
    ]
    side = ""
    if rules.is_talent(actor, talent):
        side = Side.TALENT
    elif rules.is_employer(actor, opening):
        side = Side.EMPLOYER
    stored = list(match.reasons) if match else []
    if left := opening.get_deferred_fields():
        opening.refresh_from_db(fields=left)
    opening = disclosing.openings_read(actor, [opening])[0]
    beside = sidebyside.beside(opening, facts, words_of(edition), stored)
    return Pair(talent, opening, match, facts, side, beside)


def of_match(actor: Actor, edition: Edition, pk: UUID) -> Pair:
    """A proposal's two sides. Raises `NotFound`."""
    match = queries.matches(actor, edition).filter(pk=pk).first()
    if match is None:
        raise NotFound
    return _pair(actor, edition, match.talent, match.opening, match)


def of_opening(actor: Actor, edition: Edition, pk: UUID) -> Pair:
    """The reader's own profile and an opening they may see. Raises `NotAllowed`, `NotFound`."""
    talent = services.own_talent(actor, edition)
    if talent is None:
        raise NotAllowed
    opening = queries.opening(actor, edition, pk)
    match = queries.matches(actor, edition).filter(talent=talent, opening=opening).first()
    return _pair(actor, edition, talent, opening, match)


def of_request(actor: Actor, edition: Edition, pk: UUID) -> Pair:
    """The two sides of a request to meet. Raises `NotFound`."""
    interest = queries.interests(actor, edition).filter(pk=pk).first()
    if interest is None:
        raise NotFound
    match = (
        queries.matches(actor, edition)
        .filter(talent=interest.talent, opening=interest.opening)
        .first()
    )
    return _pair(actor, edition, interest.talent, interest.opening, match)
