"""What the events that this part records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "webhooks.endpoint_added": _("Webhook set up"),
    "webhooks.endpoint_edited": _("Webhook edited"),
    "webhooks.endpoint_removed": _("Webhook removed"),
    "webhooks.secret_rotated": _("Secret of a webhook renewed"),
    "webhooks.sent_again": _("Webhook deliveries sent again"),
    "webhooks.switched_off": _("Webhook switched off"),
    "webhooks.switched_on": _("Webhook switched on"),
    "webhooks.test_sent": _("Webhook tried"),
}
