"""Forms of the programme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.programme.models import Activity, Hall
from talex.ui.forms import (
    DateField,
    DateTimeField,
    TimeField,
    TranslatedTextField,
    UnitField,
    WholeField,
)


class HallForm(forms.Form):
    code = forms.SlugField(
        label=_("What is the hall's code?"), help_text=_("Short, for signs: A1"), max_length=40
    )
    name = TranslatedTextField(label=_("What is the hall called?"))
    tables = WholeField(
        label=_("How many tables for meetings does it have?"), min_value=0, max_value=5000
    )
    seats = WholeField(
        label=_("How many seats does it have?"), min_value=0, required=False, initial=0
    )
    online = forms.BooleanField(label=_("It is a place online"), required=False)


class DayForm(forms.Form):
    date = DateField(label=_("On which day are meetings held?"))
    opens = TimeField(label=_("When does the first meeting begin?"))
    closes = TimeField(label=_("When does the last meeting end?"))
    meeting_minutes = UnitField(label=_("How long is a meeting?"), unit=_("minutes"), initial=20)
    pause_minutes = UnitField(
        label=_("How long is the pause after a meeting?"), unit=_("minutes"), initial=5
    )
    breaks = forms.CharField(
        label=_("Which breaks are there?"),
        help_text=_("One a line, for example 12:00-13:30"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_breaks(self) -> list[tuple[str, str]]:
        found = []
        for line in self.cleaned_data["breaks"].splitlines():
            if not line.strip():
                continue
            first, _dash, last = line.replace("–", "-").partition("-")
            found.append((first.strip(), last.strip()))
        return found


class ActivityForm(forms.Form):
    title = TranslatedTextField(label=_("What is the activity called?"))
    summary = TranslatedTextField(label=_("What happens there?"), multiline=True, required=False)
    kind = forms.ChoiceField(label=_("What kind of activity is it?"), choices=Activity.Kind.choices)
    main = forms.BooleanField(label=_("It is one of the main activities"), required=False)
    hall = forms.ModelChoiceField(
        label=_("In which hall is it?"), queryset=Hall.objects.none(), required=False
    )
    starts_at = DateTimeField(label=_("When does it begin?"))
    ends_at = DateTimeField(label=_("When does it end?"))

    def __init__(self, *args: Any, halls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hall"]
        field.queryset = halls  # type: ignore[attr-defined]
        field.label_from_instance = lambda hall: hall.name  # type: ignore[attr-defined]
