"""The only writers of this room, a file a subject."""

from talex.fair.services.answering import answer_questions, rescore
from talex.fair.services.interests import (
    CONFERENCE_OVER,
    AnswerInterest,
    AskToMeet,
    Invite,
    WithdrawInterest,
    answer,
    ask_to_meet,
    conference_over,
    expire_interests,
    invite,
    takes_requests,
    withdraw,
)
from talex.fair.services.matches import (
    Decided,
    RunMatching,
    approve_above,
    approve_matches,
    reject_matches,
    start_matching,
)
from talex.fair.services.openings import SaveOpening, save_opening, set_openings_state
from talex.fair.services.outcomes import (
    RecordOutcome,
    SayIntent,
    WithdrawOutcome,
    record_outcome,
    say,
    withdraw_outcome,
)
from talex.fair.services.own import own_talent
from talex.fair.services.refusals import Refuse, hide, refuse, show_again, take_refusal_back
from talex.fair.services.together import decline_requests, take_requests_back

__all__ = [
    "CONFERENCE_OVER",
    "AnswerInterest",
    "AskToMeet",
    "Decided",
    "Invite",
    "RecordOutcome",
    "Refuse",
    "RunMatching",
    "SaveOpening",
    "SayIntent",
    "WithdrawInterest",
    "WithdrawOutcome",
    "answer",
    "answer_questions",
    "approve_above",
    "approve_matches",
    "ask_to_meet",
    "conference_over",
    "decline_requests",
    "expire_interests",
    "hide",
    "invite",
    "own_talent",
    "record_outcome",
    "refuse",
    "reject_matches",
    "rescore",
    "save_opening",
    "say",
    "set_openings_state",
    "show_again",
    "start_matching",
    "take_refusal_back",
    "take_requests_back",
    "takes_requests",
    "withdraw",
    "withdraw_outcome",
]
