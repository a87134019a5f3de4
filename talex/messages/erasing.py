"""What the outbox holds of a person, taken out and erased with them.

Messages hang on the account and the address, not on the person: two persons that are merged keep
what was written to either, and undoing it moves nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from talex.core.actor import Actor
from talex.messages.models import Message
from talex.participants.models import Person


class PersonsMessages:
    """The port `registries.erase`."""

    name = "messages.outbox"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        return {"messages": _of(person).delete()[0]}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {
            "messages": [
                {
                    "kind": m.kind,
                    "address": m.address,
                    "language": m.language,
                    "subject": m.subject,
                    "text": m.text,
                    "state": m.state,
                    "written_at": m.created_at,
                    "ended_at": m.ended_at,
                }
                for m in _of(person).order_by("created_at")
            ]
        }


def _of(person: UUID) -> QuerySet[Message]:
    found = Person.objects.filter(pk=person).first()
    if found is None:
        return Message.objects.none()
    mine = Q()
    if found.user_id:
        mine |= Q(user=found.user_id)
    if found.email:
        mine |= Q(address__iexact=found.email, user=None)
    return Message.objects.filter(mine) if mine else Message.objects.none()
