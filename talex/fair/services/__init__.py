"""The only writers of this room, a file a subject."""

from talex.fair.services.answering import answer_questions, rescore
from talex.fair.services.arranging import NO_COMMON_WAY, common_mode, to_place
from talex.fair.services.barring import (
    SetBlock,
    Suspend,
    blocks,
    lift_suspension,
    set_block,
    suspend,
)
from talex.fair.services.deadlines import (
    CONFERENCE_OVER,
    conference_over,
    takes_requests,
    today,
)
from talex.fair.services.ending import expire_interests, remind
from talex.fair.services.interests import (
    AnswerInterest,
    AskToMeet,
    Invite,
    WithdrawInterest,
    answer,
    ask_to_meet,
    check_askable,
    invite,
    is_asked,
    withdraw,
)
from talex.fair.services.matches import (
    Decided,
    RunMatching,
    approve_above,
    approve_matches,
    decline_arranged,
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
from talex.fair.services.own import as_talent, own_talent, read_as
from talex.fair.services.quotas import SetRequestRules, set_request_rules
from talex.fair.services.refusals import Refuse, hide, refuse, show_again, take_refusal_back
from talex.fair.services.searches import (
    SaveSearch,
    delete_search,
    look,
    pause_all,
    pause_search,
    save_search,
    side_of,
    start_alerts,
)
from talex.fair.services.shortlists import Shortlist, shortlist, unlist
from talex.fair.services.together import decline_requests, take_requests_back

__all__ = [
    "CONFERENCE_OVER",
    "NO_COMMON_WAY",
    "AnswerInterest",
    "AskToMeet",
    "Decided",
    "Invite",
    "RecordOutcome",
    "Refuse",
    "RunMatching",
    "SaveOpening",
    "SaveSearch",
    "SayIntent",
    "SetBlock",
    "SetRequestRules",
    "Shortlist",
    "Suspend",
    "WithdrawInterest",
    "WithdrawOutcome",
    "answer",
    "answer_questions",
    "approve_above",
    "approve_matches",
    "as_talent",
    "ask_to_meet",
    "blocks",
    "check_askable",
    "common_mode",
    "conference_over",
    "decline_arranged",
    "decline_requests",
    "delete_search",
    "expire_interests",
    "hide",
    "invite",
    "is_asked",
    "lift_suspension",
    "look",
    "own_talent",
    "pause_all",
    "pause_search",
    "read_as",
    "record_outcome",
    "refuse",
    "reject_matches",
    "remind",
    "rescore",
    "save_opening",
    "save_search",
    "say",
    "set_block",
    "set_openings_state",
    "set_request_rules",
    "shortlist",
    "show_again",
    "side_of",
    "start_alerts",
    "start_matching",
    "suspend",
    "take_refusal_back",
    "take_requests_back",
    "takes_requests",
    "to_place",
    "today",
    "unlist",
    "withdraw",
    "withdraw_outcome",
]
