"""What is open of an organisation that the office refuses or takes out is closed in the same
transaction: no list shows it, nothing matches it and nobody asks for it from then on."""

from __future__ import annotations

from uuid import UUID

from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.fair.choices import EndedBy, OpeningState
from talex.fair.models import Interest, Opening, Suspension
from talex.fair.services import leaving, set_openings_state
from talex.fair.services.ending import end_waiting
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.participants.credentials.models import Case
from talex.participants.credentials.services.refusing import REFUSED


def register() -> None:
    """Called once, when Talex starts."""
    register_within("fair.refused", frozenset({REFUSED}), close)
    register_within("fair.suspended", frozenset({leaving.SUSPENDED}), close_suspended)
    register_within("fair.left", frozenset({leaving.ORGANISATION_LEFT}), close_left)


def close(entries: list[Pending]) -> None:
    """Close them, whatever their reviewing says: requests that wait end with them."""
    for case in Case.objects.filter(pk__in=[entry.object_id for entry in entries]):
        close_openings(Edition.objects.get(pk=case.edition_id), case.organisation_id)


def close_left(entries: list[Pending]) -> None:
    """The same for who was taken out; what waits ends first, as the reason is told. What was
    agreed follows in the worker (`leaving`)."""
    for entry in entries:
        edition = UUID(entry.chain)
        if entry.object_id is None or not leaving.has_left(edition, entry.object_id):
            continue
        waiting = Interest.objects.filter(edition=edition, opening__organisation=entry.object_id)
        end_waiting(SYSTEM, waiting, EndedBy.ORG_LEFT)
        close_openings(Edition.objects.get(pk=edition), entry.object_id)


def close_suspended(entries: list[Pending]) -> None:
    """The same for who was suspended; what waits ended with the decision, and what was agreed
    follows in the worker (`leaving`)."""
    rows = Suspension.objects.filter(
        pk__in=[entry.object_id for entry in entries], organisation__isnull=False
    )
    for row in rows.select_related("edition"):
        close_openings(row.edition, row.organisation_id)


def close_openings(edition: Edition, organisation: UUID | None) -> None:
    """Close what an organisation has open."""
    rows = Opening.objects.filter(
        edition=edition, organisation=organisation, state=OpeningState.OPEN
    )
    set_openings_state(
        SYSTEM, edition, list(rows.values_list("pk", flat=True)), OpeningState.CLOSED
    )
