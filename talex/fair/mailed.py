"""What an account may read of talents now: asked before the daily mail repeats what was told."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from talex.core.outbox import Seen
from talex.fair import privacy
from talex.participants.models import Delegate, Person, Talent


def seen(user: UUID, edition: UUID, persons: frozenset[UUID]) -> Mapping[UUID, Seen]:
    """By what the organisations see for which the account acts in the conference."""
    now = dict(Person.objects.filter(pk__in=persons).values_list("pk", "merged_into"))
    wanted = {person: into or person for person, into in now.items()}
    talents = list(
        Talent.objects.filter(
            edition_id=edition, person_id__in=wanted.values(), merged_into__isnull=True
        ).select_related("person")
    )
    acting = Delegate.objects.filter(
        person__user_id=user, edition_id=edition, withdrawn_at__isnull=True,
        merged_into__isnull=True,
    )  # fmt: skip
    found: dict[UUID, Seen] = {}
    for organisation in acting.values_list("organisation_id", flat=True):
        shown = privacy.shown_to(organisation, talents)
        for talent in talents:
            if shown[talent.pk].profile:
                found[talent.person_id] = Seen.NAMED
            elif shown[talent.pk].coarse:
                found.setdefault(talent.person_id, Seen.UNNAMED)
    return {person: found.get(wanted.get(person, person), Seen.NOTHING) for person in persons}
