"""Where and when: venues, halls, tables, the grid of meeting times, and who occupies what."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField

CELL_MINUTES = 5
"""The length of a cell of occupancy. Every start, end and pause is a multiple of it."""


class Venue(Kept):
    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="venues")
    name = TranslatedTextField()
    address = TranslatedTextField()

    class Meta:
        ordering = ["id"]


class Hall(Kept):
    """A hall with tables, or a place online (`online`), where tables are video rooms."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="halls")
    venue = models.ForeignKey(Venue, models.SET_NULL, null=True, blank=True, related_name="halls")
    code = models.SlugField(_("code"), max_length=40)
    name = TranslatedTextField()
    online = models.BooleanField(_("online"), default=False)
    seats = models.PositiveIntegerField(_("seats"), default=0)
    closed = models.BooleanField(_("closed"), default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="programme_hall_code")
        ]


class Table(Kept):
    """Where one meeting is held at a time; may belong to one organisation's stand."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="tables")
    number = models.PositiveIntegerField(_("number"))
    organisation_id = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["hall__code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="programme_table_number")
        ]

    @property
    def label(self) -> str:
        return f"{self.hall.code} / {self.number}"


class Day(Kept):
    """A day of the edition on which meetings are held, in the venue's zone, with its breaks."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="days")
    date = models.DateField(_("date"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    meeting_minutes = models.PositiveSmallIntegerField(_("minutes a meeting"), default=20)
    pause_minutes = models.PositiveSmallIntegerField(_("minutes between meetings"), default=5)
    # [["12:00", "13:30"], …] in the venue's zone.
    breaks = models.JSONField(_("breaks"), default=list, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "date"], name="programme_day_date"),
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")), name="programme_day_hours"
            ),
        ]

    def _instant(self, clock: object) -> datetime:
        zone = zoneinfo.ZoneInfo(self.edition.time_zone)
        return datetime.combine(self.date, clock, zone).astimezone(UTC)  # type: ignore[arg-type]

    def slots(self) -> Iterator[tuple[datetime, datetime]]:
        """(start, end) in UTC of every meeting time of the day; none touches a break."""
        closed = sorted(
            (self._instant(_clock(a)), self._instant(_clock(b))) for a, b in self.breaks
        )
        length = timedelta(minutes=self.meeting_minutes)
        step = timedelta(minutes=self.meeting_minutes + self.pause_minutes)
        start, last = self._instant(self.opens), self._instant(self.closes)
        while start + length <= last:
            clash = next((b for a, b in closed if start < b and a < start + length), None)
            if clash is not None:
                start = clash
                continue
            yield start, start + length
            start += step


def _clock(text: str) -> object:
    return datetime.strptime(text, "%H:%M").time()


class Occupancy(Kept):
    """One resource in one cell of time. The database refuses a second row for the same."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    resource_kind = models.CharField(max_length=20)  # person | table | device
    resource_id = models.UUIDField()
    cell = models.DateTimeField()
    holder_kind = models.CharField(max_length=20)  # meeting | session | hold
    holder_id = models.UUIDField(db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource_id", "cell"], name="programme_occupancy_once")
        ]
        indexes = [models.Index(fields=["expires_at"], name="programme_occupancy_expiry")]


class Activity(Kept):
    """A main activity or a side event."""

    class Kind(models.TextChoices):
        CEREMONY = "ceremony", _("Ceremony")
        FAIR = "fair", _("Talent fair")
        PROJECTS = "projects", _("Project matchmaking")
        CONTEST = "contest", _("Contest")
        FORUM = "forum", _("Forum")
        TOUR = "tour", _("Tour")
        OTHER = "other", _("Other")

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    main = models.BooleanField(_("main activity"), default=False)
    title = TranslatedTextField()
    summary = TranslatedTextField()
    hall = models.ForeignKey(Hall, models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")),
                name="programme_activity_times",
            )
        ]
