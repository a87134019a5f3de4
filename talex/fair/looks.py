"""Noting that an employer saw a talent: by name or under an alias, both are told to the talent."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Talent


def noted(
    actor: Actor, edition: Edition, rows: Iterable[tuple[Talent, UUID]], way: Way = Way.MATCH
) -> None:
    """Note the looks at (talent, organisation that it is shown to) of one answer."""
    mine = actor.organisations(edition.pk)
    of: dict[UUID | None, list[UUID]] = {}
    for talent, organisation in rows:
        of.setdefault(organisation if organisation in mine else None, []).append(talent.person_id)
    for reader, persons in of.items():
        note(actor, edition.pk, persons, way, organisation=reader)
