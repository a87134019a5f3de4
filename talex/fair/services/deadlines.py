"""Until when one side may ask to meet, and the other answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from talex.core.clock import now
from talex.editions.models import Edition, EditionState
from talex.fair import limits
from talex.fair.choices import OpeningState
from talex.fair.models import Opening

CONFERENCE_OVER = _("The conference is over, so no meeting can be asked for any more.")


def conference_over(edition: Edition, at: datetime | None = None) -> bool:
    """Whether nobody can be asked any more. Pages ask first, so as not to offer it."""
    return edition.state == EditionState.CLOSED or (at or now()) >= _last_instant(edition)


def takes_requests(opening: Opening, edition: Edition) -> bool:
    """Whether the opening itself can still be asked for."""
    over = opening.closes_on is not None and day_is_over(opening.closes_on, edition)
    return opening.state == OpeningState.OPEN and not over


def day_is_over(day: date, edition: Edition) -> bool:
    """Whether a day has ended by the clock of the conference."""
    return now() > _end_of(day, edition)


def today(edition: Edition) -> date:
    """The day by the clock of the conference."""
    return now().astimezone(ZoneInfo(edition.time_zone)).date()


def _end_of(day: date, edition: Edition) -> datetime:
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(edition.time_zone))


def _last_instant(edition: Edition) -> datetime:
    return _end_of(edition.ends_on, edition)


def expires_at(edition: Edition, opening: Opening, asked: datetime, within: timedelta) -> datetime:
    ends = [asked + within, _last_instant(edition)]
    if opening.closes_on:
        ends.append(_end_of(opening.closes_on, edition))
    return max(min(ends), asked + limits.ANSWER_LEAST)
