"""What core keeps: jobs, uploads, answers to repeated requests."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.ids import Kept
from talex.core.percent import per_cent


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(Kept):
    """A piece of long work. This row is the truth; the task queue only delivers its id.

    `run` is a token of the attempt that holds the lease: an attempt that lost it can write
    nothing any more.
    """

    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True)  # noqa: DJ001 (null = no key, not unique)
    edition_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.TextField(blank=True, default="")
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    run = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    task_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="core_job_key"),
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="core_job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done__gte=0, total__gte=0, attempts__gte=0), name="core_job_counts"
            ),
        ]
        indexes = [
            models.Index(fields=["edition_id", "-created_at"], name="core_job_edition"),
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="core_job_open",
            ),
        ]

    @property
    def finished(self) -> bool:
        return self.state in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the extent is not known."""
        if self.state == JobState.SUCCEEDED:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def percent_told(self) -> str:
        """`percent` as the reader's language writes it; empty while it is not known."""
        return "" if self.percent is None else per_cent(self.percent / 100)

    @property
    def error_message(self) -> str:
        """What went wrong, in the owner's language."""
        error: Any = self.error or {}
        return str(error.get("message", ""))


class Upload(Kept):
    """A file somebody gave us. It lies outside of what the web server may serve."""

    owner_id = models.UUIDField(null=True)
    edition_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="core_upload_size")]
        indexes = [models.Index(fields=["edition_id", "purpose"], name="core_upload_edition")]

    @property
    def path(self) -> Path:
        """Where the file lies on this machine."""
        return Path(settings.MEDIA_ROOT) / self.stored_as


class Answer(Kept):
    """What a request with an idempotency key was answered, so that repeating it does nothing."""

    actor = models.CharField(max_length=36)
    key = models.CharField(max_length=200)
    command = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="core_answer_once")]


def _number() -> int:
    """A random row number: what SQLite's index knows a document by."""
    return secrets.randbits(62)


class SearchDocument(Kept):
    """Words by which a thing is found by those who may read them (`core.search`).

    On SQLite `title` and `body` are kept in the virtual table `core_search_words` instead, under
    `number`.
    """

    number = models.BigIntegerField(unique=True, default=_number)
    source = models.CharField(max_length=40)
    object_id = models.UUIDField()
    edition_id = models.UUIDField()
    level = models.CharField(max_length=12)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "object_id", "edition_id", "level"], name="core_search_once"
            )
        ]


class RateCount(Kept):
    """How often something was done in one window of time (`core.limits`); the key is a hash."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)
    # Seconds of the epoch after which the row says nothing any more.
    ends = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "window"], name="core_ratecount_once")
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
