"""The pages of a registration, one group of questions each.

A form is made of what a draft keeps: `StepForm.of(values)`. `typed()` is what was typed, whether
or not it can be understood yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from talex.editions.models import Edition
from talex.participants.choices import (
    DEGREE_CHOICES,
    GENERAL_PURPOSES,
    Mode,
    ProjectSeeks,
    ProjectStage,
)
from talex.participants.cleaners import CLEANERS, Fault
from talex.participants.forms import NAMES_HELP, LanguagesField, NamesField
from talex.participants.forms_sharing import Statements, say
from talex.participants.hours_form import HoursFields, hours_question
from talex.participants.registering.rows import Part, RowsField
from talex.participants.telephones import WithTelephone
from talex.ui.forms import (
    CheckboxListField,
    DateField,
    FileField,
    RadioCards,
    TagsField,
    WholeField,
    YearsField,
)

PAY_CURRENCIES = ("CNY", "EUR", "USD", "GBP", "CHF", "JPY", "KRW", "SGD", "HKD")


#: Answers that a record keeps as their forms understand them.
KEPT_AS_TYPED = frozenset(
    {"birth_year", "education", "experience", "experience_years", "languages"}
)


class StepForm(forms.Form):
    """One page. `title` is its heading, `short` its name in the summary."""

    title: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition

    @classmethod
    def of(cls, values: Mapping[str, Any], edition: Edition) -> StepForm:
        """Bound to the answers of a draft, as if they were sent now."""
        return cls(wire(values, cls.base_fields), edition=edition)

    def clean(self) -> dict[str, Any]:
        """What would be refused at the end is told on its page (`participants.cleaners`)."""
        data: dict[str, Any] = super().clean() or {}
        for name in data.keys() & KEPT_AS_TYPED:
            try:
                CLEANERS[name](data[name])
            except Fault as fault:
                self.add_error(name, str(fault.message))
        return data

    def typed(self) -> dict[str, Any]:
        """Field -> what was typed, as a draft keeps it."""
        return {
            name: plain_typed(
                field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            )
            for name, field in self.fields.items()
        }


def plain_typed(value: Any) -> Any:
    """What a widget gives as JSON: texts, lists of texts, rows of texts."""
    if isinstance(value, list | tuple):
        return [dict(one) if isinstance(one, Mapping) else str(one) for one in value]
    return "" if value is None else str(value)


def wire(values: Mapping[str, Any], fields: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """The answers as a browser would send them."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name in fields:
        value = values.get(name)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                for part, text in row.items():
                    data[f"{name}_{number}_{part}"] = str(text or "")
        elif isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        elif value not in (None, ""):
            data[name] = str(value)
    return data


# --- talents --------------------------------------------------------------------------------


class WhoForm(WithTelephone, StepForm):
    title = _("Who are you?")
    intro = _("We write to the address of your account; it is the one that is used here as well.")

    names = NamesField(
        label=_("What is your name?"),
        help_text=NAMES_HELP,
        max_tags=20,
        error_messages={"required": _("Write your name.")},
    )
    phone = forms.CharField(
        label=_("What is your telephone number?"),
        help_text=_("With + and the country code."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    region = forms.CharField(
        label=_("Where do you live?"),
        help_text=_("City or region and country."),
        required=False,
        max_length=100,
    )
    nationality = forms.CharField(
        label=_("What is your nationality?"), required=False, max_length=100
    )
    birth_year = forms.CharField(
        label=_("In which year were you born?"),
        help_text=_("Only the office sees it."),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"),
        choices=[("", "–"), *settings.LANGUAGES],
        required=False,
    )


class EducationForm(StepForm):
    title = _("What did you study?")
    intro = _("The highest degree first. One is enough; more help to find what fits.")

    degree_level = forms.ChoiceField(
        label=_("What is your highest degree?"),
        help_text=_("The highest one that you have finished."),
        choices=[("", "–"), *DEGREE_CHOICES],
        required=False,
    )
    education = RowsField(
        label=_("Your studies"),
        row_label=_("Degree"),
        required=False,
        parts=(
            Part("level", _("Degree"), "choice", [("", "–"), *DEGREE_CHOICES]),
            Part("year", _("Year of the degree"), "year"),
            Part("institution", _("University or school"), wide=True),
            Part("discipline", _("Discipline"), wide=True),
        ),
    )


class ExperienceForm(StepForm):
    title = _("Where have you worked?")
    intro = _("The latest post first. Leave the page empty if you have not worked yet.")

    experience_years = YearsField(
        label=_("How many years have you worked?"),
        min_value=0,
        max_value=80,
        required=False,
    )
    current_position = forms.CharField(
        label=_("What is your present position?"), required=False, max_length=200
    )
    industry = forms.CharField(label=_("In which industry?"), required=False, max_length=100)
    experience = RowsField(
        label=_("Your posts"),
        row_label=_("Post"),
        required=False,
        parts=(
            Part("position", _("Position"), wide=True),
            Part("employer", _("Employer"), wide=True),
            Part("start", _("From"), "month"),
            Part("end", _("Until"), "month", hint=_("Empty: until today")),
            Part("text", _("What did you do there?"), "text", wide=True),
        ),
    )


class SkillsForm(StepForm):
    title = _("What can you do?")

    skills = TagsField(
        label=_("Which skills do you have?"),
        help_text=_("One entry each, in any language."),
        required=False,
    )
    languages = LanguagesField(
        label=_("Which languages do you speak, and how well?"),
        help_text=_("One entry each, with a level from A1 to C2, for example German B2."),
        required=False,
    )
    profile_text = forms.CharField(
        label=_("What else should organisations know?"),
        help_text=_(
            "Addresses, numbers and links in it are hidden from organisations until the contact is "
            "shared with them."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=100_000,
    )


class WishesForm(StepForm):
    title = _("What do you look for?")

    wished_regions = TagsField(label=_("Where would you like to work?"), required=False)
    wished_industries = TagsField(label=_("In which industries?"), required=False)
    pay_least = WholeField(
        label=_("What pay do you wish for at least?"),
        help_text=_("A whole number before tax. Organisations do not see it."),
        required=False,
        min_value=1,
        max_value=100_000_000,
    )
    pay_currency = forms.ChoiceField(
        label=_("In which currency?"),
        choices=[("", "–"), *((code, code) for code in PAY_CURRENCIES)],
        required=False,
    )
    pay_period = forms.ChoiceField(
        label=_("For which time?"),
        choices=[("", "–"), ("year", _("a year")), ("month", _("a month"))],
        required=False,
    )
    available_from = DateField(label=_("When could you start?"), required=False)
    available_until = DateField(
        label=_("Until when are you available?"),
        help_text=_("Only if there is an end."),
        required=False,
    )
    mode = forms.ChoiceField(
        label=_("How would you like to meet organisations?"),
        choices=Mode.choices,
        widget=RadioCards,
        error_messages={"required": _("Choose how you would like to meet organisations.")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("pay_least"):
            if not data.get("pay_currency"):
                self.add_error("pay_currency", _("Choose the currency of the pay."))
            if not data.get("pay_period"):
                self.add_error("pay_period", _("Say whether the pay is for a year or a month."))
        start, end = data.get("available_from"), data.get("available_until")
        if start and end and start > end:
            self.add_error("available_until", _("The last day is before the first."))
        return data


class HoursForm(HoursFields, StepForm):
    title = _("When can you be met?")

    windows = hours_question(_("At which times?"))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, edition=edition, **kwargs)
        self.offer_days(edition)

    def typed(self) -> dict[str, Any]:
        """Without the days of which nothing is said."""
        typed = super().typed()
        typed["windows"] = [row for row in typed["windows"] if row["start"] or row["end"]]
        return typed


class ConsentsForm(StepForm):
    title = _("What may be shared, and with whom?")
    intro = _(
        "Each tick is a decision of its own. Nothing is ticked for you, you can register without "
        "any, and you can take each back at any time."
    )

    consents = CheckboxListField(
        label=_("What do you agree to?"),
        help_text=_(
            "Whatever is not ticked is not shared. For organisations abroad you agree by itself, "
            "afterwards, on the page “What is shared”."
        ),
        choices=GENERAL_PURPOSES,
        required=False,
        widget=Statements,
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, edition=edition, **kwargs)
        say(self, "consents", edition)


# --- project owners -------------------------------------------------------------------------


class ProjectForm(StepForm):
    title = _("What is your project about?")

    project_title = forms.CharField(
        label=_("What is the project called?"),
        max_length=200,
        error_messages={"required": _("Give the project a name.")},
    )
    project_about = forms.CharField(
        label=_("What is it about?"),
        help_text=_("A few sentences: what it does, for whom, and what is new."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        error_messages={"required": _("Say in a few sentences what the project is about.")},
    )
    project_industry = forms.CharField(
        label=_("In which industry?"), required=False, max_length=100
    )
    project_stage = forms.ChoiceField(
        label=_("How far is it?"), choices=[("", "–"), *ProjectStage.choices], required=False
    )
    project_seeks = CheckboxListField(
        label=_("What do you look for?"), choices=ProjectSeeks.choices, required=False
    )
    project_region = forms.CharField(
        label=_("Where shall it be carried out?"), required=False, max_length=100
    )


class FileForm(forms.Form):
    """A file to start from."""

    file = FileField(label=_("Which file?"), accept=".pdf,.docx,.json,.xml,.txt")


STEPS: dict[str, dict[str, type[StepForm]]] = {
    "talent": {
        "who": WhoForm,
        "education": EducationForm,
        "experience": ExperienceForm,
        "skills": SkillsForm,
        "wishes": WishesForm,
        "hours": HoursForm,
        "consents": ConsentsForm,
    },
    "owner": {"who": WhoForm, "project": ProjectForm, "consents": ConsentsForm},
}


def fields_of(kind: str) -> dict[str, str]:
    """Field -> the step that asks for it, of a kind of registration."""
    return {name: step for step, form in STEPS[kind].items() for name in form.base_fields}
