"""What is kept of campaigns: texts in versions, the campaign, and the list of who gets it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField
from talex.messages.models import Message


class Template(Kept):
    """A text of the office; what it says stands in its wordings."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now)
    # Offered for new campaigns no longer.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="campaigns_template_name"),
        ]


class Wording(Kept):
    """One version of a template. It is never changed: what was sent can always be read."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    subject = TranslatedTextField()
    text = TranslatedTextField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="campaigns_wording_once"),
        ]


class State(models.TextChoices):
    """draft -> submitted -> running <-> paused; running ends as done, or is stopped."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waits for approval")
    RUNNING = "running", _("Goes out")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Finished")


class Campaign(Kept):
    """One text for one audience."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    template = models.ForeignKey(Template, models.PROTECT, related_name="campaigns")
    # Fixed with the list when it is submitted; before, the newest counts.
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    audience = models.CharField(max_length=40)
    # key of a filter -> what was asked, as in the address of a list
    filters = models.JSONField(default=dict)
    per_minute = models.PositiveIntegerField(default=60)
    not_before = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Raised by every change, so that nobody approves what another changed a moment ago.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Why the second person gave it back.
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="campaigns_campaign_state"
            ),
            models.CheckConstraint(
                condition=Q(per_minute__gte=1, per_minute__lte=1000), name="campaigns_pace"
            ),
            # What goes out was submitted with its text, and approved.
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"])
                | Q(wording__isnull=False, approved_at__isnull=False),
                name="campaigns_approved",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="campaigns_state")]

    def hands(self) -> set[UUID]:
        """The accounts that had a hand in it, who therefore cannot approve it."""
        found = {self.created_by_id, self.edited_by_id, self.submitted_by_id}
        if self.wording is not None:
            found.add(self.wording.made_by_id)
        return {one for one in found if one is not None}


class Reason(models.TextChoices):
    """Why somebody on the list was left out when it was their turn."""

    OPTED_OUT = "opted_out", _("Wants no such mails")
    LEFT = "left", _("Is no longer among those chosen")
    SILENT = "silent", _("Cannot be written to any more")
    STOPPED = "stopped", _("The campaign was stopped before")


class Addressee(Kept):
    """One address of the list, fixed when the campaign was submitted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its turn")
        WRITTEN = "written", _("Written")
        LEFT_OUT = "left_out", _("Left out")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="addressees")
    # Of the audience: a person's or an account's id, without a foreign key, so that merging and
    # erasing need not know of campaigns; None once erased.
    holder = models.UUIDField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # In small letters; '' once erased.
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    handled_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    # What became of the message, kept when the log forgets it.
    result = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "address"],
                condition=~Q(address=""),
                name="campaigns_addressee_once",
            ),
            models.CheckConstraint(
                condition=Q(state="left_out") | Q(reason=""), name="campaigns_addressee_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="campaigns_addressee_state"),
            models.Index(fields=["address"], name="campaigns_addressee_address"),
        ]
