"""The two jobs of an import: reading the file, and bringing the preview in."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Conflict
from talex.core.jobs import Cancelled, JobContext, handler
from talex.participants.importing import grouping, staging
from talex.participants.importing.models import Import, ImportState
from talex.participants.importing.notes import TableError
from talex.participants.importing.services.applying import APPLY, apply_now
from talex.participants.importing.services.mapping import READ
from talex.participants.importing.services.uploading import clear
from talex.participants.importing.staging import Overtaken, Progress


def _progress(ctx: JobContext, message: str) -> Progress:
    def tell(done: int, total: int) -> None:
        ctx.progress(done, total, message)
        ctx.check_cancelled()

    return tell


@handler(READ, title=_("Reading a file"))
def read(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Stage the rows of the file (those that are not staged yet) and look at them together."""
    one = Import.objects.select_related("edition").get(pk=UUID(import_id))
    if one.state != ImportState.PARSING or one.job_id != ctx.job_id:
        return {}
    try:
        if not one.staged_all:
            staging.stage(one, _progress(ctx, str(_("Reading rows"))))
        staging.evaluate_again(one, _progress(ctx, str(_("Checking rows"))))
        ctx.progress(0, 0, str(_("Comparing rows")))
        grouping.relate(one)
        fields = grouping.count_fields(one)
    except Overtaken:
        return {}
    except Cancelled:
        # What is staged stays: reading goes on there, if somebody wants it.
        _end(one, state=ImportState.MAPPED)
        raise
    except TableError as error:
        _end(one, state=ImportState.FAILED, failure=error.note.as_json())
        one.refresh_from_db()
        if one.state == ImportState.FAILED:
            clear(one)
        raise Conflict(error.message) from error
    _end(one, state=ImportState.PREVIEWED, counts=fields)
    return {"rows": one.rows.count()}


def _end(one: Import, **values: object) -> None:
    with transaction.atomic():
        mine = Import.objects.select_for_update().filter(
            pk=one.pk, state=ImportState.PARSING, job_id=one.job_id
        )
        current = mine.first()
        if current is not None:
            mine.update(revision=current.revision + 1, digest="", **values)


@handler(APPLY, title=_("Importing a file"))
def apply(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Bring the approved preview in."""
    try:
        return apply_now(
            ctx.actor, UUID(import_id), ctx.job_id, _progress(ctx, str(_("Preparing rows")))
        )
    except Cancelled:
        Import.objects.filter(
            pk=UUID(import_id), state=ImportState.APPLYING, job_id=ctx.job_id
        ).update(state=ImportState.PREVIEWED)
        raise
