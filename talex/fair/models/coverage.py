"""What the last run of the matching reached on each side, kept until the next run."""

from __future__ import annotations

from django.db import models

from talex.core.ids import Kept
from talex.fair.models.match import MatchRun
from talex.fair.models.opening import Opening


class _Reached(Kept):
    """The engine's `Reach` of one row (engine.matching.coverage).

    `excluded`, `alone`: term -> rows of the other side that it forbids, and that it alone forbids.
    `why`: why nothing is proposed; '' where something is. `pressure`: `wanted` a place.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    proposals = models.PositiveIntegerField()
    room = models.PositiveIntegerField()
    admissible = models.PositiveIntegerField()
    excluded = models.JSONField(default=dict)
    alone = models.JSONField(default=dict)
    best = models.FloatField(null=True, blank=True)
    wanted = models.PositiveIntegerField()
    pressure = models.FloatField(default=0)
    #: Congestion (engine.matching.congestion): how many of the other side have it among as many of
    #: their best as they have room for, and how many have it among all that fit.
    sought = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]


class TalentCoverage(_Reached):
    """A talent in a run."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="talent_coverage")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "talent"], name="one_coverage_a_talent")
        ]
        indexes = [models.Index(fields=["edition", "why"], name="talent_coverage_why")]


class OpeningCoverage(_Reached):
    """An opening in a run."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="opening_coverage")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "opening"], name="one_coverage_an_opening")
        ]
        indexes = [models.Index(fields=["edition", "why"], name="opening_coverage_why")]
