"""The only writers of imports: upload, map, read, mend, decide, apply, give up."""

from talex.participants.importing.services.applying import ApplyImport, apply_import
from talex.participants.importing.services.deciding import (
    DecideSimilar,
    ExcludeRows,
    MergeIdentical,
    decide_similar,
    exclude_rows,
    merge_identical,
)
from talex.participants.importing.services.mapping import SetMapping, read_again, set_mapping
from talex.participants.importing.services.mending import (
    AcceptRows,
    CorrectRow,
    accept_rows,
    correct_row,
)
from talex.participants.importing.services.uploading import (
    CancelImport,
    ChooseSheet,
    UploadFile,
    cancel_import,
    choose_sheet,
    make_import,
    opened,
    upload_import,
)

__all__ = [
    "AcceptRows",
    "ApplyImport",
    "CancelImport",
    "ChooseSheet",
    "CorrectRow",
    "DecideSimilar",
    "ExcludeRows",
    "MergeIdentical",
    "SetMapping",
    "UploadFile",
    "accept_rows",
    "apply_import",
    "cancel_import",
    "choose_sheet",
    "correct_row",
    "decide_similar",
    "exclude_rows",
    "make_import",
    "merge_identical",
    "opened",
    "read_again",
    "set_mapping",
    "upload_import",
]
