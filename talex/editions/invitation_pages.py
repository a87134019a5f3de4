"""The page that an invitation's link opens, and the office's button that sends it again."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from talex.accounts.http import ActorRequest
from talex.core.errors import Conflict, Message, NotAllowed, NotFound
from talex.core.masking import part_of_address
from talex.editions import invitation_links, role_services, rules
from talex.editions.http import EditionRequest
from talex.editions.mailing import invited
from talex.ui.flash import flash
from talex.ui.forms import redirect_after


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: ActorRequest, token: str) -> HttpResponseBase:
    """GET shows what is offered and changes nothing; POST takes the role up."""
    try:
        found = invitation_links.read(token)
        if request.method == "POST" and request.actor.signed_in:
            grant = invitation_links.take_up(request.actor, token)
            role = grant.get_role_display()
            flash(request, _("You have the role “%(role)s” now.") % {"role": role})
            return redirect("web:edition_home", edition=grant.edition.slug)
    except NotFound as error:
        # Signing in would not help: the link itself is no good.
        raise Http404(str(error)) from error
    except Conflict as error:
        return _over(request, token, str(error))
    except NotAllowed as error:
        return _page(request, found, token, str(error), 403)
    other = request.actor.signed_in and not invitation_links.is_for(request.actor, found)
    return _page(request, found, token, status=403 if other else 200)


def _over(request: ActorRequest, token: str, refused: str) -> HttpResponse:
    """A link that no longer counts: who took it up is led on, another account learns nothing of
    it but that it is another's."""
    found = invitation_links.of_link(token)
    mine = found is not None and invitation_links.is_for(request.actor, found)
    if request.actor.signed_in and not mine:
        return _page(request, None, token, str(invitation_links.ANOTHERS), 403)
    if mine and found is not None and found.taken_up_at is not None:
        return render(request, "editions/invitation.html", {"done": found})
    return _page(request, None, token, refused, 409)


def _page(
    request: ActorRequest, found: object, token: str, refused: str = "", status: int = 200
) -> HttpResponse:
    here = reverse("editions:invitation", kwargs={"token": token})
    address = getattr(found, "email", "")
    mine = found is not None and invitation_links.is_for(request.actor, found)  # type: ignore[arg-type]
    context = {
        "invitation": found,
        "refused": refused,
        "is_for_me": mine,
        "address": part_of_address(address) if request.actor.signed_in and not mine else address,
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': here})}",
        "sign_up": f"{reverse('account_signup')}?{urlencode({'email': address, 'next': here})}",
    }
    response = render(request, "editions/invitation.html", context, status=status)
    # The address is a secret: it is told to no other site. ("no-referrer" would make browsers send
    # `Origin: null` with the form, which is refused.)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_POST
def send_again(request: EditionRequest, edition: str, invitation: UUID) -> HttpResponse:
    """A new link; the former one stops working."""
    if not rules.is_office(request.actor, request.edition.pk):
        raise NotAllowed()
    sent = role_services.invite_again(request.actor, invitation)
    told: Message = _("A new invitation to %(email)s is on its way.") % {"email": sent.email}
    flash(request, invited(sent) if request.edition.rehearsal else told)
    return redirect_after(request, reverse("editions:roles", kwargs={"edition": edition}))
