"""What the ledger is told about meetings."""

from __future__ import annotations

from talex.meetings.models import Meeting


def place_facts(meeting: Meeting) -> dict[str, str]:
    """Where and when, as strings."""
    return {
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "table": str(meeting.table_id) if meeting.table_id else "online",
        "sequence": str(meeting.sequence),
    }
