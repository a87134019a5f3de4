"""Searches that a person keeps, what they found, and what was told of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import AlertState, Side
from talex.fair.models.opening import Opening


class SavedSearch(Kept):
    """Words and filters under a name; over openings (`side` talent) or one's own candidates.

    `wanted`: `filtering.Wanted` as its parameters of the address. `looked_at`: when the owner last
    looked; what was found later is new. `checked_at`: when the daily job last looked for them.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    name = models.CharField(max_length=80)
    wanted = models.JSONField(default=dict)
    paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    looked_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["edition", "paused", "checked_at"], name="search_when_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "owner", "side", "name"], name="one_search_a_name"
            )
        ]


class Alert(Kept):
    """What one account is told at once of its searches: one mail at most.

    The state is written before the mail is sent: a worker that is killed meanwhile sends no
    second one, and what it may not have sent still stands on the page.
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=AlertState, default=AlertState.READY)
    made_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["edition", "state"], name="alert_by_state")]


class SearchHit(Kept):
    """A search has found this once; `alert` is empty for what stood when the search was saved."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="+")
    # Of a delegate's search: the candidate.
    talent = models.ForeignKey(
        "participants.Talent", models.CASCADE, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(default=now)
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, blank=True, related_name="hits")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["search", "opening"],
                condition=models.Q(talent__isnull=True),
                name="one_hit_an_opening",
            ),
            models.UniqueConstraint(
                fields=["search", "opening", "talent"], name="one_hit_a_candidate"
            ),
        ]
