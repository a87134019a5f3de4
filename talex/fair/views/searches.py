"""Saved searches: the list with what is new, one of them, save, pause, delete, unsubscribe."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.fair import filtering, mails, queries_searches, searching, services
from talex.fair.choices import Side
from talex.fair.filtering import Wanted
from talex.fair.forms import sent
from talex.fair.forms_pages import SaveSearchForm
from talex.fair.models import SavedSearch
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.templatetags.ui_tags import colon

PAGE = 20


def _crumbs(request: EditionRequest, *last: dict[str, Any]) -> list[dict[str, Any]]:
    url = reverse("fair:searches", kwargs={"edition": request.edition.slug})
    return [{"label": _("Saved searches"), "url": url}, *last]


def search_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The reader's searches, each with what is new since the last look."""
    side = services.side_of(request.actor, request.edition)
    return render(
        request,
        "fair/searches.html",
        {
            "searches": queries_searches.overview(request.actor, request.edition),
            "side": side,
            "crumbs": [{"label": _("Saved searches")}],
        },
    )


def detail(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """What a search finds now, the new first marked; after this it is new no longer."""
    search = services.look(request.actor, request.edition, pk)
    found = queries_searches.hits(request.actor, search)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "fair/search.html",
        {
            "search": search,
            "page": page,
            "hits": list(page),
            "new": sum(one.is_new for one in found),
            "asked": _asked(request, Wanted.read(search.wanted), search.side),
            "list_url": queries_searches.list_url(search),
            "crumbs": _crumbs(request, {"label": search.name}),
        },
    )


def _asked(request: EditionRequest, wanted: Wanted, side: str) -> list[tuple[str, str]]:
    lines = searching.lines_for(request.actor, request.edition, side)
    return filtering.spoken(lines, wanted, side)


def save(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Give the words and filters of the address a name."""
    side = services.side_of(request.actor, request.edition)
    wanted = Wanted.read(request.GET)
    told = _asked(request, wanted, side)
    name = "fair:browse" if side == Side.TALENT else "fair:candidates"
    back = reverse(name, kwargs={"edition": edition})
    # A number alone says nothing: "Fit of at least 30".
    named = (f"{label} {value}" if value.isdigit() else value for label, value in told)
    suggested = " · ".join(named)[:80]

    def call(data: dict[str, Any], key: str) -> SavedSearch:
        command = services.SaveSearch(data["name"], wanted.params())
        return once(
            request.actor,
            key,
            command,
            lambda: services.save_search(request.actor, request.edition, command),
        )

    return service_form(
        request,
        SaveSearchForm(sent(request), initial={"name": suggested}),
        call,
        success_url=reverse("fair:searches", kwargs={"edition": edition}),
        success=_("The search is saved. You are told of new hits, at most once a day."),
        context={
            "heading": _("Save this search"),
            "intro": "; ".join(f"{colon(label)}{value}" for label, value in told),
            "submit_label": _("Save the search"),
            "cancel_url": f"{back}?{request.GET.urlencode()}",
            "crumbs": _crumbs(request, {"label": _("Save this search")}),
        },
    )


@require_POST
def pause(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """No more alerts of this search, or again."""
    paused = request.POST.get("resume") != "1"
    services.pause_search(request.actor, request.edition, pk, paused)
    flash(request, _("You get no more alerts of it.") if paused else _("You are told again."))
    return redirect("fair:searches", edition=edition)


@require_POST
def delete(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Delete a search."""
    services.delete_search(request.actor, request.edition, pk)
    flash(request, _("The search is deleted."))
    return redirect("fair:searches", edition=edition)


@require_POST
def alerts(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Look at all one's searches now."""
    services.start_alerts(request.actor, request.edition)
    flash(request, _("Your searches are looked at now; if there is news you get one mail."))
    return redirect("fair:searches", edition=edition)


@csrf_exempt  # A mail program posts here in one click (RFC 8058); the token is the proof.
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the alerts of a conference from the link in a mail, without signing in."""
    told = mails.read_token(token)
    edition = Edition.objects.filter(pk=told[1]).first() if told else None
    if told is None or edition is None:
        raise Http404
    if request.method == "POST":
        services.pause_all(*told)
    done = not queries_searches.alerts_on(*told)
    return render(request, "fair/unsubscribe.html", {"name": edition.name, "done": done})
