"""Who is to meet whom (requests), when and where they do (meetings), and the kept versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core import clock
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


class Strictness(models.TextChoices):
    """What becomes of a conflict with a soft rule that an organiser makes by hand."""

    REFUSE_EDIT = "refuse_edit", _("Refuse the edit")
    REFUSE_RELEASE = "refuse_release", _("Refuse the release")
    WARN = "warn", _("Warn")
    ALLOW = "allow", _("Allow")


class TimetableRules(Kept):
    """What an edition's office decided about its timetable; without a row, the defaults hold."""

    edition = models.OneToOneField("editions.Edition", models.CASCADE, related_name="+")
    strictness = models.CharField(
        _("conflicts made by hand"),
        max_length=20,
        choices=Strictness.choices,
        default=Strictness.REFUSE_EDIT,
    )
    # How long a proposed time holds its slot.
    hold_minutes = models.PositiveIntegerField(default=24 * 60)
    # Who has less than this between two halls has a conflict.
    walk_minutes = models.PositiveSmallIntegerField(default=0)
    # A repair moves no meeting to a time that begins sooner than this.
    notice_minutes = models.PositiveSmallIntegerField(default=30)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(strictness__in=Strictness.values),
                name="meetings_rules_strictness",
            ),
            models.CheckConstraint(
                condition=models.Q(hold_minutes__gte=5), name="meetings_rules_hold"
            ),
        ]


class TimetableVersion(Kept):
    """A timetable: the draft on which the office works, or one as it was released.

    What people see are the meetings themselves, which hold their places (occupancy). The draft
    keeps only what shall become different from them; a released version only what became different
    from the version before it. So a thousand versions cost as much as their differences.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RELEASED = "released", _("Released")

    class Origin(models.TextChoices):
        TIMETABLE = "timetable", _("Timetable")
        REPAIR = "repair", _("Repair of the day")
        # What stood before a release or a repair, where it was no longer the version before.
        SINGLE = "single", _("Changed one by one")

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="timetables")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RELEASED)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TIMETABLE)
    # Given at the release.
    number = models.PositiveIntegerField(null=True)
    note = models.TextField(_("what changed"), blank=True)
    made_at = models.DateTimeField(default=clock.now)
    # Raised by every edit of a draft.
    revision = models.PositiveIntegerField(default=0)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=40, blank=True)
    # Of a repair: what tells it from every other, so that a second click does nothing.
    repair = models.CharField(max_length=24, blank=True)
    # meetings, placed, moved, cancelled, changed: numbers of meetings.
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = [models.F("number").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="meetings_version_once"),
            models.UniqueConstraint(
                fields=["edition"],
                condition=models.Q(state="draft"),
                name="meetings_version_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", number__isnull=True)
                | models.Q(state="released", number__isnull=False, released_at__isnull=False),
                name="meetings_version_released",
            ),
        ]


class Placement(Kept):
    """How one meeting differs: in a draft from what people see, else from the version before."""

    class Kind(models.TextChoices):
        PLACED = "placed", _("Placed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Called off")

    version = models.ForeignKey(TimetableVersion, models.CASCADE, related_name="placements")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # Not a foreign key: a version tells of tables that are gone.
    table_id = models.UUIDField(null=True)
    online = models.BooleanField(default=False)
    # Where it was before.
    was_starts_at = models.DateTimeField(null=True)
    was_ends_at = models.DateTimeField(null=True)
    was_table_id = models.UUIDField(null=True)
    was_online = models.BooleanField(default=False)
    # The meeting's sequence when this was written; -1 where there was no meeting.
    sequence = models.IntegerField(default=-1)
    # The draft's revision when this was written: tells one state of the row from the next.
    revision = models.PositiveIntegerField(default=0)
    by_hand = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["version", "starts_at"], name="meetings_placement_time"),
            models.Index(fields=["version", "table_id"], name="meetings_placement_table"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "request"], name="meetings_placement_once"),
            models.CheckConstraint(
                condition=models.Q(kind="cancelled")
                | models.Q(starts_at__isnull=False, ends_at__isnull=False),
                name="meetings_placement_times",
            ),
        ]


class DraftEdit(Kept):
    """One edit of a draft, so that it can be taken back."""

    version = models.ForeignKey(TimetableVersion, models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=clock.now)
    # request id -> the fields of its placement before, or null.
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["version", "revision"], name="meetings_edit_once")
        ]


class Absence(Kept):
    """A person, or a table, that cannot be had for a while: ill, late, closed."""

    class Reason(models.TextChoices):
        ILL = "ill", _("Ill or away")
        LATE = "late", _("Arrives late")
        CLOSED = "closed", _("Hall or table closed")

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    resource_kind = models.CharField(max_length=20)  # person | table
    resource_id = models.UUIDField(db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="meetings_absence_times"
            )
        ]


class Proposal(Kept):
    """Another time that one side proposes; it holds its slot until it is answered or expires."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")
        EXPIRED = "expired", _("Expired")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="proposals")
    # Who proposes: a side, or 'office' (which then asks both).
    side = models.CharField(max_length=10)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    table = models.ForeignKey("programme.Table", models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    # The only side that is asked, where a repair asks because of the other; '' as `side` says.
    asked_side = models.CharField(max_length=10, blank=True)
    # Why the meeting is called off unless somebody accepts (a code of `reasons`): its place is
    # gone. '' where it stays.
    otherwise = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["state", "expires_at"], name="meetings_proposal_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=models.Q(state="open"),
                name="meetings_proposal_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")),
                name="meetings_proposal_times",
            ),
        ]
