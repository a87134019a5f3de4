"""The matching as a job: progress, cancel, and harmless when it is run twice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.errors import NotAllowed, NotFound
from talex.core.jobs import JobContext, handler
from talex.editions.models import Edition
from talex.fair import rules
from talex.fair.services.matches import JOB, RunMatching


@handler(JOB, title=_("Matching"))
def run(
    ctx: JobContext, edition: str, per_talent: int, minimum: str, seed: int = 0
) -> dict[str, Any]:
    """Propose who should meet whom in an edition; the result is the run's figures."""
    # Here, not above: the engine's libraries take half a second to load.

    # The engine is loaded where it is used, not whenever Talex starts.
    from talex.fair.proposing import nothing_to_match, solved, write_run

    where = Edition.objects.filter(pk=edition).first()
    if where is None:
        raise NotFound
    if not rules.can_match(ctx.actor, where.pk):
        raise NotAllowed
    command = RunMatching(per_talent=per_talent, minimum=float(minimum), seed=seed)
    started = now()

    def tell(done: int, total: int, message: str) -> None:
        ctx.check_cancelled()
        ctx.progress(done, total, message)

    made = solved(where, command, tell=tell)
    if made is None:
        raise nothing_to_match()
    found = write_run(ctx.actor, where, command, made, job=ctx.job_id, started=started, tell=tell)
    ctx.progress(100, 100)
    return {"run": str(found.pk), **found.figures}
