"""The preview comes in: exactly what was looked at, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Message
from talex.core.ids import ascending
from talex.core.jobs import enqueue
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.importing import grouping
from talex.participants.importing.evaluate import content_digest
from talex.participants.importing.making import source_rows
from talex.participants.importing.models import Import, ImportState, RowState, StagedRow
from talex.participants.importing.notes import BLOCKING, Note, severity
from talex.participants.importing.registry import (
    Batch,
    Prepared,
    Row,
    SourceKey,
    Stale,
    target_of,
)
from talex.participants.importing.services.common import locked, refuse_unless_previewed
from talex.participants.importing.services.uploading import clear
from talex.participants.importing.staging import Progress
from talex.participants.models import SourceRow

APPLY = "importing.apply"
_CHUNK = 1_000
_TOLD = 20
_ATTEMPTS = 3
_CAME_IN = _(
    "Rows of this file, or what they say, came in another way meanwhile. Nothing was imported. "
    "Look at the preview again."
)


@dataclass(frozen=True, slots=True)
class ApplyImport:
    """`revision`: of the preview that was looked at (`Import.revision`)."""

    import_id: UUID
    revision: int


def apply_import(actor: Actor, command: ApplyImport) -> Import:
    """Queue the import of the preview; said twice (a double click, a colleague) it happens once.

    Conflict where the preview is another one by now, where rows are still to be mended (it names
    the first), and where nobody has decided about identical rows.
    """
    with work():
        one = locked(actor, command.import_id)
        if one.revision == command.revision and one.state in (
            ImportState.APPLYING,
            ImportState.APPLIED,
        ):
            return one
        refuse_unless_previewed(one)
        if one.revision != command.revision:
            raise Conflict(_("The preview has changed since you looked at it. Look at it again."))
        faulty = one.rows.filter(state=RowState.FAULT)
        if count := faulty.count():
            raise Conflict(
                ngettext(
                    "%(count)s row is still to be mended. Mend it, or leave it out.",
                    "%(count)s rows are still to be mended. Mend them, or leave them out.",
                    count,
                )
                % {"count": count},
                items=_told(faulty),
            )
        if target_of(one.target).decide_identical:
            groups = one.rows.filter(grouping.undecided(one)).values("fingerprint").distinct()
            if count := groups.count():
                raise Conflict(
                    ngettext(
                        "%(count)s group of identical rows waits for a decision: merge it, or "
                        "keep its rows apart.",
                        "%(count)s groups of identical rows wait for a decision: merge them, or "
                        "keep their rows apart.",
                        count,
                    )
                    % {"count": count}
                )
        one.digest = grouping.digest(one)
        job = enqueue(actor, APPLY, {"import_id": str(one.pk)}, edition=one.edition_id)
        one.state, one.job_id, one.failure = ImportState.APPLYING, job.pk, None
        one.save(update_fields=["digest", "state", "job_id", "failure"])
    return one


def _told(faulty: QuerySet[StagedRow]) -> list[Message]:
    said: list[Message] = []
    for row in faulty.order_by("number")[:_TOLD]:
        for kept in row.notes:
            if severity(kept["code"]) == BLOCKING:
                text = _("Row %(row)s: %(fault)s")
                said.append(text % {"row": row.number, "fault": Note.from_json(kept).message})
    return said


def apply_now(
    actor: Actor, import_id: UUID, job_id: UUID | None, progress: Progress
) -> dict[str, object]:
    """Bring the approved preview in; what the job calls. Doing it twice does it once.

    `progress` raises to stop; that is heeded until the transaction begins. Returns the result as
    it is kept in `Import.result`.
    """
    one = Import.objects.select_related("edition").get(pk=import_id)
    if one.state == ImportState.APPLYING and one.job_id == job_id:
        try:
            for _attempt in range(_ATTEMPTS):
                try:
                    _apply(actor, one, progress)
                    break
                except Stale:
                    continue
            else:
                raise Conflict
        except BaseException as error:
            _take_back(one, error)
            raise
    if one.state == ImportState.APPLIED:
        clear(one)
    return dict(one.result)


def _take_back(one: Import, error: BaseException) -> None:
    """Nothing has come in: the preview may be changed and applied again.

    Not where the process is being stopped or the database is away: the job is then run again.
    """
    if isinstance(error, Conflict):
        Import.objects.filter(pk=one.pk, state=ImportState.APPLYING, job_id=one.job_id).update(
            state=ImportState.PREVIEWED
        )
        one.state = ImportState.PREVIEWED


def _apply(actor: Actor, one: Import, progress: Progress) -> None:
    target = target_of(one.target)
    batch = Batch(actor, one.edition, one.source, one.pk)
    rows = _Rows(one, progress)
    try:
        prepared = target.prepare(batch, rows)
        try:
            rows.check()
            _write(batch, one, prepared)
        finally:
            prepared.close()
    except (IntegrityError, Conflict) as error:
        # What the preview says of known rows may be out of date.
        grouping.relate(one)
        Import.objects.filter(pk=one.pk).update(revision=one.revision + 1)
        if isinstance(error, Conflict):
            raise
        raise Conflict(_CAME_IN) from error


class _Rows:
    """The rows that come in, each with those that were merged into it.

    Read once, from the first to the last; `check` then tells whether they are those that were
    approved.
    """

    def __init__(self, one: Import, progress: Progress) -> None:
        self._one, self._progress = one, progress
        self._whole = grouping.Digest(one)

    def __iter__(self) -> Iterator[Row]:
        total, done, last = self._one.rows.count(), 0, 0
        self._progress(0, total)
        while rows := list(self._one.rows.filter(number__gt=last).order_by("number")[:_CHUNK]):
            self._refuse_known(rows)
            followers = self._followers([row.number for row in rows])
            for row in rows:
                if content_digest(row.values, row.kept) != row.content:
                    raise Conflict
                self._whole.add(row.number, row.content, row.state, row.merged_into)
                if row.state == RowState.NEW:
                    own = SourceKey(row.fingerprint, row.occurrence, row.number)
                    keys = [own, *followers.get(row.number, ())]
                    yield Row(row.number, row.values, row.kept, keys)
            last = rows[-1].number
            done += len(rows)
            self._progress(done, total)

    def _refuse_known(self, rows: Sequence[StagedRow]) -> None:
        """Rows that came in by another import after the preview was made."""
        expected = {
            (row.fingerprint, row.occurrence)
            for row in rows
            if row.state in (RowState.NEW, RowState.MERGED)
        }
        found = grouping.known_rows(self._one).filter(
            fingerprint__in={print_ for print_, _occurrence in expected}
        )
        if expected.intersection(found.values_list("fingerprint", "occurrence")):
            raise Conflict(_CAME_IN)

    def _followers(self, numbers: Sequence[int]) -> dict[int, list[SourceKey]]:
        found: dict[int, list[SourceKey]] = {}
        merged = self._one.rows.filter(state=RowState.MERGED, merged_into__in=numbers)
        for leader, print_, occurrence, number in merged.order_by("number").values_list(
            "merged_into", "fingerprint", "occurrence", "number"
        ):
            found.setdefault(leader or 0, []).append(SourceKey(print_, occurrence, number))
        return found

    def check(self) -> None:
        if self._whole.hexdigest() != self._one.digest:
            raise Conflict(_("The preview has changed since you looked at it. Look at it again."))


def _joining(batch: Batch, one: Import) -> list[SourceRow]:
    """Rows that were merged into one that is known: they are that object from now on."""
    merged = one.rows.filter(state=RowState.MERGED).annotate(
        leader=Subquery(
            StagedRow.objects.filter(
                owner=one, number=OuterRef("merged_into"), state=RowState.KNOWN
            ).values("known_as")[:1]
        )
    )
    ids = ascending()
    return [
        made
        for number, print_, occurrence, leader in merged.filter(leader__isnull=False).values_list(
            "number", "fingerprint", "occurrence", "leader"
        )
        for made in source_rows(
            batch,
            one.target,
            Row(number, {}, {}, [SourceKey(print_, occurrence, number)]),
            leader,
            ids,
        )
    ]


def _write(batch: Batch, one: Import, prepared: Prepared) -> None:
    """The one transaction."""
    joining = _joining(batch, one)
    states = dict(
        one.rows.order_by()
        .values_list("state")
        .annotate(rows=Count("pk"))
        .values_list("state", "rows")
    )
    fields = grouping.count_fields(one)
    with work():
        # From here on SQLite lets nobody else write; on PostgreSQL only this import is locked.
        began, worked = time.monotonic(), time.process_time()
        current = Import.objects.select_for_update().filter(pk=one.pk).first()
        if (
            current is None
            or current.state != ImportState.APPLYING
            or (current.job_id, current.digest) != (one.job_id, one.digest)
        ):
            raise Conflict(_("The preview has changed since you looked at it. Look at it again."))
        created = dict(prepared.apply())
        SourceRow.objects.bulk_create(joining)
        result = {"rows": states, "created": created, "fields": fields}
        record(
            "importing.applied",
            actor=batch.actor,
            edition=one.edition_id,
            obj=one,
            facts={
                "target": one.target,
                "file": one.file_digest,
                "preview": one.digest,
                "created": {name: str(count) for name, count in created.items()},
            },
        )
        one.state, one.result, one.applied_at = ImportState.APPLIED, result, now()
        one.save(update_fields=["state", "result", "applied_at"])
        written = time.monotonic() - began
    # With the commit: for how long others had to wait, and how much of it this process worked.
    one.result = result | {
        "seconds": {
            "written": round(written, 3),
            "locked": round(time.monotonic() - began, 3),
            "worked": round(time.process_time() - worked, 3),
        }
    }
    Import.objects.filter(pk=one.pk).update(result=one.result)
