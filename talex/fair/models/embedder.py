"""Which model of vectors the installation uses."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept


class EmbedderChoice(Kept):
    """A choice of the operator; the newest counts, and none is the embedded default.

    `kind`: default, onnx, transformers, remote. `target`: folder, name or address. `fields`: what
    was confirmed to leave the house. The key of a service is never kept here.
    """

    kind = models.CharField(max_length=12)
    target = models.CharField(max_length=500, blank=True)
    model = models.CharField(max_length=200, blank=True)
    dialect = models.CharField(max_length=10, blank=True)
    dimension = models.PositiveIntegerField(null=True, blank=True)
    fields = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=now)
    made_by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["-made_at"], name="embedder_choice_newest")]
