"""The draft, versions, repair and proposals over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.errors import NotAllowed
from talex.core.shapes import ANSWER, Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.meetings import (
    board,
    consequences,
    drafts,
    releasing,
    rules,
    settings,
    versions,
)
from talex.meetings.conflicts import Conflict
from talex.meetings.models import TimetableVersion

router = Router(tags=["timetable"])
BASE = "/editions/{slug}/timetable"


def _edition(request: ActorRequest, slug: str) -> Edition:
    """The edition, where the actor is its office."""
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_schedule(request.actor, edition.id):
        raise NotAllowed
    return edition


# ── rules ────────────────────────────────────────────────────────────────────


class RulesBody(Body):
    """How strict the timetable is; minutes."""

    strictness: str
    hold_minutes: int
    walk_minutes: int
    notice_minutes: int = 30


class RulesOut(RulesBody):
    model_config = ANSWER


@router.get(f"{BASE}/rules", response=RulesOut, operation_id="getTimetableRules")
def get_rules(request: ActorRequest, slug: str) -> Any:
    return board.rules_of(_edition(request, slug))


@router.put(f"{BASE}/rules", response=RulesOut, operation_id="setTimetableRules")
def put_rules(request: ActorRequest, slug: str, body: RulesBody) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = settings.SetTimetableRules(
        body.strictness, body.hold_minutes, body.walk_minutes, body.notice_minutes
    )
    return settings.set_rules(request.actor, edition, command)


# ── versions ─────────────────────────────────────────────────────────────────


class ReleaseIn(Body):
    """`note`: at most 300 characters. `revision`: the draft's as it was read; without it whatever
    the draft is now."""

    note: str = ""
    revision: int | None = None


class VersionOut(Schema):
    """A kept timetable; `number` and `released_at` are null for the draft."""

    number: int | None
    state: Annotated[str, one_of(TimetableVersion.State)]
    origin: Annotated[str, one_of(TimetableVersion.Origin)]
    note: str
    revision: int
    released_at: datetime | None
    figures: dict[str, int]


@router.post(f"{BASE}/releases", response={201: VersionOut}, operation_id="releaseTimetable")
def release(request: ActorRequest, slug: str, body: ReleaseIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = releasing.ReleaseTimetable(body.note, body.revision)
    return 201, releasing.release_timetable(request.actor, edition, command)


@router.get(f"{BASE}/versions", response=list[VersionOut], operation_id="listTimetableVersions")
def list_versions(request: ActorRequest, slug: str) -> Any:
    return versions.versions(_edition(request, slug))


class StandOut(Schema):
    """Where a meeting is; `table` is null online."""

    starts_at: datetime
    ends_at: datetime
    table: UUID | None


class DifferenceOut(Schema):
    """One meeting that is not where it was."""

    request: UUID
    kind: str
    before: StandOut | None
    after: StandOut | None


class ComparisonOut(Schema):
    counts: dict[str, int]
    differences: list[DifferenceOut]


def _stand(stand: versions.Stand | None) -> dict[str, Any] | None:
    return (
        None if stand is None else dict(zip(("starts_at", "ends_at", "table"), stand, strict=True))
    )


def differences_out(found: list[versions.Difference]) -> list[dict[str, Any]]:
    return [
        {
            "request": d.request,
            "kind": d.kind,
            "before": _stand(d.before),
            "after": _stand(d.after),
        }
        for d in found
    ]


@router.get(f"{BASE}/compare", response=ComparisonOut, operation_id="compareTimetables")
def compare(request: ActorRequest, slug: str, first: int = 0, second: int | None = None) -> Any:
    """From version `first` (0: nothing, -1: what people see now) to `second` (left out: the draft,
    or what people see)."""
    edition = _edition(request, slug)
    for number in (first, second):
        if number and number != versions.LIVE:
            versions.version(edition, number)
    found = versions.compare(edition, first, second)
    return {"counts": versions.counts(found), "differences": differences_out(found)}


# ── the draft ────────────────────────────────────────────────────────────────


class ConflictOut(Schema):
    kind: str
    text: str
    hard: bool
    request: UUID | None


class OptionOut(Schema):
    """What a slot would cost: free, soft, moves, no, or here."""

    starts_at: datetime
    ends_at: datetime
    table: UUID | None
    state: Annotated[str, one_of("free", "soft", "moves", "no", "here")]
    conflicts: list[ConflictOut]


def _conflicts(found: Any) -> list[dict[str, Any]]:
    return [_conflict(c) for c in found]


def _conflict(c: Conflict) -> dict[str, Any]:
    other = c.other.request.id if c.other is not None else None
    return {"kind": c.kind, "text": str(c.text), "hard": c.hard, "request": other}


class OptionsOut(Schema):
    mark: str
    options: list[OptionOut]


@router.get(f"{BASE}/plan/{{pk}}", response=OptionsOut, operation_id="listMoveOptions")
def options(request: ActorRequest, slug: str, pk: UUID, day: str = "") -> Any:
    """What each slot (of a day) would cost for one wanted meeting, and its mark."""
    edition = _edition(request, slug)
    wanted = consequences.request_of(edition, pk)
    found = consequences.best_by_slot(edition, wanted, consequences.day_slots(edition, day))
    return {
        "mark": board.now_mark(edition, pk, board.draft_of(edition)),
        "options": [
            {
                "starts_at": o.starts_at,
                "ends_at": o.ends_at,
                "table": o.table,
                "state": o.state,
                "conflicts": _conflicts(o.conflicts),
            }
            for o in found
        ],
    }


class PlanIn(Body):
    starts_at: datetime
    table: UUID | None = None
    settle: bool = False


class DraftAsideOut(Schema):
    request: UUID
    to: StandOut | None


class PlanOut(Schema):
    """What a move would change; `mark` and `token` go with the move itself."""

    mark: str
    token: str
    passes: bool
    asides: list[DraftAsideOut]
    conflicts: list[ConflictOut]


def _plan_out(made: consequences.Plan) -> dict[str, Any]:
    return {
        "mark": made.mark,
        "token": made.token,
        "passes": made.verdict.passes,
        "asides": [
            {
                "request": a.spot.request.id,
                "to": _stand((a.to.starts_at, a.to.ends_at, a.to.table_id)) if a.to else None,
            }
            for a in made.asides
        ],
        "conflicts": _conflicts(made.left),
    }


@router.post(f"{BASE}/plan/{{pk}}/preview", response=PlanOut, operation_id="previewMove")
def preview_move(request: ActorRequest, slug: str, pk: UUID, body: PlanIn) -> Any:
    edition = _edition(request, slug)
    wanted = consequences.request_of(edition, pk)
    table = consequences.known_table(edition, body.table)
    made = consequences.plan(edition, wanted, body.starts_at, table, settle=body.settle)
    return _plan_out(made)


class DraftMoveIn(PlanIn):
    mark: str
    token: str = ""


@router.post(f"{BASE}/plan/{{pk}}", response=PlanOut, operation_id="moveInDraft")
def move(request: ActorRequest, slug: str, pk: UUID, body: DraftMoveIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = drafts.PlaceInDraft(
        pk, body.starts_at, body.table, body.mark, body.token, body.settle
    )
    return _plan_out(drafts.place_in_draft(request.actor, edition, command))


class DraftLockIn(Body):
    locked: bool


@router.post(f"{BASE}/plan/{{pk}}/lock", response={204: None}, operation_id="lockInDraft")
def lock(request: ActorRequest, slug: str, pk: UUID, body: DraftLockIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    drafts.lock_spot(request.actor, edition, pk, body.locked)
    return 204, None


class DraftCountOut(Schema):
    meetings: int


@router.post(f"{BASE}/plan/{{pk}}/out", response=DraftCountOut, operation_id="takeOutOfDraft")
def take_out(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"meetings": drafts.take_out(request.actor, edition, [pk])}


@router.post(f"{BASE}/draft/undo/{{revision}}", response=DraftCountOut, operation_id="undoInDraft")
def undo(request: ActorRequest, slug: str, revision: int) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"meetings": drafts.undo(request.actor, edition, revision)}


@router.delete(f"{BASE}/draft", response=DraftCountOut, operation_id="dropDraft")
def drop(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"meetings": drafts.drop_draft(request.actor, edition)}
