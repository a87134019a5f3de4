"""Coverage over the API: whom the last run reached, and why not the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest
from talex.core.paging import Pages
from talex.editions.queries import edition_by_slug
from talex.fair import congestion, coverage

router = Router(tags=["fair"])


class CoverageSummaryOut(Schema):
    """Counts of the last run; `why`: reason -> openings without a proposal for it.
    `talents_full`, `openings_full`: of those without a proposal the ones whose places are taken."""

    talents: int
    talents_without: int
    talents_full: int
    talents_crowded: int
    openings: int
    openings_without: int
    openings_full: int
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


class _Talents(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_reach(row, row.talent_id) for row in page["items"]]
        return page


class _Openings(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_reach(row, row.opening_id) for row in page["items"]]
        return page


@router.get("/editions/{slug}/coverage", response=CoverageSummaryOut, operation_id="getCoverage")
def get_coverage(request: ActorRequest, slug: str) -> Any:
    return coverage.summary(request.actor, edition_by_slug(request.actor, slug)).as_json()


class JamOut(Schema):
    """A talent or opening sought by far more than it can meet: `sought` have it among as many of
    their best as they have places. `advice`: in the reader's language."""

    id: UUID
    sought: int
    listed: int
    room: int
    pressure: float
    advice: list[str]


class TradeOut(Schema):
    """An industry of the openings: places, and how many talents seek them."""

    key: str
    name: str
    openings: int
    room: int
    sought: int
    pressed: int
    free: int
    pressure: float
    advice: str


class CongestionOut(Schema):
    """The most sought for each place, and every industry; `far`: from so many for a place on."""

    openings: list[JamOut]
    talents: list[JamOut]
    trades: list[TradeOut]
    openings_pressed: int
    talents_pressed: int
    far: float


def _jam(one: congestion.Jam, pk: UUID) -> dict[str, Any]:
    counts = {name: getattr(one.row, name) for name in ("sought", "listed", "room")}
    return {"id": pk, **counts, "pressure": round(one.pressure, 3), "advice": one.advice}


@router.get(
    "/editions/{slug}/coverage/congestion", response=CongestionOut, operation_id="getCongestion"
)
def get_congestion(request: ActorRequest, slug: str) -> Any:
    """What is sought by far more than it can meet, with what to do."""
    found = congestion.congested(request.actor, edition_by_slug(request.actor, slug))
    return {
        "openings": [_jam(one, one.row.opening_id) for one in found.openings],
        "talents": [_jam(one, one.row.talent_id) for one in found.talents],
        "trades": found.trades,
        "openings_pressed": found.openings_pressed,
        "talents_pressed": found.talents_pressed,
        "far": found.far,
    }


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
