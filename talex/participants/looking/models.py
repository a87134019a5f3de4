"""What is kept of a look at a person's data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.ids import Kept


class Way(models.TextChoices):
    """How somebody came to see the data."""

    PROFILE = "profile", _("opened the profile")
    LIST = "list", _("saw the name in a list")
    FILE = "file", _("took a list out as a file")
    API = "api", _("read it by a program")
    MATCH = "match", _("saw the profile as a candidate")
    MESSAGE = "message", _("read a message to them")
    CASE = "case", _("read what was written, in a report of abuse")
    DATA = "data", _("took out everything that is held")


class Look(Kept):
    """Somebody looked at a person's data in one way on one day (UTC); once is enough to be told.

    The person and the viewer are random ids without a foreign key: a look is evidence of its own
    and outlives neither the person (erasure) nor its term.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    person = models.UUIDField()
    # The account that looked.
    viewer = models.UUIDField()
    # For whom: the organisation of a delegate; empty for the office, auditors and partners.
    organisation = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=20)
    way = models.CharField(max_length=10, choices=Way)
    day = models.DateField()
    first_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "edition", "viewer", "organisation", "role", "way", "day"],
                name="looking_once_a_day",
            )
        ]
        indexes = [models.Index(fields=["day"], name="looking_day")]
