"""Who may confirm that a rung was reached, and who may see the evidence.

The office may always. Other rooms say who else may, for what happened in them: a delegate for
meetings of their own, a judge, the check-in desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.rules import can_audit, is_office


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody wants to confirm."""

    edition: UUID
    subject_kind: str
    subject_id: UUID
    rung: str
    source_kind: str = ""
    source_id: str = ""


Confirmer = Callable[[Actor, Claim], bool]
_confirmers: list[Confirmer] = []


def register_confirmer(confirmer: Confirmer) -> None:
    """A room tells who besides the office may confirm a claim; one yes is enough."""
    if confirmer not in _confirmers:
        _confirmers.append(confirmer)


def can_confirm(actor: Actor, claim: Claim) -> bool:
    """The office, or whom a room lets confirm what happened in it."""
    if is_office(actor, claim.edition):
        return True
    return actor.signed_in and any(confirmer(actor, claim) for confirmer in _confirmers)


def can_withdraw(actor: Actor, edition: UUID, confirmed_by: str) -> bool:
    """The office, or who confirmed it."""
    if is_office(actor, edition):
        return True
    return actor.user is not None and actor.id == confirmed_by


def can_see_evidence(actor: Actor, edition: UUID) -> bool:
    """Office and auditors see all evidence; others see it with the subject, through its room."""
    return can_audit(actor, edition)


def visible_evidence(actor: Actor) -> Q:
    """The rows for which `can_see_evidence` is true."""
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in=actor.editions("organiser", "auditor"))
