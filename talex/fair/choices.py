"""What the room's fields can be, with labels in the reader's language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.errors import Message
from talex.participants.choices import DEGREE_LABELS
from talex.participants.vocabulary import DegreeRequirement


class OpeningKind(models.TextChoices):
    """What is offered."""

    JOB = "job", _("Job")
    POSTDOC = "postdoc", _("Postdoctoral position")
    PROJECT = "project", _("Project")


class OpeningState(models.TextChoices):
    """Only an open opening can be asked for; a draft is seen by its own side alone."""

    DRAFT = "draft", pgettext_lazy("opening", "Draft")
    OPEN = "open", pgettext_lazy("opening", "Open")
    CLOSED = "closed", pgettext_lazy("opening", "Closed")


class Side(models.TextChoices):
    """The two sides of a fair."""

    TALENT = "talent", _("Talent")
    EMPLOYER = "employer", _("Employer")

    @property
    def other(self) -> Side:
        return Side.EMPLOYER if self is Side.TALENT else Side.TALENT


class InterestState(models.TextChoices):
    """How far a wish to meet has come. `asked` and `accepted` stand, the others are over."""

    ASKED = "asked", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired without an answer")
    WITHDRAWN = "withdrawn", _("Taken back")


class EndedBy(models.TextChoices):
    """What ended a request that neither side ended."""

    CONSENT = "consent", _("The talent took their consent back")
    BLOCK = "block", _("One side blocked the other")
    OPENING = "opening", _("The opening was closed")
    OFFICE = "office", _("The office ended it")
    LEFT = "left", _("The talent no longer takes part")
    ORG_LEFT = "org_left", _("The organisation no longer takes part")


STANDING = (InterestState.ASKED, InterestState.ACCEPTED)


class MatchState(models.TextChoices):
    """What became of a proposal of the engine."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Replaced by a later run")


class StatementKind(models.TextChoices):
    """What one side can say after a meeting."""

    INTENT = "intent", _("Wants to go on with the other side")
    OFFER = "offer", _("An offer was made")


class RefusalReason(models.TextChoices):
    """Why a pair is nothing for a side."""

    PROFESSION = "profession", _("It is another profession")
    SKILLS = "skills", _("Important skills are missing")
    LEVEL = "level", _("Too junior or too senior")
    PLACE = "place", _("The place does not suit")
    LANGUAGE = "language", _("The language does not suit")
    PAY = "pay", _("The pay does not suit")
    TIME = "time", _("The dates do not suit")
    OTHER_SIDE = "other_side", _("Not with this organisation")
    SETTLED = "settled", _("Settled already, or known to us")
    FILLED = "filled", _("All places are taken")
    OTHER = "other", _("Something else")


#: What each side can choose.
REFUSAL_REASONS: dict[str, tuple[RefusalReason, ...]] = {
    Side.TALENT.value: (
        RefusalReason.PROFESSION, RefusalReason.LEVEL, RefusalReason.PLACE, RefusalReason.LANGUAGE,
        RefusalReason.PAY, RefusalReason.TIME, RefusalReason.OTHER_SIDE, RefusalReason.OTHER,
    ),
    Side.EMPLOYER.value: (
        RefusalReason.PROFESSION, RefusalReason.SKILLS, RefusalReason.LEVEL, RefusalReason.PLACE,
        RefusalReason.LANGUAGE, RefusalReason.TIME, RefusalReason.SETTLED, RefusalReason.FILLED,
        RefusalReason.OTHER,
    ),
}  # fmt: skip


class AlertState(models.TextChoices):
    """How far a mail about new hits has come."""

    READY = "ready", _("To be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNSENT = "unsent", _("Not sent: no address, or not wanted")


REQUIREMENT_LABELS: dict[str, Message] = {
    DegreeRequirement.NONE.value: _("No degree asked for"),
    **DEGREE_LABELS,
}
REQUIREMENT_CHOICES = [(r.value, REQUIREMENT_LABELS[r.value]) for r in DegreeRequirement]

PAY_PERIODS: dict[str, Message] = {
    "hour": _("an hour"),
    "day": _("a day"),
    "month": _("a month"),
    "year": _("a year"),
    "project": _("for the whole project"),
}
