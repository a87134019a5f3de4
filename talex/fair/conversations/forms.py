"""Forms of conversations and cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talex.fair.conversations import reporting, services
from talex.fair.conversations.models import Decision, Report, ReportReason


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"),
        help_text=_("Plain text. Both sides, and nobody else, can read it."),
        error_messages={"required": _("Write something.")},
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": services.LENGTH}),
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong?"), choices=ReportReason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What should the office know?"),
        required=False,
        max_length=reporting.WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecideForm(forms.Form):
    decision = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why?"),
        help_text=_("Both sides read it."),
        max_length=reporting.WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, case: Report, reads: str = "", **kwargs: Any) -> None:
        """`reads`: the languages of both sides, in words."""
        super().__init__(*args, **kwargs)
        if reads:
            told = _("Both sides read it as you write it. They use Talex in: %(languages)s.")
            self.fields["words"].help_text = told % {"languages": reads}
        decision = self.fields["decision"]
        assert isinstance(decision, forms.ChoiceField)
        offered = reporting.choices_of(case)
        decision.choices = [(one, Decision(one).label) for one in offered]
        if Decision.SUSPEND_PERSON in offered:
            decision.help_text = _(
                "A suspended talent is shown and proposed to no organisation meanwhile; only those "
                "who had agreed to meet them still see who they are."
            )
        if Decision.SUSPEND_ORGANISATION in offered:
            decision.help_text = _(
                "Suspending an organisation closes its openings, ends its requests and calls off "
                "its meetings still to come; the talents are told. Taking the decision back later "
                "does not bring these back."
            )


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why is the decision wrong?"),
        help_text=_("The office reads it and answers here."),
        max_length=reporting.WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerAppealForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("Does the decision stand?"),
        choices=[("yes", _("Yes, it stands")), ("no", _("No, it is taken back"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why?"),
        help_text=_("Whom it is about reads it."),
        max_length=reporting.WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, reads: str = "", **kwargs: Any) -> None:
        """`reads`: the languages of whom the decision is against, in words."""
        super().__init__(*args, **kwargs)
        if reads:
            told = _("Whom it is about reads it as you write it. They use Talex in: %(languages)s.")
            self.fields["words"].help_text = told % {"languages": reads}
