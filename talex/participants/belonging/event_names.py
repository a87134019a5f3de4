"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "belonging.asked": _("Asked to belong to an organisation"),
    "belonging.confirmed": _("Belongs to an organisation"),
    "belonging.declined": _("Request to belong to an organisation declined"),
    "belonging.ended": _("Belongs to an organisation no longer"),
    "belonging.taken_back": _("Request to belong to an organisation taken back"),
}
