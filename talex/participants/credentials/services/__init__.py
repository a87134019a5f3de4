"""The only writers of this room, a file a subject."""

from talex.participants.credentials.services.cases import (
    AddPaper,
    MendNumber,
    OpenCase,
    add_paper,
    mend_number,
    open_case,
    remove_paper,
    submit_case,
)
from talex.participants.credentials.services.deciding import (
    DecideCases,
    claim_case,
    claim_cases,
    decide,
    let_in,
    release_case,
)
from talex.participants.credentials.services.inviting import (
    InviteColleague,
    accept_invitation,
    invite_colleague,
    revoke_invitation,
)
from talex.participants.credentials.services.joining import (
    AnswerJoin,
    AskToJoin,
    answer_join,
    ask_to_join,
)
from talex.participants.credentials.services.refusing import (
    RefuseOrganisation,
    refuse_organisation,
    take_up_again,
)
from talex.participants.credentials.services.registering import (
    KnownOrganisation,
    SaveDraft,
    SubmitRegistration,
    discard_draft,
    save_draft,
    send_answers,
    submit_registration,
)

__all__ = [
    "AddPaper",
    "AnswerJoin",
    "AskToJoin",
    "DecideCases",
    "InviteColleague",
    "KnownOrganisation",
    "MendNumber",
    "OpenCase",
    "RefuseOrganisation",
    "SaveDraft",
    "SubmitRegistration",
    "accept_invitation",
    "add_paper",
    "answer_join",
    "ask_to_join",
    "claim_case",
    "claim_cases",
    "decide",
    "discard_draft",
    "invite_colleague",
    "let_in",
    "mend_number",
    "open_case",
    "refuse_organisation",
    "release_case",
    "remove_paper",
    "revoke_invitation",
    "save_draft",
    "send_answers",
    "submit_case",
    "submit_registration",
    "take_up_again",
]
