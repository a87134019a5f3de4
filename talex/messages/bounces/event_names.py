"""What the events that this part records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "bounces.came_back": _("Message came back"),
    "bounces.lifted": _("Address is written to again"),
    "bounces.suppressed": _("Address is no longer written to: mails come back"),
}
