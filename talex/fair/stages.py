"""Where an application stands, and what comes next, in plain words for its reader."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.errors import Message
from talex.editions.models import Edition
from talex.fair.choices import EndedBy, InterestState, RefusalReason, Side
from talex.fair.models import Interest
from talex.meetings.calendars import moment_line


class Stage(models.TextChoices):
    """The way of an application, from the first wish to what came of the meeting."""

    ASKED = "asked", pgettext_lazy("stage", "Asked")
    SHORTLISTED = "shortlisted", pgettext_lazy("stage", "Shortlisted")
    INVITED = "invited", pgettext_lazy("stage", "Invited")
    PLANNED = "planned", pgettext_lazy("stage", "Arranged by the office")
    MUTUAL = "mutual", pgettext_lazy("stage", "Both want to meet")
    PLACED = "placed", pgettext_lazy("stage", "In the timetable")
    HELD = "held", pgettext_lazy("stage", "Held")
    OUTCOME = "outcome", pgettext_lazy("stage", "Outcome")
    OVER = "over", pgettext_lazy("stage", "Over")


#: How a stage is marked (a state of the face).
STATES: dict[str, str] = {
    Stage.ASKED: "info",
    Stage.SHORTLISTED: "info",
    Stage.INVITED: "info",
    Stage.PLANNED: "info",
    Stage.MUTUAL: "ok",
    Stage.PLACED: "ok",
    Stage.HELD: "ok",
    Stage.OUTCOME: "ok",
    Stage.OVER: "none",
}

#: What a talent reads of an organisation's reason: kindly, and about the post, not about them.
KIND_WORDS: dict[str, Message] = {
    RefusalReason.PROFESSION: _("They are looking for another profession for this position."),
    RefusalReason.SKILLS: _("For this position they need other skills at the moment."),
    RefusalReason.LEVEL: _("They are looking for another amount of experience this time."),
    RefusalReason.PLACE: _("The place of work and what you wish for do not go together."),
    RefusalReason.LANGUAGE: _("The work needs another language, or more of one."),
    RefusalReason.TIME: _("The dates do not go together."),
    RefusalReason.SETTLED: _("They are in touch with you already, or it was settled otherwise."),
    RefusalReason.FILLED: _("All places were taken when they read your request."),
    RefusalReason.OTHER: _("They decided for others this time."),
}


def venue_instant(interest: Interest) -> str:
    """Until when a request can be answered, for a mail."""
    return moment_line(interest.expires_at, interest.edition)


def declined_words(reason: str, side: str) -> Message:
    """A decline's reason as the side that asked reads it (`side`: who asked); '' without one."""
    if not reason:
        return ""
    if side == Side.TALENT:
        return KIND_WORDS[reason]
    return RefusalReason(reason).label


def over_words(state: str, ended_by: str, mine: bool) -> Message:
    """Why something is over; `mine`: the reader's side asked."""
    if ended_by == EndedBy.CONSENT:
        return _("It ended because the talent no longer shows their profile to this organisation.")
    if ended_by == EndedBy.BLOCK:
        return _("It ended because one side does not want to hear from the other.")
    if ended_by == EndedBy.OPENING:
        return _("It ended because the opening was closed.")
    if ended_by == EndedBy.LEFT:
        return _("It ended because the talent no longer takes part.")
    if ended_by == EndedBy.ORG_LEFT:
        return _("It ended because the organisation no longer takes part.")
    if ended_by == EndedBy.OFFICE:
        return _("The organiser's office ended it.")
    if state == InterestState.EXPIRED:
        return _("Nobody answered in time. It can be asked for again.")
    if state == InterestState.WITHDRAWN:
        return _("It was taken back.")
    if mine:
        return _("The other side declined. They can still ask you.")
    return _("Your side declined. You can still ask them.")


def next_words(stage: str, side: str, edition: Edition, when: Any = None, **told: bool) -> Message:
    """What comes next. `when`: until when it can be answered, or when the meeting is.

    `told`: `mine` (the reader's side asked), `released` (a timetable is out), `past` (the meeting
    is over), `said` (the reader's side said whether to go on), `office` (the office planned it).
    """
    line = _ANSWERS.get((stage, told.get("mine", False))) if when is not None else None
    if line is not None:
        return line % {"until": moment_line(when, edition)}
    if stage == Stage.SHORTLISTED:
        if side == Side.TALENT:
            return _("The organisation keeps you in mind. You can ask to meet yourself.")
        return _("Invite them when you are ready; they do not answer before you ask.")
    if stage in (Stage.PLANNED, Stage.MUTUAL):
        return _mutual(told)
    if stage == Stage.PLACED:
        return _placed(side, when, edition, told)
    if stage == Stage.HELD:
        if told.get("said"):
            return _("The other side has not said yet whether it wants to go on.")
        return _("Say whether you want to go on with the other side.")
    return ""


_ANSWERS: dict[tuple[str, bool], Message] = {
    (Stage.ASKED, True): _("The organisation can answer until %(until)s; then it expires."),
    (Stage.ASKED, False): _("Answer until %(until)s; then it expires."),
    (Stage.INVITED, True): _("The talent can answer until %(until)s; then it expires."),
    (Stage.INVITED, False): _("Answer until %(until)s; then it expires."),
    (Stage.SHORTLISTED, True): _(
        "You are on the shortlist. The organisation can answer until %(until)s."
    ),
    (Stage.SHORTLISTED, False): _("They asked to meet: answer until %(until)s."),
}


CALLED_OFF: Message = _(
    "The meeting was called off. To meet after all, take back what you both agreed to, then ask "
    "again."
)


#: Of a talent on a shortlist, where the opening or its organisation takes no requests.
NOT_OPEN: dict[str, Message] = {
    Side.TALENT: _(
        "The opening is not open at present, so neither side can ask. You stay on its shortlist."
    ),
    Side.EMPLOYER: _(
        "The opening is not open at present, so neither side can ask. They stay on your shortlist."
    ),
}


TALENT_GONE: Message = _("The talent no longer takes part.")


PLAN_CALLED_OFF: Message = _("The meeting that the office arranged was called off.")


def _mutual(told: dict[str, bool]) -> Message:
    if told.get("released"):
        return _("Choose a time that is free for both, or stay on the waiting list.")
    if told.get("office"):
        return _("The office plans this meeting; it gets its time with the timetable.")
    return _("The meeting gets its time with the timetable.")


def _placed(side: str, when: Any, edition: Edition, told: dict[str, bool]) -> Message:
    if not told.get("past"):
        return _("You meet on %(when)s.") % {"when": moment_line(when, edition)}
    if side == Side.TALENT:
        return _("The organisation has not said yet whether the meeting was held.")
    return _("Say whether the meeting was held.")
