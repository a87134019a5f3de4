"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "meetings.meeting.cancelled": _("Meeting cancelled"),
    "meetings.meeting.held": _("Meeting held"),
    "meetings.meeting.locked": _("Meeting locked"),
    "meetings.meeting.moved": _("Meeting moved"),
    "meetings.meeting.no_show": _("Somebody did not come to a meeting"),
    "meetings.meeting.placed": _("Meeting placed"),
    "meetings.meeting.unlocked": _("Meeting unlocked"),
    "meetings.request.made": _("Meeting asked for"),
    "meetings.request.withdrawn": _("Request for a meeting withdrawn"),
    "meetings.timetable.made": _("Timetable made"),
    "meetings.timetable.released": _("Timetable released"),
}
