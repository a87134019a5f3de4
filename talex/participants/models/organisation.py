"""Organisations, their part in an edition, and who acts for them there."""

from __future__ import annotations

from typing import Any

from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField
from talex.participants.choices import DelegateRole, Mode, OrganisationKind
from talex.participants.models.person import Person, compare_anew


class Organisation(Kept):
    """Outlives editions; organisations form trees (region, district, park, company)."""

    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(
        max_length=30, choices=OrganisationKind, default=OrganisationKind.ENTERPRISE
    )
    name = TranslatedTextField()
    # All versions of the name in one line: for search and sorting.
    name_line = models.CharField(max_length=600, blank=True)
    # The first name as compared when rows are told apart (identity.py).
    name_key = models.CharField(max_length=200, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    # Where it is registered: ISO 3166 alpha-2; empty: not yet said (participants/abroad.py).
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    region = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=400, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    industries = models.JSONField(default=list, blank=True)
    website = models.CharField(max_length=300, blank=True)
    size = models.CharField(max_length=60, blank=True)
    founded = models.PositiveSmallIntegerField(null=True, blank=True)
    description = TranslatedTextField()
    unread = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration_number"],
                condition=~models.Q(registration_number=""),
                name="one_organisation_a_registration_number",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="organisation_not_its_own_parent"
            ),
        ]
        indexes = [models.Index(fields=["name_key"], name="organisation_name_key")]

    def __str__(self) -> str:
        return str(self.name)


class Participation(Kept):
    """An organisation takes part in an edition."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="participations")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.BOTH)
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    # Since when an organisation that registered by itself waits to be let in by the office; null
    # where it is. Until then it is shown to nobody but the office and its own delegates.
    pending_since = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation"], name="one_participation_an_edition"
            )
        ]


class Delegate(Kept):
    """A person who acts for an organisation in an edition.

    `windows`, `local_from`, `local_until` and `daily_max` as for `Talent`.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="delegacies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="delegates")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="delegates")
    role = models.CharField(
        max_length=10, choices=DelegateRole, default=DelegateRole.HEAD, db_default="head"
    )
    title = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.BOTH)
    windows = models.JSONField(default=list, blank=True)
    local_from = models.TimeField(null=True, blank=True)
    local_until = models.TimeField(null=True, blank=True)
    daily_max = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "edition"],
                condition=models.Q(merged_into__isnull=True),
                name="one_delegate_a_person_organisation_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=DelegateRole.values), name="delegate_role_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "organisation"], name="delegate_of_edition"),
            # Of the few that were merged. An index of all tempts SQLite, which knows no statistics,
            # to walk through everybody who was not.
            models.Index(
                fields=["merged_into"],
                name="delegate_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    def save(self, *args: Any, **options: Any) -> None:
        """The person is to be compared anew."""
        super().save(*args, **options)
        compare_anew(self.person_id)
