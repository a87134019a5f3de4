"""What is kept of a person's addresses that mails come back from. (The reports go with the
messages they are about.)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from talex.core.actor import Actor
from talex.messages.bounces import suppressing
from talex.messages.bounces.models import Bounce, Suppression
from talex.messages.erasing import messages_of
from talex.participants.models import Person


class PersonsAddresses:
    """The port `registries.erase`; called before the messages go ("messages.outbox")."""

    name = "messages.bounces"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        rows = Suppression.objects.filter(address__in=_addresses(person))
        return {"suppressed addresses": rows.delete()[0]}

    def export(self, person: UUID) -> Mapping[str, Any]:
        blocks = Suppression.objects.filter(address__in=_addresses(person))
        reports = Bounce.objects.filter(message__in=messages_of(person))
        return {
            "suppressed": list(
                blocks.values("address", "reason", "status", "said", "since", "lifted_at")
            ),
            "came_back": list(
                reports.values("message__kind", "address", "sort", "status", "said", "at")
            ),
        }


def _addresses(person: UUID) -> set[str]:
    found = Person.objects.filter(pk=person).first()
    if found is None:
        return set()
    written = messages_of(person).filter(channel="mail").values_list("address", flat=True)
    mine = {address.lower() for address in written.distinct().order_by()}
    return (mine | {found.email.lower()} | suppressing.addresses_of(found.user_id)) - {""}
