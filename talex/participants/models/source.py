"""Which row of which list an object came from, so that the same row is never taken twice."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept


class SourceRow(Kept):
    """A row is known by source, fingerprint and occurrence number (importing.fingerprint).

    It outlives an erasure, without a link to the person, so that the same list does not bring an
    erased person back.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # talent | organisation | opening
    source = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 in hex
    occurrence = models.PositiveIntegerField(default=1)
    object_id = models.UUIDField(null=True, blank=True)
    # The import that brought it.
    batch = models.UUIDField(null=True, blank=True)
    row_number = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "occurrence", "source", "kind", "edition"],
                name="a_source_row_is_taken_once",
            )
        ]
        indexes = [models.Index(fields=["object_id"], name="source_row_of_object")]
