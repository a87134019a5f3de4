"""What the ledger tells of one talent or organisation, in words."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.ledger.models import Entry
from talex.ledger.words import name_of
from talex.participants.importing.labels import FIELD_LABELS, field_label
from talex.participants.pages import names_of_actors

# What an import does not bring is called here, with the words of the pages that show it.
_FIELDS: dict[str, Message] = {
    "names": _("Name"),
    "birth_year": _("Year of birth"),
    "nationality": _("Nationality"),
    "education": _("Studies"),
    "disciplines": _("Disciplines"),
    "experience": _("Work"),
    "profile_text": _("Description"),
    "wished_pay": _("Wished pay"),
    "windows": _("Can be met"),
    "local_from": _("Meetings not before"),
    "local_until": _("Meetings not after"),
    "daily_max": _("Meetings a day at most"),
    "title": _("Position"),
    "role": _("Role"),
    "parent": _("Belongs to"),
    "industries": _("Industries"),
    "founded": _("Founded"),
}


#: All of them, as facts of an entry.
FIELD_NAMES = {**FIELD_LABELS, **_FIELDS}


def field_name(field: str) -> Message:
    """A field that an entry names, in the reader's language; its code for one of another Talex."""
    return _FIELDS.get(field) or field_label(field)


def record_events(objects: list[UUID], limit: int = 50) -> list[dict[str, Any]]:
    """The latest entries of the ledger about these objects, for office and auditors."""
    entries = list(
        Entry.objects.filter(Q(object_id__in=objects) | Q(subject__in=objects))
        .select_related("block")
        .order_by("-block__recorded_at", "-index")[:limit]
    )
    names = names_of_actors(entry.actor for entry in entries)
    return [
        {
            "event": name_of(entry.event),
            "code": entry.event,
            "when": entry.block.recorded_at,
            "by": names.get(entry.actor, ""),
            "fields": [field_name(one) for one in _fields(entry)],
        }
        for entry in entries
    ]


def _fields(entry: Entry) -> list[str]:
    """Which fields were changed, as far as the entry tells."""
    told = json.loads(entry.canonical).get("facts", {}).get("fields", [])
    return told if isinstance(told, list) else []
