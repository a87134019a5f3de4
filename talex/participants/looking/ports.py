"""What the looks at a person do when the person is erased or takes their data out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from talex.core.actor import Actor
from talex.participants.looking.models import Look


class LookErase:
    """Looks go with the person; what a person looked at stays, under a random id."""

    name = "participants.looks"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        return {"looks": Look.objects.filter(person=person).delete()[0]}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {
            "looks": list(
                Look.objects.filter(person=person)
                .order_by("day", "first_at")
                .values("edition__slug", "role", "organisation", "way", "day")
            )
        }
