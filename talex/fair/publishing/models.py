"""Published lists of openings: versions that do not change, and what each says of an opening."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField


class PublishedList(Kept):
    """One version. `digest` is over its entries and stands in the ledger."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="opening_lists")
    number = models.PositiveIntegerField()
    note = TranslatedTextField()
    count = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="one_list_a_number")
        ]


class Wording(Kept):
    """What an opening said when it was published; versions that say the same share it.

    `content` is what may be public and nothing else (`snapshot.py`). The opening and the
    organisation are named by their ids, so that a list stays as it was published.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    opening = models.UUIDField()
    organisation = models.UUIDField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    # For search and sorting.
    title_line = models.CharField(max_length=600)
    organisation_line = models.CharField(max_length=600)
    region = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "digest"], name="one_wording_a_content")
        ]


class Change(models.TextChoices):
    """What became of an opening since the version before."""

    ADDED = "added", pgettext_lazy("published list", "New")
    CHANGED = "changed", pgettext_lazy("published list", "Changed")
    SAME = "same", pgettext_lazy("published list", "As before")
    WITHDRAWN = "withdrawn", pgettext_lazy("published list", "Withdrawn")


class Entry(Kept):
    """An opening in a version; one that was withdrawn since the version before stands with what
    it said last. `fields`: what changed."""

    published = models.ForeignKey(PublishedList, models.CASCADE, related_name="entries")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="entries")
    opening = models.UUIDField()
    change = models.CharField(max_length=10, choices=Change)
    fields = models.JSONField(default=list, blank=True)
    # When it was in a list first.
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published", "opening"], name="one_entry_an_opening"),
            models.CheckConstraint(
                condition=models.Q(change__in=Change.values), name="entry_change_is_known"
            ),
        ]
        indexes = [models.Index(fields=["published", "change"], name="entry_by_change")]
