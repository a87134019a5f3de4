"""One side's wish to meet the other about an opening, and what a side does not want to see."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import STANDING, EndedBy, InterestState, RefusalReason, Side
from talex.fair.models.opening import Opening


class Interest(Kept):
    """Who asked (`side`), with which rank and words, and what the other side answered.

    At most one stands for a talent and an opening. It holds no time: what was accepted becomes a
    request of the room of meetings, in the same transaction.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="interests")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="interests")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="interests")
    side = models.CharField(max_length=10, choices=Side)
    # 1 is what the asking side wants most; null where it did not rank.
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    # Why the asked side declined; its own words are `answer`.
    decline_reason = models.CharField(max_length=12, choices=RefusalReason, blank=True)
    state = models.CharField(max_length=10, choices=InterestState, default=InterestState.ASKED)
    # Why it ended where nobody of the two sides ended it.
    ended_by = models.CharField(max_length=10, choices=EndedBy, blank=True)
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["edition", "state", "expires_at"], name="interest_by_state"),
            models.Index(fields=["opening", "side", "state"], name="interest_of_opening"),
            models.Index(fields=["talent", "side", "state"], name="interest_of_talent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "opening"],
                condition=models.Q(state__in=[s.value for s in STANDING]),
                name="one_standing_interest_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=InterestState.values), name="interest_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values), name="interest_side_is_known"
            ),
        ]


class Hidden(Kept):
    """One side does not want to be shown this pair any more; the other side is not told."""

    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="+")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side, default=Side.TALENT)
    hidden_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "opening", "side"], name="hidden_once_a_pair_and_side"
            )
        ]
