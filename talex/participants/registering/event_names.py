"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "registering.begun": _("Registration begun"),
    "registering.discarded": _("Registration given up"),
    "registering.expired": _("Registration left lying and deleted"),
    "registering.file_read": _("File read for a registration"),
    "registering.project_created": _("Project registered"),
    "registering.project_updated": _("Project edited"),
    "registering.sent": _("Registration sent"),
}
