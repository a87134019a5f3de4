"""The form in which somebody says when they can be met; made for a telephone first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext_lazy as _

from talex.editions.models import Edition
from talex.participants.availability import Hours
from talex.participants.choices import Mode
from talex.ui.forms import RadioCards, TimeField, TimeZoneField, UnitField

SPARE = 4
"""Empty rows behind 'more times'."""
PARTS = ("date", "start", "end")

Row = dict[str, str]


class HoursInput(forms.Widget):
    """Rows of day, from and until. Names on the wire: `windows_0_date`, `windows_0_start`, ..."""

    template_name = "participants/widgets/hours.html"
    use_fieldset = True

    def __init__(self, days: Sequence[date] = (), around: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self.days, self.around = list(days), around

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        rows = []
        for number in range(200):
            if f"{name}_{number}_date" not in data:
                break
            rows.append({p: (data.get(f"{name}_{number}_{p}") or "").strip() for p in PARTS})
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_0_date" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [self._row(one) for one in value or ()]
        while rows and not any(rows[-1].values()):
            rows.pop()
        # A day of the conference of which nothing is said yet has its row, ready to be filled in.
        known = {row["date"] for row in rows}
        rows += [_row(day.isoformat()) for day in self.days if day.isoformat() not in known]
        shown = len(rows)
        rows += [_row() for _n in range(SPARE)]
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"] |= {
            "rows": [
                row
                | {
                    "name": f"{name}_{number}",
                    "id": f"{base}_{number}",
                    "number": number + 1,
                    "first_more": number == shown,
                    "last_more": number == len(rows) - 1,
                }
                for number, row in enumerate(rows)
            ],
            "first": self.around[0],
            "last": self.around[1],
            "more_open": not shown,
        }
        return context

    @staticmethod
    def _row(one: Any) -> Row:
        if isinstance(one, Hours):
            return _row(one.date.isoformat(), f"{one.start:%H:%M}", f"{one.end:%H:%M}")
        return _row(*(one[part] for part in PARTS))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0_start" if id_ else id_


def _row(day: str = "", start: str = "", end: str = "") -> Row:
    return {"date": day, "start": start, "end": end}


class HoursField(forms.Field):
    """Clean value: `list[Hours]`. A row without times says nothing."""

    default_error_messages = {
        "half": _("Row %(number)s: give the day, the time from which and the time until which."),
    }

    def to_python(self, value: Any) -> list[Hours]:
        found, faults = [], []
        for number, row in enumerate(value or (), start=1):
            if not row["start"] and not row["end"]:
                continue
            try:
                day, start, end = (
                    parse_date(row["date"]), parse_time(row["start"]), parse_time(row["end"]),
                )  # fmt: skip
            except ValueError:
                day = start = end = None
            if day is None or start is None or end is None:
                faults.append(
                    ValidationError(self.error_messages["half"], "half", {"number": number})
                )
                continue
            found.append(Hours(day, start, end))
        if faults:
            raise ValidationError(faults)
        return found


def hours_question(label: Any) -> HoursField:
    """The question for the times, in the words of its page."""
    return HoursField(
        label=label,
        help_text=_(
            "You are met only at the times you give here. Leave all of them empty if any time of "
            "the conference suits. An end that is earlier than the beginning is on the next day."
        ),
        required=False,
    )


class HoursFields(forms.Form):
    """When and how often somebody can be met; a form calls `offer_days` when it is made."""

    time_zone = TimeZoneField(
        label=_("By which clock are the times below?"),
        help_text=_("Choose the place where you will be on these days."),
    )
    windows = hours_question(_("When can you be met?"))
    local_from = TimeField(label=_("On no day before"), required=False)
    local_until = TimeField(label=_("On no day after"), required=False)
    daily_max = UnitField(
        label=_("How many meetings a day at most?"),
        unit=_("meetings"),
        min_value=1,
        max_value=50,
        required=False,
    )

    def offer_days(self, edition: Edition) -> None:
        """Offer the days of the conference, and allow those around it."""
        span = (edition.ends_on - edition.starts_on).days
        days = [edition.starts_on + timedelta(days=n) for n in range(min(span, 13) + 1)]
        around = (
            (edition.starts_on - timedelta(days=1)).isoformat(),
            (edition.ends_on + timedelta(days=1)).isoformat(),
        )
        self.fields["windows"].widget = HoursInput(days, around)


class AvailabilityForm(HoursFields):
    """How, when and how often somebody can be met."""

    mode = forms.ChoiceField(
        label=_("How do you take part?"), choices=Mode.choices, widget=RadioCards
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    field_order = ("mode", *HoursFields.base_fields, "version")

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_days(edition)
