"""The programme over the API."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest, key_of
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.shapes import ANSWER, Body
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.programme import queries, rules, services

router = Router(tags=["programme"])


class HallIn(Body):
    code: str
    name: dict[str, str]
    tables: int
    online: bool = False
    seats: int = 0


class HallOut(Schema):
    id: UUID
    code: str
    name: dict[str, str]
    tables: int
    online: bool
    seats: int
    closed: bool


def _hall(hall: Any) -> dict[str, Any]:
    fields = {k: getattr(hall, k) for k in ("id", "code", "online", "seats", "closed")}
    return fields | {"name": hall.name.texts(), "tables": hall.table_count}


def _manage(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_manage(request.actor, edition.id):
        raise NotAllowed
    return edition


@router.get("/editions/{slug}/halls", response=list[HallOut], operation_id="listHalls")
def list_halls(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return [_hall(hall) for hall in queries.halls(request.actor, edition)]


def _save_hall(request: ActorRequest, slug: str, body: HallIn, pk: UUID | None) -> Any:
    edition = _manage(request, slug)
    values = body.dict() | {"name": TranslatedText(body.name), "hall": pk}
    saved = services.save_hall(request.actor, edition, services.SaveHall(**values))
    return _hall(queries.halls(request.actor, edition).get(id=saved.id))


@router.post("/editions/{slug}/halls", response={201: HallOut}, operation_id="createHall")
def create_hall(request: ActorRequest, slug: str, body: HallIn) -> Any:
    return 201, _save_hall(request, slug, body, None)


@router.put("/editions/{slug}/halls/{pk}", response=HallOut, operation_id="editHall")
def edit_hall(request: ActorRequest, slug: str, pk: UUID, body: HallIn) -> Any:
    return _save_hall(request, slug, body, pk)


class ClosedOut(Schema):
    given_back: int


@router.post("/editions/{slug}/halls/{pk}/close", response=ClosedOut, operation_id="closeHall")
def close_hall(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = _manage(request, slug)
    return {"given_back": services.close_hall(request.actor, edition, pk)}


class DayIn(Body):
    opens: time
    closes: time
    meeting_minutes: int = 20
    pause_minutes: int = 5
    breaks: list[tuple[str, str]] = []


class DayOut(DayIn):
    model_config = ANSWER
    date: date


@router.get("/editions/{slug}/days", response=list[DayOut], operation_id="listDays")
def list_days(request: ActorRequest, slug: str) -> Any:
    return list(queries.days(edition_by_slug(request.actor, slug)))


@router.put("/editions/{slug}/days/{day}", response=DayOut, operation_id="saveDay")
def save_day(request: ActorRequest, slug: str, day: date, body: DayIn) -> Any:
    edition = _manage(request, slug)
    return services.save_day(request.actor, edition, services.SaveDay(date=day, **body.dict()))


class ActivityIn(Body):
    title: dict[str, str]
    kind: str
    starts_at: datetime
    ends_at: datetime
    main: bool = False
    summary: dict[str, str] = {}
    hall: UUID | None = None


class ActivityOut(ActivityIn):
    model_config = ANSWER
    id: UUID


def _activity(found: Any) -> dict[str, Any]:
    fields = {k: getattr(found, k) for k in ("id", "kind", "main", "starts_at", "ends_at")}
    return fields | {
        "title": found.title.texts(),
        "summary": found.summary.texts(),
        "hall": found.hall_id,
    }


@router.get(
    "/editions/{slug}/activities", response=list[ActivityOut], operation_id="listActivities"
)
def list_activities(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return [_activity(found) for found in queries.activities(request.actor, edition)]


def _save_activity(request: ActorRequest, slug: str, body: ActivityIn, pk: UUID | None) -> Any:
    edition = _manage(request, slug)
    values = body.dict() | {
        "title": TranslatedText(body.title),
        "summary": TranslatedText(body.summary),
        "activity": pk,
    }
    command = services.SaveActivity(**values)
    saved = once(
        request.actor,
        key_of(request),
        command,
        lambda: services.save_activity(request.actor, edition, command),
    )
    return _activity(saved)


@router.post(
    "/editions/{slug}/activities", response={201: ActivityOut}, operation_id="createActivity"
)
def create_activity(request: ActorRequest, slug: str, body: ActivityIn) -> Any:
    return 201, _save_activity(request, slug, body, None)


@router.put("/editions/{slug}/activities/{pk}", response=ActivityOut, operation_id="editActivity")
def edit_activity(request: ActorRequest, slug: str, pk: UUID, body: ActivityIn) -> Any:
    return _save_activity(request, slug, body, pk)
