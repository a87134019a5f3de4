"""Long work of meetings, as jobs."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed
from talex.core.jobs import Cancelled, JobContext, enqueue, handler
from talex.core.models import Job, JobState
from talex.core.seeds import seed_fault
from talex.editions.models import Edition
from talex.meetings import rules, scheduling, timetable

KIND = "meetings.schedule"
TRIES = 3
MOST_SECONDS = 3600

READING, PREPARING, SEARCHING, WRITING = 1, 3, 6, 97
"""At which share (of 100) each phase of a run begins."""


def phase(done: int) -> Message:
    """What a run does that is so far."""
    if done >= WRITING:
        return _("It is being written down as a draft.")
    if done >= SEARCHING:
        return _("The best places are being searched for.")
    if done >= PREPARING:
        return _("The search is being prepared; the first time this takes a minute.")
    return _("What is to be placed is being read.")


def start(actor: Actor, edition: Edition, *, seconds: float = 30, seed: int = 0) -> Job:
    """Queue the making of the timetable; one at a time an edition."""
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    if not 1 <= seconds <= MOST_SECONDS:
        raise Invalid({"seconds": _("Give a time between 1 and 3600 seconds.")})
    if fault := seed_fault(seed):
        raise Invalid({"seed": fault})
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


def last_job(edition: Edition) -> Job | None:
    """The timetable being made now, or the last one that was."""
    found = Job.objects.filter(edition_id=edition.id, kind=KIND)
    return found.order_by("-created_at").first()


TOLD = timedelta(hours=1)
"""How long a run that changed nothing is told of."""


def unchanged(job: Job | None) -> dict[str, Any] | None:
    """What a run found (see `scheduling.Scheduled`) that, just now, found nothing better."""
    if job is None or job.state != JobState.SUCCEEDED or job.finished_at is None:
        return None
    found = dict(job.result or {})
    if found.get("changed") != 0 or job.finished_at < clock.now() - TOLD:
        return None
    return found


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
    from talex.engine.meetings import warm_up

    found = Edition.objects.get(id=UUID(edition))
    for attempt in range(1, TRIES + 1):
        ctx.progress(READING, 100)
        frame = timetable.frame(found)
        if frame is None:
            raise Conflict(
                _("There is nothing to place: set the days of the meetings and approve some first.")
            )
        # Where the kernels are not compiled yet this takes a minute, and is no part of the search.
        ctx.progress(PREPARING, 100)
        warm_up()
        # The search uses its time whatever it finds: how much is over is how far it is.
        ctx.pace(float(seconds), SEARCHING, WRITING - 1, 100)
        solution = timetable.plan(
            frame, seconds=float(seconds), seed=int(seed), cancelled=lambda: _cancelled(ctx)
        )
        ctx.check_cancelled()
        ctx.progress(WRITING, 100)
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
