"""What applying follows: an edition's limits, shortlists, who blocks whom, who may not apply."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair import limits
from talex.fair.choices import Side
from talex.fair.models.opening import Opening


class RequestRules(Kept):
    """How many requests may wait at the same time, and for how long; without a row the defaults."""

    edition = models.OneToOneField("editions.Edition", models.CASCADE, related_name="+")
    open_per_talent = models.PositiveSmallIntegerField(
        _("open requests of one talent"), default=limits.OPEN_PER_TALENT
    )
    open_per_opening = models.PositiveSmallIntegerField(
        _("open invitations to one opening"), default=limits.OPEN_PER_OPENING
    )
    open_per_organisation = models.PositiveSmallIntegerField(
        _("open invitations of one organisation"), default=limits.OPEN_PER_ORGANISATION
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer"), default=limits.ANSWER_HOURS
    )
    # So long before a request expires the side that is asked is reminded; 0: it is not.
    reminder_hours = models.PositiveSmallIntegerField(
        _("reminder before the end, in hours"), default=limits.REMINDER_HOURS
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    open_per_talent__gte=1, open_per_opening__gte=1, open_per_organisation__gte=1
                ),
                name="fair_request_rules_limits",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_hours__gte=2), name="fair_request_rules_answer"
            ),
        ]


class Shortlisting(Kept):
    """A talent an organisation keeps in mind for an opening; the talent knows it where `told`."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="+")
    opening = models.ForeignKey(Opening, models.CASCADE, related_name="shortlistings")
    told = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["talent", "opening"], name="shortlisted_once_a_pair")
        ]


class Block(Kept):
    """One side does not want to hear from the other in a conference: no requests, no messages."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("participants.Organisation", models.CASCADE, related_name="+")
    # The side that blocks.
    side = models.CharField(max_length=10, choices=Side)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "organisation", "side"], name="blocked_once_a_pair_and_side"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values), name="block_side_is_known"
            ),
        ]


class Suspension(Kept):
    """A person or an organisation may not ask, invite or write in an edition, by a decision."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    person = models.ForeignKey("participants.Person", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey(
        "participants.Organisation", models.CASCADE, null=True, related_name="+"
    )
    # What the suspended read of it.
    reason = models.TextField()
    # The case it was decided in (another room's row), for the record.
    case = models.UUIDField(null=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=now)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, organisation__isnull=True)
                | models.Q(person__isnull=True, organisation__isnull=False),
                name="suspension_of_one",
            ),
            models.UniqueConstraint(
                fields=["edition", "person"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_suspension_a_person",
            ),
            models.UniqueConstraint(
                fields=["edition", "organisation"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_suspension_an_organisation",
            ),
        ]
