"""What is kept of cohorts: who opened them, who was invited, who joined, what was confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField
from talex.participants.choices import DEGREE_CHOICES
from talex.participants.cohorts import codes
from talex.participants.models import Organisation, Talent


class MemberState(models.TextChoices):
    """What the university says of somebody who joined."""

    WAITING = "waiting", pgettext_lazy("cohort", "To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("cohort", "Confirmed")
    NOT_OURS = "not_ours", pgettext_lazy("cohort", "Not ours")


class NotOurs(models.TextChoices):
    """Why somebody is not of the university; told to them in their language."""

    NUMBER = "number", pgettext_lazy("not ours", "The student number and the name do not agree")
    UNKNOWN = "unknown", pgettext_lazy("not ours", "The university does not find the name")
    UNFINISHED = "unfinished", pgettext_lazy("not ours", "The degree was not finished there")
    ANOTHER = "another", pgettext_lazy("not ours", "It is another year or field than this cohort")
    OTHER = "other", pgettext_lazy("not ours", "Something else")


class Cohort(Kept):
    """The graduates of one university in one edition whom it brings along together.

    `code` is what a whole year is given, on a slide or a poster: no secret of one person, so it is
    kept readable and can be renewed.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cohorts")
    name = TranslatedTextField()
    degree_level = models.CharField(max_length=20, blank=True, choices=DEGREE_CHOICES)
    year = models.PositiveSmallIntegerField()
    discipline = models.CharField(max_length=200, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField()
    code = models.CharField(max_length=12, unique=True, default=codes.new_code)
    opened_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["edition", "organisation"], name="cohort_of_edition")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_open(self) -> bool:
        """Whether its code and links still work."""
        return self.closes_at > now()

    @property
    def shown_code(self) -> str:
        return codes.shown(self.code)


class RollDraft(Kept):
    """A list that was uploaded and is looked at before anybody is invited.

    `rows`: [{"number", "name", "email", "student_number", "degree", "language", "faults"}], where
    `faults` are notes as importing keeps them.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="roll_drafts")
    rows = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="en")
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)


class RollEntry(Kept):
    """A graduate as the university named them, and the link they were sent (its digest only)."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="roll")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    student_number = models.CharField(max_length=60, blank=True)
    degree = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="en")
    # Of the file in which the university named them: what its confirmation rests on.
    sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    # None in older rows of who was in the cohort already.
    invited_at = models.DateTimeField(null=True, blank=True, default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "email"], name="one_roll_entry_an_address_and_cohort"
            ),
            models.UniqueConstraint(
                fields=["cohort", "student_number"],
                condition=~Q(student_number=""),
                name="one_roll_entry_a_student_number",
            ),
        ]


class PendingJoin(Kept):
    """Somebody gave a code or opened a link before they had registered; kept with the account, so
    that it holds on another device as well."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    entry = models.ForeignKey(RollEntry, models.SET_NULL, null=True, blank=True, related_name="+")
    student_number = models.CharField(max_length=60, blank=True)
    agreed = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cohort"], name="one_pending_join_an_account_and_cohort"
            )
        ]


class Member(Kept):
    """A talent who says to be of a cohort. `entry`: the line of the roll that it was matched with.

    `proven`: whether that match was shown (a link to a confirmed address, or the student number
    with name or address), so that a confirmation rests on more than a name on a screen.
    `why`: a reason that each reads in their language; `reason`: the university's own words.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="members")
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="cohort_members")
    entry = models.OneToOneField(
        RollEntry, models.SET_NULL, null=True, blank=True, related_name="member"
    )
    student_number = models.CharField(max_length=60, blank=True)
    proven = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=MemberState, default=MemberState.WAITING)
    why = models.CharField(max_length=10, choices=NotOurs, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    joined_at = models.DateTimeField(default=now)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # The row of `evidence` that the confirmation made, where it reached 'verified'.
    evidence = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "talent"], name="one_member_a_cohort_and_talent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MemberState.values), name="member_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="member_is_decided_by_somebody",
            ),
        ]

    @property
    def told(self) -> str:
        """Why it is said not to be of the university, in the reader's language; its own words
        stand beside."""
        return self.get_why_display() if self.why and self.why != NotOurs.OTHER else ""
