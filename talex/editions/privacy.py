"""Who answers for the data of an edition: set by the office, named on every receipt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.countries import countries, country_name
from talex.core.errors import Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions import rules
from talex.editions.http import EditionRequest
from talex.editions.models import Edition, Privacy
from talex.ledger.services import record
from talex.ui.forms import UnitField, service_form

LONGEST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class SetPrivacy:
    """What receipts name, and for how many months after the conference consents hold."""

    edition: UUID
    controller: str = ""
    address: str = ""
    email: str = ""
    country: str = ""
    storage_country: str = ""
    consent_months: int = 12
    keep_months: int = 24


def set_privacy(actor: Actor, command: SetPrivacy) -> Privacy:
    """Keep it. Consents that were given before keep the term they were given with.

    Raises `NotFound`, `NotAllowed`, `Invalid`.
    """
    given = asdict(command)
    edition = Edition.objects.filter(pk=given.pop("edition")).first()
    if edition is None:
        raise NotFound
    if not rules.can_edit_edition(actor, edition):
        raise NotAllowed
    faults: dict[str, list[Message]] = {}
    for name, longest in (("controller", 200), ("address", 400), ("email", 254)):
        given[name] = str(given[name]).strip()
        if len(given[name]) > longest:
            faults[name] = [_("This is too long.")]
    if given["email"] and "email" not in faults:
        try:
            validate_email(given["email"])
        except ValidationError:
            faults["email"] = [_("This is no e-mail address.")]
    for name in ("country", "storage_country"):
        if given[name] and not country_name(given[name]):
            faults[name] = [_("Choose a country.")]
    for name in ("consent_months", "keep_months"):
        if not 1 <= given[name] <= LONGEST_MONTHS:
            faults[name] = [_("Between 1 and 120 months.")]
    if faults:
        raise Invalid(faults)
    with work():
        row, _made = Privacy.objects.update_or_create(edition=edition, defaults=given)
        # The contact may be somebody's name: only the settings are facts.
        settings = ("country", "storage_country", "consent_months", "keep_months")
        coarse = {name: given[name] for name in settings}
        record("editions.privacy_set", actor=actor, edition=edition.pk, obj=edition, facts=coarse)
    return row


class PrivacyForm(forms.Form):
    """The same as a form."""

    controller = forms.CharField(
        label=_("Who answers for the data?"),
        help_text=_("The organiser's full name; people read it on every receipt."),
        max_length=200,
    )
    address = forms.CharField(label=_("What is the address?"), max_length=400, required=False)
    email = forms.EmailField(label=_("To which e-mail address do people write about their data?"))
    country = forms.ChoiceField(label=_("In which country is the organiser?"))
    storage_country = forms.ChoiceField(
        label=_("In which country does the server stand?"), required=False
    )
    consent_months = UnitField(
        label=_("How long after the conference do consents hold?"),
        unit=_("months"),
        initial=12,
        min_value=1,
        max_value=LONGEST_MONTHS,
        help_text=_("Holds for consents that are given from now on."),
    )
    keep_months = UnitField(
        label=_("How long after the conference are talents' data kept?"),
        unit=_("months"),
        initial=24,
        min_value=1,
        max_value=LONGEST_MONTHS,
        help_text=_("Then they are erased by themselves; people are told 30 days before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("country", "storage_country"):
            self.fields[name].choices = [("", "–"), *countries()]  # type: ignore[attr-defined]


def page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The office says who answers for the data."""
    here = request.edition
    if not rules.can_edit_edition(request.actor, here):
        raise NotAllowed
    found = Privacy.objects.filter(edition=here).first()
    initial = {name: getattr(found, name) for name in PrivacyForm.base_fields} if found else {}
    return service_form(
        request,
        PrivacyForm(request.POST or None, initial=initial),
        lambda data, key: set_privacy(request.actor, SetPrivacy(edition=here.pk, **data)),
        success_url=request.path,
        success=_("Saved."),
        context={
            "heading": _("Who answers for the data"),
            "submit_label": _("Save"),
            "cancel_url": reverse("editions:edit", kwargs={"edition": edition}),
        },
    )
