"""What meetings do when a lower room changes something they depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from talex.core import registries
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.meetings import reasons, services
from talex.meetings.models import Absence, Meeting, MeetingRequest, Proposal, RequestParty
from talex.programme import occupancy
from talex.programme.models import Hall, Occupancy
from talex.programme.ports import hall_closing


def give_back(actor: Actor, hall: Hall) -> int:
    """A hall closes: its planned meetings are called off and wait for a new place."""
    found = Meeting.objects.filter(table__hall=hall, status=Meeting.Status.PLANNED)
    theirs = MeetingRequest.objects.filter(id__in=list(found.values_list("request_id", flat=True)))
    list(services.locked_rows(theirs).values_list("id", flat=True))
    meetings = list(found.select_related("request"))
    for meeting in meetings:
        services.call_off(actor, meeting, reasons.HALL_CLOSED, MeetingRequest.State.OPEN)
    return len(meetings)


class MergePersons:
    """Two records of one person: their meetings and times become one agenda."""

    name = "meetings.parties"
    kind = "person"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        mine = Occupancy.objects.filter(resource_id=keep).values("cell")
        both = Occupancy.objects.filter(resource_id=gone, cell__in=mine).order_by("cell")
        return [
            gettext_lazy("Both are booked at %(time)s UTC") % {"time": f"{row.cell:%Y-%m-%d %H:%M}"}
            for row in both
        ]

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        both = RequestParty.objects.filter(person_id=keep).values("request_id")
        doubled = RequestParty.objects.filter(person_id=gone, request_id__in=both)
        dropped = [[str(p.request_id), p.side] for p in doubled]
        doubled.delete()
        parties = RequestParty.objects.filter(person_id=gone)
        moved = [str(pk) for pk in parties.values_list("id", flat=True)]
        parties.update(person_id=keep)
        cells = Occupancy.objects.filter(resource_id=gone)
        held = [str(pk) for pk in cells.values_list("id", flat=True)]
        cells.update(resource_id=keep)
        absences = Absence.objects.filter(resource_id=gone)
        away = [str(pk) for pk in absences.values_list("id", flat=True)]
        absences.update(resource_id=keep)
        return {"parties": moved, "dropped": dropped, "cells": held, "absences": away}

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        RequestParty.objects.filter(id__in=moved["parties"]).update(person_id=gone)
        RequestParty.objects.bulk_create(
            RequestParty(request_id=UUID(request), person_id=gone, side=side)
            for request, side in moved["dropped"]
        )
        Occupancy.objects.filter(id__in=moved["cells"]).update(resource_id=gone)
        Absence.objects.filter(id__in=moved.get("absences", [])).update(resource_id=gone)


class ErasePerson:
    """Meetings still to come are called off; what is over stays as an anonymous meeting."""

    name = "meetings.parties"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        theirs = RequestParty.objects.filter(person_id=person).values("request_id")
        planned = Meeting.objects.filter(request_id__in=theirs, status=Meeting.Status.PLANNED)
        count = 0
        for meeting in planned.select_related("request"):
            services.call_off(actor, meeting, reasons.LEFT, MeetingRequest.State.WITHDRAWN)
            count += 1
        MeetingRequest.objects.filter(id__in=theirs, state=MeetingRequest.State.OPEN).update(
            state=MeetingRequest.State.WITHDRAWN
        )
        # Why somebody was away, and what they wrote with a proposal, is theirs.
        occupancy.release(
            "absence", Absence.objects.filter(resource_id=person).values_list("id", flat=True)
        )
        Absence.objects.filter(resource_id=person).delete()
        Proposal.objects.filter(meeting__request_id__in=theirs).update(note="")
        return {"meetings": count}

    def export(self, person: UUID) -> Mapping[str, Any]:
        theirs = RequestParty.objects.filter(person_id=person).values("request_id")
        return {
            "meetings": [
                {
                    "id": str(m.id),
                    "starts_at": m.starts_at.isoformat(),
                    "ends_at": m.ends_at.isoformat(),
                    "status": m.status,
                    "about": m.request.subject_title.texts(),
                }
                for m in Meeting.objects.filter(request_id__in=theirs).select_related("request")
            ],
            "to_be_met": [
                {
                    "about": one.subject_title.texts(),
                    "state": one.state,
                    "origin": one.origin,
                    "mode": one.mode,
                    "asked_at": one.created_at,
                }
                for one in MeetingRequest.objects.filter(id__in=theirs).order_by("created_at")
            ],
            "other_times_proposed": list(
                Proposal.objects.filter(meeting__request_id__in=theirs)
                .order_by("made_at")
                .values("meeting", "side", "starts_at", "ends_at", "note", "state", "made_at")
            ),
            "absences": list(
                Absence.objects.filter(resource_id=person).values(
                    "edition__slug", "reason", "starts_at", "ends_at", "made_at", "ended_at"
                )
            ),
            "booked": list(
                Occupancy.objects.filter(resource_id=person)
                .order_by("cell")
                .values("edition__slug", "cell", "holder_kind", "expires_at")
            ),
        }


def register() -> None:
    """Called once when the site starts."""
    if give_back not in hall_closing:
        hall_closing.append(give_back)
    registries.merge.register(MergePersons())
    registries.erase.register(ErasePerson())
