"""The organiser's own terms, classifications that were imported, and suggestions set aside."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept


class TermSource(Kept):
    """A published classification (ESCO) that serves every edition of the installation."""

    name = models.CharField(max_length=80, unique=True)
    release = models.CharField(max_length=40, blank=True)
    attribution = models.CharField(max_length=300)
    languages = models.JSONField(default=list)
    concepts = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(default=now)


class Term(Kept):
    """A concept of the matching, or more labels for one that Talex ships.

    An edition's own has `edition`, one of a classification has `source`. `concept`: the concept's
    id in the table, of the shipped taxonomy where labels are added to one of its. `labels`:
    language -> labels, the preferred one first; `parents`: ids of industries.
    """

    edition = models.ForeignKey(
        "editions.Edition", models.CASCADE, null=True, blank=True, related_name="terms"
    )
    source = models.ForeignKey(
        TermSource, models.CASCADE, null=True, blank=True, related_name="terms"
    )
    concept = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    labels = models.JSONField(default=dict)
    parents = models.JSONField(default=list, blank=True)
    abbreviations = models.JSONField(default=list, blank=True)
    # All labels in one line: for search and sorting.
    line = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "concept"],
                condition=models.Q(edition__isnull=False),
                name="one_term_a_concept_and_edition",
            ),
            models.UniqueConstraint(
                fields=["source", "concept"],
                condition=models.Q(source__isnull=False),
                name="one_term_a_concept_and_source",
            ),
            models.CheckConstraint(
                condition=models.Q(edition__isnull=True) ^ models.Q(source__isnull=True),
                name="term_is_of_edition_or_source",
            ),
        ]

    def __str__(self) -> str:
        return self.line


class DismissedTerm(Kept):
    """A skill that is not to be suggested as a term again."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    dismissed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="one_dismissal_a_term")
        ]


class BuiltTable(Kept):
    """The concepts of an edition with those of a classification, ready to be read.

    To cut a hundred thousand labels takes tens of seconds, so it is done once, in the background,
    for all processes. `signature`: of what the table was made; another one is a stale table.
    """

    edition = models.OneToOneField("editions.Edition", models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    table = models.BinaryField()
    made_at = models.DateTimeField(default=now)
