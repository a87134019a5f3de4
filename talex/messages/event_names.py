"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "messages.handle_set": _("Said how a channel reaches an account"),
    "messages.opted_in": _("Address wants mails of a kind again"),
    "messages.opted_out": _("Address wants no more mails of a kind"),
    "messages.preferences_set": _("Chosen how to be written to"),
    "messages.sent_again": _("Message sent again"),
}
