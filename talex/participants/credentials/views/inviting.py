"""Colleagues: invited by link, listed, taken back; and the page that a link opens."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core.actor import load
from talex.core.errors import NotAllowed, NotFound
from talex.core.masking import part_of_address
from talex.core.zones import moment_told, own_zone
from talex.editions.http import EditionRequest
from talex.editions.mailing import on_its_way
from talex.participants import queries as people
from talex.participants.credentials import services
from talex.participants.credentials.forms import InviteForm
from talex.participants.credentials.models import DelegateInvitation
from talex.participants.credentials.services.inviting import Link, is_for, state_of_link
from talex.participants.rules import can_head
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def invitations(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """Invite a colleague; below, those who were invited."""
    found = people.organisation(request.actor, organisation, request.edition.pk)
    if not can_head(request.actor, request.edition.pk, found.pk):
        raise NotAllowed
    page = reverse(
        "participants:organisation", kwargs={"edition": edition, "organisation": found.pk}
    )
    return service_form(
        request,
        InviteForm(request.POST or None, initial={"language": request.actor.language}),
        lambda data, key: services.invite_colleague(
            request.actor,
            services.InviteColleague(edition=request.edition.pk, organisation=found.pk, **data),
        ),
        success_url=request.path,
        success=on_its_way(request.edition, _("The invitation is on its way.")),
        template="participants/credentials/invitations.html",
        context={
            "heading": _("Invite colleagues"),
            "intro": found.name,
            "submit_label": _("Send the invitation"),
            "rows": DelegateInvitation.objects.filter(
                organisation=found, edition=request.edition
            ).order_by("-created_at")[:100],
            "crumbs": [{"label": found.name, "url": page}, {"label": _("Invite colleagues")}],
        },
    )


@require_POST
def revoke(request: EditionRequest, edition: str, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    found = services.revoke_invitation(request.actor, invitation)
    flash(request, _("Taken back. The link no longer works."))
    back = reverse(
        "credentials:invitations",
        kwargs={"edition": edition, "organisation": found.organisation_id},
    )
    return redirect_after(request, back)


def invited(request: EditionRequest, edition: str, token: str) -> HttpResponseBase:
    """What a link opens: whoever it was sent to says yes, by a button and not by opening it.

    Who is signed in with another account is told so before any click, with the ways out.
    """
    state, found = state_of_link(request.actor, request.edition.pk, token)
    if found is None:
        raise NotFound(_("This link was used, taken back, or has expired. Ask for a new one."))
    if state != Link.WORKS:
        return _over(request, state, found)
    mine = is_for(request.actor, found)
    if request.method == "POST" and (mine or not request.actor.signed_in):
        try:
            services.accept_invitation(request.actor, token)
        except NotFound:
            # Another tab was faster; it is told as to who opens the link now.
            actor = load(request.actor.user)
            state, found = state_of_link(actor, request.edition.pk, token)
            if found is None:
                raise
            return _over(request, state, found)
        flash(request, _("You act for this organisation now."))
        return redirect_after(request, reverse("web:edition_home", kwargs={"edition": edition}))
    return render(
        request,
        "participants/credentials/invited.html",
        {
            "invitation": found,
            "heading": found.organisation.name,
            "is_for_me": mine,
            "address": part_of_address(found.email),
        },
        status=403 if request.actor.signed_in and not mine else 200,
    )


def _over(request: EditionRequest, state: Link, found: DelegateInvitation) -> HttpResponse:
    """What became of a link that no longer works, and where to go on."""
    if state == Link.OTHER:
        return render(request, "participants/credentials/invited_other.html", status=403)
    when = found.used_at or found.revoked_at or found.expires_at
    zone = own_zone(request.actor, request.edition.time_zone)
    return render(
        request,
        "participants/credentials/invited_before.html",
        {
            "state": state.value,
            "heading": found.organisation.name,
            "when": moment_told(when, zone),
            "home": reverse("web:edition_home", kwargs={"edition": request.edition.slug}),
        },
        status=200 if state == Link.IN else 410,
    )
