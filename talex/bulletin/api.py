"""Figures, records, snapshots and bulletins over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from talex.accounts.http import key_of
from talex.bulletin import comparing, freezing, instants, presenting, queries, tables
from talex.bulletin.counting import Cutoff
from talex.bulletin.models import Bulletin, Snapshot
from talex.bulletin.rules import can_open_records, sees_small_counts
from talex.bulletin.services import (
    FreezeSnapshot,
    ReleaseBulletin,
    WithdrawBulletin,
    freeze_snapshot,
    release_bulletin,
    withdraw_bulletin,
)
from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.paging import Offset
from talex.core.shapes import Body
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug

router = Router(tags=["figures"])
PAGE = 200


class Number(Schema):
    """One number. `persons` is null and `hidden` true where a small number is kept back."""

    figure: str
    name: dict[str, str]
    definition_version: int
    by: str
    value: str
    label: str
    persons: int | None
    hidden: bool
    happened_until: datetime
    known_until: datetime


class Figures(Schema):
    edition: str
    happened_until: datetime
    known_until: datetime
    numbers: list[Number]


class Definition(Schema):
    key: str
    version: int
    rung: str
    subject_kind: str
    counts_once: str
    dimensions: list[str]
    name: dict[str, str]
    text: dict[str, str]
    counting: dict[str, str]
    counting_version: int


class Record(Schema):
    """One piece of evidence. `person` is null and `erased` true after an erasure."""

    id: UUID
    figure: str
    subject: UUID
    counted_as: UUID
    person: str | None
    erased: bool
    happened_at: datetime
    recorded_at: datetime
    confirmed_by: str
    source_kind: str
    source_id: str
    degree_level: str
    industry: str
    region: str


class Records(Schema):
    persons: int
    total: int
    next_offset: int | None
    records: list[Record]


class SnapshotIn(Body):
    until: datetime | None = None
    known: datetime | None = None
    note: str = ""


class SnapshotOut(Schema):
    id: UUID
    number: int
    happened_until: datetime
    known_until: datetime
    note: str
    digest: str
    head_number: int
    head_hash: str
    created_at: datetime
    created_by: str


class SnapshotFull(SnapshotOut):
    definitions: list[Definition]
    numbers: list[Number]


class CheckOut(Schema):
    equal: bool
    says: list[str]


class BulletinIn(Body):
    title: dict[str, str] = {}
    text: dict[str, str] = {}


class WithdrawIn(Body):
    reason: dict[str, str]


class BulletinOut(Schema):
    number: int
    title: dict[str, str]
    text: dict[str, str]
    released_at: datetime
    withdrawn_at: datetime | None
    reason: dict[str, str]
    happened_until: datetime
    known_until: datetime
    digest: str


class BulletinFull(BulletinOut):
    definitions: list[Definition]
    numbers: list[Number]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _snapshot(row: Snapshot) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "happened_until": row.until,
        "known_until": row.known,
        "note": row.note,
        "digest": row.digest,
        "head_number": row.head_number,
        "head_hash": row.head_hash,
        "created_at": row.created_at,
        "created_by": row.created_by,
    }


def _frozen(row: Snapshot, *, protected: bool) -> dict[str, Any]:
    cells = queries.cells(row)
    split = [
        queries.frozen_table(cells, row, by, protected=protected) for by in tables.DIMENSION_LABELS
    ]
    cutoff = Cutoff(row.until, row.known)
    return {
        "definitions": row.definitions,
        "numbers": presenting.as_json(split, row.definitions, cutoff),
    }


def _bulletin(row: Bulletin) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title.texts(),
        "text": row.text.texts(),
        "released_at": row.released_at,
        "withdrawn_at": row.withdrawn_at,
        "reason": row.reason.texts(),
        "happened_until": row.snapshot.until,
        "known_until": row.snapshot.known,
        "digest": row.snapshot.digest,
    }


@router.get("/editions/{slug}/figures", response=Figures, summary="Figures as counted now")
def figures(
    request: HttpRequest,
    slug: str,
    until: str = Query("", description="A day, or an instant; left out: now"),
    known: str = Query("", description="A day, or an instant; left out: now"),
    by: str = Query("", description="degree_level, industry or region"),
) -> dict[str, Any]:
    actor = _actor(request)
    edition = edition_by_slug(actor, slug)
    found = queries.figures(actor, edition, instants.read(edition, until, known), by)
    return {
        "edition": edition.slug,
        "happened_until": found.cutoff.until,
        "known_until": found.cutoff.known,
        "numbers": presenting.as_json([found.table], freezing.definitions(), found.cutoff),
    }


@router.get("/figures/definitions", response=list[Definition], auth=None)
def definitions(request: HttpRequest) -> list[dict[str, Any]]:
    """What every figure means, in each language."""
    return freezing.definitions()


@router.get("/editions/{slug}/figures/{figure}/records", response=Records)
def records(
    request: HttpRequest,
    slug: str,
    figure: str,
    until: str = "",
    known: str = "",
    by: str = "",
    value: str = "",
    offset: int = Offset,
) -> dict[str, Any]:
    """The evidence behind one number, 200 rows a page."""
    actor = _actor(request)
    edition = edition_by_slug(actor, slug)
    chosen = queries.definition(figure)
    cutoff = instants.read(edition, until, known)
    rows = queries.records(actor, edition, chosen, cutoff, by, value)
    total = rows.count()
    page: Any = rows.order_by("-happened_at", "pk")[offset : offset + PAGE]
    return {
        "persons": rows.order_by().values("counted").distinct().count(),
        "total": total,
        "next_offset": offset + PAGE if offset + PAGE < total else None,
        "records": [
            {
                "id": row.pk,
                "figure": chosen.key,
                "subject": row.subject_id,
                "counted_as": row.counted,
                "person": None if row.erased_at else row.person_name,
                "erased": row.erased_at is not None,
                "happened_at": row.happened_at,
                "recorded_at": row.recorded_at,
                "confirmed_by": row.confirmed_by,
                "source_kind": row.source_kind,
                "source_id": row.source_id,
                "degree_level": row.of_degree_level,
                "industry": row.of_industry,
                "region": row.of_region,
            }
            for row in page
        ],
    }


@router.get("/editions/{slug}/snapshots", response=list[SnapshotOut])
def snapshots(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The snapshots, the latest first."""
    actor = _actor(request)
    return [_snapshot(row) for row in queries.snapshots(actor, edition_by_slug(actor, slug))]


@router.post("/editions/{slug}/snapshots", response={201: SnapshotOut})
def freeze(
    request: HttpRequest,
    slug: str,
    data: SnapshotIn,
) -> Status[Any]:
    """Freeze all figures. Numbers are counted, never taken."""
    actor = _actor(request)
    command = FreezeSnapshot(edition=edition_by_slug(actor, slug).pk, **data.dict())
    made = once(actor, key_of(request), command, lambda: freeze_snapshot(actor, command))
    return Status(201, _snapshot(made))


@router.get("/editions/{slug}/snapshots/{number}", response=SnapshotFull)
def snapshot(request: HttpRequest, slug: str, number: int) -> dict[str, Any]:
    """A snapshot with its numbers."""
    actor = _actor(request)
    row = queries.snapshot(actor, edition_by_slug(actor, slug), number)
    protected = not sees_small_counts(actor, row.edition_id)
    return {**_snapshot(row), **_frozen(row, protected=protected)}


@router.get("/editions/{slug}/snapshots/{number}/check", response=CheckOut)
def check(request: HttpRequest, slug: str, number: int) -> dict[str, Any]:
    """Count again and say what differs."""
    actor = _actor(request)
    row = queries.snapshot(actor, edition_by_slug(actor, slug), number)
    if not can_open_records(actor, row.edition_id):
        raise NotAllowed
    found = freezing.check(row)
    return {"equal": found.equal, "says": comparing.told(found)}


@router.post("/editions/{slug}/snapshots/{number}/release", response={201: BulletinOut})
def release(
    request: HttpRequest,
    slug: str,
    number: int,
    data: BulletinIn,
) -> Status[Any]:
    """Make a snapshot public as a bulletin."""
    actor = _actor(request)
    row = queries.snapshot(actor, edition_by_slug(actor, slug), number)
    command = ReleaseBulletin(
        snapshot=row.pk,
        title=TranslatedText(dict(data.title)),
        text=TranslatedText(dict(data.text)),
    )
    made = once(actor, key_of(request), command, lambda: release_bulletin(actor, command))
    return Status(201, _bulletin(made))


@router.get("/editions/{slug}/bulletins", response=list[BulletinOut], auth=None)
def bulletins(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """What was released, the latest first."""
    actor = _actor(request)
    return [_bulletin(row) for row in queries.bulletins(actor, edition_by_slug(actor, slug))]


@router.get("/editions/{slug}/bulletins/{number}", response=BulletinFull, auth=None)
def bulletin(request: HttpRequest, slug: str, number: int) -> dict[str, Any]:
    """A bulletin with its numbers; small ones are kept back for everybody."""
    actor = _actor(request)
    row = queries.bulletin(actor, edition_by_slug(actor, slug), number)
    return {**_bulletin(row), **_frozen(row.snapshot, protected=True)}


@router.post("/editions/{slug}/bulletins/{number}/withdraw", response=BulletinOut)
def withdraw(
    request: HttpRequest,
    slug: str,
    number: int,
    data: WithdrawIn,
) -> dict[str, Any]:
    """Take a bulletin back, with the reason."""
    actor = _actor(request)
    row = queries.bulletin(actor, edition_by_slug(actor, slug), number)
    command = WithdrawBulletin(bulletin=row.pk, reason=TranslatedText(dict(data.reason)))
    return _bulletin(
        once(actor, key_of(request), command, lambda: withdraw_bulletin(actor, command))
    )
