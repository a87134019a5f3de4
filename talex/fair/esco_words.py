"""What is wrong with ESCO's files, in the reader's language."""

from __future__ import annotations

import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.engine.text.esco import EscoError

#: What opening a zip and unpacking it may raise.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
)

_FILES: dict[str, Message] = {
    "none": _("There is no occupations_xx.csv or skills_xx.csv among them, such as "
              "occupations_de.csv."),
    "columns": _("%(file)s has no column %(columns)s. Give the file as ESCO published it."),
    "cells": _("%(file)s, line %(line)s: cells are missing. The file seems to be cut off or "
               "changed; download it again."),
    "broken": _("%(file)s, line %(line)s cannot be read as CSV in UTF-8. Give the file as ESCO "
                "published it, not saved again by a spreadsheet program."),
}  # fmt: skip


def wrong_file(error: EscoError | OSError) -> Message:
    """A sentence on files that `read_esco` refused."""
    if isinstance(error, EscoError):
        return _FILES[error.code] % error.facts
    return _("The files could not be read on the server. Give them again.")


def wrong_zip(name: str, error: BaseException) -> Message:
    """A sentence on a zip that raised one of `ZIP_ERRORS`."""
    if isinstance(error, NotImplementedError):
        text = _("%(name)s cannot be opened: it is packed in a way that is not understood here. "
                 "Pack it again as an ordinary zip file.")  # fmt: skip
    elif isinstance(error, RuntimeError):
        text = _("%(name)s cannot be opened: it is protected by a password. Give it without.")
    else:
        text = _("%(name)s cannot be opened: it is damaged, or no zip file. Download it again.")
    return text % {"name": name}
