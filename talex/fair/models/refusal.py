"""A side's "not for me", with why."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import RefusalReason, Side
from talex.fair.models.opening import Opening


class Refusal(Kept):
    """One side says that the pair is nothing for it: it is not proposed to either side again.

    `note` is in the person's own words. `was_proposed`: a proposal stood and was closed with it,
    so that taking the refusal back opens that proposal again.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="+")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    reason = models.CharField(max_length=12, choices=RefusalReason)
    note = models.TextField(blank=True)
    was_proposed = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["edition", "side", "reason"], name="refusal_by_reason")]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "opening", "side"], name="refused_once_a_pair_and_side"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=RefusalReason.values), name="refusal_reason_is_known"
            ),
        ]
