"""What collecting keeps: whether an edition reviews, quotas, and how far each opening is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept


class Stage(models.TextChoices):
    """How far an opening is on its way to being open."""

    DRAFT = "draft", pgettext_lazy("collecting", "Not handed in")
    HANDED_IN = "handed_in", pgettext_lazy("collecting", "With the collector")
    RETURNED = "returned", pgettext_lazy("collecting", "Returned to be mended")
    PASSED = "passed", pgettext_lazy("collecting", "With the office")
    APPROVED = "approved", pgettext_lazy("collecting", "Approved")


class Act(models.TextChoices):
    """What somebody did with a submission."""

    HAND_IN = "hand_in", pgettext_lazy("collecting", "Handed in")
    TAKE_BACK = "take_back", pgettext_lazy("collecting", "Taken back")
    RETURN = "return", pgettext_lazy("collecting", "Returned")
    PASS = "pass", pgettext_lazy("collecting", "Passed on")
    APPROVE = "approve", pgettext_lazy("collecting", "Approved by the office")


class Fault(models.TextChoices):
    """Why an opening is returned; read in the company's language."""

    DESCRIPTION = "description", _("The description does not say enough")
    PAY = "pay", _("The pay is missing or not plausible")
    PLACE = "place", _("The place is missing or wrong")
    REQUIREMENTS = "requirements", _("The requirements are unclear or not permitted")
    CONTACT = "contact", _("Contact details do not belong into the text")
    TWICE = "twice", _("The opening is there twice")
    ELSEWHERE = "elsewhere", _("The opening does not belong to this collector")
    QUOTA = "quota", _("No place is left in the quota")
    OTHER = "other", _("Something else")


class Rules(Kept):
    """Whether the office approves openings before they are open; without a row it does not."""

    edition = models.OneToOneField("editions.Edition", models.CASCADE, related_name="+")
    reviewed = models.BooleanField(default=False)


class Quota(Kept):
    """An organisation collects the openings of those below it, so many at most.

    `seats`: people looked for, all openings together; null: not limited. `given_by`: the collector
    above whose quota this is a share of; null: the office gave it.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("participants.Organisation", models.PROTECT, related_name="+")
    openings = models.PositiveIntegerField()
    seats = models.PositiveIntegerField(null=True, blank=True)
    given_by = models.ForeignKey(
        "participants.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation"], name="one_quota_a_collector"
            ),
            models.CheckConstraint(
                condition=models.Q(given_by__isnull=True)
                | ~models.Q(given_by=models.F("organisation")),
                name="quota_not_given_by_itself",
            ),
        ]


class Submission(Kept):
    """How far an opening is. Without one it was made by the office, or never handed in.

    `proposed`: changes of an open opening that wait, field -> value; what is open stays as it was
    approved. `approved_digest`: of what was approved last, so that a closed opening can be opened
    again as it was. `handed_in`: what it said when it was handed in, kept as soon as its side
    writes on in a draft while collectors see the submission; empty: the opening says it itself.
    `holds`: it takes `places` seats and one opening of its collector's quota.
    """

    opening = models.OneToOneField("fair.Opening", models.CASCADE, related_name="submission")
    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    # Through whom it goes; null: straight to the office.
    collector = models.ForeignKey(
        "participants.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed = models.JSONField(default=dict, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    handed_in = models.JSONField(default=dict, blank=True)
    holds = models.BooleanField(default=False)
    places = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["changed_at", "id"]
        indexes = [
            models.Index(fields=["edition", "stage", "changed_at"], name="submission_by_stage"),
            models.Index(
                fields=["edition", "collector"],
                name="submission_in_quota",
                condition=models.Q(holds=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="submission_stage_is_known"
            )
        ]


class Step(Kept):
    """One act of a submission's history; `by` is the account, `words` as they were written."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=10, choices=Act)
    by = models.CharField(max_length=40)
    # Who returned it: the office, or the collector it went through.
    by_office = models.BooleanField(default=False)
    faults = models.JSONField(default=list, blank=True)
    words = models.TextField(blank=True)
    made_at = models.DateTimeField(default=now)
    # The submission's version after it: two acts of one instant have an order.
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "version"], name="one_step_a_version")
        ]
