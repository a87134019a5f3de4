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
    decide,
    let_in,
    release_case,
)
from talex.participants.credentials.services.joining import (
    AnswerJoin,
    AskToJoin,
    answer_join,
    ask_to_join,
)
from talex.participants.credentials.services.registering import (
    KnownOrganisation,
    SaveDraft,
    SubmitRegistration,
    discard_draft,
    save_draft,
    submit_registration,
)

__all__ = [
    "AddPaper",
    "AnswerJoin",
    "AskToJoin",
    "DecideCases",
    "KnownOrganisation",
    "MendNumber",
    "OpenCase",
    "SaveDraft",
    "SubmitRegistration",
    "add_paper",
    "answer_join",
    "ask_to_join",
    "claim_case",
    "decide",
    "discard_draft",
    "let_in",
    "mend_number",
    "open_case",
    "release_case",
    "remove_paper",
    "save_draft",
    "submit_case",
    "submit_registration",
]
