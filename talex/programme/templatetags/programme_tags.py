"""Days as their languages write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def long_day(value: date | datetime) -> str:
    """Weekday and date of a day, or of an instant in the zone of the page."""
    return _day(value, "l", "DATE_FORMAT")


@register.filter
def short_day(value: date | datetime) -> str:
    """The same in short."""
    return _day(value, "D", "SHORT_DATE_FORMAT")


def _day(value: date | datetime, weekday: str, form: str) -> str:
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return _("%(weekday)s, %(date)s") % {
        "weekday": formats.date_format(local, weekday),
        "date": formats.date_format(local, form),
    }
