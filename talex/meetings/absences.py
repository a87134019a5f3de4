"""Whom or what cannot be had for a while: kept as absences that hold the time."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import queries, rules
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Proposal
from talex.programme import occupancy
from talex.programme.models import Table


def resources(edition: Edition, happened: Happened) -> list[tuple[str, UUID]]:
    """Whom or what an absence takes away."""
    if happened.person is not None:
        return [(occupancy.PERSON, happened.person)]
    if happened.table is not None:
        return [(occupancy.TABLE, happened.table)]
    if happened.hall is not None:
        tables = Table.objects.filter(hall__edition=edition, hall_id=happened.hall)
        return [(occupancy.TABLE, t) for t in tables.values_list("id", flat=True)]
    return []


def begin(actor: Actor, edition: Edition, happened: Happened) -> None:
    """Keep the absence, so that nothing new is placed into it."""
    known = resources(edition, happened)
    if not known or happened.starts_at is None or happened.ends_at is None:
        return
    reason = {Kind.ILL: "ill", Kind.LATE: "late"}.get(happened.kind, "closed")
    now = clock.now()
    for kind, resource in known:
        absence = Absence.objects.create(
            edition=edition,
            reason=reason,
            resource_kind=kind,
            resource_id=resource,
            starts_at=happened.starts_at,
            ends_at=happened.ends_at,
            made_at=now,
            made_by=actor.id,
        )
        # What is held by a meeting that goes on is not the absence's: only what is free is taken.
        occupancy.hold_free(
            occupancy.Hold(
                edition.id,
                ((kind, resource),),
                happened.starts_at,
                happened.ends_at,
                ("absence", absence.id),
            )
        )
    record(
        "meetings.absence.begun",
        actor=actor,
        edition=edition.id,
        obj=edition,
        facts={
            "reason": reason,
            "resources": str(len(known)),
            "first": str(known[0][1]),
            "starts_at": happened.starts_at.isoformat(),
            "ends_at": happened.ends_at.isoformat(),
        },
    )


def take_left(edition: UUID, left: Iterable[occupancy.Hold]) -> int:
    """Take what meetings have left of the times of absences that still hold. In `work()`.

    A meeting may go on into an absence (locked, or until its people have answered); once it is
    gone, nothing new is to be placed there. Returns the cells taken.
    """
    spans = [(resource, h.starts_at, h.ends_at) for h in left for _kind, resource in h.resources]
    resources = {resource for resource, _start, _end in spans}
    there = Absence.objects.filter(edition_id=edition, ended_at=None, ends_at__gt=clock.now())
    taken = 0
    for absence in there if spans else ():
        if absence.resource_id not in resources:
            continue
        for resource, start, end in spans:
            first, last = max(start, absence.starts_at), min(end, absence.ends_at)
            if resource == absence.resource_id and first < last:
                who = ((absence.resource_kind, resource),)
                holder = ("absence", absence.id)
                taken += occupancy.hold_free(occupancy.Hold(edition, who, first, last, holder))
    return taken


def standing(edition: Edition) -> list[Absence]:
    """Absences that still hold, the next first."""
    return list(
        Absence.objects.filter(edition=edition, ended_at=None, ends_at__gt=clock.now())
    )  # fmt: skip


def _take_back_asked(
    actor: Actor, edition: Edition, absence: Absence, resources: set[UUID]
) -> None:
    """Who was asked for another time because of the absence is asked no longer: the meeting stays
    where it is, unless another absence still takes its place."""
    from talex.meetings import services  # which needs this module

    waiting = Proposal.objects.filter(
        meeting__edition=edition,
        state=Proposal.State.OPEN,
        meeting__starts_at__lt=absence.ends_at,
        meeting__ends_at__gt=absence.starts_at,
    ).exclude(otherwise="")
    still = standing(edition)
    back: list[UUID] = []
    asked = [one.meeting for one in waiting.select_related("meeting")]
    people = queries.persons_of(meeting.request_id for meeting in asked)
    for meeting in asked:
        own = {meeting.table_id, *people.get(meeting.request_id, [])}
        gone = any(
            other.resource_id in own
            and other.starts_at < meeting.ends_at
            and meeting.starts_at < other.ends_at
            for other in still
        )
        if own & resources and not gone:
            back.append(meeting.id)
    services.close_proposals(actor, back)


def end(actor: Actor, edition: Edition, absence_id: UUID) -> int:
    """Somebody is back, or a hall open again: their time can be used from now on.

    All absences that were told together end together. Returns how many cells are free again.
    """
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    with work():
        absence = Absence.objects.filter(edition=edition, id=absence_id).first()
        if absence is None:
            raise NotFound
        together = Absence.objects.filter(
            edition=edition,
            reason=absence.reason,
            starts_at=absence.starts_at,
            ends_at=absence.ends_at,
            made_at=absence.made_at,
            ended_at=None,
        )
        if absence.resource_kind == occupancy.PERSON:
            together = together.filter(resource_id=absence.resource_id)
        ids = list(together.values_list("id", flat=True))
        freed = occupancy.release("absence", ids)
        resources = set(together.values_list("resource_id", flat=True))
        Absence.objects.filter(id__in=ids).update(ended_at=clock.now())
        _take_back_asked(actor, edition, absence, resources)
        record(
            "meetings.absence.ended",
            actor=actor,
            edition=edition.id,
            obj=edition,
            facts={"reason": absence.reason, "resources": str(len(ids))},
        )
    return freed
