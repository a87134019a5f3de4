"""What came back, and the addresses that nothing is sent to any more."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept
from talex.messages.models import Message


class Sort(models.TextChoices):
    """What a mail that came back says; see codes.py for hard and soft."""

    HARD = "hard", _("Came back: nobody is reached at this address")
    SOFT = "soft", _("Came back: it did not work this time")
    COMPLAINT = "complaint", _("Its reader marked it as unwanted")
    DELAYED = "delayed", _("Delayed; the server tries on")
    DELIVERED = "delivered", _("Delivered")
    AUTO_REPLY = "auto_reply", _("An automatic reply")


class Bounce(Kept):
    """One report about one message that we sent."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="bounces")
    # Where it went, in small letters.
    address = models.EmailField(max_length=254)
    sort = models.CharField(max_length=10, choices=Sort.choices)
    # An enhanced status code (RFC 3463), or ''; what the server said.
    status = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=500, blank=True)
    # Names the report: the same one read twice is one.
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["address", "at"], name="bounces_bounce_address")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sort__in=Sort.values), name="bounces_bounce_sort"
            ),
        ]


class Reason(models.TextChoices):
    """Why nothing is sent to an address."""

    HARD = "hard", _("Nobody is reached at this address.")
    SOFT = "soft", _("Mails to this address came back again and again.")


class Suppression(Kept):
    """An address to which mails come back; nothing is sent there until it is lifted."""

    # In small letters.
    address = models.EmailField(max_length=254, unique=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    status = models.CharField(max_length=12, blank=True)
    said = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(default=clock.now)
    # When a mail that somebody asked for at the door was tried last (suppressing.may_try).
    tried_at = models.DateTimeField(default=clock.now)
    # A lifted one stays for some days: what came back before it counts no more.
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=Reason.values), name="bounces_suppression_reason"
            ),
        ]
