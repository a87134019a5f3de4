"""Openings that came after the last run of the matching get their proposals by themselves."""

from __future__ import annotations

from uuid import UUID

from talex.core.actor import Actor
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.matching import Budget, solve
from talex.engine.text import Embedder
from talex.fair.choices import OpeningState
from talex.fair.matching import frame
from talex.fair.models import Match, Opening
from talex.fair.proposing import BATCH, Proposals, rows_of, still_open
from talex.fair.queries import last_run
from talex.fair.understanding import embedder_of
from talex.ledger.services import record

#: With more than so many (a list was imported) the office runs the matching, which weighs all
#: against all.
MOST = 200


def waiting(edition: Edition) -> list[UUID]:
    """Openings opened since the last run for which nothing was ever proposed; none without a run,
    and none where there are more than `MOST`."""
    run = last_run(edition)
    if run is None:
        return []
    found = Opening.objects.filter(
        edition=edition, state=OpeningState.OPEN, changed_at__gte=run.started_at
    ).exclude(pk__in=Match.objects.filter(edition=edition).values("opening_id"))
    ids = list(found.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    return ids if len(ids) <= MOST else []


def match_new(actor: Actor, edition: Edition, embedder: Embedder | None = None) -> int:
    """Propose the best talents for openings that are new; returns the number of proposals.

    As many as the interviews of each; other proposals stay. Twice does nothing more.
    """
    ids = waiting(edition)
    if not ids:
        return 0
    found = frame(edition, embedder or embedder_of(edition), openings=ids)
    if found is None:
        return 0
    solution = solve(found.problem, Budget(), fair=False)
    rows = rows_of(Proposals(found, solution, {}))
    with work():
        Edition.objects.select_for_update().get(pk=edition.pk)
        run = last_run(edition)
        if run is None:
            return 0
        kept = still_open(edition, rows)
        for match in kept:
            match.run, match.edition = run, edition
        Match.objects.bulk_create(kept, batch_size=BATCH)
        if kept:
            record(
                "fair.match.added",
                actor=actor,
                edition=edition.id,
                obj=run,
                facts={"openings": str(len(ids)), "proposals": str(len(kept))},
            )
    return len(kept)
