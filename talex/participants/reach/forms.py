"""Forms of campaign links."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.participants.reach.models import Channel, Target


class LinkForm(forms.Form):
    """A place where people read of the conference."""

    name = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("For example: WeChat article of 3 March. Only the office sees it."),
        max_length=200,
    )
    channel = forms.ChoiceField(label=_("Where does the link stand?"), choices=Channel.choices)
    target = forms.ChoiceField(label=_("Which page does it open?"), choices=Target.choices)
