"""Why a file cannot be read, in words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message

FAULTS: dict[str, Message] = {
    "broken": _(
        "This file is damaged and cannot be read. Open it in the program it comes from, save it "
        "again, and try once more."
    ),
    "encrypted": _(
        "This PDF is protected by a password. Save it without the password and try again."
    ),
    "no_text": _(
        "No text was found in this file: it may be a scan or a photograph. Choose the file it was "
        "made from, or type your answers."
    ),
    "macros": _(
        "This document carries macros and is not opened. Save it as .docx without macros, or as "
        "PDF."
    ),
    "unpacks": _(
        "This document unpacks to far more than its size suggests and was not opened. Save it "
        "again without pictures, or as PDF."
    ),
    "entities": _(
        "This file defines signs of its own (XML entities) and is not opened. Export it once more."
    ),
    "too_heavy": _(
        "Reading this file takes too long. Save it again without pictures, or type your answers."
    ),
    "busy": _("Many files are being read at the moment. Try again in a minute."),
    "nothing": _(
        "Nothing that we look for was understood in this file. Choose another one, or type your "
        "answers."
    ),
    "json": _(
        "This JSON file is neither a JSON Resume (version 1.0.0) nor an ORCID record. Export it "
        "once more, or choose a PDF or Word document."
    ),
    "xml": _("This XML file is not an ORCID record. Export the record of your ORCID once more."),
    "html": _(
        "This is a web page, whatever its name says. Open it and save it as .docx or as PDF."
    ),
    "encoding": _("The letters of this text file cannot be read. Save it as UTF-8."),
    "old_word": _("This is a Word document of the old kind (.doc). Save it as .docx or as PDF."),
}
