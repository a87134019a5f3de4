"""What is kept while somebody registers: the answers so far, and what was read from a file.

A draft is one account's in one edition; only its owner sees it. Answers are kept as they were
typed (text, lists of text, rows of texts), also half-typed ones: they are understood when a page
is finished. Once sent, the answers go: the record holds them. What nobody sends goes after a while
(expiry.py), and with the person at once (erasing.py).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.ids import Kept


class Kind(models.TextChoices):
    """As what somebody registers."""

    TALENT = "talent", _("Talent")
    OWNER = "owner", _("Project owner")


class Source(models.TextChoices):
    """What kind of file was read."""

    DOCX = "docx", _("Word document")
    PDF = "pdf", _("PDF")
    TEXT = "text", _("Text")
    JSON_RESUME = "json_resume", _("JSON Resume")
    ORCID = "orcid", _("ORCID record")


class Draft(Kept):
    """`values`: field -> what was typed. `stamps`: field -> the `revision` that wrote it last.

    `replaced`: [{"field", "value", "at"}], what a newer answer from another window pushed aside.
    `base`: the answers as the record had them when editing began, `record_version` its version
    then; empty for a new registration. `record`: the talent or project it became.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=Kind)
    values = models.JSONField(default=dict, blank=True)
    stamps = models.JSONField(default=dict, blank=True)
    replaced = models.JSONField(default=list, blank=True)
    base = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    record = models.UUIDField(null=True, blank=True)
    record_version = models.PositiveIntegerField(null=True, blank=True)
    step = models.CharField(max_length=20, blank=True)  # the page that was open last
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "edition", "kind"], name="one_draft_an_account_edition_and_kind"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="draft_kind"),
        ]
        indexes = [models.Index(fields=["changed_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

    @property
    def open(self) -> bool:
        """Whether there are answers that wait to be sent."""
        return self.sent_at is None


class Reading(Kept):
    """What a file said, until its owner has looked at each field. The file itself is not kept.

    `found`: [{"field", "value", "quote"}], values as a draft keeps them.
    """

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="reading")
    source = models.CharField(max_length=20, choices=Source)
    file_name = models.CharField(max_length=255, blank=True)
    found = models.JSONField(default=list)
    read_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.file_name
