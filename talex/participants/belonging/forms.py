"""Forms of belonging."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """To whom an organisation wants to belong."""

    child = forms.ChoiceField(label=_("Which organisation asks?"))
    parent = forms.ChoiceField(
        label=_("To which organisation does it belong?"),
        help_text=_("A region, district, park or group that takes part here."),
    )
    message = forms.CharField(
        label=_("What should they know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, own: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("child", own), ("parent", others)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–"), *((str(one.pk), str(one.name)) for one in rows)]
        if len(own) == 1:
            self.fields["child"].initial = str(own[0].pk)


class ReasonForm(forms.Form):
    """Why not, or no longer."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The other side reads it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
