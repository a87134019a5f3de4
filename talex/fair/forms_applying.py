"""Forms of applying: decline with a reason, shortlist, the office's limits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair import limits
from talex.fair.choices import REFUSAL_REASONS, Side
from talex.ui.forms import WholeField


class AnswerForm(forms.Form):
    """Yes or no. `side`: who answers; an organisation says why not. Who is suspended (`accepts`)
    may only say no."""

    answer = forms.ChoiceField(
        label=_("Do you want to meet?"),
        choices=[("yes", _("Yes, let us meet")), ("no", _("No, thank you"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label=_("If not: why?"), required=False)
    message = forms.CharField(
        label=_("What do you want to say to them?"),
        help_text=_("The other side reads it."),
        required=False,
        max_length=limits.MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        side: str,
        abroad: forms.Field | None = None,
        accepts: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not accepts:
            answer: Any = self.fields["answer"]
            answer.choices = [one for one in answer.choices if one[0] != "yes"]
        if abroad is not None:
            self.fields["abroad"] = abroad
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [("", "–"), *[(one.value, one.label) for one in REFUSAL_REASONS[side]]]
        # Needed for a no alone, so it is not required, but not "(optional)" either.
        reason.owed = side == Side.EMPLOYER  # type: ignore[attr-defined]
        reason.help_text = (
            _("The talent reads it in their language, kindly put.")
            if side == Side.EMPLOYER
            else _("You may leave it open.")
        )


class ShortlistForm(forms.Form):
    told = forms.ChoiceField(
        label=_("Shall the talent know?"),
        choices=[
            ("no", _("No, only our side sees it")),
            ("yes", _("Yes, they see that they are on the shortlist")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("A note for your side"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _number(label: Any, most: int, least: int = 1, **more: Any) -> WholeField:
    return WholeField(label=label, min_value=least, max_value=most, **more)


class LimitsForm(forms.Form):
    open_per_talent = _number(
        _("How many requests of one talent may wait for an answer?"), limits.OPEN_MOST
    )
    open_per_opening = _number(_("How many invitations to one opening may wait?"), limits.OPEN_MOST)
    open_per_organisation = _number(
        _("How many invitations of one organisation may wait?"), limits.OPEN_MOST
    )
    answer_hours = _number(
        _("How many hours does the other side have to answer?"),
        limits.ANSWER_HOURS_MOST,
        2,
        help_text=_("Then the request expires by itself. 120 hours are five days."),
    )
    reminder_hours = _number(
        _("How many hours before that are they reminded?"),
        limits.ANSWER_HOURS_MOST,
        0,
        help_text=_("0: not at all."),
    )
