"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "programme.activity.saved": _("Activity saved"),
    "programme.day.saved": _("Day of meetings saved"),
    "programme.hall.closed": _("Hall closed"),
    "programme.hall.saved": _("Hall saved"),
    "programme.tables.assigned": _("Tables assigned"),
}
