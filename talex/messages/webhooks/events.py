"""Which events of the ledger other systems can get, and how one is told.

Each type names the facts that go out. They are ids and coarse facts; what a new version adds to an
entry stays inside until it is named here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.ledger.outbox import Event
from talex.ledger.words import name_of
from talex.messages.webhooks.models import Delivery, Endpoint

TYPES: Mapping[str, Sequence[str]] = {
    "editions.state_set": ("from", "to"),
    "editions.consent_given": ("purpose", "recipient"),
    "editions.consent_withdrawn": ("purpose", "recipient"),
    "editions.consent_expired": ("purpose", "recipient"),
    "participants.person_erased": (),
    "participants.persons_merged": ("keep", "drop"),
    "participants.talent_created": ("degree_level",),
    "participants.talent_withdrawn": (),
    "participants.talent_returned": (),
    "participants.organisation_takes_part": ("mode",),
    "participants.organisation_withdrawn": (),
    "fair.opening.added": ("organisation", "kind", "state", "version"),
    "fair.opening.changed": ("organisation", "kind", "state", "version"),
    "fair.opening.state": ("state", "version"),
    "fair.list.published": ("number", "digest", "count", "added", "changed", "withdrawn"),
    "fair.interest.accepted": ("talent", "opening"),
    "meetings.meeting.placed": ("starts_at", "ends_at", "table", "sequence"),
    "meetings.meeting.moved": ("starts_at", "ends_at", "table", "sequence", "before"),
    "meetings.meeting.cancelled": ("sequence",),
    "meetings.timetable.released": ("number",),
    "bulletin.released": ("number", "snapshot", "digest"),
    "bulletin.withdrawn": ("number",),
}
#: What the button sends; every endpoint gets it.
TEST = "webhooks.test"


def choices() -> list[tuple[str, Message]]:
    """The types with their names, for people."""
    return [(name, name_of(name)) for name in TYPES]


def title_of(name: str) -> Message:
    """What people call the event; the test is none of the ledger's."""
    return _("Test") if name == TEST else name_of(name)


def body(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The payload of Standard Webhooks, as it is signed and sent."""
    when = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": kind, "timestamp": when, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _told(event: Event) -> str:
    facts = {name: event.facts[name] for name in TYPES[event.event] if name in event.facts}
    return body(
        event.event,
        event.recorded_at,
        {
            "edition": event.chain,
            # The running number in the conference's chain: by it events can be put in order.
            "number": event.number,
            "object": {
                "kind": event.object_kind,
                "id": str(event.object_id) if event.object_id else None,
            },
            "person": str(event.subject) if event.subject else None,
            **facts,
        },
    )


def after_block(events: list[Event]) -> None:
    """Follower of the ledger: one delivery for each endpoint that wants the event, exactly once.

    What happened before an endpoint was there is not told to it.
    """
    wanted = [event for event in events if event.event in TYPES and event.edition is not None]
    if not wanted:
        return
    endpoints = list(Endpoint.objects.filter(edition=wanted[0].edition, off=""))
    made = [
        Delivery(endpoint=endpoint, event=event.event, entry=event.id, body=_told(event))
        for event in wanted
        for endpoint in endpoints
        if event.event in endpoint.events and endpoint.created_at <= event.recorded_at
    ]
    Delivery.objects.bulk_create(made, batch_size=200, ignore_conflicts=True)
