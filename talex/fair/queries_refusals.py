"""Reads of what a side refused or hid, and for the office of why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import privacy, queries, rules
from talex.fair.choices import MatchState, Side
from talex.fair.models import Hidden, Match, Refusal
from talex.ledger.models import Entry
from talex.participants.models import Talent

#: Remarks that the office reads at once, and hidden pairs that a side does.
MOST = 100


@dataclass(frozen=True, slots=True)
class Refused:
    """A pair that the reader's side refused; `name` is the opening's, or the candidate's."""

    refusal: Refusal
    facts: dict[str, Any]
    alias: str


def refusals(actor: Actor, edition: Edition) -> QuerySet[Refusal]:
    """What the actor's own sides said to be nothing for them, the latest first."""
    return (
        Refusal.objects.filter(rules.own_refusals(actor), edition=edition)
        .select_related("talent__person", "opening__organisation")
        .defer("talent__unread", "talent__education", "talent__experience", "opening__description")
        .order_by("-made_at", "id")
    )


def refused(actor: Actor, edition: Edition, rows: Sequence[Refusal]) -> list[Refused]:
    """Refusals with what the reader may see of the talent."""
    seen = queries.faces(actor, edition, [(r.talent, r.opening.organisation_id) for r in rows])
    return [
        Refused(r, seen[r.talent_id, r.opening.organisation_id], privacy.alias(r.talent))
        for r in rows
    ]


def refusal_counts(edition: Edition) -> dict[str, dict[str, int]]:
    """side -> reason -> how often it was given, for the office: nobody's name is in it."""
    found: dict[str, dict[str, int]] = {side: {} for side in Side.values}
    rows = Refusal.objects.filter(edition=edition).order_by().values("side", "reason")
    for row in rows.annotate(n=Count("id")):
        found[row["side"]][row["reason"]] = row["n"]
    return found


def notes(edition: Edition) -> list[Refusal]:
    """The latest remarks, for the office: without the talent, the opening and the instant."""
    rows = Refusal.objects.filter(edition=edition).exclude(note="").order_by("reason", "id")
    return list(rows.only("side", "reason", "note")[:MOST])


def set_aside(actor: Actor, edition: Edition, side: str, talent: Talent | None) -> int:
    """How many pairs the reader's side refused or hid: what stands under "not for me"."""
    refused = refusals(actor, edition).filter(side=side)
    if side == Side.TALENT:
        refused = refused.filter(talent=talent)
    return refused.count() + _hidden(actor, edition, side, talent).count()


def _hidden(actor: Actor, edition: Edition, side: str, talent: Talent | None) -> QuerySet[Hidden]:
    rows = Hidden.objects.filter(opening__edition=edition, side=side)
    if side == Side.TALENT:
        return rows.filter(talent=talent)
    return rows.filter(opening__organisation_id__in=actor.organisations(edition.pk))


def hidden(actor: Actor, edition: Edition, side: str, talent: Talent | None) -> list[Hidden]:
    """What the reader's side hid, the latest first."""
    rows = _hidden(actor, edition, side, talent)
    return list(
        rows.select_related("opening__organisation", "talent").order_by("-hidden_at", "id")[:MOST]
    )


def standing(
    actor: Actor, edition: Edition, opening: UUID, talent: Talent | None
) -> Refusal | None:
    """What the actor's side said of a pair: as its talent (without `talent`), or as a delegate."""
    rows = refusals(actor, edition).filter(opening_id=opening)
    if talent is None:
        return rows.filter(side=Side.TALENT).first()
    return rows.filter(side=Side.EMPLOYER, talent=talent).first()


def refused_proposal(actor: Actor, edition: Edition, pk: UUID) -> Match | None:
    """A proposal that the actor's organisation refused: closed, so that no list has it."""
    match = (
        Match.objects.select_related("talent__person", "opening__organisation")
        .filter(edition=edition, pk=pk, state=MatchState.REJECTED)
        .filter(opening__organisation_id__in=actor.organisations(edition.pk))
        .first()
    )
    if match is None or standing(actor, edition, match.opening_id, match.talent) is None:
        return None
    return match


def was_taken_back(actor: Actor, pk: UUID) -> bool:
    """Whether the actor took this refusal back before: it was clicked twice."""
    done = Entry.objects.filter(object_id=pk, event="fair.pair.refusal_back", actor=actor.id)
    return done.exists()
