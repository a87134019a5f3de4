"""Small filters of the pages of meetings: `{% load meetings_tags %}`."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template

from talex.meetings import board, calendars, punctuation
from talex.meetings.models import MeetingRequest
from talex.programme.models import Table

register = template.Library()


@register.filter
def utc_key(instant: datetime) -> str:
    """An instant as it stands in an address."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


@register.filter
def meeting_title(request: MeetingRequest) -> str:
    """What a meeting is called in a list."""
    return board.title_of(request)


@register.filter
def table_line(table: Table | None) -> str:
    """A table as people call it; None is online."""
    return calendars.table_line(table)


@register.simple_tag
def comma() -> str:
    """Between a place, a day and a time, as the reader's language writes it."""
    return punctuation.comma()


@register.simple_tag
def colon() -> str:
    """Between what a line is about and what it says of it."""
    return punctuation.colon()
