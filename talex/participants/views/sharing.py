"""What a talent shares with whom, in one edition: seen, given and withdrawn on one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.participants import queries, services
from talex.participants.commands import SetConsents, ShareContact
from talex.participants.forms import ConsentForm, ShareForm
from talex.participants.looking.queries import seen_by
from talex.participants.looking.services import DAYS
from talex.participants.services.consents import current_consents, shared_with
from talex.participants.services.erasing import records_of
from talex.participants.views.own import own_talent
from talex.ui.forms import service_form


def _page(edition: Edition) -> str:
    return reverse("participants:own_consents", kwargs={"edition": edition.slug})


def consents(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Decide what is shared with whom; below it, what was given and withdrawn when."""
    talent = own_talent(request)
    names = queries.recipients(talent)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        initial={"purposes": current_consents(talent)},
        edition=request.edition,
    )
    return service_form(
        request,
        form,
        lambda data, key: services.set_consents(
            request.actor, SetConsents(talent=talent.pk, purposes=data["purposes"])
        ),
        success_url=_page(request.edition),
        success=_("Saved. It holds from now on, in every list and in every file made from now on."),
        template="participants/sharing.html",
        context={
            "heading": _("What is shared"),
            "submit_label": _("Save"),
            "cancel_url": reverse("participants:own", kwargs={"edition": edition}),
            "shares": [
                (one, [str(purpose.label) for purpose in purposes])
                for one, purposes in shared_with(talent)
            ],
            "history": [(one, names.get(one.recipient, "")) for one in queries.consents(talent)],
        },
    )


@require_safe
def seen(request: EditionRequest, edition: str) -> HttpResponse:
    """Who looked at one's data, when and how."""
    talent = own_talent(request)
    records = [one.pk for one in records_of(talent.person)]
    return render(
        request,
        "participants/seen.html",
        {"viewers": seen_by(records, request.edition.pk), "days": DAYS // 365},
    )


def share(
    request: EditionRequest, edition: str, organisation: UUID | None = None
) -> HttpResponseBase:
    """Share something with one organisation only, or no longer."""
    talent = own_talent(request)
    known = {one.pk: purposes for one, purposes in shared_with(talent)}
    rows = queries.organisations(request.actor, request.edition.pk).order_by("name_line", "pk")
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        edition=request.edition,
        organisation=next((row for row in rows if row.pk == organisation), None),
        organisations=[(str(one.pk), str(one.name)) for one in rows],
        initial={
            "organisation": str(organisation or ""),
            "purposes": [p.value for p in known.get(organisation, [])] if organisation else [],
        },
    )
    page = _page(request.edition)
    return service_form(
        request,
        form,
        lambda data, key: services.share_contact(
            request.actor,
            ShareContact(
                talent=talent.pk,
                organisation=UUID(data["organisation"]),
                share=bool(data["purposes"]),
                purposes=tuple(data["purposes"]),
            ),
        ),
        success_url=page,
        success=_("Saved. It holds from now on."),
        template="ui/form_page_public.html",
        context={
            "heading": _("Share with one organisation"),
            "submit_label": _("Save"),
            "cancel_url": page,
        },
    )
