"""What is open of an organisation that the office refuses is closed in the same transaction."""

from __future__ import annotations

from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.fair.choices import OpeningState
from talex.fair.models import Opening
from talex.fair.services import set_openings_state
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.participants.credentials.models import Case
from talex.participants.credentials.services.refusing import REFUSED


def register() -> None:
    """Called once, when Talex starts."""
    register_within("fair.refused", frozenset({REFUSED}), close)


def close(entries: list[Pending]) -> None:
    """Close them, whatever their reviewing says: requests that wait end with them."""
    for case in Case.objects.filter(pk__in=[entry.object_id for entry in entries]):
        edition = Edition.objects.get(pk=case.edition_id)
        rows = Opening.objects.filter(
            edition=edition, organisation=case.organisation_id, state=OpeningState.OPEN
        )
        set_openings_state(
            SYSTEM, edition, list(rows.values_list("pk", flat=True)), OpeningState.CLOSED
        )
