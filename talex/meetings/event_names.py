"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "meetings.absence.begun": _("Absence told"),
    "meetings.absence.ended": _("Absence ended"),
    "meetings.draft.begun": _("Draft of a timetable begun"),
    "meetings.draft.cancelled": _("Place taken away in the draft"),
    "meetings.draft.dropped": _("Draft thrown away"),
    "meetings.draft.locked": _("Meeting locked in the draft"),
    "meetings.draft.moved": _("Meeting moved in the draft"),
    "meetings.draft.placed": _("Meeting placed in the draft"),
    "meetings.draft.taken_out": _("Change taken out of the draft"),
    "meetings.draft.undone": _("Change of the draft taken back"),
    "meetings.draft.unlocked": _("Meeting unlocked in the draft"),
    "meetings.meeting.cancelled": _("Meeting cancelled"),
    "meetings.meeting.held": _("Meeting held"),
    "meetings.meeting.locked": _("Meeting locked"),
    "meetings.meeting.moved": _("Meeting moved"),
    "meetings.meeting.no_show": _("Somebody did not come to a meeting"),
    "meetings.meeting.placed": _("Meeting placed"),
    "meetings.meeting.unlocked": _("Meeting unlocked"),
    "meetings.proposal.accepted": _("Proposed time accepted"),
    "meetings.proposal.declined": _("Proposed time declined"),
    "meetings.proposal.expired": _("Proposed time expired"),
    "meetings.proposal.made": _("Another time proposed"),
    "meetings.proposal.withdrawn": _("Proposed time taken back"),
    "meetings.request.made": _("Meeting asked for"),
    "meetings.request.withdrawn": _("Request for a meeting withdrawn"),
    "meetings.rules.set": _("Rules of the timetable set"),
    "meetings.timetable.made": _("Timetable made"),
    "meetings.timetable.released": _("Timetable released"),
}
