"""The only writers of this room, a file a subject."""

from talex.participants.registering.services.drafting import (
    AlreadySent,
    BeginDraft,
    PutBack,
    Saved,
    SaveDraft,
    begin_draft,
    discard_draft,
    put_back,
    save_draft,
)
from talex.participants.registering.services.reading import (
    KeepFound,
    ReadFile,
    drop_reading,
    keep_found,
    read_file,
)
from talex.participants.registering.services.sending import SendDraft, send_draft

__all__ = [
    "AlreadySent",
    "BeginDraft",
    "KeepFound",
    "PutBack",
    "ReadFile",
    "SaveDraft",
    "Saved",
    "SendDraft",
    "begin_draft",
    "discard_draft",
    "drop_reading",
    "keep_found",
    "put_back",
    "read_file",
    "save_draft",
    "send_draft",
]
