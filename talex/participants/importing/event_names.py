"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "importing.applied": _("Import applied"),
    "importing.cancelled": _("Import cancelled"),
    "importing.sheet_chosen": _("Sheet of the workbook chosen"),
    "importing.file_uploaded": _("File uploaded for import"),
}
