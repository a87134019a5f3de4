"""Pages of one's own account."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from talex.accounts import phones, queries, services, sessions
from talex.accounts.forms import ProfileForm, TokenForm
from talex.accounts.http import ActorRequest
from talex.accounts.models import ApiToken
from talex.core.errors import NotFound
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def profile(request: ActorRequest) -> HttpResponseBase:
    """Name, language and time zone."""
    user = queries.me(request.actor)
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = ProfileForm(request.POST or None, initial=initial)
    return service_form(
        request,
        form,
        lambda data, key: services.edit_profile(request.actor, services.EditProfile(**data)),
        success_url=reverse("accounts:profile"),
        success=_("Saved."),
        template="accounts/form.html",
        context={"heading": _("My profile"), "submit_label": _("Save")},
    )


@never_cache
def tokens(request: ActorRequest) -> HttpResponseBase:
    """Keys for programs. A new one is shown once, in the answer to the form that made it."""
    form = TokenForm(request.POST or None)
    context = {"tokens": queries.tokens(request.actor), "submit_label": _("Make the token")}
    queries.me(request.actor)

    def call(data: dict[str, object], key: str) -> HttpResponse:
        made, secret = services.make_token(
            request.actor,
            services.MakeToken(
                name=str(data["name"]),
                read_only=bool(data["read_only"]),
                days=data["days"] or None,  # type: ignore[arg-type]
            ),
        )
        return _tokens_page(request, made, secret)

    return service_form(request, form, call, template="accounts/tokens.html", context=context)


def _tokens_page(request: ActorRequest, made: ApiToken, secret: str) -> HttpResponse:
    return render(
        request,
        "accounts/tokens.html",
        {
            "tokens": queries.tokens(request.actor),
            "form": TokenForm(),
            "form_id": "form",
            "submit_label": _("Make the token"),
            "made": made,
            "secret": secret,
        },
    )


@require_POST
def revoke_token(request: ActorRequest, token: UUID) -> HttpResponse:
    """The token stops working."""
    queries.me(request.actor)
    gone = services.revoke_token(request.actor, token)
    flash(request, _("The token %(name)s no longer works.") % {"name": gone.name})
    return redirect_after(request, reverse("accounts:tokens"))


@never_cache
def sign_in(request: ActorRequest) -> HttpResponse:
    """The ways into one's account, and what is linked to it."""
    return render(
        request,
        "accounts/sign_in.html",
        {**queries.ways_in(request, request.actor), "here": reverse("accounts:sign_in")},
    )


@require_POST
def remove_phone(request: ActorRequest) -> HttpResponse:
    """The number no longer signs in."""
    phones.remove(request.actor)
    flash(request, _("The number is removed. It no longer signs in."))
    return redirect_after(request, reverse("accounts:sign_in"))


@never_cache
def session_list(request: ActorRequest) -> HttpResponse:
    """Where one is signed in; ends one session, or all others."""
    current = request.session.session_key
    if request.method == "POST":
        given = request.POST.get("session", "")
        if given:
            if not given.isdecimal():
                raise NotFound()
            sessions.end_session(request.actor, int(given))
            flash(request, _("Signed out there."))
        else:
            sessions.end_others(request.actor, current or "")
            flash(request, _("Signed out everywhere but here."))
        return redirect_after(request, reverse("usersessions_list"))
    found = sessions.sessions(request.actor, current)
    return render(request, "accounts/sessions.html", {"sessions": found})
