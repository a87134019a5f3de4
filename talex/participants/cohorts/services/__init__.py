"""The only writers of this room, a file a subject."""

from talex.participants.cohorts.services.confirming import DecideMembers, decide
from talex.participants.cohorts.services.joining import (
    JoinByCode,
    JoinByLink,
    SeeResults,
    join_by_code,
    join_by_link,
    leave,
    see_results,
)
from talex.participants.cohorts.services.opening import (
    CohortFacts,
    OpenCohort,
    close_cohort,
    edit_cohort,
    open_cohort,
    renew_code,
)
from talex.participants.cohorts.services.rolls import ReadRoll, discard_roll, invite_roll, read_roll

__all__ = [
    "CohortFacts",
    "DecideMembers",
    "JoinByCode",
    "JoinByLink",
    "OpenCohort",
    "ReadRoll",
    "SeeResults",
    "close_cohort",
    "decide",
    "discard_roll",
    "edit_cohort",
    "invite_roll",
    "join_by_code",
    "join_by_link",
    "leave",
    "open_cohort",
    "read_roll",
    "renew_code",
    "see_results",
]
