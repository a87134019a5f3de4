"""Pages of editions for everybody: front page, colours, pictures, the sign-in of a rehearsal."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.auth import login
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from talex.accounts.actors import actor_for
from talex.accounts.http import ActorRequest
from talex.core.errors import NotFound
from talex.core.work import work
from talex.editions import colours, queries, rules
from talex.editions.http import EditionRequest
from talex.editions.models import EditionState
from talex.editions.next_steps import next_steps
from talex.editions.pictures import content_type
from talex.editions.sign_in_links import read_sign_in_link
from talex.ledger.services import record
from talex.ui.flash import flash


@require_safe
def landing(request: EditionRequest, edition: str) -> HttpResponse:
    """The front page of a conference: what, when, where, and what the reader can do next."""
    here = request.edition
    actor = request.actor
    roles = queries.roles_in(actor, here)
    return render(
        request,
        "editions/landing.html",
        {
            "edition": here,
            "roles": roles,
            "steps": next_steps(actor, here),
            "inside": bool(roles) or rules.is_office(actor, here.pk),
            "registering": here.state == EditionState.OPEN,
            "acts": bool(actor.organisations(here.pk, pending=True)),
        },
    )


@require_safe
def theme(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The colours of the edition, as tokens that win over the stylesheet's own."""
    css = colours.stylesheet(request.edition.accent)
    tag = f'"{hashlib.sha256(css.encode()).hexdigest()[:16]}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
def picture(request: EditionRequest, edition: str, which: str) -> HttpResponseBase:
    """The logo or the cover picture."""
    kept = getattr(request.edition, which)
    if not kept:
        raise Http404(_("There is no such picture."))
    try:
        opened = default_storage.open(kept.name)
    except FileNotFoundError as error:
        raise Http404(_("There is no such picture.")) from error
    response = FileResponse(opened, content_type=content_type(kept.name))
    # A new picture gets a new name, which stands in the address as `v`.
    response["Cache-Control"] = "private, max-age=86400"
    return response


@never_cache
@require_safe
def rehearsal_sign_in(request: ActorRequest, token: str) -> HttpResponse:
    """Sign in by a link of a rehearsal."""
    try:
        user, edition = read_sign_in_link(token)
    except NotFound as error:
        # Signing in would not help: the link itself is no good.
        raise Http404(str(error)) from error
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with work():
        record(
            "accounts.signed_in_by_rehearsal_link",
            actor=actor_for(user),
            edition=edition.pk,
            obj=user,
        )
    # The next page is in the language of who signed in, this answer still in that of the browser.
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    reads = "" if chosen else user.language
    with translation.override(reads or translation.get_language()):
        told = str(_("You are signed in as %(name)s.") % {"name": user})
    flash(request, told, state="info")
    return redirect("web:edition_home", edition=edition.slug)
