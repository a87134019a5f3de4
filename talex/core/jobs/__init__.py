"""Long work: queued, shown, cancelled, taken up again after a kill (docs/decisions/0003-jobs.md).

@handler("participants.import", title=_("Import"))
def run(ctx: JobContext, upload: str) -> dict: ...

job = enqueue(actor, "participants.import", {"upload": str(upload.id)}, edition=edition.id)
"""

from talex.core.jobs.context import Cancelled, JobContext, Retry
from talex.core.jobs.delivery import run_pending
from talex.core.jobs.queue import cancel, enqueue, retry
from talex.core.jobs.registry import handler, title_of

__all__ = [
    "Cancelled",
    "JobContext",
    "Retry",
    "cancel",
    "enqueue",
    "handler",
    "retry",
    "run_pending",
    "title_of",
]
