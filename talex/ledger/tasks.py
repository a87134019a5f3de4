"""Verifying a chain as a job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.jobs import JobContext, enqueue, handler
from talex.core.models import Job
from talex.ledger.rules import can_read_chain
from talex.ledger.verify import verify

VERIFY = "ledger.verify"


@handler(VERIFY, title=_("Verify the ledger"))
def verify_chain(ctx: JobContext, chain: str) -> dict[str, Any]:
    """The report of one chain; harmless to run twice, it only reads."""

    def step(done: int, total: int) -> None:
        ctx.progress(done, total)
        ctx.check_cancelled()

    return verify(chain, progress=step).as_json()


def start_verification(actor: Actor, chain: str) -> Job:
    """Queue the walk over a chain, for whoever may read it."""
    if not can_read_chain(actor, chain):
        raise NotAllowed
    edition = None if chain == "site" else UUID(chain)
    return enqueue(actor, VERIFY, {"chain": chain}, edition=edition)


def latest_verification(chain: str) -> Job | None:
    """The newest walk over the chain, whoever asked for it."""
    found = Job.objects.filter(kind=VERIFY, params__chain=chain)
    return found.order_by("-created_at").first()
