"""What each side says after a meeting. The rungs themselves are rows of `evidence`."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import Side, StatementKind


class Statement(Kept):
    """One side's yes or no; saying it again replaces it, and the ledger keeps both."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    meeting = models.ForeignKey("meetings.Meeting", models.CASCADE, related_name="statements")
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=10, choices=StatementKind)
    yes = models.BooleanField()
    said_at = models.DateTimeField(default=now)
    said_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "side", "kind"], name="one_statement_a_side")
        ]
