"""Why a meeting has no place or was called off, in the reader's language.

What a person wrote is kept as text; what the programme decided is kept as a code.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.core.masking import mask
from talex.meetings.models import Meeting

HALL_CLOSED = "@hall_closed"
NO_PLACE = "@no_place"
LEFT = "@left"
AWAY = "@away"
NOT_COMING = "@not_coming"
CONSENT = "@consent"
SUSPENDED = "@suspended"

CALLED_OFF: dict[str, Message] = {
    HALL_CLOSED: _("The hall is closed; a new place follows."),
    NO_PLACE: _("The new timetable has no place for it yet."),
    LEFT: _("One of the two sides no longer takes part."),
    AWAY: _("One of the two sides cannot come at this time; a new place may follow."),
    NOT_COMING: _("One of the two sides does not come."),
    CONSENT: _("The talent no longer agrees that their data go to this organisation abroad."),
    SUSPENDED: _("The organiser's office has suspended the organisation."),
}

UNPLACED: dict[str, Message] = {
    "no_common_time": _("The two sides have no time in common."),
    "not_allowed": _("The times both could come are not allowed for this meeting."),
    "fixed_clash": _("A locked time or table cannot be kept."),
    "person_full": _("One of the two sides has no time left."),
    "no_table": _("No table is free when both could come."),
    "no_online_room": _("No online room is free when both could come."),
    "no_resource": _("An interpreter or room it needs is not there."),
    "day_limit": _("One of the two sides wants no more meetings on the days left."),
    "too_far": _("The tables left are too far away for one of the two sides."),
    "order": _("A meeting that must come before or after it leaves no time."),
    "not_accepted": _("Nobody accepted the time that was offered instead."),
    "": _("Not tried yet. Make the timetable."),
}


NOT_WANTED: Message = _("This meeting is placed already, or is no longer wanted.")


def keeps_secret(meeting: Meeting) -> bool:
    """Whether it was called off because a consent was taken back: that is told abroad as well,
    where nothing of the talent goes any more, so nobody is named in it."""
    return meeting.reason == CONSENT


def called_off(meeting: Meeting) -> Message:
    """Why the meeting was called off, or ''. Without contact details: who agreed has them, and
    what only the office arranged opens none once it is called off."""
    return CALLED_OFF.get(meeting.reason) or mask(meeting.reason).text


def unplaced(code: str) -> Message:
    """Why the last timetable had no place for a wanted meeting."""
    return UNPLACED.get(code, UNPLACED[""])
