"""Who is to meet whom (requests), when and where they do (meetings), and the kept versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField


class Mode(models.TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")
    BOTH = "both", _("On site or online")


class Side(models.TextChoices):
    TALENT = "talent", _("Talent")
    EMPLOYER = "employer", _("Employer")


class MeetingRequest(Kept):
    """A meeting both sides want, or the office approved; it blocks no time until it is placed."""

    class State(models.TextChoices):
        OPEN = "open", _("To be placed")
        PLACED = "placed", _("Placed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Origin(models.TextChoices):
        MUTUAL = "mutual", _("Both sides agreed")
        OFFICE = "office", _("Approved by the office")

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    # What it is about; the room that asks for the meeting knows the subject.
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField(db_index=True)
    subject_title = TranslatedTextField()
    organisation = models.ForeignKey(
        "participants.Organisation", models.CASCADE, null=True, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=Origin.choices)
    weight = models.FloatField(default=0.5)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.BOTH)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Why the last timetable had no place for it (a name of engine.meetings.Reason), or ''.
    unplaced = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-weight", "id"]
        indexes = [models.Index(fields=["edition", "state"], name="meetings_request_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gte=0), name="meetings_request_weight"
            )
        ]


class RequestParty(Kept):
    """A person who has to be there."""

    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="parties")
    person = models.ForeignKey("participants.Person", models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="meetings_party_once")
        ]


class Meeting(Kept):
    """A slot held by two parties. Its id is the calendar entry's UID and never changes."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        NO_SHOW = "no_show", _("Somebody did not come")
        CANCELLED = "cancelled", _("Cancelled")

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="meetings")
    request = models.OneToOneField(MeetingRequest, models.CASCADE, related_name="meeting")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    table = models.ForeignKey(
        "programme.Table", models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    online = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    # Raised with every change: iCalendar's SEQUENCE, and the guard against lost updates.
    sequence = models.PositiveIntegerField(default=0)
    locked = models.BooleanField(_("locked"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["edition", "starts_at"], name="meetings_meeting_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="meetings_times"
            ),
            models.CheckConstraint(
                condition=models.Q(online=True, table__isnull=True)
                | models.Q(online=False, table__isnull=False)
                | models.Q(status="cancelled"),
                name="meetings_place",
            ),
        ]


class TimetableVersion(Kept):
    """A timetable as it was released: figures, what changed, and every place."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="timetables")
    number = models.PositiveIntegerField()
    note = models.TextField(_("what changed"), blank=True)
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=40)
    figures = models.JSONField(default=dict)
    # meeting id -> [start, table id or null, status]
    places = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="meetings_version_once")
        ]
