"""How we write to you: the page of the account, and the link in each mail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from talex.accounts.http import ActorRequest
from talex.core.work import work
from talex.editions.models import Edition
from talex.messages import also, preferences, unsubscribing
from talex.messages.bounces import suppressing
from talex.messages.forms import PreferencesForm
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


@login_required
@never_cache
def preferences_page(request: ActorRequest) -> HttpResponseBase:
    """How each group of kinds is told, and in which language."""
    user = request.actor.user
    assert user is not None
    initial = {
        "language": request.actor.language,
        **preferences.chosen(user),
        "also": also.chosen(user),
    }
    form = PreferencesForm(request.POST or None, initial=initial, channels=also.channels_of(user))

    def call(data: dict[str, Any], key: str) -> None:
        with work():
            preferences.set_ways(
                request.actor,
                preferences.SetWays(
                    ways={group: data[group] for group in preferences.TITLES},
                    language=data["language"],
                ),
            )
            if "also" in data:
                also.choose(request.actor, data["also"])

    return service_form(
        request,
        form,
        call,
        success_url=reverse("messages:preferences"),
        success=_("Saved."),
        template="messages/preferences.html",
        context={
            "submit_label": _("Save"),
            "suppression": suppressing.of_account(user),
        },
    )


@login_required
@require_POST
def lift(request: ActorRequest) -> HttpResponse:
    """One's own address works again."""
    suppressing.lift(request.actor, suppressing.Lift(request.POST.get("address", "")))
    flash(request, _("We write to this address again."))
    return redirect_after(request, reverse("messages:preferences"))


@csrf_exempt  # A mail programme posts here in one click (RFC 8058); the token is the proof.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """No more mails of a group, without signing in; programmes that only look change nothing."""
    about = unsubscribing.read_token(token)
    if about is None or not preferences.TITLES.keys() >= set(about.groups):
        raise Http404
    if request.method == "POST":
        if request.POST.get("again"):
            preferences.subscribe_again(about)
        else:
            preferences.unsubscribe(about)
    edition = Edition.objects.filter(pk=about.edition).first() if about.edition else None
    return render(
        request,
        "messages/unsubscribe.html",
        {
            "groups": [preferences.TITLES[group] for group in about.groups],
            "edition": edition.name if edition else None,
            "done": not preferences.is_subscribed(about),
        },
    )
