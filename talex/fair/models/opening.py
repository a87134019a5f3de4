"""What is offered: a job, a postdoctoral position, a project."""

from __future__ import annotations

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.core.masking import masked_text
from talex.core.translated import TranslatedText, TranslatedTextField
from talex.fair.choices import REQUIREMENT_CHOICES, OpeningKind, OpeningState
from talex.participants.choices import Mode


class Opening(Kept):
    """What an advertisement does not say is empty or null.

    `languages`: [{"code": "de", "level": "B2"}], the least level asked. `pay`: {"low", "high"}
    decimals as strings, "currency" (ISO 4217), "period" (choices.PAY_PERIODS), "months" paid a
    year (a number; a decimal as a string where they are no whole ones). `starts_on`, `ends_on`: the
    work itself; `closes_on`: the last day to ask.
    `source_text`: heading -> text of cells that an import did not understand. `last_open`: what it
    said when it was open last (`contents`), once its side writes on while it is not; others read
    that. Empty while nothing was written on.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="openings")
    organisation = models.ForeignKey(
        "participants.Organisation", models.PROTECT, related_name="openings"
    )
    kind = models.CharField(max_length=10, choices=OpeningKind, default=OpeningKind.JOB)
    title = TranslatedTextField()
    # All versions of the title in one line: for search and sorting.
    title_line = models.CharField(max_length=600, blank=True)
    description = TranslatedTextField()
    headcount = models.PositiveIntegerField(null=True, blank=True)
    interviews_wanted = models.PositiveIntegerField(null=True, blank=True)
    degree_required = models.CharField(max_length=20, blank=True, choices=REQUIREMENT_CHOICES)
    experience_min = models.FloatField(null=True, blank=True)
    experience_max = models.FloatField(null=True, blank=True)
    skills = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    pay = models.JSONField(default=dict, blank=True)
    region = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    # How the interviews can take place.
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.BOTH)
    state = models.CharField(max_length=10, choices=OpeningState, default=OpeningState.DRAFT)
    source = models.CharField(max_length=200, blank=True)
    source_text = models.JSONField(default=dict, blank=True)
    last_open = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title_line", "id"]
        indexes = [
            models.Index(fields=["edition", "state", "title_line"], name="opening_by_state"),
            models.Index(fields=["organisation", "edition"], name="opening_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OpeningState.values), name="opening_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OpeningKind.values), name="opening_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(headcount__isnull=True) | models.Q(headcount__gte=1),
                name="opening_has_a_seat",
            ),
            models.CheckConstraint(
                condition=models.Q(experience_min__isnull=True)
                | models.Q(experience_max__isnull=True)
                | models.Q(experience_min__lte=models.F("experience_max")),
                name="opening_experience_is_a_range",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def shown_title(self) -> TranslatedText:
        """The title for who may have agreed to nothing: it stands in lists, mails and files. No
        contact details in it (`core.masking`), and nothing that was written since it was open."""
        kept = self.state != OpeningState.OPEN and self.last_open.get("title")
        return masked_text(TranslatedText.from_json(kept) if kept else self.title)
