"""What happened to a meeting, as the ledger tells it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.ledger.models import Entry
from talex.meetings import punctuation, rules
from talex.meetings.models import Meeting

TITLES: dict[str, tuple[Any, str]] = {
    "meetings.meeting.placed": (_("Placed"), "calendar"),
    "meetings.meeting.moved": (_("Moved"), "refresh"),
    "meetings.meeting.cancelled": (_("Called off"), "x"),
    "meetings.meeting.held": (_("The meeting was held"), "check"),
    "meetings.meeting.no_show": (_("Somebody did not come"), "minus"),
    "meetings.meeting.locked": (_("Time and table are kept"), "lock"),
    "meetings.meeting.unlocked": (_("May be moved again"), "refresh"),
}
MOST = 50


def of_meeting(actor: Actor, meeting: Meeting) -> list[dict[str, Any]]:
    """The events of a meeting for a timeline, the newest first; the office also sees who did it."""
    entries = list(
        Entry.objects.filter(object_id=meeting.id, event__in=TITLES)
        .select_related("block")
        .order_by("-block__number", "-index")[:MOST]
    )
    names = _names(entries) if rules.can_audit_meetings(actor, meeting.edition_id) else {}
    return [
        {
            "title": TITLES[entry.event][0],
            "icon": TITLES[entry.event][1],
            "when": entry.block.recorded_at,
            "text": _text(entry, names),
            "state": "now" if n == 0 else "done",
        }
        for n, entry in enumerate(entries)
    ]


def _text(entry: Entry, names: dict[str, str]) -> str:
    facts = json.loads(entry.canonical).get("facts") or {}
    parts = []
    if "before" in facts and "starts_at" in facts:
        parts.append(
            str(_("from %(before)s to %(after)s"))
            % {"before": _when(facts["before"]), "after": _when(facts["starts_at"])}
        )
    elif "starts_at" in facts:
        parts.append(_when(facts["starts_at"]))
    if name := names.get(entry.actor):
        parts.append(str(_("by %(name)s")) % {"name": name})
    return punctuation.comma().join(parts)


def _when(text: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(text))
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")


def _names(entries: list[Entry]) -> dict[str, str]:
    ids = {entry.actor for entry in entries}
    known = [UUID(i) for i in ids if len(i) == 36]
    names = {str(u.pk): str(u) for u in User.objects.filter(pk__in=known)}
    return names | {"system": "Talex"}
