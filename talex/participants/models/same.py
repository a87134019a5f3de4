"""Decisions on whether two records are one person."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.models.person import Person


class Merge(Kept):
    """`drop` was merged into `keep`. `undo` is what is needed to take it back (personal data)."""

    keep = models.ForeignKey(Person, models.PROTECT, related_name="merges_kept")
    drop = models.ForeignKey(Person, models.PROTECT, related_name="merges_dropped")
    merged_at = models.DateTimeField(default=now)
    merged_by = models.CharField(max_length=40)
    undo = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drop"],
                condition=models.Q(undone_at__isnull=True),
                name="a_person_is_merged_once",
            )
        ]


class SamePair(Kept):
    """Two standing records of an edition that may be one person, and why (`same.REASONS`).

    Made and renewed by `services.comparing` when a record is new or was changed, so that a page
    reads only what it shows. The lower id stands first; what somebody decided about is not here.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    weight = models.FloatField()
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "first", "second"], name="same_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="same_pair_is_ordered"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "-weight", "first", "second"], name="same_pair_surest")
        ]


class NotSame(Kept):
    """Somebody looked at both and said that they are two persons; the lower id stands first."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    decided_at = models.DateTimeField(default=now)
    decided_by = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_same_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="not_same_is_ordered"
            ),
        ]
