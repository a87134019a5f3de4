"""What is kept of figures: snapshots that were frozen, and bulletins that were released.

A live figure is kept nowhere: it is counted when it is asked for. The numbers below were counted
by the machine at the instant they carry; no service takes a number.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField


class Snapshot(Kept):
    """All figures of an edition as counted at one instant. Never changed (triggers refuse it)."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    until = models.DateTimeField(_("Happened until"))
    known = models.DateTimeField(_("Known until"))
    # The definitions as they were worded then (definitions.Definition.frozen), and their digests.
    definitions = models.JSONField(default=list)
    # figure key -> [how many pieces of evidence, SHA-256 over their sorted ids].
    records = models.JSONField(default=dict)
    # The end of the edition's chain in the ledger when this was counted.
    head_number = models.BigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)
    # SHA-256 over all of the above and the cells; the ledger has it too.
    digest = models.CharField(max_length=64)
    note = models.CharField(_("What it is for"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="bulletin_snapshot_once"),
        ]


class SnapshotCell(Kept):
    """How many persons a figure counted for one value of one dimension (`by` '' is the total)."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="cells")
    figure = models.CharField(max_length=40)
    by = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "figure", "by", "value"], name="bulletin_cell_once"
            ),
        ]


class Bulletin(Kept):
    """A snapshot made public, with words around it in each language."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="bulletins")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="bulletins")
    number = models.PositiveIntegerField()
    title = TranslatedTextField(_("Title"))
    text = TranslatedTextField(_("Introduction"))
    released_at = models.DateTimeField(default=clock.now)
    released_by = models.CharField(max_length=40)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, blank=True)
    reason = TranslatedTextField(_("Why it was taken back"))

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="bulletin_number_once"),
            models.UniqueConstraint(
                fields=["snapshot"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="bulletin_snapshot_released_once",
            ),
        ]
