"""Who asked to belong to whom, and what was answered. Where it stands is `Organisation.parent`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.models import Organisation


class State(models.TextChoices):
    ASKED = "asked", pgettext_lazy("belonging", "Asked")
    CONFIRMED = "confirmed", pgettext_lazy("belonging", "Confirmed")
    DECLINED = "declined", pgettext_lazy("belonging", "Declined")
    TAKEN_BACK = "taken_back", pgettext_lazy("belonging", "Taken back")
    ENDED = "ended", pgettext_lazy("belonging", "Ended")


class Belonging(Kept):
    """One request of an organisation to stand below another, and what became of it."""

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    child = models.ForeignKey(Organisation, models.CASCADE, related_name="belongings")
    parent = models.ForeignKey(Organisation, models.CASCADE, related_name="belongings_below")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    message = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(default=now)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(state="asked"), name="asks_to_belong_to_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="belongs_to_another_one"),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="belonging_state_is_known"
            ),
        ]
        indexes = [models.Index(fields=["edition", "parent", "state"], name="belonging_to_answer")]
