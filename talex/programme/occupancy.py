"""Nobody and nothing is in two places: one row per resource and cell, unique in the database.

A hold is written in the transaction of whoever makes it (a meeting, a session, a judge's shift).
Two at once for the same cell: the database lets one through, the other is told who holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.errors import Conflict, Invalid
from talex.core.work import current
from talex.programme.models import CELL_MINUTES, Occupancy

PERSON, TABLE, DEVICE = "person", "table", "device"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held, from when until when (aware datetimes on the grid of cells), by whom."""

    edition: UUID
    resources: tuple[tuple[str, UUID], ...]
    starts_at: datetime
    ends_at: datetime
    holder: tuple[str, UUID]
    expires_at: datetime | None = None


def cells(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The cells in [starts_at, ends_at), in UTC."""
    start = starts_at.astimezone(UTC)
    end = ends_at.astimezone(UTC)
    if start >= end:
        raise Invalid({"ends_at": _("The end must be after the start.")})
    if any(t.minute % CELL_MINUTES or t.second or t.microsecond for t in (start, end)):
        raise Invalid({"starts_at": _("Times must be on the five-minute grid.")})
    step = timedelta(minutes=CELL_MINUTES)
    return [start + step * i for i in range(int((end - start) / step))]


def rows_of(hold: Hold) -> list[Occupancy]:
    return [
        Occupancy(
            edition_id=hold.edition,
            resource_kind=kind,
            resource_id=resource,
            cell=cell,
            holder_kind=hold.holder[0],
            holder_id=hold.holder[1],
            expires_at=hold.expires_at,
        )
        for kind, resource in hold.resources
        for cell in cells(hold.starts_at, hold.ends_at)
    ]


def hold(*holds: Hold) -> None:
    """Take every resource of every hold, or none of them.

    Raises Conflict naming what is taken already. Must be called inside `work()`.
    """
    current()
    rows = [row for each in holds for row in rows_of(each)]
    # The same order for everybody: two transactions that want the same cells wait for each
    # other instead of standing in each other's way (no deadlock on PostgreSQL).
    rows.sort(key=lambda row: (str(row.resource_id), row.cell))
    clear_expired({row.resource_id for row in rows})
    try:
        with transaction.atomic():
            Occupancy.objects.bulk_create(rows, batch_size=CHUNK)
    except (IntegrityError, OperationalError) as fault:
        if isinstance(fault, OperationalError) and not _is_deadlock(fault):
            raise
        raise Conflict(
            _("One of the two sides or the table is taken at this time. Choose another time."),
            items=[
                _("%(kind)s is taken at %(time)s")
                % {"kind": row.resource_kind, "time": f"{row.cell:%Y-%m-%d %H:%M} UTC"}
                for row in clashes(rows)
            ],
        ) from fault


def hold_free(hold: Hold) -> int:
    """Take what is free of a hold and leave the rest to who has it. Returns the cells taken.

    For what is a fact and no booking (somebody is ill, a hall is closed). Inside `work()`.
    """
    current()
    rows = rows_of(hold)
    clear_expired({row.resource_id for row in rows})
    there = {(row.resource_id, row.cell) for row in clashes(rows)}
    mine = [row for row in rows if (row.resource_id, row.cell) not in there]
    Occupancy.objects.bulk_create(mine, batch_size=CHUNK, ignore_conflicts=True)
    return len(mine)


def _is_deadlock(fault: OperationalError) -> bool:
    """Each of two wanted what the other held: PostgreSQL ends one of them, which is told so."""
    return getattr(fault.__cause__, "sqlstate", "") == "40P01"


def clashes(rows: Sequence[Occupancy]) -> list[Occupancy]:
    """The kept rows that stand in the way of the wanted ones."""
    wanted = {(row.resource_id, row.cell) for row in rows}
    found: list[Occupancy] = []
    resources = sorted({row.resource_id for row in rows}, key=str)
    for at in range(0, len(resources), CHUNK):
        kept = Occupancy.objects.filter(
            resource_id__in=resources[at : at + CHUNK],
            cell__gte=min(row.cell for row in rows),
            cell__lte=max(row.cell for row in rows),
        )
        found += [row for row in kept if (row.resource_id, row.cell) in wanted]
    return found


def release(holder_kind: str, holders: Iterable[UUID]) -> int:
    """Let go of everything these holders hold. Returns the number of cells freed."""
    current()
    ids = list(holders)
    freed = 0
    for at in range(0, len(ids), CHUNK):
        freed += Occupancy.objects.filter(
            holder_kind=holder_kind, holder_id__in=ids[at : at + CHUNK]
        ).delete()[0]
    return freed


def clear_expired(resources: Iterable[UUID] | None = None) -> int:
    """Forget holds whose time has run out (of these resources, or all)."""
    expired = Occupancy.objects.filter(expires_at__lte=clock.now())
    if resources is None:
        return expired.delete()[0]
    ids = list(resources)
    return sum(
        expired.filter(resource_id__in=ids[at : at + CHUNK]).delete()[0]
        for at in range(0, len(ids), CHUNK)
    )


def taken(resource: UUID, starts_at: datetime, ends_at: datetime) -> models.QuerySet[Occupancy]:
    """What holds the resource in [starts_at, ends_at), expired holds left out."""
    return Occupancy.objects.filter(
        resource_id=resource, cell__gte=starts_at, cell__lt=ends_at
    ).exclude(expires_at__lte=clock.now())


def move_resource(old: UUID, new: UUID) -> None:
    """Merging two persons: the cells of one become the other's. Raises Conflict with the list."""
    current()
    mine = Occupancy.objects.filter(resource_id=new).values("cell")
    both = list(Occupancy.objects.filter(resource_id=old, cell__in=mine).order_by("cell"))
    if both:
        raise Conflict(
            _("Both are booked at the same time. Move one of the meetings first."),
            items=[f"{row.cell:%Y-%m-%d %H:%M} UTC" for row in both],
        )
    Occupancy.objects.filter(resource_id=old).update(resource_id=new)
