"""Why a file is refused, with what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid

TEXTS: dict[str, Any] = {
    "virus": _(
        "A virus scanner would refuse this file. Check your computer and send a clean file."
    ),
    "program": _("This file is a program. Send a document or a picture."),
    "broken": _("This file is damaged or incomplete. Save it again and send it once more."),
    "unfolds": _(
        "This file unpacks to far more than it says or holds archives within archives. Send the "
        "documents themselves, without an archive around them."
    ),
    "names": _(
        "This archive holds links or names that lead out of its folder. Pack it anew from a "
        "single folder."
    ),
    "password": _("This file is protected by a password. Save it without one and send it again."),
    "macros": _(
        "This file holds macros. Save it without them (as .xlsx or .docx) and send it again."
    ),
    "remote": _(
        "This file loads something from elsewhere or starts other programs. Break its links and "
        "remove embedded objects in the program it comes from, save it, and send it again."
    ),
    "entities": _(
        "This file declares XML entities, which no office program writes. Save it again in the "
        "program it comes from."
    ),
    "active_pdf": _(
        "This PDF holds scripts, actions or attached files. Print it into a new PDF and send that."
    ),
    "disguised": _(
        "This file is two things at once: something stands behind its end. Save it again in the "
        "program it comes from."
    ),
    "heavy": _(
        "To look through this file takes too long. Save it again in the program it comes from, as "
        "a smaller one where that is possible, and send it once more."
    ),
    "busy": _("Many files are being looked through at the moment. Try again in a minute."),
    "too_many_pixels": _(
        "This picture has more than 50 million pixels or a side of more than 16,000. Make it "
        "smaller and send it again."
    ),
}


class Refused(Invalid):
    """An upload that is not kept; `code` is a key of TEXTS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__({"file": TEXTS[code]})
