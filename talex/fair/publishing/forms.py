"""Forms of publishing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair.publishing.services import NOTE
from talex.ui.forms.fields import TranslatedTextField


class PublishForm(forms.Form):
    note = TranslatedTextField(
        label=_("What is new in this version?"),
        help_text=_("Everybody reads it above the list."),
        multiline=True,
        max_length=NOTE,
        required=False,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
