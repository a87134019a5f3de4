"""Asking for one's archive, making it, finding it, deleting it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock, limits, registries, uploads
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.jobs import JobContext, enqueue, handler
from talex.core.jobs.ticks import register_tick
from talex.core.models import Job, JobState, Upload
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.archive.contents import write
from talex.participants.models import Person
from talex.participants.services.erasing import records_of

KIND = "participants.archive"
PURPOSE = "own-archive"
#: So long the file can be had; what is asked for later is made anew.
KEEP = timedelta(days=7)
OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one's archive stands: the job that makes it, the file that is ready."""

    job: Job | None
    file: Upload | None

    @property
    def busy(self) -> bool:
        return self.job is not None and self.job.state in OPEN

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.state == JobState.FAILED

    @property
    def until(self) -> datetime | None:
        return self.file.created_at + KEEP if self.file else None


def own_records(actor: Actor) -> list[Person]:
    """All records of the actor, the one others were merged into first.

    Raises `NotAllowed` where nothing is held of the actor as a person.
    """
    person = None
    if actor.user is not None:
        found = Person.objects.filter(user_id=actor.user, erased_at__isnull=True)
        person = found.filter(pk__in=actor.persons()).order_by("pk").first()
    if person is None:
        raise NotAllowed(_("Nothing is held of you as a participant."))
    return records_of(person)


def standing(actor: Actor) -> Standing:
    """The newest file and the newest job. Raises `NotAllowed`."""
    own_records(actor)
    jobs = Job.objects.filter(kind=KIND, owner_id=actor.user).order_by("-created_at")
    return Standing(jobs.first(), _theirs(actor.user).order_by("-created_at").first())


def ask(actor: Actor) -> Job:
    """Have the archive made; while one is being made, that one. Raises `NotAllowed`, `TooMany`."""
    group = own_records(actor)
    open_ = Job.objects.filter(kind=KIND, owner_id=actor.user, state__in=OPEN).first()
    if open_ is not None:
        return open_
    limits.check(PURPOSE, account=actor.user)
    with work():
        job = enqueue(actor, KIND)
        record("participants.archive_asked", actor=actor, edition=None, obj=group[0])
    return job


def file_of(actor: Actor) -> Upload:
    """The file that is ready. Raises `NotAllowed`, `NotFound`."""
    found = standing(actor).file
    if found is None:
        raise NotFound
    return found


@handler(KIND, title=_("Archive of my data"))
def make(ctx: JobContext) -> dict[str, Any]:
    """Make it, and let the ones made before go. Done twice, the later one stays."""
    group = own_records(ctx.actor)
    with tempfile.TemporaryDirectory(prefix="talex-archive-") as folder:
        target = Path(folder) / "talex-my-data.zip"
        count = write(ctx.actor, group, target)
        ctx.check_cancelled()
        kept = uploads.store(ctx.actor, target, edition=None, purpose=PURPOSE, name=target.name)
    with work():
        # Erased while it was made: nothing of it may stay.
        alive = Person.objects.select_for_update().filter(pk=group[0].pk, erased_at__isnull=True)
        gone = Upload.objects.filter(purpose=PURPOSE, owner_id=ctx.actor.user)
        for old in gone.exclude(pk=kept.pk) if alive.exists() else gone:
            uploads.remove(old)
    return {"files": count}


def expire() -> int:
    """Delete the files whose time is over; the worker does it every hour."""
    count = 0
    for one in Upload.objects.filter(purpose=PURPOSE, created_at__lte=clock.now() - KEEP):
        with work():
            uploads.remove(one)
        count += 1
    return count


def may_read(actor: Actor, upload: Upload) -> bool:
    """Only whose data it is: neither the office nor who runs the server, and in its time only."""
    mine = actor.user is not None and actor.user == upload.owner_id
    return mine and upload.created_at > clock.now() - KEEP


def _theirs(user: UUID | None) -> Any:
    return Upload.objects.filter(
        purpose=PURPOSE, owner_id=user, created_at__gt=clock.now() - KEEP
    ).exclude(owner_id=None)


class ArchiveErase:
    """The port `registries.erase`: an archive does not outlive what it was made of."""

    name = "participants.archive"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        users = Person.objects.filter(pk=person, user__isnull=False).values_list("user_id")
        rows = list(Upload.objects.filter(purpose=PURPOSE, owner_id__in=users))
        for one in rows:
            uploads.remove(one)
        return {"archives": len(rows)}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {}  # an archive holds what the other rooms tell


def register() -> None:
    """Called once, when Talex starts."""
    limits.register(PURPOSE, account=(3, 24 * 3600))
    uploads.register_purpose(PURPOSE, may_read=may_read, guarded=False)
    registries.erase.register(ArchiveErase())
    register_tick("participants.archive.expiry", 3600.0, expire)
