"""A talent: a person who looks for an opening in one edition."""

from __future__ import annotations

from typing import Any

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.choices import DEGREE_CHOICES, Mode
from talex.participants.identity import text_key
from talex.participants.models.person import Person, compare_anew


class Talent(Kept):
    """What of a talent may be missing is empty or null; lists are JSON lists of strings.

    `languages`: [{"code": "de", "level": "B2"}], code ISO 639-1, level CEFR, "native" or null.
    `education`: [{"level", "institution", "discipline", "year"}], the highest first.
    `experience`: [{"position", "employer", "start", "end", "text"}], dates `YYYY-MM` or `YYYY`, an
    empty end is today. `wished_pay`: {"least", "currency", "period": year or month}, or {}.
    `windows`: [{"start", "end"}] instants in ISO 8601 UTC within which meetings suit; empty means
    whenever the conference is open. `local_from`/`local_until`: hours of the day in the person's
    own zone. `unread`: heading -> text of cells that an import did not understand.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="talents")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="talents")
    degree_level = models.CharField(max_length=20, blank=True, choices=DEGREE_CHOICES)
    institution = models.CharField(max_length=200, blank=True)
    education = models.JSONField(default=list, blank=True)
    disciplines = models.JSONField(default=list, blank=True)
    skills = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    experience_years = models.FloatField(null=True, blank=True)
    experience = models.JSONField(default=list, blank=True)
    current_position = models.CharField(max_length=200, blank=True)
    profile_text = models.TextField(blank=True)
    # The same for the same longer text (identity.text_key).
    text_key = models.CharField(max_length=16, blank=True, editable=False)
    industry = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    wished_regions = models.JSONField(default=list, blank=True)
    wished_industries = models.JSONField(default=list, blank=True)
    wished_pay = models.JSONField(default=dict, blank=True)
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)
    windows = models.JSONField(default=list, blank=True)
    local_from = models.TimeField(null=True, blank=True)
    local_until = models.TimeField(null=True, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.BOTH)
    daily_max = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    unread = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # One standing record a person and edition; what was merged stays for undoing.
            models.UniqueConstraint(
                fields=["person", "edition"],
                condition=models.Q(merged_into__isnull=True),
                name="one_talent_a_person_and_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(experience_years__isnull=True)
                | models.Q(experience_years__range=(0, 80)),
                name="talent_experience_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(available_from__isnull=True)
                | models.Q(available_until__isnull=True)
                | models.Q(available_from__lte=models.F("available_until")),
                name="talent_availability_runs_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=Mode.values), name="talent_mode_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "degree_level"], name="talent_by_degree"),
            # Of the few that were merged. An index of all tempts SQLite, which knows no statistics,
            # to walk through everybody who was not.
            models.Index(
                fields=["merged_into"],
                name="talent_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["text_key"], name="talent_text_key", condition=~models.Q(text_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    def save(self, *args: Any, **options: Any) -> None:
        """The key of the text follows the text; the person is to be compared anew."""
        named = options.get("update_fields")
        if named is None or "profile_text" in named:
            self.text_key = text_key(self.profile_text)
            if named is not None:
                options["update_fields"] = {*named, "text_key"}
        super().save(*args, **options)
        compare_anew(self.person_id)
