"""What the events of publishing are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {"fair.list.published": _("List of openings published")}
