"""Forms of cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from talex.participants.choices import DEGREE_CHOICES
from talex.participants.cohorts.models import NotOurs
from talex.participants.credentials.forms import tell_language
from talex.ui.forms import DateTimeField, FileField, TranslatedTextField, WholeField


class CohortForm(forms.Form):
    """What a cohort is."""

    organisation = forms.ChoiceField(label=_("Of which university?"))
    name = TranslatedTextField(
        label=_("What is the cohort called?"),
        help_text=_("For example: Class of 2027, Materials Science."),
        max_length=200,
    )
    degree_level = forms.ChoiceField(
        label=_("Which degree?"),
        choices=[("", _("Different degrees")), *DEGREE_CHOICES],
        required=False,
    )
    year = WholeField(label=_("In which year do they graduate?"), min_value=1950)
    discipline = forms.CharField(label=_("In which field?"), required=False, max_length=200)
    expected = WholeField(
        label=_("How many graduates do you expect?"), required=False, min_value=1, max_value=100_000
    )
    closes_at = DateTimeField(label=_("Until when can they join?"))

    def __init__(self, *args: Any, universities: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not universities:
            del self.fields["organisation"]
            return
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.pk), str(one.name)) for one in universities]
        if len(universities) == 1:
            field.initial = str(universities[0].pk)
            field.widget = forms.HiddenInput()


class RollForm(forms.Form):
    """The list of graduates."""

    file = FileField(
        label=_("Which list?"),
        help_text=_("CSV or XLSX with the columns name, e-mail, student number and degree."),
        accept=".csv,.tsv,.xlsx",
        by_content=True,
    )
    language = forms.ChoiceField(
        label=_("In which language are the invitations?"),
        help_text=_("Where neither a column “language” nor the account says another one."),
        choices=lambda: settings.LANGUAGES,
    )


class CodeForm(forms.Form):
    """The code that the university gave out."""

    code = forms.CharField(
        label=_("What is the code of your cohort?"),
        help_text=_("Nine letters and digits, as your university gave them to you."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class JoinForm(forms.Form):
    """What goes along when one joins."""

    student_number = forms.CharField(
        label=_("What is your student number?"),
        help_text=_("With it your university finds you in its list. You can leave it out."),
        required=False,
        max_length=60,
    )
    agree = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        university: str,
        until: date,
        abroad: str = "",
        by_link: bool = False,
        agreed: bool = False,
        **kwargs: Any,
    ) -> None:
        """`abroad`: the country of a university that is. `agreed`: it may see the person already,
        and is not asked for again."""
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = _(
            "%(university)s sees my registration here and what became of it"
        ) % {"university": university}
        self.fields["agree"].help_text = _(
            "Your name, your student number, and whether you were verified and interviewed, "
            "agreed, were hired and arrived. It goes to this university only and ends on "
            "%(until)s. You can join without it, and take it back at any time."
        ) % {"until": date_format(until)}
        if abroad:
            where = _(
                "It is in %(country)s: law there may protect your data less than here, and a court "
                "or an authority there may ask for them."
            ) % {"country": abroad}
            self.fields["agree"].help_text = f"{self.fields['agree'].help_text} {where}"
        if by_link:
            del self.fields["student_number"]
        if agreed:
            del self.fields["agree"]


class RefuseForm(forms.Form):
    """Why somebody is not of the university."""

    why = forms.ChoiceField(
        label=_("Why are they not yours?"),
        help_text=_("They read this in their own language."),
        choices=[("", "–"), *NotOurs.choices],
    )
    reason = forms.CharField(
        label=_("What else should they know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, reads: str = "", **kwargs: Any) -> None:
        """`reads`: the languages of those who read it, in words."""
        super().__init__(*args, **kwargs)
        tell_language(self.fields["reason"], reads)
