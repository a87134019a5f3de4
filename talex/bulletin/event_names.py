"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "bulletin.snapshot_frozen": _("Figures frozen"),
    "bulletin.released": _("Bulletin released"),
    "bulletin.withdrawn": _("Bulletin withdrawn"),
    "bulletin.records_exported": _("Records of a figure exported"),
}
