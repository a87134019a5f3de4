"""Forms of collecting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair.collecting.models import Fault
from talex.fair.collecting.services import quotas, submissions
from talex.ui.forms import WholeField
from talex.ui.forms.fields import CheckboxListField


class ReturnForm(forms.Form):
    faults = CheckboxListField(
        label=_("What is to be mended?"),
        help_text=_("The company reads these in its own language."),
        choices=Fault.choices,
    )
    words = forms.CharField(
        label=_("What else should they know?"),
        required=False,
        max_length=submissions.WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reads: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reads:
            told = _("Sent as you write it. The company reads: %(languages)s.")
            self.fields["words"].help_text = told % {"languages": reads}


class QuotaForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Which organisation collects?"))
    openings = WholeField(
        label=_("How many openings may it pass on?"), min_value=0, max_value=quotas.MOST
    )
    seats = WholeField(
        label=_("How many people may these look for altogether?"),
        help_text=_("Left empty: not limited."),
        required=False,
        min_value=0,
        max_value=quotas.MOST,
    )

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]


class ReviewedForm(forms.Form):
    reviewed = forms.ChoiceField(
        label=_("Do you approve openings before talents see them?"),
        choices=[
            ("yes", _("Yes: organisations hand them in, and the office approves")),
            ("no", _("No: what an organisation opens is open")),
        ],
        widget=forms.RadioSelect,
    )
