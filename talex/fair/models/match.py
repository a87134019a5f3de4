"""What the engine proposed, run by run, and the vectors of texts that were computed once."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import MatchState
from talex.fair.models.opening import Opening


class MatchRun(Kept):
    """One run of the matching. `params` is what it was told, `figures` what it measured."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="match_runs")
    job = models.UUIDField(null=True, blank=True)
    params = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-finished_at", "id"]


class Match(Kept):
    """A proposal: score 0 to 1, its components in the engine's order, reasons as codes.

    `reasons`: [{"code", "part", "weight", "fits", ...parameters}], the weightiest first, in
    words of no language (fair.reasons renders them). A pair is proposed once, and never again
    after it was decided.
    """

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="matches")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="matches")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="matches")
    score = models.FloatField()
    components = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=MatchState, default=MatchState.PROPOSED)
    decided_at = models.DateTimeField(null=True, blank=True)
    # The id of an account, or "system".
    decided_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        indexes = [
            models.Index(fields=["edition", "state", "-score"], name="match_by_score"),
            models.Index(fields=["talent", "state"], name="match_of_talent"),
            models.Index(fields=["opening", "state"], name="match_of_opening"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "opening"],
                condition=~models.Q(state=MatchState.SUPERSEDED.value),
                name="one_match_a_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MatchState.values), name="match_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(score__range=(0, 1)), name="match_score_is_a_share"
            ),
        ]


class TextVector(Kept):
    """The vector of a text under a model: half precision, so that a million take a gigabyte.

    The text itself is not kept. `subject` is the person whose text it is, so that it goes with
    them; an organisation's text has none.
    """

    key = models.CharField(max_length=64)  # SHA-256 of the text, in hex
    model = models.CharField(max_length=200)
    vector = models.BinaryField()  # float16, little-endian
    subject = models.UUIDField(null=True, blank=True, db_index=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "model"], name="one_vector_a_text_and_model")
        ]
