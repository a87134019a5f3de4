"""What lists of campaigns hold of a person, taken out and erased with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from talex.core.actor import Actor
from talex.messages.campaigns import lists
from talex.messages.campaigns.models import Addressee
from talex.participants.models import Person


class PersonsCampaigns:
    """The port `registries.erase`: the counts of a campaign stay, the address goes."""

    name = "messages.campaigns"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        rows = _of(person).update(address="", holder=None, user=None)
        return {"campaigns": rows}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {
            "campaigns": [
                {
                    "campaign": row.campaign.name,
                    "address": row.address,
                    "language": row.language,
                    "state": lists.outcome(row),
                    "reason": row.reason,
                    "at": row.handled_at,
                }
                for row in lists.with_outcome(_of(person)).select_related("campaign")
            ]
        }


def _of(person: UUID) -> QuerySet[Addressee]:
    found = Person.objects.filter(pk=person).first()
    if found is None:
        return Addressee.objects.none()
    mine = Q(holder=person)
    if found.user_id:
        mine |= Q(user=found.user_id) | Q(holder=found.user_id)
    if found.email:
        mine |= Q(address=found.email.lower(), user=None)
    return Addressee.objects.filter(mine)
