"""Erasing a person, after naming what will be lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.participants import queries, rules, services
from talex.participants.commands import ErasePerson
from talex.participants.lists import shown_name
from talex.participants.models import Person
from talex.participants.receipts import CASE_DAYS
from talex.participants.services.erasing import account_ends, lost_by_erasing
from talex.ui.forms import service_form


class SureForm(forms.Form):
    """Somebody understood that it cannot be undone."""

    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))


def losses(person: Person) -> list[str]:
    """What will be gone, in words."""
    found = lost_by_erasing(person.pk)
    told = [
        ngettext("%(n)d form of the name", "%(n)d forms of the name", found["names"])
        % {"n": found["names"]}
        if found["names"]
        else "",
        str(_("e-mail address and telephone number")) if person.email or person.phone else "",
        ngettext(
            "the profile of %(n)d registration",
            "the profiles of %(n)d registrations",
            found["talents"],
        )
        % {"n": found["talents"]}
        if found["talents"]
        else "",
        ngettext("%(n)d role as a delegate", "%(n)d roles as a delegate", found["delegates"])
        % {"n": found["delegates"]}
        if found["delegates"]
        else "",
        ngettext(
            "what you told of %(n)d project",
            "what you told of %(n)d projects",
            found["projects"],
        )
        % {"n": found["projects"]}
        if found["projects"]
        else "",
        ngettext("%(n)d consent", "%(n)d consents", found["consents"]) % {"n": found["consents"]}
        if found["consents"]
        else "",
        str(_("everything personal in the record of changes")),
    ]
    return [text for text in told if text]


def erase(request: EditionRequest, edition: str, person: UUID) -> HttpResponseBase:
    """The office erases somebody who asked for it."""
    found = Person.objects.filter(pk=person, erased_at__isnull=True).first()
    if found is None or not _visible(request, found):
        raise NotFound
    if not rules.can_erase(request.actor, found):
        raise NotAllowed
    back = reverse(
        "participants:talents" if rules.can_open_talents(request.actor, request.edition.pk)
        else "participants:organisations",
        kwargs={"edition": edition},
    )  # fmt: skip
    return erase_form(request, found, back=back, after=back, own=False)


def _visible(request: EditionRequest, person: Person) -> bool:
    here = request.edition.pk
    return (
        queries.talents(request.actor, here).filter(person=person).exists()
        or queries.delegates(request.actor, here).filter(person=person).exists()
    )


def erase_form(
    request: EditionRequest,
    person: Person,
    *,
    back: str,
    after: str,
    own: bool,
    data_url: str = "",
) -> HttpResponseBase:
    """The page that names what is lost and asks for a tick."""

    def call(data: dict[str, Any], key: str) -> dict[str, int]:
        return services.erase_person(request.actor, ErasePerson(person=person.pk))

    name = shown_name(person.name)
    return service_form(
        request,
        SureForm(request.POST or None),
        call,
        success_url=after,
        success=_("Erased. Only coarse facts without a name are still counted in figures."),
        template="participants/erase_own.html" if own else "participants/erase.html",
        context={
            "heading": _("Erase my data") if own else _("Erase %(name)s") % {"name": name},
            "losses": losses(person),
            "account_ends": account_ends(person),
            "mail_days": settings.TALEX_MESSAGES_KEPT_DAYS,
            "own": own,
            "case_days": CASE_DAYS,
            "submit_label": _("Erase for ever"),
            "danger": True,
            "cancel_url": back,
            "data_url": ""
            if not own
            else data_url
            or reverse("participants:own_data", kwargs={"edition": request.edition.slug}),
        },
    )
