"""Released versions kept every place; now they keep what differs from the version before."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import migrations

CHUNK = 500


def _stands(places: dict[str, Any], lengths: dict[uuid.UUID, Any]) -> dict[uuid.UUID, Any]:
    """request -> (start, end, table), of what was not cancelled and is still known."""
    found = {}
    for meeting, (start, table, status) in places.items():
        known = lengths.get(uuid.UUID(meeting))
        if known is None or status == "cancelled":
            continue
        request, length = known
        at = datetime.fromisoformat(start)
        found[request] = (at, at + length, uuid.UUID(table) if table else None)
    return found


def forwards(apps: Any, schema: Any) -> None:
    version_model = apps.get_model("meetings", "TimetableVersion")
    placement = apps.get_model("meetings", "Placement")
    meeting = apps.get_model("meetings", "Meeting")
    for edition in set(version_model.objects.values_list("edition_id", flat=True)):
        lengths = {
            pk: (request, end - start)
            for pk, request, start, end in meeting.objects.filter(
                edition_id=edition
            ).values_list("id", "request_id", "starts_at", "ends_at")
        }
        before: dict[uuid.UUID, Any] = {}
        for version in version_model.objects.filter(edition_id=edition).order_by("number"):
            after = _stands(version.places, lengths)
            rows = [
                _row(placement, version, request, before.get(request), after.get(request))
                for request in before.keys() | after.keys()
                if before.get(request) != after.get(request)
            ]
            placement.objects.bulk_create(rows, batch_size=CHUNK)
            tally = {"placed": 0, "moved": 0, "cancelled": 0}
            for row in rows:
                tally[row.kind] += 1
            version.figures = {**tally, "changed": len(rows), "meetings": len(after)}
            version.made_at = version.released_at
            version.save(update_fields=["figures", "made_at"])
            before = after


def _row(placement: Any, version: Any, request: uuid.UUID, was: Any, now: Any) -> Any:
    row = placement(version_id=version.id, request_id=request)
    row.kind = "placed" if was is None else "cancelled" if now is None else "moved"
    if now is not None:
        row.starts_at, row.ends_at, row.table_id = now
        row.online = now[2] is None
    if was is not None:
        row.was_starts_at, row.was_ends_at, row.was_table_id = was
        row.was_online = was[2] is None
    return row


def backwards(apps: Any, schema: Any) -> None:
    """Put the places of every released version together again; a draft has no older form."""
    version_model = apps.get_model("meetings", "TimetableVersion")
    placement = apps.get_model("meetings", "Placement")
    meeting = apps.get_model("meetings", "Meeting")
    version_model.objects.filter(state="draft").delete()
    for edition in set(version_model.objects.values_list("edition_id", flat=True)):
        ids = dict(meeting.objects.filter(edition_id=edition).values_list("request_id", "id"))
        places: dict[str, Any] = {}
        for version in version_model.objects.filter(edition_id=edition).order_by("number"):
            for row in placement.objects.filter(version_id=version.id):
                if row.request_id not in ids:
                    continue
                key = str(ids[row.request_id])
                if row.kind == "cancelled":
                    places.pop(key, None)
                else:
                    table = str(row.table_id) if row.table_id else None
                    places[key] = [row.starts_at.isoformat(), table, "planned"]
            version.places = places
            version.save(update_fields=["places"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_drafts_proposals")]

    operations = [migrations.RunPython(forwards, backwards)]
