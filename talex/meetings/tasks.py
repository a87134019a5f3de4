"""Long work of meetings, as jobs."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.jobs import Cancelled, JobContext, enqueue, handler
from talex.core.models import Job, JobState
from talex.editions.models import Edition
from talex.meetings import rules, scheduling, timetable

KIND = "meetings.schedule"
TRIES = 3
MOST_SECONDS = 3600


def start(actor: Actor, edition: Edition, *, seconds: float = 30, seed: int = 0) -> Job:
    """Queue the making of the timetable; one at a time an edition."""
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    if not 1 <= seconds <= MOST_SECONDS:
        raise Invalid({"seconds": _("Give a time between 1 and 3600 seconds.")})
    busy = Job.objects.filter(
        edition_id=edition.id, kind=KIND, state__in=[JobState.QUEUED, JobState.RUNNING]
    ).first()
    if busy is not None and busy.cancel_requested:
        raise Conflict(
            _("A timetable is still being stopped. Once that has happened, make a new one.")
        )
    if busy is not None:
        raise Conflict(_("A timetable is being made already. Wait for it, or stop it first."))
    return enqueue(
        actor,
        KIND,
        {"edition": str(edition.id), "seconds": seconds, "seed": seed},
        edition=edition.id,
    )


def _cancelled(ctx: JobContext) -> bool:
    try:
        ctx.check_cancelled()
    except Cancelled:
        return True
    return False


@cache
def _expect_the_day() -> None:
    """Compile the repair's kernels once, beside other work: on the day nobody waits for them.

    They are kept on disk, from where the web server's processes load them in a second.
    """
    from talex.engine.meetings import repair

    threading.Thread(target=repair.warm_up, name="talex-warm-repair", daemon=True).start()


@handler(KIND, title=_("Timetable"))
def run(ctx: JobContext, edition: str, seconds: float | str, seed: int | str) -> dict[str, Any]:
    """Solve and keep as the draft; where meetings changed meanwhile, solve again from now."""
    found = Edition.objects.get(id=UUID(edition))
    for attempt in range(1, TRIES + 1):
        ctx.progress(0, 100)
        frame = timetable.frame(found)
        if frame is None:
            raise Conflict(
                _("There is nothing to place: set the days of the meetings and approve some first.")
            )
        solution = timetable.plan(
            frame,
            seconds=float(seconds),
            seed=int(seed),
            progress=lambda share: ctx.progress(int(share * 95), 100),
            cancelled=lambda: _cancelled(ctx),
        )
        ctx.check_cancelled()
        try:
            done = scheduling.keep_timetable(ctx.actor, found, frame, solution)
        except Conflict:
            if attempt == TRIES:
                raise
            continue
        ctx.progress(100, 100)
        _expect_the_day()
        return done.as_json()
    raise AssertionError("unreachable")
