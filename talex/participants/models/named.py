"""The organisations that one consent names together."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.models.organisation import Organisation


class NamedList(Kept):
    """Organisations abroad as they were named to whoever agreed; kept once for all of them.

    Consents refer to it by `recipient` (`Consent.recipient`), which is made of what it names: an
    organisation that comes later stands in none of them.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "recipient"], name="named_list_once")
        ]


class Named(Kept):
    """One organisation of such a list, in the country it was named with."""

    list = models.ForeignKey(NamedList, models.CASCADE, related_name="named")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "organisation"], name="named_once_in_a_list")
        ]
