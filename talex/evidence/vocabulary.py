"""The rungs that people climb, in their order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Rung(models.TextChoices):
    """A state of a person in one edition that evidence shows, from first to last."""

    REGISTERED = "registered", pgettext_lazy("rung", "registered")
    VERIFIED = "verified", pgettext_lazy("rung", "verified")
    ATTENDED = "attended", pgettext_lazy("rung", "attended")
    INTERVIEWED = "interviewed", pgettext_lazy("rung", "interviewed")
    MUTUAL_INTENT = "mutual_intent", pgettext_lazy("rung", "mutual intent")
    OFFER_ACCEPTED = "offer_accepted", pgettext_lazy("rung", "offer accepted")
    ARRIVED = "arrived", pgettext_lazy("rung", "arrived")
    RETAINED = "retained", pgettext_lazy("rung", "retained")

    @property
    def height(self) -> int:
        """1 (registered) to 8 (retained)."""
        return list(Rung).index(self) + 1


#: The names under which facts are frozen, so that a figure can be split by them.
DIMENSIONS = ("degree_level", "industry", "region")
