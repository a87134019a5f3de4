"""What the events that this room records are called, for readers of the ledger.

Visits and registrations are no events: an entry of the ledger has a time and an actor, and would
tell who came by which link.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "reach.link_closed": _("Campaign link closed"),
    "reach.link_made": _("Campaign link made"),
}
