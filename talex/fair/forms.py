"""Forms of the fair: questions in plain words."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from babel import Locale
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from talex.fair import limits
from talex.fair.choices import (
    PAY_PERIODS,
    REQUIREMENT_CHOICES,
    OpeningKind,
    OpeningState,
)
from talex.fair.models import Opening
from talex.fair.names import language_name
from talex.fair.services import outcomes
from talex.participants.choices import Cefr, Mode
from talex.ui.forms import AmountField, NumberField, WholeField
from talex.ui.forms.fields import DateField, DateTimeField, TagsField, TranslatedTextField

_SEPARATOR = ":"


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also a POST without a single answer is an answer."""
    return request.POST if request.method == "POST" else None


def language_tags() -> list[str]:
    """Suggestions such as `German: B2` for the languages most often asked for."""
    return [f"{language_name(code)}{_SEPARATOR} B2" for code in ("zh", "en", "de", "fr", "ja")]


def read_language(text: str) -> dict[str, Any] | None:
    """`German: B2`, `de B2` or `Deutsch` -> {"code", "level"}; None where it is no language."""
    name, _sign, level = text.strip().replace("：", _SEPARATOR).partition(_SEPARATOR)
    if not _sign:
        head, _gap, last = name.rpartition(" ")
        if last.upper() in Cefr.values:
            name, level = head, last
    level = level.strip()
    level = "native" if level.lower() == "native" else level.upper()
    if level and level not in Cefr.values:
        return None
    wanted = name.strip().casefold()
    for language in dict.fromkeys([get_language() or "en", "en", "de", "zh-hans"]):
        names = Locale.parse(language.replace("-", "_")).languages
        for code, label in names.items():
            if wanted in (code, label.casefold()) and len(code) <= 3:
                return {"code": code, "level": level or None}
    return None


def write_language(one: dict[str, Any]) -> str:
    """As `read_language` reads it again."""
    name = language_name(str(one.get("code", "")))
    return f"{name}{_SEPARATOR} {one['level']}" if one.get("level") else name


#: Where the office approves openings, opening one is handing it in.
#: The first one of an opening that was returned.
HAND_IN_AGAIN = _("Hand it in again: talents see it once it is approved")
REVIEWED_STATES = [
    (OpeningState.OPEN, _("Hand it in: talents see it once it is approved")),
    (OpeningState.DRAFT, _("Keep it as a draft")),
    (OpeningState.CLOSED, _("Close it: nobody can ask any more")),
]


class OpeningForm(forms.Form):
    """An opening, asked in the order somebody thinks of it."""

    title = TranslatedTextField(label=_("What do you offer?"), max_length=200)
    kind = forms.ChoiceField(label=_("What kind is it?"), choices=OpeningKind.choices)
    organisation = forms.ChoiceField(label=_("Who offers it?"))
    description = TranslatedTextField(
        label=_("What is the work, and what do you offer?"),
        help_text=_("The matching reads the first lines, in whatever language."),
        multiline=True,
        max_length=20_000,
        required=False,
    )
    headcount = WholeField(
        label=_("How many people do you look for?"), required=False, min_value=1, max_value=10_000
    )
    interviews_wanted = WholeField(
        label=_("How many interviews do you want to give?"),
        help_text=_("Left empty: three for each person you look for."),
        required=False,
        min_value=1,
        max_value=10_000,
    )
    degree_required = forms.ChoiceField(
        label=_("Which degree is needed?"),
        choices=[("", _("Not said")), *REQUIREMENT_CHOICES],
        required=False,
    )
    experience_min = NumberField(
        label=_("How many years of experience at least?"), required=False, min_value=0, max_value=60
    )
    experience_max = NumberField(label=_("And at most?"), required=False, min_value=0, max_value=60)
    skills = TagsField(label=_("Which skills matter?"), required=False, max_tags=60)
    languages = TagsField(
        label=_("Which languages are needed?"),
        help_text=_("A language, and how well it is spoken, for example “German: B2”."),
        required=False,
        max_tags=12,
    )
    region = forms.CharField(label=_("Where is the work?"), required=False, max_length=200)
    industry = forms.CharField(label=_("In which industry?"), required=False, max_length=200)
    pay_low = AmountField(label=_("Pay from"), required=False, min_value=0)
    pay_high = AmountField(label=_("Pay up to"), required=False, min_value=0)
    pay_currency = forms.CharField(
        label=_("In which currency?"),
        help_text=_("Three letters, for example CNY or EUR."),
        required=False,
    )
    pay_period = forms.ChoiceField(
        label=_("Paid for what time?"),
        choices=[("", _("Not said")), *PAY_PERIODS.items()],
        required=False,
    )
    starts_on = DateField(label=_("When does the work start?"), required=False)
    ends_on = DateField(
        label=_("When does it end?"), help_text=_("Leave it empty if it goes on."), required=False
    )
    closes_on = DateField(label=_("Until when can people ask?"), required=False)
    mode = forms.ChoiceField(label=_("How can you meet people?"), choices=Mode.choices)
    state = forms.ChoiceField(
        label=_("Who can see it?"),
        choices=[
            (OpeningState.OPEN, _("Everybody: it is open")),
            (OpeningState.DRAFT, _("Only your organisation and the office: a draft")),
            (OpeningState.CLOSED, _("It is closed: nobody can ask any more")),
        ],
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # A service speaks of `pay`, which is asked for in four fields.
    asked_as: ClassVar[dict[str, str]] = {"pay": "pay_low"}

    def __init__(
        self,
        *args: Any,
        organisations: list[tuple[str, str]],
        languages: list[str],
        reviewed: bool = False,
        again: bool = False,
        fresh: bool = False,
        opens: bool = True,
        **kwargs: Any,
    ) -> None:
        """`reviewed`: what opens is handed in first; `again`: it was returned and is mended;
        `fresh`: there is nothing to close yet."""
        super().__init__(*args, **kwargs)
        state: Any = self.fields["state"]
        if reviewed:
            state.label = _("What do you want to do with it?")
            state.choices = REVIEWED_STATES
            if again:
                state.choices = [(OpeningState.OPEN, HAND_IN_AGAIN), *REVIEWED_STATES[1:]]
        if fresh:
            state.choices = [one for one in state.choices if one[0] != OpeningState.CLOSED]
        if not opens:
            state.choices = [one for one in state.choices if one[0] != OpeningState.OPEN]
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0][0]
        self.fields["languages"].widget.suggestions = language_tags()

    def clean_organisation(self) -> UUID:
        return UUID(self.cleaned_data["organisation"])

    def clean_languages(self) -> list[dict[str, Any]]:
        found = []
        for text in self.cleaned_data["languages"]:
            one = read_language(text)
            if one is None:
                raise forms.ValidationError(
                    _("“%(text)s” is no language with a level from A1 to C2.") % {"text": text}
                )
            found.append(one)
        return found

    def command(self) -> dict[str, Any]:
        """The answers as `SaveOpening` takes them."""
        data = dict(self.cleaned_data)
        data["pay"] = {
            "low": data.pop("pay_low"),
            "high": data.pop("pay_high"),
            "currency": data.pop("pay_currency"),
            "period": data.pop("pay_period"),
        }
        # How many months a year are paid is not asked here, and must not be lost.
        if self.initial.get("pay_months") and data["pay"]["period"] == self.initial["pay_period"]:
            data["pay"]["months"] = self.initial["pay_months"]
        return data


def initial_of(opening: Opening) -> dict[str, Any]:
    """What an opening says, as its form asks."""
    names = (
        "title", "kind", "description", "headcount", "interviews_wanted", "degree_required",
        "experience_min", "experience_max", "skills", "region", "industry", "starts_on",
        "ends_on", "closes_on", "mode", "state", "version",
    )  # fmt: skip
    return {
        **{name: getattr(opening, name) for name in names},
        "organisation": str(opening.organisation_id),
        "languages": [write_language(one) for one in opening.languages],
        **{
            f"pay_{key}": opening.pay.get(key)
            for key in ("low", "high", "currency", "period", "months")
        },
    }


class AskForm(forms.Form):
    """Ask to meet, or invite."""

    message = forms.CharField(
        label=_("What do you want to say to them?"),
        help_text=_("A sentence on why you fit helps."),
        required=False,
        max_length=limits.MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    rank = WholeField(
        label=_("How much do you want this meeting?"),
        help_text=_("1 is what you want most."),
        required=False,
        min_value=1,
        max_value=999,
    )

    def __init__(self, *args: Any, abroad: forms.Field | None = None, **kwargs: Any) -> None:
        """`abroad`: the separate consent, where the organisation asked is abroad."""
        super().__init__(*args, **kwargs)
        if abroad is not None:
            self.fields["abroad"] = abroad


class InviteForm(AskForm):
    """Invite a talent to one of the organisation's openings."""

    message = forms.CharField(
        label=_("What do you want to say to them?"),
        help_text=_("Say what speaks for a meeting."),
        required=False,
        max_length=limits.MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you take it back?"),
        help_text=_("Needed where both sides had agreed: the other side reads it."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RunForm(forms.Form):
    per_talent = WholeField(
        label=_("How many proposals at most for one talent?"),
        min_value=1,
        max_value=50,
        initial=limits.PROPOSALS_PER_TALENT,
    )
    minimum = NumberField(
        label=_("Leave out proposals below which score?"),
        help_text=_("From 0 to 1. At 0 everybody who can be proposed to somebody is."),
        min_value=0,
        max_value=0.99,
        initial=0,
    )


class ApproveForm(forms.Form):
    score = NumberField(
        label=_("Approve every proposal of at least which score?"),
        help_text=_("From 0 to 1. Each becomes a wanted meeting."),
        min_value=0,
        max_value=1,
        initial=0.6,
    )


class OutcomeForm(forms.Form):
    """A rung beyond mutual intent."""

    rung = forms.ChoiceField(
        label=_("What was reached?"),
        choices=[(rung.value, rung.label) for rung in outcomes.LATER],
        widget=forms.RadioSelect,
    )
    happened_at = DateTimeField(label=_("When?"), help_text=_("Left empty: now."), required=False)
    note = forms.CharField(
        label=_("What shows it?"),
        help_text=_("For example the contract's number. The office and the talent can read it."),
        required=False,
        max_length=500,
    )


class TakeBackForm(forms.Form):
    rung = forms.ChoiceField(
        label=_("What no longer holds?"),
        choices=[(rung.value, rung.label) for rung in outcomes.LATER],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why does it no longer hold?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SayForm(forms.Form):
    """One side's yes or no."""

    yes = forms.ChoiceField(
        choices=[("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, question: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["yes"].label = question
