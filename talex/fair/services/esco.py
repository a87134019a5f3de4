"""ESCO's published files: given as they are, looked at in the background, kept once confirmed."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock, uploads
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.jobs import enqueue
from talex.core.models import Job, JobState, Upload
from talex.core.work import work
from talex.fair.services.terms import import_esco

PURPOSE = "esco"
LOOK, KEEP = "fair.esco.look", "fair.esco.keep"
#: Files at once, and their bytes once a zip is opened: ESCO in all languages is about 0.6 GB.
FILES = 60
LARGEST = 2 * 2**30
#: Files that nobody kept go after so many days.
KEPT_DAYS = 7
_NAME = re.compile(r"[A-Za-z]+_[a-z]{2,3}(?:-[A-Za-z]+)?\.csv")


def upload_esco(actor: Actor, files: Sequence[Any], release: str = "") -> Job:
    """Take ESCO's CSV files, or a zip of them, and look at them in the background.

    Nothing is kept for the matching before `keep_esco`. Raises `NotAllowed` for anybody but the
    operator, `Invalid` for no file, too many, or one that is neither.
    """
    if not actor.all_powerful:
        raise NotAllowed
    if not files:
        raise Invalid({"file": _("Choose ESCO's zip file, or its CSV files.")})
    if len(files) > FILES:
        raise Invalid({"file": _("At most %(n)d files, please; a zip holds any number.")
                       % {"n": FILES}})  # fmt: skip
    if len(release) > 40:
        raise Invalid({"release": _("At most 40 characters.")})
    for file in files:
        name = PurePosixPath(str(file.name).replace("\\", "/")).name
        if not (name.lower().endswith(".zip") or _NAME.fullmatch(name)):
            raise Invalid({"file": _("%(name)s is not named as ESCO names its files: "
                                     "occupations_en.csv, skills_de.csv, or a zip of them.")
                           % {"name": name[:80]}})  # fmt: skip
    kept: list[Upload] = []
    try:
        # Outside of the transaction: looking through them takes its time.
        kept = [uploads.store(actor, file, edition=None, purpose=PURPOSE) for file in files]
        with work():
            given = [str(one.pk) for one in kept]
            return enqueue(actor, LOOK, {"files": given, "release": release})
    except BaseException:
        for upload in kept:
            uploads.remove(upload)
        raise


def keep_esco(actor: Actor, look: UUID) -> Job:
    """Keep what was looked at, in place of an earlier release; once, however often it is asked.

    Raises `NotFound` for a job that is none of these, `Conflict` for one that found no ESCO, or
    whose files have gone since.
    """
    if not actor.all_powerful:
        raise NotAllowed
    job = Job.objects.filter(pk=look, kind=LOOK).first()
    if job is None:
        raise NotFound
    if job.state != JobState.SUCCEEDED:
        raise Conflict(_("These files cannot be kept: look at what is wrong with them."))
    key = f"esco/{job.pk}"
    if not Job.objects.filter(kind=KEEP, key=key).exists() and not are_here(job):
        raise Conflict(
            _("These files are gone: what is not used within %(days)d days is removed. Give them "
              "again.") % {"days": KEPT_DAYS}
        )  # fmt: skip
    return enqueue(actor, KEEP, dict(job.params), key=key)


def are_here(job: Job) -> bool:
    """Whether all files that a job was given are still kept."""
    given = list(job.params["files"])
    return Upload.objects.filter(pk__in=given, purpose=PURPOSE).count() == len(given)


def expire() -> int:
    """Remove files that were looked at, or not, and never kept; how many.

    Called by the worker every hour; several at once do no harm. A job that is still at work on
    its files keeps them.
    """
    running = Job.objects.filter(
        kind__in=[LOOK, KEEP], state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    used = {UUID(pk) for job in running for pk in job.params["files"]}
    old = Upload.objects.filter(
        purpose=PURPOSE, created_at__lt=clock.now() - timedelta(days=KEPT_DAYS)
    )
    gone = 0
    for upload in old:
        if upload.pk not in used:
            uploads.remove(upload)
            gone += 1
    return gone


@contextmanager
def opened(actor: Actor, given: Sequence[str]) -> Iterator[Path]:
    """A folder with the CSV files of uploads. Raises `Conflict` for a zip that cannot be read."""
    from talex.fair.esco_words import ZIP_ERRORS, wrong_zip

    with tempfile.TemporaryDirectory(prefix="talex-esco-") as name:
        folder = Path(name)
        left = LARGEST
        for pk in given:
            upload = uploads.get(actor, UUID(pk))
            if _NAME.fullmatch(upload.name):
                shutil.copyfile(upload.path, folder / upload.name)
                continue
            try:
                with zipfile.ZipFile(upload.path) as bundle:
                    left = _unpack(bundle, folder, left)
            except ZIP_ERRORS as error:
                raise Conflict(wrong_zip(upload.name, error)) from error
        yield folder


def _unpack(bundle: zipfile.ZipFile, folder: Path, left: int) -> int:
    """Only what is named as ESCO's, by its last name, within the bytes that are left."""
    for member in bundle.infolist():
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        if member.is_dir() or not _NAME.fullmatch(name):
            continue
        with bundle.open(member) as source, (folder / name).open("wb") as target:
            while block := source.read(2**20):
                left -= len(block)
                if left < 0:
                    raise Conflict(_("The zip file is larger than ESCO can be."))
                target.write(block)
    return left


def look(actor: Actor, given: Sequence[str]) -> dict[str, Any]:
    """Languages with their occupations, skills and labels. Raises `Conflict` with what is wrong."""
    from talex.engine.text import Kind
    from talex.engine.text.esco import EscoError, read_esco
    from talex.fair.esco_words import wrong_file

    with opened(actor, given) as folder:
        try:
            concepts = read_esco(folder)
        except (EscoError, OSError) as error:
            raise Conflict(wrong_file(error)) from error
    counts: dict[str, dict[str, int]] = {}
    for one in concepts:
        for language, labels in one.labels.items():
            row = counts.setdefault(language, {"occupations": 0, "skills": 0, "labels": 0})
            row["occupations" if one.kind is Kind.OCCUPATION else "skills"] += 1
            row["labels"] += len(labels)
    return {"concepts": len(concepts), "languages": dict(sorted(counts.items()))}


def keep(
    actor: Actor, given: Sequence[str], release: str, tell: Callable[[int, int], None]
) -> dict[str, Any]:
    """Bring the files in and remove them."""
    with opened(actor, given) as folder:
        source = import_esco(actor, folder, release=release, tell=tell)
    for upload in Upload.objects.filter(pk__in=list(given), purpose=PURPOSE):
        uploads.remove(upload)
    return {"concepts": source.concepts, "languages": source.languages}
