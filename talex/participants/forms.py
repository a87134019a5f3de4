"""Forms of talents, organisations and delegates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core.countries import countries
from talex.participants.choices import (
    DEGREE_CHOICES,
    DELEGATE_ROLE_TEXTS,
    GENERAL_PURPOSES,
    DelegateRole,
    Mode,
    OrganisationKind,
)
from talex.participants.facts import Name
from talex.participants.identity import script_of
from talex.participants.models import Delegate, Organisation, Talent
from talex.participants.telephones import WithTelephone
from talex.participants.words import languages_typed, read_typed_languages
from talex.ui.forms import (
    CheckboxListField,
    DateField,
    RadioCards,
    TagsField,
    TimeField,
    TimeZoneField,
    TranslatedTextField,
    UnitField,
    WholeField,
    YearsField,
)


class LanguagesField(TagsField):
    """Languages with levels, typed in any of the three languages; clean: [{code, level}]."""

    def clean(self, value: Any) -> Any:
        return read_typed_languages(super().clean(value))


#: Never part of a name.
_BETWEEN = re.compile(r"[;；、\n]+")


def split_names(text: str) -> list[str]:
    """The ways a name is written, a line each or with ; between them, each once.

    A comma is part of a name (Müller, Hans), but not where the script changes (王伟, Wang Wei).
    """
    names: list[str] = []
    for part in _BETWEEN.split(text):
        whole = ""
        for piece in re.split(r"([,，])", part):
            known = script_of(whole) if whole.strip(" ,，") else ""
            if known and piece.strip(" ,，") and script_of(piece) != known:
                names.append(whole)
                whole = ""
            whole += piece
        names.append(whole)
    return list(dict.fromkeys(name for one in names if (name := one.strip(" \t\r,，"))))


class NamesInput(forms.Textarea):
    """A line a way of writing the name."""

    def __init__(self) -> None:
        super().__init__({"rows": 2, "autocomplete": "off"})

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(str(one) for one in value or [])

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        parts = [given] if isinstance(given, str) else given
        return list(dict.fromkeys(one for part in parts for one in split_names(str(part))))


NAMES_HELP = _(
    "Once in each script it is written in, a line each, for example 王伟 and Wang Wei. "
    "The first one is shown."
)


class NamesField(TagsField):
    """The ways a name is written; clean: `list[Name]`, the first one is shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = NamesInput()
        self.widget.is_required = self.required

    def clean(self, value: Any) -> Any:
        return [Name(text) for text in super().clean(value)]


class PersonForm(WithTelephone):
    """What a person is called and how they are reached."""

    names = NamesField(
        label=_("What is the name?"),
        help_text=NAMES_HELP,
        max_tags=20,
        required=False,
    )
    email = forms.EmailField(label=_("What is the e-mail address?"), required=False, max_length=254)
    phone = forms.CharField(
        label=_("What is the telephone number?"),
        help_text=_("With + and the country code."),
        required=False,
        max_length=40,
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write?"),
        choices=[("", "–"), *settings.LANGUAGES],
        required=False,
    )
    time_zone = TimeZoneField(label=_("Which time zone?"), optional=True)


class PresenceFields(forms.Form):
    """When and how somebody takes part in meetings."""

    mode = forms.ChoiceField(label=_("How do you take part?"), choices=Mode.choices, initial="both")
    local_from = TimeField(
        label=_("Meetings not before"),
        help_text=_("In your own time zone, for meetings online."),
        required=False,
    )
    local_until = TimeField(label=_("Meetings not after"), required=False)
    daily_max = UnitField(
        label=_("How many meetings a day at most?"),
        unit=_("meetings"),
        min_value=1,
        max_value=50,
        required=False,
    )


class TalentForm(PersonForm, PresenceFields):
    """A talent; everything may be left out."""

    degree_level = forms.ChoiceField(
        label=_("What is the highest degree?"), choices=[("", "–"), *DEGREE_CHOICES], required=False
    )
    institution = forms.CharField(label=_("Where was it obtained?"), required=False, max_length=200)
    disciplines = TagsField(label=_("In which disciplines?"), required=False)
    skills = TagsField(
        label=_("Which skills?"),
        help_text=_("One entry each, in any language."),
        required=False,
    )
    languages = LanguagesField(
        label=_("Which languages, and how well?"),
        help_text=_("One entry each, with a level from A1 to C2, for example German B2."),
        required=False,
    )
    experience_years = YearsField(
        label=_("How many years of work?"), min_value=0, max_value=80, required=False
    )
    current_position = forms.CharField(
        label=_("What is the present position?"), required=False, max_length=200
    )
    profile_text = forms.CharField(
        label=_("What else should organisations know?"),
        help_text=_(
            "Addresses, numbers and links in it are hidden from organisations until the contact is "
            "shared with them."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=100_000,
    )
    industry = forms.CharField(label=_("Which industry?"), required=False, max_length=100)
    region = forms.CharField(
        label=_("Where do you live?"),
        help_text=_("City or region and country."),
        required=False,
        max_length=100,
    )
    wished_regions = TagsField(label=_("Where would you like to work?"), required=False)
    wished_industries = TagsField(label=_("In which industries?"), required=False)
    available_from = DateField(label=_("Available from"), required=False)
    available_until = DateField(label=_("Available until"), required=False)
    consents = CheckboxListField(
        label=_("What do you agree to?"),
        help_text=_("You can change this at any time."),
        choices=GENERAL_PURPOSES,
        required=False,
    )
    correction = forms.BooleanField(
        label=_("Only the writing is mended: the papers that were checked show this"),
        help_text=_("Otherwise another name or degree is verified no longer, and checked again."),
        required=False,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    field_order = (
        "names", "email", "phone", "language", "region", "time_zone", "degree_level",
        "institution", "disciplines", "experience_years", "current_position", "industry", "skills",
        "languages", "profile_text", "wished_regions", "wished_industries", "available_from",
        "available_until", "mode", "local_from", "local_until", "daily_max", "consents",
        "correction", "version",
    )  # fmt: skip

    def __init__(
        self, *args: Any, new: bool = True, correcting: bool = False, **kwargs: Any
    ) -> None:
        """`correcting`: somebody is verified, and the reader may say that this still holds."""
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["consents"]
        if not correcting:
            del self.fields["correction"]


class OrganisationForm(forms.Form):
    """What an organisation says of itself."""

    name = TranslatedTextField(
        label=_("What is it called?"),
        help_text=_("In every language that it has a name in."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=OrganisationKind.choices
    )
    registration_number = forms.CharField(
        label=_("What is its registration number?"),
        help_text=_("Unified social credit code, commercial register, LEI. It tells two apart."),
        required=False,
        max_length=60,
    )
    country = forms.ChoiceField(
        label=_("In which country is it registered?"),
        help_text=_("Talents agree separately before organisations abroad are shown anything."),
        choices=lambda: [("", "–"), *countries()],
        required=False,
    )
    parent = forms.ChoiceField(label=_("To which organisation does it belong?"), required=False)
    region = forms.CharField(label=_("Where is it?"), required=False, max_length=100)
    address = forms.CharField(label=_("What is its address?"), required=False, max_length=400)
    industry = forms.CharField(
        label=_("Which industry is it in, first of all?"), required=False, max_length=100
    )
    industries = TagsField(label=_("Which other industries?"), required=False)
    website = forms.CharField(label=_("What is its website?"), required=False, max_length=300)
    size = forms.CharField(
        label=_("How many people work there?"),
        help_text=_("A number or a range, for example 200-500."),
        required=False,
        max_length=60,
    )
    founded = WholeField(label=_("In which year was it founded?"), required=False)
    description = TranslatedTextField(
        label=_("What does it do?"), multiline=True, required=False, max_length=20_000
    )
    mode = forms.ChoiceField(
        label=_("How does it take part?"), choices=Mode.choices, initial="both"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        parents: Any = (),
        new: bool = True,
        office: bool = True,
        country: str = "",
        named: bool = False,
        **kwargs: Any,
    ) -> None:
        """`country`: the one that is known; `named`: let in under its name. Only the office
        changes these then."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "–"), *parents]  # type: ignore[attr-defined]
        if not new:
            del self.fields["mode"]
        if not office:
            for name in ("kind", "registration_number", "parent"):
                del self.fields[name]
            if country:
                del self.fields["country"]
            if named:
                del self.fields["name"]


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What may the person do for the organisation?"),
        choices=DelegateRole.choices,
        widget=RadioCards(texts=DELEGATE_ROLE_TEXTS),
        initial=DelegateRole.RECRUITER,
    )


class DelegateRoleForm(forms.Form):
    """What a head decides of a colleague; all else is the colleague's own."""

    role = _role_field()


class DelegateForm(PersonForm, PresenceFields):
    """Somebody who acts for an organisation."""

    title = forms.CharField(
        label=_("What is the person's position there?"), required=False, max_length=200
    )
    role = _role_field()
    languages = LanguagesField(label=_("Which languages, and how well?"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    field_order = (
        "names", "title", "role", "email", "phone", "language", "time_zone", "languages", "mode",
        "local_from", "local_until", "daily_max", "version",
    )  # fmt: skip

    def __init__(
        self, *args: Any, new: bool = True, head: bool = True, address: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not address:
            del self.fields["email"]
        if not head:
            del self.fields["role"]
        elif not new:
            self.fields["role"].required = False
        if new:
            for name in ("local_from", "local_until"):
                del self.fields[name]


class ReasonForm(forms.Form):
    """Why a confirmed rung no longer holds."""

    reason = forms.CharField(
        label=_("Why does it no longer hold?"),
        help_text=_("The row stays; a new one says that it was withdrawn, and why."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


def initial(row: Talent | Delegate | Organisation, names: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record for the fields of its form."""
    found: dict[str, Any] = {}
    person = getattr(row, "person", None)
    for name in names:
        if name == "names" and person is not None:
            found[name] = [n.text for n in person.names.order_by("-is_primary", "text")]
        elif name == "languages":
            found[name] = languages_typed(row.languages)  # type: ignore[union-attr]
        elif name == "parent":
            found[name] = str(row.parent_id or "")  # type: ignore[union-attr]
        elif hasattr(row, name):
            found[name] = getattr(row, name)
        elif person is not None and hasattr(person, name):
            found[name] = getattr(person, name)
    return found
