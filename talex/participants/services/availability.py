"""Writing when a talent or a delegate can be met."""

from __future__ import annotations

from typing import Any

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.participants import rules
from talex.participants.availability import instants, zone_of
from talex.participants.commands import SetAvailability, UpdateDelegate, UpdateTalent
from talex.participants.models import Delegate, Talent
from talex.participants.services.delegates import update_delegate
from talex.participants.services.talents import update_talent


def set_availability(actor: Actor, command: SetAvailability) -> Talent | Delegate:
    """Say when, how and how often somebody can be met.

    Raises `NotFound`, `NotAllowed`, `Conflict` (changed meanwhile), `Invalid` (time_zone, windows,
    mode, local_from, local_until, daily_max).
    """
    with work():
        _editable(actor, command)
        zone = zone_of(command.time_zone)
        edition = Edition.objects.get(pk=command.edition)
        changes: dict[str, Any] = {
            "time_zone": command.time_zone,
            "windows": instants(edition, zone, command.windows),
            "mode": command.mode,
            "local_from": command.local_from,
            "local_until": command.local_until,
            "daily_max": command.daily_max,
        }
        if command.kind == "talent":
            return update_talent(
                actor,
                UpdateTalent(talent=command.record, changes=changes, version=command.version),
            )
        return update_delegate(
            actor,
            UpdateDelegate(delegate=command.record, changes=changes, version=command.version),
        )


def _editable(actor: Actor, command: SetAvailability) -> None:
    """Asked before anything that was sent is looked at."""
    if command.kind == "talent":
        talent = Talent.objects.filter(pk=command.record, edition_id=command.edition).first()
        if talent is None or not rules.can_see_talent(actor, talent):
            raise NotFound
        allowed = rules.can_edit_talent(actor, talent)
    else:
        delegate = Delegate.objects.filter(pk=command.record, edition_id=command.edition).first()
        if delegate is None or not rules.can_see_delegate(actor, delegate):
            raise NotFound
        allowed = rules.can_edit_delegate(actor, delegate)
    if not allowed:
        raise NotAllowed
