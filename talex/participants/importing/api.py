"""Imports through the API: the same steps as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from talex.accounts.http import actor_of, key_of
from talex.core.idempotency import once
from talex.core.models import JobState
from talex.core.paging import Limit, Offset
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.participants.importing import queries, services
from talex.participants.importing.mapping import Column, Mapping
from talex.participants.importing.models import Import, ImportState, RowState

router = Router(tags=["imports"])


class ColumnIn(Body):
    """A column of the file. Without a field it is kept as text."""

    heading: str
    field: str | None = None
    day_first: bool | None = None
    currency: str | None = None
    period: str | None = None


class MappingIn(Body):
    """All columns in the order of the file; `defaults`: field to text for rows that say nothing."""

    columns: list[ColumnIn]
    defaults: dict[str, str] = {}


class ImportJobOut(Schema):
    """How far the work on the import is."""

    id: UUID
    state: Annotated[str, one_of(JobState)]
    done: int
    total: int
    message: str
    error: str


class ImportOut(Schema):
    """An import. `revision` names the preview: give it back when applying."""

    id: UUID
    target: str
    source: str
    file_name: str
    state: Annotated[str, one_of(ImportState)]
    revision: int
    headings: list[str]
    mapping: dict[str, Any]
    file_facts: dict[str, Any]
    created_at: datetime
    applied_at: datetime | None
    result: dict[str, Any]
    job: ImportJobOut | None


class ImportSummaryOut(Schema):
    """The preview in numbers."""

    total: int
    states: dict[str, int]
    distinct: int
    identical_groups: int
    identical_rows: int
    undecided_groups: int
    similar_groups: int
    undecided_similar: int
    remarks: dict[str, int]
    understood: dict[str, dict[str, int]]
    can_apply: bool


class FaultOut(Schema):
    """What is to be said about a cell or a row. `severity`: 1 good to know, 2 check, 3 mend."""

    code: str
    severity: int
    column: str
    heading: str
    field: str
    message: str


class ImportRowOut(Schema):
    """A row of the file: `values` what was understood, `kept` what stays text."""

    number: int
    state: Annotated[str, one_of(RowState)]
    values: dict[str, Any]
    kept: dict[str, str]
    cells: list[Any]
    corrections: dict[str, str]
    faults: list[FaultOut]
    fingerprint: str
    identical: int
    likeness: str
    similar: int
    merged_into: int | None


class RowsOut(Schema):
    """A part of the rows; `count` of all that match."""

    count: int
    items: list[ImportRowOut]


class CorrectIn(Body):
    """Field to text in place of the cell; '' empties it, null takes the cell again."""

    values: dict[str, str | None]


class RowsIn(Body):
    """Row numbers; null means all that it can be meant for."""

    numbers: list[int] | None = None
    undo: bool = False


class GroupsIn(Body):
    """Groups of identical rows by fingerprint; null means all that wait."""

    fingerprints: list[str] | None = None
    merge: bool = True


class AlikeIn(Body):
    """A group of rows that are alike; `into` null keeps them apart."""

    likeness: str
    into: int | None = None


class ApplyIn(Body):
    """The revision of the preview that was looked at."""

    revision: int


class ImportCountOut(Schema):
    """How many rows it were."""

    count: int


def _out(one: Import) -> dict[str, Any]:
    job = queries.job_of(one)
    told = {name: getattr(one, name) for name in ImportOut.model_fields if name != "job"}
    told["job"] = job and {
        "id": job.pk, "state": job.state, "done": job.done, "total": job.total,
        "message": job.message, "error": job.error_message,
    }  # fmt: skip
    return told


def _one(request: HttpRequest, slug: str, pk: UUID) -> Import:
    actor = actor_of(request)
    return queries.import_of(actor, edition_by_slug(actor, slug), pk)


@router.get("/editions/{slug}/imports", response=list[ImportOut], operation_id="listImports")
def list_imports(request: HttpRequest, slug: str, limit: int = Limit, offset: int = Offset) -> Any:
    """The imports of an edition, the latest first."""
    actor = actor_of(request)
    rows = queries.imports(actor, edition_by_slug(actor, slug))
    return [_out(one) for one in rows[offset : offset + limit]]


@router.post("/editions/{slug}/imports", response={201: ImportOut}, operation_id="uploadImport")
def upload_import(
    request: HttpRequest,
    slug: str,
    file: File[UploadedFile],
    target: Form[Literal["talent", "organisation", "opening"]],
    source: Form[str] = "",
    sheet: Form[str] = "",
) -> Any:
    """Upload a file; the answer holds a proposed mapping. Nothing is brought in yet."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.UploadFile(edition.pk, target, file, source, sheet)
    asked = [slug, target, source, sheet, file.name, file.size]
    # What is opened here and was asked for before is given back by its key, and removed again.
    with services.opened(actor, command) as opened:
        one = once(actor, key_of(request), asked, lambda: services.make_import(actor, opened))
    return Status(201, _out(one))


@router.get("/editions/{slug}/imports/{uuid:pk}", response=ImportOut, operation_id="getImport")
def get_import(request: HttpRequest, slug: str, pk: UUID) -> Any:
    """One import, and how far the work on it is."""
    return _out(_one(request, slug, pk))


@router.put(
    "/editions/{slug}/imports/{uuid:pk}/mapping", response=ImportOut, operation_id="mapImport"
)
def set_mapping(request: HttpRequest, slug: str, pk: UUID, body: MappingIn) -> Any:
    """Say which column is which field; the file is read in a job."""
    one = _one(request, slug, pk)
    columns = [Column(**column.model_dump()) for column in body.columns]
    command = services.SetMapping(one.pk, columns, body.defaults)
    services.set_mapping(actor_of(request), command)
    return _out(_one(request, slug, pk))


@router.get(
    "/editions/{slug}/imports/{uuid:pk}/preview",
    response=ImportSummaryOut,
    operation_id="getImportPreview",
)
def get_preview(request: HttpRequest, slug: str, pk: UUID) -> Any:
    """The preview in numbers."""
    one = _one(request, slug, pk)
    summary = queries.summary(one)
    return {
        **{name: getattr(summary, name, None) for name in ImportSummaryOut.model_fields},
        "remarks": dict(summary.codes),
        "understood": {
            field: {"understood": understood, "kept": kept}
            for field, _label, understood, kept in queries.understood(one)
        },
    }


@router.get(
    "/editions/{slug}/imports/{uuid:pk}/rows", response=RowsOut, operation_id="listImportRows"
)
def list_rows(
    request: HttpRequest,
    slug: str,
    pk: UUID,
    show: str = "all",
    code: str = "",
    group: str = "",
    limit: int = Limit,
    offset: int = Offset,
) -> Any:
    """The rows. `show`: all, faults, warnings, identical, similar, new, known, excluded, merged."""
    one = _one(request, slug, pk)
    found = queries.rows(one, show, code, group)
    mapping = Mapping.from_json(one.mapping)
    part = found[offset : offset + limit]
    return {"count": found.count(), "items": [_row(one, row, mapping) for row in part]}


def _row(one: Import, row: Any, mapping: Mapping) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ImportRowOut.model_fields if name != "faults"}
    told["faults"] = [
        {name: getattr(fault, name) for name in FaultOut.model_fields}
        for fault in queries.faults(one, row, mapping)
    ]
    return told


@router.patch(
    "/editions/{slug}/imports/{uuid:pk}/rows/{int:number}",
    response=ImportRowOut,
    operation_id="correctImportRow",
)
def correct_row(request: HttpRequest, slug: str, pk: UUID, number: int, body: CorrectIn) -> Any:
    """Mend cells of a row."""
    one = _one(request, slug, pk)
    command = services.CorrectRow(one.pk, number, body.values)
    row = services.correct_row(actor_of(request), command)
    return _row(one, row, Mapping.from_json(one.mapping))


@router.post(
    "/editions/{slug}/imports/{uuid:pk}/exclude",
    response=ImportCountOut,
    operation_id="excludeImportRows",
)
def exclude_rows(request: HttpRequest, slug: str, pk: UUID, body: RowsIn) -> Any:
    """Leave rows out (all that have to be mended, where none are named), or take them in again."""
    command = services.ExcludeRows(_one(request, slug, pk).pk, body.numbers, not body.undo)
    return {"count": services.exclude_rows(actor_of(request), command)}


@router.post(
    "/editions/{slug}/imports/{uuid:pk}/accept",
    response=ImportCountOut,
    operation_id="acceptImportRows",
)
def accept_rows(request: HttpRequest, slug: str, pk: UUID, body: RowsIn) -> Any:
    """Take faulty rows as they stand."""
    command = services.AcceptRows(_one(request, slug, pk).pk, body.numbers, not body.undo)
    return {"count": services.accept_rows(actor_of(request), command)}


@router.post(
    "/editions/{slug}/imports/{uuid:pk}/identical",
    response=ImportCountOut,
    operation_id="decideIdenticalRows",
)
def decide_identical(request: HttpRequest, slug: str, pk: UUID, body: GroupsIn) -> Any:
    """Merge groups of identical rows, or keep their rows apart."""
    command = services.MergeIdentical(_one(request, slug, pk).pk, body.fingerprints, body.merge)
    return {"count": services.merge_identical(actor_of(request), command)}


@router.post(
    "/editions/{slug}/imports/{uuid:pk}/alike",
    response=ImportCountOut,
    operation_id="decideAlikeRows",
)
def decide_alike(request: HttpRequest, slug: str, pk: UUID, body: AlikeIn) -> Any:
    """Merge rows that are alike into one of them, or keep them apart."""
    command = services.DecideSimilar(_one(request, slug, pk).pk, body.likeness, body.into)
    return {"count": services.decide_similar(actor_of(request), command)}


@router.post(
    "/editions/{slug}/imports/{uuid:pk}/apply",
    response={202: ImportOut},
    operation_id="applyImport",
)
def apply_import(request: HttpRequest, slug: str, pk: UUID, body: ApplyIn) -> Any:
    """Bring in exactly the preview of this revision, in a job."""
    actor, one = actor_of(request), _one(request, slug, pk)
    command = services.ApplyImport(one.pk, body.revision)
    once(actor, key_of(request), command, lambda: services.apply_import(actor, command))
    return Status(202, _out(_one(request, slug, pk)))


@router.delete(
    "/editions/{slug}/imports/{uuid:pk}", response={204: None}, operation_id="cancelImport"
)
def cancel_import(request: HttpRequest, slug: str, pk: UUID) -> Any:
    """Give the import up: its file and rows are deleted."""
    services.cancel_import(actor_of(request), services.CancelImport(_one(request, slug, pk).pk))
    return Status(204, None)
