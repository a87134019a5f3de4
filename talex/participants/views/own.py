"""What talents see and do themselves: register, profile, consents, own data, erase."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.editions.models import ConsentPurpose
from talex.participants import agreements, queries, services
from talex.participants.abroad import abroad_of
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.commands import WithdrawTalent
from talex.participants.models import Talent
from talex.participants.own_data import export_person
from talex.participants.pages import talent_facts, timeline_of
from talex.participants.services.consents import current_consents
from talex.participants.views.erasing import erase_form
from talex.participants.views.talents import data_file
from talex.ui.flash import flash
from talex.ui.forms import redirect_after


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
            "purposes": [
                *((label, value in given) for value, label in GENERAL_PURPOSES),
                (ConsentPurpose.ABROAD.label, bool(abroad_of(talent).agreed)),
            ],
        },
    )


@require_safe
def edit(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Edit one's own profile: on the pages one registered on."""
    own_talent(request)
    return redirect("registering:begin", edition=edition, kind="talent")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: EditionRequest, edition: str) -> HttpResponse:
    """Not take part (any more), after what follows from it was read; or again, at once."""
    talent = own_talent(request)
    if request.method != "POST":
        return _leaving(request, talent)
    withdrawn = request.POST.get("withdrawn") == "1"
    services.withdraw_talent(request.actor, WithdrawTalent(talent=talent.pk, withdrawn=withdrawn))
    flash(
        request,
        _("You are no longer shown to organisations.") if withdrawn else _("You take part again."),
    )
    return redirect_after(request, _page(request))


def _leaving(request: EditionRequest, talent: Talent) -> HttpResponse:
    if talent.withdrawn_at is not None:
        return redirect(_page(request))
    return render(
        request,
        "participants/leave.html",
        {
            "placed": agreements.placed(request.edition.pk, talent.person_id),
            "waiting": agreements.waiting(request.edition.pk, talent.person_id),
            "back": _page(request),
            "crumbs": [
                {"label": _("My profile here"), "url": _page(request)},
                {"label": _("Do not take part any more")},
            ],
        },
    )


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
