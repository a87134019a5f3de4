"""Coverage over the API: whom the last run reached, and why not the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from talex.accounts.http import ActorRequest
from talex.editions.queries import edition_by_slug
from talex.fair import coverage

router = Router(tags=["fair"])


class SummaryOut(Schema):
    """Counts of the last run; `why`: reason -> openings without a proposal for it."""

    talents: int
    talents_without: int
    talents_crowded: int
    openings: int
    openings_without: int
    openings_nobody_fits: int
    openings_pressed: int
    why: dict[str, int]


class ReachOut(Schema):
    """A talent or opening in the last run. `excluded`, `alone`: requirement -> rows of the other
    side that it keeps out, and that it alone keeps out."""

    id: UUID
    proposals: int
    room: int
    admissible: int
    excluded: dict[str, int]
    alone: dict[str, int]
    best: float | None
    wanted: int
    pressure: float
    why: str


def _reach(row: Any, pk: UUID) -> dict[str, Any]:
    names = ("proposals", "room", "admissible", "excluded", "alone", "best", "wanted",
             "pressure", "why")  # fmt: skip
    return {"id": pk, **{name: getattr(row, name) for name in names}}


class _Talents(LimitOffsetPagination):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_reach(row, row.talent_id) for row in page["items"]]
        return page


class _Openings(LimitOffsetPagination):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_reach(row, row.opening_id) for row in page["items"]]
        return page


@router.get("/editions/{slug}/coverage", response=SummaryOut, operation_id="getCoverage")
def get_coverage(request: ActorRequest, slug: str) -> Any:
    return coverage.summary(request.actor, edition_by_slug(request.actor, slug)).as_json()


@router.get(
    "/editions/{slug}/coverage/talents",
    response=list[ReachOut],
    operation_id="listTalentCoverage",
)
@paginate(_Talents)
def list_talents(request: ActorRequest, slug: str, why: str = "") -> Any:
    rows = coverage.talents(request.actor, edition_by_slug(request.actor, slug)).order_by("id")
    return rows.filter(why=why) if why else rows


@router.get(
    "/editions/{slug}/coverage/openings",
    response=list[ReachOut],
    operation_id="listOpeningCoverage",
)
@paginate(_Openings)
def list_openings(request: ActorRequest, slug: str, why: str = "") -> Any:
    rows = coverage.openings(request.actor, edition_by_slug(request.actor, slug)).order_by("id")
    return rows.filter(why=why) if why else rows
