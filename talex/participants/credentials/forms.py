"""Forms of registration and verification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core.countries import countries
from talex.core.ids import parse
from talex.participants.choices import (
    DELEGATE_ROLE_TEXTS,
    DelegateRole,
    Mode,
    OrganisationKind,
)
from talex.participants.cleaners import Fault
from talex.participants.credentials.choices import PAPERS_OF, Reason, RefusalReason
from talex.participants.credentials.looked import mark_of
from talex.participants.credentials.models import Case
from talex.participants.credentials.numbers import NumberKind
from talex.participants.services.organisations import NO_WEBSITE, website
from talex.participants.telephones import telephone
from talex.ui.forms import DateField, FileField, RadioCards, TranslatedTextField


class NameStep(forms.Form):
    """What it is."""

    name = TranslatedTextField(
        label=_("What is the organisation called?"),
        help_text=_("As in the register; in other languages where it has a name there."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=OrganisationKind.choices
    )


class NumberStep(forms.Form):
    """How it is told from others."""

    country = forms.ChoiceField(label=_("Where is it registered?"), choices=countries)
    number_kind = forms.ChoiceField(
        label=_("Which number does it have?"), choices=NumberKind.choices, widget=RadioCards()
    )
    registration_number = forms.CharField(
        label=_("What is the number?"),
        help_text=_("It stands on the business licence or in the extract from the register."),
        max_length=60,
    )


class ContactStep(forms.Form):
    """Where it is, and who acts for it."""

    region = forms.CharField(label=_("In which city or region is it?"), max_length=100)
    address = forms.CharField(label=_("What is its address?"), required=False, max_length=400)
    website = forms.CharField(label=_("What is its website?"), required=False, max_length=300)
    person = forms.CharField(label=_("What are you called?"), max_length=200)
    title = forms.CharField(label=_("What is your position there?"), required=False, max_length=200)
    phone = forms.CharField(
        label=_("What is your telephone number?"),
        help_text=_(
            "With + and the country code, or as it is dialled in the organisation's country."
        ),
        required=False,
        max_length=40,
    )
    mode = forms.ChoiceField(
        label=_("How does it take part?"), choices=Mode.choices, initial="both"
    )

    def clean_website(self) -> str:
        """Checked here, where it can be mended, and not only when all is sent."""
        try:
            return website(self.cleaned_data["website"])
        except (ValueError, forms.ValidationError):
            raise forms.ValidationError(NO_WEBSITE) from None

    def clean_phone(self) -> str:
        """With the country code, for it is read abroad; without one, that of the organisation."""
        # Where no number was given the country is what the form proposed, not an answer.
        answered = self.initial.get("registration_number")
        country = str(self.initial.get("country") or "") if answered else ""
        try:
            return telephone(self.cleaned_data["phone"], country)
        except Fault as fault:
            raise forms.ValidationError(str(fault.message)) from None


class SendStep(forms.Form):
    """Nothing is asked any more; what was typed is looked at."""


class AskForm(forms.Form):
    """To be let in to an organisation that is known."""

    message = forms.CharField(
        label=_("What should those who answer know?"),
        help_text=_("For example your department, and who there knows you."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """Let somebody in."""

    role = forms.ChoiceField(
        label=_("What may the person do for the organisation?"),
        choices=DelegateRole.choices,
        widget=RadioCards(texts=DELEGATE_ROLE_TEXTS),
        initial=DelegateRole.RECRUITER,
    )


class DeclineForm(forms.Form):
    """Do not let somebody in."""

    reason = forms.CharField(
        label=_("Why do you decline?"),
        help_text=_("Who asks reads it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class InviteForm(forms.Form):
    """A colleague."""

    email = forms.EmailField(label=_("What is the e-mail address?"), max_length=254)
    role = forms.ChoiceField(
        label=_("What may the person do for the organisation?"),
        choices=DelegateRole.choices,
        widget=RadioCards(texts=DELEGATE_ROLE_TEXTS),
        initial=DelegateRole.RECRUITER,
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write?"),
        help_text=_("Where the address has an account here, in the language chosen there."),
        choices=settings.LANGUAGES,
    )


class PaperForm(forms.Form):
    """A document."""

    kind = forms.ChoiceField(label=_("What is the document?"))
    file = FileField(
        label=_("Photograph or file"),
        accept=".pdf,.jpg,.jpeg,.png,.webp,image/*",
        by_content=True,
        help_text=_("PDF, JPEG, PNG or WebP, at most 15 MB. Only the office sees it."),
    )

    def __init__(self, *args: Any, case_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in PAPERS_OF[case_kind]]


class AgainForm(forms.Form):
    """What was returned is handed in again."""

    answer = forms.CharField(
        label=_("Do you think it is right as it is?"),
        help_text=_("Then say why; whoever checks it next reads this. Else leave it empty."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MarksField(forms.CharField):
    """What was on the screen: the mark of each case (`looked.mark_of`), by its id."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=20_000)

    def clean(self, value: Any) -> dict[UUID, str]:
        """Pairs that are none are left out; the service asks for what is missing."""
        pairs = (pair.partition(":") for pair in str(super().clean(value)).split())
        return {pk: mark for typed, _colon, mark in pairs if (pk := parse(typed))}

    @staticmethod
    def typed(cases: Iterable[Case]) -> str:
        """The value for these cases as they are now."""
        return " ".join(f"{case.pk}:{mark_of(case)}" for case in cases)


class AcceptForm(forms.Form):
    """What was shown is right."""

    seen = MarksField()
    valid_until = DateField(
        label=_("Until which day does it hold?"),
        help_text=_("For a visa or a certificate that runs out; the rung is taken back then."),
        required=False,
    )
    note = forms.CharField(label=_("A word to whom it concerns"), required=False, max_length=1000)


class ReturnForm(forms.Form):
    """What was shown is not enough."""

    seen = MarksField()
    reason = forms.ChoiceField(label=_("Why is it returned?"))
    note = forms.CharField(
        label=_("What exactly should be mended?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, reads: str = "", unstated: bool = False, **kwargs: Any) -> None:
        """`unstated`: there is one among them whose degree is checked and that states none."""
        super().__init__(*args, **kwargs)
        tell_language(self.fields["note"], reads)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        offered = [one for one in Reason.choices if unstated or one[0] != Reason.NOT_STATED]
        field.choices = [("", "–"), *offered]


class RefuseForm(forms.Form):
    """An organisation is not let in at all."""

    reason = forms.ChoiceField(
        label=_("Why is it refused?"), choices=[("", "–"), *RefusalReason.choices]
    )
    note = forms.CharField(
        label=_("What should those who act for it know?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, reads: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tell_language(self.fields["note"], reads)


def tell_language(field: forms.Field, reads: str) -> None:
    """The reason is ours and told in the reader's language; these words go out as they are."""
    if reads:
        told = _("Sent as you write it. Those who read it use Talex in: %(languages)s.")
        field.help_text = told % {"languages": reads}
