"""The room's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.ui.forms import DateTimeField, TranslatedTextField


class CutoffForm(forms.Form):
    """Which instants figures are counted at; an empty answer is now."""

    until = DateTimeField(label=_("Happened until"), required=False)
    known = DateTimeField(label=_("Known until"), required=False)


class SnapshotForm(CutoffForm):
    """What to freeze."""

    until = DateTimeField(
        label=_("Until when must it have happened?"),
        required=False,
        help_text=_("In the time zone of the conference. Left empty: until now."),
    )
    known = DateTimeField(
        label=_("Until when must we have known it?"),
        required=False,
        help_text=_("Later corrections do not change the snapshot. Left empty: until now."),
    )
    note = forms.CharField(label=_("What is it for?"), required=False, max_length=200)


class BulletinForm(forms.Form):
    """The words around the figures."""

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = TranslatedTextField(
            label=_("What is its title?"),
            required=False,
            languages=languages,
            max_length=200,
            help_text=_("Left empty: the name of the conference and the day of the figures."),
        )
        self.fields["text"] = TranslatedTextField(
            label=_("What should readers know first?"),
            required=False,
            languages=languages,
            multiline=True,
            max_length=5000,
        )


class WithdrawForm(forms.Form):
    """Why a bulletin is taken back."""

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = TranslatedTextField(
            label=_("Why is it taken back?"), languages=languages, max_length=1000
        )
