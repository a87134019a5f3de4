"""Forms of the pages of talents and delegates beside openings and requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.fair.choices import REFUSAL_REASONS
from talex.fair.forms import OpeningForm
from talex.fair.services.refusals import NOTE_LENGTH
from talex.fair.services.searches import NAME_LENGTH
from talex.fair.sparse import FIELDS
from talex.participants.forms import TalentForm


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
        help_text=_("The office reads it without your name. Please name nobody in it."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in REFUSAL_REASONS[side]
        ]


def parts_sent(data: Mapping[str, Any]) -> list[str]:
    """The parts that a sent form asked for; all of them where it does not say."""
    named = [part for part in str(data.get("parts") or "").split(",") if part in FIELDS]
    return list(dict.fromkeys(named)) or list(FIELDS)


class QuestionsForm(forms.Form):
    """A few questions of the profile, each with what an answer could change."""

    parts = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Any] = (),
        top: int = 0,
        parts: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        moved = {one.component.value: one.moved for one in questions}
        chosen = list(parts) or list(moved)
        self.fields["parts"].initial = ",".join(chosen)
        for part in chosen:
            field = deepcopy(TalentForm.base_fields[FIELDS[part]])
            field.required = False
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            count = round(moved.get(part, 0))
            if count:
                field.help_text = ngettext(
                    "An answer changes about %(count)d of your %(top)d best openings.",
                    "An answer changes about %(count)d of your %(top)d best openings.",
                    count,
                ) % {"count": count, "top": top}
            self.fields[FIELDS[part]] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.pop("parts", None)
        return data


def question_label(field: str, of: str = "talent") -> str:
    """A field as the question that its form asks."""
    fields = OpeningForm.base_fields if of == "opening" else TalentForm.base_fields
    return str(fields[field].label)


class SaveSearchForm(forms.Form):
    """A name for words and filters."""

    name = forms.CharField(label=_("What shall the search be called?"), max_length=NAME_LENGTH)
