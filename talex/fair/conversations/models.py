"""What the two sides of an application write to each other, and what is reported of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.core.ids import Kept
from talex.fair.choices import Side


class Conversation(Kept):
    """A talent and an organisation about an opening; whoever is a delegate then reads it."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    talent = models.ForeignKey("participants.Talent", models.CASCADE, related_name="conversations")
    opening = models.ForeignKey("fair.Opening", models.CASCADE, related_name="conversations")
    opened_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-last_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["talent", "opening"], name="one_conversation_a_pair")
        ]


class Message(Kept):
    """Plain text as it was written; what a reader sees of contact details is decided on reading."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    # The account that wrote it.
    author = models.CharField(max_length=40)
    # Empty once the person was erased.
    body = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField(default=now)
    # Hidden from both sides by a decision of the office.
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [
            models.Index(fields=["conversation", "sent_at"], name="message_of_conversation"),
            models.Index(fields=["author", "sent_at"], name="message_of_author"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=Side.values), name="message_side_is_known"
            )
        ]


class ReadMark(Kept):
    """Until when an account has read a conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="marks")
    reader = models.CharField(max_length=40)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "reader"], name="one_mark_a_reader")
        ]


class ReportKind(models.TextChoices):
    """What is reported."""

    MESSAGE = "message", _("A message")
    CONVERSATION = "conversation", _("A conversation")
    PROFILE = "profile", _("A talent's profile")
    OPENING = "opening", _("An opening")
    ORGANISATION = "organisation", _("An organisation")


class ReportReason(models.TextChoices):
    """Why."""

    INSULT = "insult", _("Insults or threats")
    HARASSMENT = "harassment", _("Harassment")
    DISCRIMINATION = "discriminate", _("Discrimination")
    FAKE = "fake", _("Fake: no real person, employer or post")
    FEES = "fees", _("Asks for money or papers")
    SPAM = "spam", _("Advertising, or the same text to many")
    OTHER = "other", _("Something else")


class ReportState(models.TextChoices):
    OPEN = "open", pgettext_lazy("report", "Waits for the office")
    CLAIMED = "claimed", pgettext_lazy("report", "Being looked into")
    DECIDED = "decided", pgettext_lazy("report", "Decided")


class Decision(models.TextChoices):
    """What the office does."""

    NOTHING = "nothing", _("Nothing: it breaks no rule")
    WARN = "warn", _("Warn")
    HIDE = "hide", _("Hide the message, and warn")
    SUSPEND_PERSON = "suspend_person", _("Suspend the person's requests and messages here")
    SUSPEND_ORGANISATION = (
        "suspend_org",
        _("Suspend the organisation's requests and messages here"),
    )


class Report(Kept):
    """A case: what was reported, by whom, against whom, what was decided.

    `evidence` is what was there when it was reported, as it was written. It stays when the content
    is changed or erased, until `keep_until`; then it goes, and the decision stays. Persons and
    organisations are ids, so that a case outlives them.
    """

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=ReportKind)
    # The reported message, conversation, talent record, opening or organisation.
    target = models.UUIDField()
    reason = models.CharField(max_length=12, choices=ReportReason)
    words = models.TextField(blank=True)
    reporter = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=now)
    against_person = models.UUIDField(null=True, db_index=True)
    against_organisation = models.UUIDField(null=True, db_index=True)
    evidence = models.JSONField(default=dict)
    keep_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.OPEN)
    claimed_by = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=16, choices=Decision, blank=True)
    decision_words = models.TextField(blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    suspension = models.UUIDField(null=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    # Whether the decision stands after the appeal; null while nobody has answered it.
    upheld = models.BooleanField(null=True)
    appeal_answer = models.TextField(blank=True)

    @property
    def ends_more(self) -> str:
        """What a decision that stands ends beside what its name says; empty if nothing."""
        if self.decision != Decision.SUSPEND_ORGANISATION or self.upheld is False:
            return ""
        return gettext(
            "With it the organisation's openings are closed, its requests end, and its meetings "
            "still to come are called off."
        )

    @property
    def stays_ended(self) -> str:
        """What does not come back by itself where the decision was taken back; empty if nothing."""
        if self.upheld is not False or self.suspension is None:
            return ""
        if self.decision == Decision.SUSPEND_ORGANISATION:
            return gettext(
                "What ended with the decision does not come back by itself: openings were closed, "
                "and requests and meetings ended. Open the openings again, and invite again."
            )
        return gettext(
            "What ended with the decision does not come back by itself: requests that waited for "
            "an answer ended. You can ask again."
        )

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["edition", "state", "made_at"], name="report_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "target"],
                condition=~models.Q(state="decided"),
                name="reported_once_until_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReportState.values), name="report_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="report_decided_with_a_decision",
            ),
        ]
