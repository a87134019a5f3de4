"""What `talex doctor` asks core: the folder for files, the queue."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from talex.core import clock, registries
from talex.core.models import Job, JobState, Upload
from talex.core.registries import Finding, Level
from talex.core.scanning import ScannerCheck

_LOW = 1024**3


@dataclass(frozen=True)
class Files:
    """Every upload has its file, and there is room for more."""

    name: str = "core.files"

    def check(self) -> Iterable[Finding]:
        root = Path(settings.MEDIA_ROOT)
        root.mkdir(parents=True, exist_ok=True)
        gone = [
            upload
            for upload in Upload.objects.only("stored_as", "size").iterator(chunk_size=2000)
            if not upload.path.is_file() or upload.path.stat().st_size != upload.size
        ]
        if gone:
            yield Finding(
                Level.FAULT,
                _("Files are missing or cut short: %(count)s.") % {"count": len(gone)},
                _("Restore the folder %(folder)s from a backup.") % {"folder": root},
            )
        if shutil.disk_usage(root).free < _LOW:
            yield Finding(
                Level.WARNING,
                _("Less than 1 GB is free where files are kept (%(folder)s).") % {"folder": root},
                _("Make room, or set TALEX_HOME to a larger disk."),
            )
        elif not gone:
            yield Finding(Level.FINE, _("All files are there."))


@dataclass(frozen=True)
class Queue:
    """Somebody takes the jobs that wait."""

    name: str = "core.jobs"

    def check(self) -> Iterable[Finding]:
        waiting = Job.objects.filter(
            state=JobState.QUEUED, created_at__lt=clock.now() - timedelta(minutes=5)
        ).count()
        at_work = Job.objects.filter(state=JobState.RUNNING, lease_until__gte=clock.now()).exists()
        if waiting and not at_work:
            yield Finding(
                Level.WARNING,
                _("Jobs wait and nobody takes them: %(count)s.") % {"count": waiting},
                _("Start a worker: talex worker."),
            )
        else:
            yield Finding(Level.FINE, _("The queue of jobs moves."))


def register() -> None:
    registries.doctor.register(Files())
    registries.doctor.register(Queue())
    registries.doctor.register(ScannerCheck())
