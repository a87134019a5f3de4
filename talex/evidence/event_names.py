"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "evidence.confirmed": _("Evidence confirmed"),
    "evidence.noted": _("Evidence noted"),
    "evidence.withdrawn": _("Evidence withdrawn"),
}
