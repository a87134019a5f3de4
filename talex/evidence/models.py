"""What was reached, by whom confirmed, with what proof. Rows are written once and never changed.

Nothing here is personal: subjects are random ids, and a reason in words is kept in the ledger's
payload of the subject, where it can be erased.
"""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.evidence.vocabulary import Rung


class Evidence(Kept):
    """A rung reached by a subject in an edition, or the withdrawal of such a row."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20, default="talent")
    subject_id = models.UUIDField()
    rung = models.CharField(max_length=20, choices=Rung)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    # The id of an account, or "system" where the machine saw it itself; never a name.
    confirmed_by = models.CharField(max_length=40)
    # What shows it: ("meeting", its id), ("import", its id), ("application", "") ...
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=40, blank=True)
    # The id of an upload that proves it.
    document = models.UUIDField(null=True, blank=True)
    withdraws = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rung__in=Rung.values), name="evidence_rung_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=""), name="evidence_is_confirmed_by_somebody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["edition", "subject_kind", "rung", "happened_at"], name="evidence_of_rung"
            ),
            models.Index(fields=["subject_id", "rung"], name="evidence_of_subject"),
        ]


def unwithdrawn() -> models.QuerySet[Evidence]:
    """The rungs that were confirmed and that nobody withdrew.

    Said by what is left out: SQLite has an index for `withdraws_id IS NULL`, takes it for the one
    that leaves fewest rows, and walks through all of the table for each talent of a list.
    """
    rows = Evidence.objects.exclude(withdraws__isnull=False)
    return rows.exclude(withdrawal__isnull=False)


class Dimension(Kept):
    """The coarse facts of a subject as known from `recorded_at` on: the highest `step` counts.

    They are what figures are split by, and all that stays of an erased person besides the rungs.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20, default="talent")
    subject_id = models.UUIDField()
    step = models.PositiveIntegerField(default=1)
    degree_level = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "subject_kind", "step"], name="dimension_step_once"
            )
        ]
        indexes = [models.Index(fields=["edition", "subject_kind"], name="dimension_of_edition")]


class SameSubject(Kept):
    """From `recorded_at` on the subject is counted as `counts_as`: the highest `step` counts.

    Evidence is never moved when two records turn out to be one person; both are counted as one
    from the instant this became known, and an undone merge is one more row.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20, default="talent")
    subject_id = models.UUIDField()
    step = models.PositiveIntegerField(default=1)
    counts_as = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "subject_kind", "step"], name="same_subject_step_once"
            )
        ]
        indexes = [models.Index(fields=["edition", "subject_kind"], name="same_subject_edition")]
