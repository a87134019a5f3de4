"""Forms of webhooks."""

from __future__ import annotations

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from talex.messages.webhooks import events
from talex.ui.forms import CheckboxListField


class EndpointForm(forms.Form):
    """Where events go, and which."""

    url = forms.CharField(
        label=_("Which address gets the events?"),
        help_text=_("It begins with https:// and can be reached from the internet."),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label=_("Whose is it?"),
        help_text=_("For example: intranet of the city. Only the office and auditors see it."),
        max_length=200,
        required=False,
    )
    events = CheckboxListField(
        label=_("Which events go there?"),
        help_text=_("Names and addresses of people never go out, only ids and coarse facts."),
        choices=lazy(events.choices, list),
    )
