"""The report on exposure over the API, for the organiser alone."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.editions.queries import edition_by_slug
from talex.fair import exposure

router = Router(tags=["fair"])


class GroupOut(Schema):
    """A group against the mean of all (1); everything is null where it is too small."""

    group: str
    count: int | None
    exposure: float | None
    low: float | None
    high: float | None
    proposals: float | None
    reached: float | None
    merit: float | None
    treatment: float | None


class ExposureOut(Schema):
    """Exposure by kind of group; groups below `small` are kept back."""

    talents: int
    proposals: int
    source: str
    small: int
    kinds: dict[str, list[GroupOut]]


@router.get("/editions/{slug}/exposure", response=ExposureOut, operation_id="getExposure")
def get_exposure(request: ActorRequest, slug: str) -> Any:
    return exposure.report(request.actor, edition_by_slug(request.actor, slug)).as_json()
