"""What every service of imports begins with."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.jobs import cancel
from talex.core.models import Job
from talex.participants.importing.models import Import, ImportState
from talex.participants.importing.notes import ACCEPTABLE
from talex.participants.importing.registry import target_of
from talex.participants.importing.rules import can_change_import, can_see_import

#: States in which nothing is done to the import any more.
ENDED = (ImportState.APPLIED, ImportState.CANCELLED, ImportState.FAILED)


def locked(actor: Actor, import_id: UUID) -> Import:
    """The import, for whoever may change it, locked until the end of the transaction."""
    one = (
        Import.objects.select_for_update(of=("self",))
        .select_related("edition")
        .filter(pk=import_id)
        .first()
    )
    if one is None or not can_see_import(actor, one):
        raise NotFound
    if not can_change_import(actor, one) or not target_of(one.target).may_import(
        actor, one.edition
    ):
        raise NotAllowed
    return one


def previewed(actor: Actor, import_id: UUID) -> Import:
    """The import, where its preview may be changed now."""
    one = locked(actor, import_id)
    refuse_unless_previewed(one)
    return one


def refuse_unless_previewed(one: Import) -> None:
    """Conflict, with the reason, where there is no preview that could be changed or applied."""
    if one.state == ImportState.APPLYING:
        raise Conflict(_("This preview is being imported. Wait until that has ended."))
    if one.state == ImportState.APPLIED:
        raise Conflict(_("This preview was imported already."))
    if one.state != ImportState.PREVIEWED:
        raise Conflict(_("The preview cannot be changed now: read the file first, or start anew."))


def changed(one: Import) -> None:
    """The preview is another one now: what somebody approved before does not hold for it."""
    one.revision += 1
    one.digest = ""
    one.failure = None
    one.save(update_fields=["revision", "digest", "failure"])


def working(one: Import) -> Job | None:
    """The job that works on the import, if it has not ended."""
    job = Job.objects.filter(pk=one.job_id).first() if one.job_id else None
    return job if job is not None and not job.finished else None


def stop_work(actor: Actor, one: Import) -> None:
    """Ask the job that works on the import to stop; what it still writes does not count."""
    job = working(one)
    if job is not None:
        cancel(actor, job.pk)


def spans(numbers: Iterable[int]) -> list[int]:
    """Row numbers, each once, in order."""
    return sorted(set(numbers))


def acceptable() -> Q:
    """Rows with something that can be taken as it stands (`notes.ACCEPTABLE`)."""
    found = Q(pk__in=[])
    for code in ACCEPTABLE:
        found |= Q(codes__contains=f" {code} ")
    return found
