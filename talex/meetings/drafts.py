"""The draft of a timetable: the only writers of what shall become different. Nobody is told yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import board, consequences, rules, services
from talex.meetings.board import Spot
from talex.meetings.models import DraftEdit, Meeting, Placement, TimetableVersion

KEPT = (
    "kind", "starts_at", "ends_at", "table_id", "online", "sequence", "by_hand", "locked",
)  # fmt: skip
"""The fields of a placement that taking an edit back restores."""


def office_only(actor: Actor, edition: Edition) -> None:
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed


def open_draft(actor: Actor, edition: Edition) -> TimetableVersion:
    """The draft, held until the commit: one editor at a time; made where there is none."""
    # The edition's row stands for a draft that is not there yet: two who begin one wait here.
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    found = TimetableVersion.objects.filter(edition=edition, state="draft")
    draft = found.select_for_update(no_key=True).first()
    if draft is None:
        draft = TimetableVersion.objects.create(
            edition=edition, state=TimetableVersion.State.DRAFT, made_at=clock.now()
        )
        record("meetings.draft.begun", actor=actor, edition=edition.id, obj=draft)
    return draft


@dataclass(frozen=True, slots=True)
class PlaceInDraft:
    """Put a meeting somewhere in the draft. `mark` is what the mover saw, `token` the preview's.

    Without `token` nothing but the meeting itself may change. `settle`: leave a clash for later.
    """

    request: UUID
    starts_at: datetime
    table: UUID | None
    mark: str
    token: str = ""
    settle: bool = False


def place_in_draft(actor: Actor, edition: Edition, command: PlaceInDraft) -> consequences.Plan:
    """Move a meeting by hand, with those that make room for it; nobody is told before the release.

    A second click on the same does nothing. Raises Conflict where somebody changed the meeting
    meanwhile, where the consequences are no longer those shown, or where the edition refuses.
    """
    office_only(actor, edition)
    with work():
        draft = open_draft(actor, edition)
        request = consequences.request_of(edition, command.request)
        table = consequences.known_table(edition, command.table)
        plan = consequences.plan(
            edition, request, command.starts_at, table, settle=command.settle
        )  # fmt: skip
        if plan.before is not None and _same(plan.before, plan.after):
            return plan
        _may_move(plan.before)
        if plan.mark != command.mark:
            raise Conflict(
                _("This meeting was changed since you opened it. Here it is as it stands now.")
            )
        if command.token and command.token != plan.token:
            raise Conflict(
                _("The timetable was changed meanwhile: look again at what this would change.")
            )
        if plan.asides and not command.token:
            raise Conflict(
                _("Other meetings would have to make room. Look at the preview first."),
                items=[aside.spot.title for aside in plan.asides],
            )
        if not plan.verdict.passes:
            raise Conflict(
                _("This cannot be done."), items=[c.text for c in plan.verdict.refused]
            )  # fmt: skip
        spots = {request.id: plan.after} | {a.spot.request.id: a.to for a in plan.asides}
        write(actor, edition, draft, spots, by_hand={request.id})
    return plan


def _same(before: Spot, after: Spot) -> bool:
    return (before.starts_at, before.table_id) == (after.starts_at, after.table_id)


def _may_move(before: Spot | None) -> None:
    if before is None:
        return
    if before.status != Meeting.Status.PLANNED or before.starts_at <= clock.now():
        raise Conflict(_("This meeting has begun or is over, so it stays where it is."))
    if before.locked:
        raise Conflict(_("This meeting is locked. Unlock it first."))


def write(
    actor: Actor,
    edition: Edition,
    draft: TimetableVersion,
    spots: Mapping[UUID, Spot | None],
    *,
    by_hand: set[UUID],
) -> None:
    """Write where these meetings shall be (None: nowhere), as one edit that can be taken back."""
    before = {row.request_id: row for row in draft.placements.filter(request_id__in=list(spots))}
    draft.revision += 1
    for request, spot in spots.items():
        live = Meeting.objects.filter(edition=edition, request_id=request).first()
        row = before.get(request)
        made = _row(draft, request, spot, live)
        if made is None:
            if row is not None:
                row.delete()
            continue
        if row is not None:
            made.pk, made.locked = row.pk, row.locked
            made._state.adding = False
        elif live is not None:
            made.locked = live.locked
        made.by_hand = request in by_hand
        made.save()
        record(
            f"meetings.draft.{made.kind}",
            actor=actor,
            edition=edition.id,
            obj=("meetings.meetingrequest", request),
            facts=_facts(made),
        )
    _remember(actor, draft, {r: before.get(r) for r in spots})


def _row(
    draft: TimetableVersion, request: UUID, spot: Spot | None, live: Meeting | None
) -> Placement | None:
    """The placement of a meeting in the draft; None where it stands there anyway."""
    standing = live is not None and live.status != Meeting.Status.CANCELLED
    if spot is None and not standing:
        return None
    if spot is not None and standing:
        assert live is not None
        if (live.starts_at, live.table_id) == (spot.starts_at, spot.table_id):
            return None
    made = Placement(
        version=draft,
        request_id=request,
        kind=Placement.Kind.CANCELLED
        if spot is None
        else Placement.Kind.MOVED
        if standing
        else Placement.Kind.PLACED,
        sequence=live.sequence if live is not None else -1,
        revision=draft.revision,
    )
    if spot is not None:
        made.starts_at, made.ends_at = spot.starts_at, spot.ends_at
        made.table_id, made.online = spot.table_id, spot.table_id is None
    if standing:
        assert live is not None
        made.was_starts_at, made.was_ends_at = live.starts_at, live.ends_at
        made.was_table_id, made.was_online = live.table_id, live.online
    return made


def _facts(row: Placement) -> dict[str, str]:
    if row.starts_at is None:
        return {}
    return {
        "starts_at": row.starts_at.isoformat(),
        "table": str(row.table_id) if row.table_id else "online",
    }


def _remember(
    actor: Actor, draft: TimetableVersion, before: Mapping[UUID, Placement | None]
) -> None:
    DraftEdit.objects.create(
        version=draft,
        revision=draft.revision,
        made_by=actor.id,
        made_at=clock.now(),
        before={str(request): _plain(row) for request, row in before.items()},
    )
    draft.save(update_fields=["revision"])


def _plain(row: Placement | None) -> dict[str, Any] | None:
    if row is None:
        return None
    told: dict[str, Any] = {name: getattr(row, name) for name in KEPT}
    for name in ("starts_at", "ends_at"):
        told[name] = told[name].isoformat() if told[name] else None
    told["table_id"] = str(row.table_id) if row.table_id else None
    return told


def undo(actor: Actor, edition: Edition, revision: int) -> int:
    """Take back one edit of the draft, where nothing it touched was changed since.

    Returns how many meetings stand again where they stood before.
    """
    office_only(actor, edition)
    with work():
        draft = _the_draft(edition)
        edit = DraftEdit.objects.filter(version=draft, revision=revision).first()
        if edit is None:
            raise NotFound
        later = {
            request
            for other in DraftEdit.objects.filter(version=draft, revision__gt=revision)
            for request in other.before
        }
        if later & set(edit.before):
            raise Conflict(_("One of these meetings was moved again since. Take that back first."))
        draft.revision += 1
        for key, told in edit.before.items():
            _restore(draft, UUID(key), told)
        edit.delete()
        draft.save(update_fields=["revision"])
        record(
            "meetings.draft.undone",
            actor=actor,
            edition=edition.id,
            obj=draft,
            facts={"meetings": str(len(edit.before))},
        )
    return len(edit.before)


def _restore(draft: TimetableVersion, request: UUID, told: dict[str, Any] | None) -> None:
    draft.placements.filter(request_id=request).delete()
    if told is None:
        return
    live = Meeting.objects.filter(request_id=request).first()
    row = Placement(version=draft, request_id=request, revision=draft.revision)
    for name in KEPT:
        value = told[name]
        if name in ("starts_at", "ends_at") and value:
            value = datetime.fromisoformat(value)
        setattr(row, name, UUID(value) if name == "table_id" and value else value)
    if live is not None and live.status != Meeting.Status.CANCELLED:
        row.was_starts_at, row.was_ends_at = live.starts_at, live.ends_at
        row.was_table_id, row.was_online = live.table_id, live.online
    row.save()


def _the_draft(edition: Edition) -> TimetableVersion:
    found = TimetableVersion.objects.filter(edition=edition, state="draft")
    draft = found.select_for_update(no_key=True).first()
    if draft is None:
        raise NotFound
    return draft


def take_out(actor: Actor, edition: Edition, requests: Iterable[UUID]) -> int:
    """Leave meetings as people see them: their changes go out of the draft."""
    office_only(actor, edition)
    with work():
        draft = _the_draft(edition)
        rows = {row.request_id: row for row in draft.placements.filter(request__in=list(requests))}
        if rows:
            draft.revision += 1
            draft.placements.filter(request__in=list(rows)).delete()
            _remember(actor, draft, rows)
            record(
                "meetings.draft.taken_out",
                actor=actor,
                edition=edition.id,
                obj=draft,
                facts={"meetings": str(len(rows))},
            )
    return len(rows)


def drop_draft(actor: Actor, edition: Edition, revision: int | None = None) -> int:
    """Throw the draft away; what people see stays. Returns how many changes it held."""
    office_only(actor, edition)
    with work():
        draft = _the_draft(edition)
        if revision is not None and draft.revision != revision:
            raise board.DraftChanged
        count = draft.placements.count()
        record(
            "meetings.draft.dropped",
            actor=actor,
            edition=edition.id,
            obj=draft,
            facts={"changes": str(count)},
        )
        draft.delete()
    return count


def lock_spot(actor: Actor, edition: Edition, request: UUID, locked: bool) -> None:
    """Keep a meeting where it would be (in the draft, or as people see it), or let it go."""
    office_only(actor, edition)
    with work():
        row = Placement.objects.filter(
            version__edition=edition, version__state="draft", request_id=request
        ).first()
        if row is not None and row.kind != Placement.Kind.CANCELLED:
            draft = open_draft(actor, edition)
            row.refresh_from_db()
            if row.locked != locked:
                draft.revision += 1
                row.locked, row.revision = locked, draft.revision
                row.save(update_fields=["locked", "revision"])
                draft.save(update_fields=["revision"])
                record(
                    f"meetings.draft.{'locked' if locked else 'unlocked'}",
                    actor=actor,
                    edition=edition.id,
                    obj=("meetings.meetingrequest", request),
                )
            return
        live = (
            Meeting.objects.filter(edition=edition, request_id=request)
            .exclude(status=Meeting.Status.CANCELLED)
            .first()
        )
        if live is None:
            raise NotFound
        if live.locked != locked:
            services.lock_meeting(actor, edition, live.id, locked)


def keep_solution(
    actor: Actor,
    edition: Edition,
    spots: Mapping[UUID, Spot | None],
    *,
    revision: int,
    locked: frozenset[UUID] = frozenset(),
) -> dict[str, int]:
    """Make a whole solved timetable the draft (set-based); locked rows of the draft stay.

    `spots`: where each wanted meeting shall be. `revision`: of the draft as it was read (0: none).
    Where nothing differs from what people see there is no draft afterwards. Returns counts:
    placed, moved, cancelled.
    """
    office_only(actor, edition)
    with work():
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        held = TimetableVersion.objects.filter(edition=edition, state="draft")
        there = held.select_for_update(no_key=True).first()
        if (there.revision if there is not None else 0) != revision:
            raise Conflict(
                _("Meetings were changed while the timetable was being made. Make it again.")
            )
        draft = there or TimetableVersion(edition=edition, state=TimetableVersion.State.DRAFT)
        draft.revision += 1
        draft.made_at = clock.now()
        live = {m.request_id: m for m in Meeting.objects.filter(edition=edition)}
        rows = [
            row
            for request, spot in spots.items()
            if request not in locked
            and (row := _row(draft, request, spot, live.get(request))) is not None
        ]
        if there is not None:
            draft.placements.exclude(request_id__in=list(locked)).delete()
            # What was edited by hand before is part of the solution now.
            draft.edits.all().delete()
        kept = bool(rows) or (there is not None and draft.placements.exists())
        if kept:
            draft.save()
            if there is None:
                record("meetings.draft.begun", actor=actor, edition=edition.id, obj=draft)
            Placement.objects.bulk_create(rows, batch_size=500)
        elif there is not None:
            draft.delete()
        counts = dict.fromkeys(("placed", "moved", "cancelled"), 0)
        for row in rows:
            counts[row.kind] += 1
        record(
            "meetings.timetable.made",
            actor=actor,
            edition=edition.id,
            obj=draft if kept else edition,
            facts={name: str(n) for name, n in counts.items()} | {"requests": str(len(spots))},
        )
    return counts
