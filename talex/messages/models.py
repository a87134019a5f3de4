"""What is kept of messages: the outbox, which is the delivery log as well."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept


class State(models.TextChoices):
    """See sending.py for what leads from one to the next."""

    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    HANDED = "handed", _("Being handed over")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")
    UNSURE = "unsure", _("Perhaps sent")
    GATHERED = "gathered", _("Waits for the daily mail")
    DIGESTED = "digested", _("Sent with the daily mail")
    BOUNCED = "bounced", _("Came back")
    SUPPRESSED = "suppressed", _("Not sent")
    UNWANTED = "unwanted", _("No longer wanted")


FINAL = (
    State.SENT,
    State.FAILED,
    State.UNSURE,
    State.DIGESTED,
    State.BOUNCED,
    State.SUPPRESSED,
    State.UNWANTED,
)


class Message(Kept):
    """One message to one person, worded when it was caused, or by the worker a moment later."""

    kind = models.CharField(max_length=60)
    edition = models.ForeignKey("editions.Edition", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages"
    )
    channel = models.CharField(max_length=10, default="mail")
    # An address of e-mail; a telephone number or what else the channel knows people by.
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    headers = models.JSONField(default=dict)
    # What providers put into templates of their own (Kind.fields).
    fields = models.JSONField(default=dict)
    # An iCalendar object and its method, or both ''.
    calendar = models.TextField(blank=True)
    method = models.CharField(max_length=10, blank=True)
    # What caused it; the same cause tells nobody twice.
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001
    # The same in every attempt, so that mail programmes know a repetition.
    message_id = models.CharField(max_length=320, unique=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whose attempt it is; an attempt that lost its claim changes nothing more.
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    # What the provider calls it, to ask there what became of it.
    provider_id = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="talex_messages_due"),
            models.Index(fields=["edition", "-created_at"], name="talex_messages_edition"),
            models.Index(fields=["address"], name="talex_messages_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["claimed", "handed"], claim__isnull=False)
                | models.Q(
                    state__in=[
                        "queued",
                        "sent",
                        "failed",
                        "unsure",
                        "gathered",
                        "digested",
                        "bounced",
                        "suppressed",
                        "unwanted",
                    ],
                    claim__isnull=True,
                ),
                name="talex_messages_claim",
            ),
        ]


class About(Kept):
    """A person of whom a message tells its reader something: their name, their words."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="about")
    person = models.UUIDField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="talex_messages_about_once")
        ]


class Way(models.TextChoices):
    """How somebody is told of a group of kinds."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, in one mail")
    NEVER = "never", _("Not at all")


class Preference(Kept):
    """What an account chose for a group of kinds; without a row: at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_preferences"
    )
    group = models.CharField(max_length=20)
    way = models.CharField(max_length=10, choices=Way.choices)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"], name="talex_messages_preference_once"
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=Way.values), name="talex_messages_preference_way"
            ),
        ]


class OptOut(Kept):
    """An address without an account that wants no more mails of a group, of one conference."""

    # In small letters.
    address = models.EmailField(max_length=254)
    group = models.CharField(max_length=20)
    # None: of no conference any more.
    edition = models.ForeignKey("editions.Edition", models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "group", "edition"], name="talex_messages_opt_out"
            ),
            models.UniqueConstraint(
                fields=["address", "group"],
                condition=models.Q(edition__isnull=True),
                name="talex_messages_opt_out_of_all",
            ),
        ]


class Handle(Kept):
    """Where a channel reaches an account that does not say it by itself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_handles"
    )
    channel = models.CharField(max_length=10)
    handle = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="talex_messages_handle_once"),
        ]
