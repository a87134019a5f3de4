"""The writers of collecting, a file a subject."""

from talex.fair.collecting.services.quotas import (
    RemoveQuota,
    Room,
    SetQuota,
    remove_quota,
    room_of,
    set_quota,
)
from talex.fair.collecting.services.submissions import (
    Approved,
    Return,
    approve,
    hand_in,
    pass_on,
    return_submissions,
    take_back,
)
from talex.fair.collecting.services.switching import is_reviewed, set_reviewed

__all__ = [
    "Approved",
    "RemoveQuota",
    "Return",
    "Room",
    "SetQuota",
    "approve",
    "hand_in",
    "is_reviewed",
    "pass_on",
    "remove_quota",
    "return_submissions",
    "room_of",
    "set_quota",
    "set_reviewed",
    "take_back",
]
