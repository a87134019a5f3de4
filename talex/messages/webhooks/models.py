"""What is kept of webhooks: who wants which events, and what was sent to whom."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept


class Off(models.TextChoices):
    """Why an endpoint gets nothing; '' while it does."""

    OFFICE = "office", _("Switched off by the office")
    GONE = "gone", _("The other side wants no more (410)")
    FAILING = "failing", _("Switched off after days without success")


class Endpoint(Kept):
    """An address of another system that is told of events of one conference."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    # May hold a secret of the other side in its path or query: only the office reads it.
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list)
    # Standard Webhooks are signed with it, so it must be kept as it is (whsec_…).
    secret = models.CharField(max_length=100)
    # Signs as well until then, so that the other side can change over in peace.
    old_secret = models.CharField(max_length=100, blank=True)
    old_until = models.DateTimeField(null=True)
    off = models.CharField(max_length=10, choices=Off.choices, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Since when nothing arrived, how often in a row, and when the next attempt may be.
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    resume_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "url"], name="webhooks_endpoint_once"),
            models.CheckConstraint(
                condition=Q(off__in=["", *Off.values]), name="webhooks_endpoint_off"
            ),
        ]

    @property
    def host(self) -> str:
        """What may be shown to those who only read."""
        return urlsplit(self.url).netloc

    def secrets(self) -> list[str]:
        """What signs now, the newest first."""
        old = self.old_secret and self.old_until is not None and self.old_until > clock.now()
        return [self.secret, self.old_secret] if old else [self.secret]


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Arrived")
    FAILED = "failed", _("Did not arrive")


class Delivery(Kept):
    """One event for one endpoint. `body` is exactly what is signed and sent, each time."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=80)
    # The entry of the ledger; None for a test.
    entry = models.UUIDField(null=True)
    body = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whose attempt it is; an attempt that lost its claim changes nothing more.
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What was answered last: the status, or why there was no answer.
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["endpoint", "state", "due_at"], name="webhooks_due"),
            models.Index(fields=["endpoint", "-created_at"], name="webhooks_log"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "entry"], name="webhooks_event_once"),
            models.CheckConstraint(
                condition=Q(state="claimed", claim__isnull=False)
                | Q(state__in=["queued", "sent", "failed"], claim__isnull=True),
                name="webhooks_delivery_claim",
            ),
        ]

    @property
    def message_id(self) -> str:
        """The header webhook-id: the same in every attempt, so that repetitions are known."""
        return f"msg_{self.pk.hex}"
