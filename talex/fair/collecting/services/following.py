"""What is handed in follows the tree: an organisation that belongs elsewhere by now, or nowhere, is
not collected any more by who stood above it, and its openings would wait there for ever."""

from __future__ import annotations

import json
from uuid import UUID

from talex.core.actor import SYSTEM
from talex.fair.collecting import tree
from talex.fair.collecting.models import Stage, Submission
from talex.fair.collecting.services.submissions import submit
from talex.ledger.services import Pending
from talex.ledger.within import register_within

MOVED = frozenset({"belonging.ended", "belonging.confirmed"})


def register() -> None:
    """Called once, when Talex starts."""
    register_within("collecting.following", MOVED, follow)


def follow(entries: list[Pending]) -> None:
    """Hand what waits with a former collector to the next one, else to the office. In the
    transaction in which the organisation moved."""
    children = {json.loads(entry.canonical)["facts"]["child"] for entry in entries}
    moved = tree.below({UUID(child) for child in children})
    rows = (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .filter(stage=Stage.HANDED_IN, collector__isnull=False, opening__organisation_id__in=moved)
        .select_related("opening")
        .order_by("pk")
    )
    for one in rows:
        if one.collector_id not in tree.above(one.opening.organisation_id):
            submit(SYSTEM, one, one.opening)
