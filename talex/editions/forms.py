"""Forms of editions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.editions.models import DEFAULT_ACCENT
from talex.editions.roles import GRANTED
from talex.ui.forms import (
    CheckboxListField,
    DateField,
    FileField,
    TimeZoneField,
    TranslatedTextField,
)


class EditionForm(forms.Form):
    """What an edition says of itself."""

    name = TranslatedTextField(
        label=_("What is the conference called?"),
        help_text=_("In every language that you have it in."),
        max_length=200,
    )
    slug = forms.SlugField(
        label=_("What is its short name in addresses?"),
        help_text=_("Small letters, digits and hyphens, for example wuhan-2027."),
        max_length=60,
    )
    city = TranslatedTextField(
        label=_("In which city does it take place?"), required=False, max_length=100
    )
    starts_on = DateField(label=_("On which day does it begin?"))
    ends_on = DateField(label=_("On which day does it end?"))
    time_zone = TimeZoneField(label=_("Which time zone is the venue in?"), initial="Asia/Shanghai")
    languages = CheckboxListField(
        label=_("In which languages do you write to participants?"),
        choices=settings.LANGUAGES,
        initial=[code for code, _name in settings.LANGUAGES],
    )
    tagline = TranslatedTextField(
        label=_("What is it about, in one sentence?"), required=False, max_length=300
    )
    description = TranslatedTextField(
        label=_("What should visitors know?"),
        help_text=_("Shown on the front page of the conference."),
        required=False,
        multiline=True,
        max_length=20_000,
    )
    accent = forms.CharField(
        label=_("Which colour shall its pages have?"),
        initial=DEFAULT_ACCENT,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Dark enough for white text on it."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            del self.fields["revision"]
        else:
            # Addresses that were given to people keep working: the short name stays.
            del self.fields["slug"]


class PictureForm(forms.Form):
    """The logo or the cover picture."""

    file = FileField(
        label=_("Which picture?"),
        accept=".png,.jpg,.jpeg,.webp",
        help_text=_("PNG, JPEG or WebP, at most 5 MB."),
    )


class GrantForm(forms.Form):
    """A role for an address."""

    email = forms.EmailField(
        label=_("What is the person's e-mail address?"),
        help_text=_("Who has no account yet gets an invitation."),
    )
    role = forms.ChoiceField(
        label=_("Which role shall they have?"),
        choices=[(role.value, role.label) for role in GRANTED],
    )
    language = forms.ChoiceField(
        label=_("In which language shall the invitation be?"),
        choices=settings.LANGUAGES,
        help_text=_("Who has an account gets mail in the language chosen there."),
    )
