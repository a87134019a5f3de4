"""The form by which people say how they want to be written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.messages import also
from talex.messages.models import Way
from talex.messages.preferences import HINTS, TITLES
from talex.ui.forms import CheckboxListField


class PreferencesForm(forms.Form):
    """A choice for each group of kinds, and the language."""

    language = forms.ChoiceField(label=_("In which language shall we write to you?"))

    def __init__(self, *args: Any, channels: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        for group, title in TITLES.items():
            self.fields[str(group)] = forms.ChoiceField(
                label=str(title), help_text=str(HINTS[group]), choices=Way.choices
            )
        if channels:
            self.fields["also"] = CheckboxListField(
                label=_("How else shall we tell you what is urgent?"),
                help_text=_("A meeting that is moved or called off, or a new time to confirm."),
                choices=[(channel, also.TITLES[channel]) for channel in channels],
                required=False,
            )
