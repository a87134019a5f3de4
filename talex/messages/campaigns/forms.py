"""Forms of campaigns and their texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from talex.editions.models import Edition
from talex.messages.campaigns import audiences, placeholders
from talex.messages.campaigns.models import Template
from talex.messages.campaigns.services import FASTEST
from talex.messages.campaigns.texts import LONGEST_SUBJECT, LONGEST_TEXT
from talex.ui.forms import DateTimeField, TranslatedTextField


def _known() -> str:
    shown = [f"{{{name}}} – {said}" for name, said in placeholders.PLACEHOLDERS.items()]
    return str(_("In braces stands what is put in for each reader:")) + " " + "; ".join(shown)


class TemplateForm(forms.Form):
    """A text, in every language it is sent in."""

    name = forms.CharField(
        label=_("What do you call this text?"),
        help_text=_("Only the office sees it."),
        max_length=200,
    )
    subject = TranslatedTextField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    text = TranslatedTextField(
        label=_("Text"),
        help_text=lazy(_known, str)(),
        multiline=True,
        max_length=LONGEST_TEXT,
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CampaignForm(forms.Form):
    """A text, a group, and how it goes out."""

    name = forms.CharField(
        label=_("What do you call this campaign?"),
        help_text=_("Only the office sees it."),
        max_length=200,
    )
    template = forms.ChoiceField(label=_("Which text does it send?"))
    audience = forms.ChoiceField(
        label=_("To whom?"),
        help_text=_("The next page narrows it down."),
        choices=audiences.choices,
    )
    per_minute = forms.IntegerField(
        label=_("How many mails a minute?"),
        help_text=_("Fewer, where your mail server is small or new to its readers."),
        min_value=1,
        max_value=FASTEST,
        initial=60,
    )
    not_before = DateTimeField(
        label=_("Not before"),
        help_text=_("Empty, or passed by then: as soon as it is approved."),
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, edition: Edition, *args: Any, keep: Template | None = None, **kw: Any):
        super().__init__(*args, **kw)
        rows = Template.objects.filter(edition=edition, retired_at__isnull=True)
        offered = {str(row.pk): row.name for row in rows}
        if keep is not None:
            offered[str(keep.pk)] = keep.name
        self.fields["template"].choices = list(offered.items())  # type: ignore[attr-defined]
