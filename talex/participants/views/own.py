"""What talents see and do themselves: register, profile, consents, own data, erase."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.editions.models import ConsentPurpose
from talex.participants import queries, services
from talex.participants.commands import CreateTalent, WithdrawTalent
from talex.participants.facts import TalentFacts
from talex.participants.forms import TalentForm
from talex.participants.models import Talent
from talex.participants.own_data import export_person
from talex.participants.pages import talent_facts, timeline_of
from talex.participants.services.consents import current_consents
from talex.participants.views.erasing import erase_form
from talex.participants.views.talents import data_file, edit_form
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def own_talent(request: EditionRequest) -> Talent:
    """The reader's own registration here."""
    if not request.actor.signed_in:
        raise NotAllowed
    found = queries.own_talent(request.actor, request.edition.pk)
    if found is None:
        raise NotAllowed(_("You are not registered as a talent at this conference."))
    return found


def _page(request: EditionRequest) -> str:
    return reverse("participants:own", kwargs={"edition": request.edition.slug})


def register(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Somebody signed in registers as a talent."""
    here, actor = request.edition, request.actor
    if actor.user is None:
        raise NotAllowed(_("Sign in first, so that the registration is yours."))
    if queries.own_talent(actor, here.pk) is not None:
        return redirect("participants:own", edition=edition)

    def call(data: dict[str, Any], key: str) -> Talent:
        data.pop("version")
        consents = data.pop("consents")
        command = CreateTalent(
            edition=here.pk, facts=TalentFacts(**data), consents=consents, own=True
        )
        return once(actor, key, command, lambda: services.create_talent(actor, command))

    form = TalentForm(
        request.POST or None,
        own=True,
        initial={
            "names": [actor.name] if actor.name and "@" not in actor.name else [],
            "language": actor.language,
            "time_zone": actor.time_zone,
            "consents": [],
        },
    )
    return service_form(
        request,
        form,
        call,
        success_url=_page(request),
        success=_("You are registered. Welcome!"),
        template="ui/form_page_public.html",
        context={
            "heading": _("Register as a talent"),
            "intro": _(
                "Everything may be left out and added later. "
                "The more you tell, the better the proposals."
            ),
            "submit_label": _("Register"),
            "cancel_url": reverse("editions:landing", kwargs={"edition": edition}),
        },
    )


@require_safe
def profile(request: EditionRequest, edition: str) -> HttpResponse:
    """One's own profile as others see it, and what one agreed to."""
    talent = own_talent(request)
    given = current_consents(talent)
    return render(
        request,
        "participants/own.html",
        {
            "talent": talent,
            "facts": talent_facts(request.actor, talent),
            "timeline": timeline_of(request.actor, talent),
            "purposes": [(label, value in given) for value, label in ConsentPurpose.choices],
        },
    )


def edit(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Edit one's own profile."""
    talent = own_talent(request)
    return edit_form(request, talent, _page(request), own=True, template="ui/form_page_public.html")


@require_POST
def withdraw(request: EditionRequest, edition: str) -> HttpResponse:
    """Not take part (any more), or again."""
    talent = own_talent(request)
    withdrawn = request.POST.get("withdrawn") == "1"
    services.withdraw_talent(request.actor, WithdrawTalent(talent=talent.pk, withdrawn=withdrawn))
    flash(
        request,
        _("You are no longer shown to organisations.") if withdrawn else _("You take part again."),
    )
    return redirect_after(request, _page(request))


@require_safe
def data(request: EditionRequest, edition: str) -> HttpResponse:
    """Everything Talex holds of oneself."""
    return data_file(export_person(request.actor, own_talent(request).person_id))


def erase(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Have oneself erased."""
    talent = own_talent(request)
    return erase_form(
        request,
        talent.person,
        back=_page(request),
        after=reverse("editions:landing", kwargs={"edition": edition}),
        own=True,
    )
