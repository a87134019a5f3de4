"""Forms of the pages of talents and delegates beside openings and requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair.choices import REFUSAL_REASONS
from talex.fair.services.refusals import NOTE_LENGTH


class RefuseForm(forms.Form):
    """Why a pair is nothing for the reader's side."""

    reason = forms.ChoiceField(
        label=_("Why is it nothing for you?"),
        help_text=_(
            "The other side is not told. The office sees how often each reason is given, not who "
            "gave it. No other proposal changes by it."
        ),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Do you want to say more?"),
        help_text=_("The office reads it without your name."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in REFUSAL_REASONS[side]
        ]
