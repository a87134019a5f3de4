"""Forms of meetings."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from talex.meetings.models import Meeting
from talex.meetings.queries import Place


def _label(place: Place) -> str:
    local = timezone.localtime(place.starts_at)
    when = formats.date_format(local, "DATETIME_FORMAT")
    if place.table is None:
        return str(_("%(when)s, online") % {"when": when})
    return str(
        _("%(when)s, %(hall)s, table %(number)s")
        % {"when": when, "hall": place.table.hall.name, "number": place.table.number}
    )


class MoveForm(forms.Form):
    """Choose one of the times that are free for both sides."""

    place = forms.ChoiceField(
        label=_("Which time suits better?"),
        help_text=_("Only times that are free for both sides are shown."),
        widget=forms.RadioSelect,
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, places: list[Place], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (place.starts_at.isoformat(), _label(place)) for place in places
        ]

    def clean_place(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["place"])


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the meeting called off?"),
        help_text=_("The other side reads this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)


class HeldForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How did it go?"),
        widget=forms.RadioSelect,
        choices=[
            (Meeting.Status.HELD, _("The meeting was held")),
            (Meeting.Status.NO_SHOW, _("Somebody did not come")),
        ],
    )


class ScheduleForm(forms.Form):
    seconds = forms.IntegerField(
        label=_("How many seconds may the search take?"),
        help_text=_("A longer search places more. 30 seconds are enough for most conferences."),
        min_value=1,
        max_value=3600,
        initial=30,
    )


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=_("What changed?"),
        help_text=_("Everybody concerned reads this note."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
