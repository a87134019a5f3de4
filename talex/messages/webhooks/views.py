"""Webhooks: the office sets them up; auditors read what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.messages.webhooks import events, queries, rules, services
from talex.messages.webhooks.forms import EndpointForm
from talex.messages.webhooks.models import Endpoint, State
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form

LOOKS = {State.SENT: "ok", State.FAILED: "danger", State.QUEUED: "info", State.CLAIMED: "info"}


def _named(endpoint: Endpoint) -> dict[str, Any]:
    return {"edition": endpoint.edition.slug, "endpoint": endpoint.pk}


def _list(edition: str) -> dict[str, Any]:
    return {"label": _("Webhooks"), "url": reverse("webhooks:list", kwargs={"edition": edition})}


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All endpoints and how they fare."""
    if not rules.can_see_list(request.actor, request.edition.pk):
        raise NotAllowed
    return render(
        request,
        "messages/webhooks/list.html",
        {
            "rows": list(queries.endpoints(request.actor, request.edition)),
            "may_manage": rules.can_manage(request.actor, request.edition.pk),
            "crumbs": [{"label": _("Webhooks")}],
        },
    )


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Set one up."""
    if not rules.can_manage(request.actor, request.edition.pk):
        raise NotAllowed
    return service_form(
        request,
        EndpointForm(request.POST or None),
        lambda data, key: services.add_endpoint(
            request.actor,
            services.AddEndpoint(
                edition=request.edition.pk, **{**data, "events": tuple(data["events"])}
            ),
        ),
        success_url=lambda made: reverse("webhooks:endpoint", kwargs=_named(made)),
        success=_("Set up. Give the secret to the other side, then send a test."),
        context={
            "heading": _("Set up a webhook"),
            "submit_label": _("Set it up"),
            "cancel_url": _list(edition)["url"],
            "crumbs": [_list(edition), {"label": _("Set up a webhook")}],
        },
    )


def edit(request: EditionRequest, edition: str, endpoint: UUID) -> HttpResponseBase:
    """Another address, other events."""
    found = queries.endpoint(request.actor, request.edition, endpoint)
    if not rules.can_manage(request.actor, request.edition.pk):
        raise NotAllowed
    here = reverse("webhooks:endpoint", kwargs=_named(found))
    initial = {"url": found.url, "description": found.description, "events": found.events}
    return service_form(
        request,
        EndpointForm(request.POST or None, initial=initial),
        lambda data, key: services.edit_endpoint(
            request.actor,
            services.EditEndpoint(endpoint=found.pk, **{**data, "events": tuple(data["events"])}),
        ),
        success_url=here,
        success=_("Saved."),
        context={
            "heading": _("Edit the webhook"),
            "submit_label": _("Save"),
            "cancel_url": here,
            "crumbs": [_list(edition), {"label": found.host, "url": here}, {"label": _("Edit")}],
        },
    )


@never_cache
@require_safe
def page(request: EditionRequest, edition: str, endpoint: UUID) -> HttpResponse:
    """One endpoint: its secret, what it gets, what was sent."""
    found = queries.endpoint(request.actor, request.edition, endpoint)
    state = request.GET.get("state", "")
    here = reverse("webhooks:endpoint", kwargs=_named(found))
    log = Paginator(queries.deliveries(found, state), 25).get_page(request.GET.get("page"))
    return render(
        request,
        "messages/webhooks/endpoint.html",
        {
            "endpoint": found,
            "events": [events.title_of(name) for name in found.events],
            "page": log,
            "rows": [(row, events.title_of(row.event), LOOKS[State(row.state)]) for row in log],
            "tabs": [
                {
                    "label": label,
                    "url": f"{here}?state={value}" if value else here,
                    "current": state == value,
                }
                for value, label in [("", _("All")), *State.choices]
                if value != State.CLAIMED
            ],
            "may_manage": rules.can_manage(request.actor, request.edition.pk),
            "old_signs": len(found.secrets()) > 1,
            "crumbs": [_list(edition), {"label": found.host}],
        },
    )


@require_POST
def change(request: EditionRequest, edition: str, endpoint: UUID) -> HttpResponse:
    """Try it, switch it, renew its secret, send again."""
    found = queries.endpoint(request.actor, request.edition, endpoint)
    actor, pk = request.actor, found.pk
    acts: dict[str, tuple[Callable[[], object], Any]] = {
        "test": (lambda: services.send_test(actor, pk), _("The test is on its way.")),
        "on": (lambda: services.switch(actor, pk, on=True), _("Switched on.")),
        "off": (lambda: services.switch(actor, pk, on=False), _("Switched off.")),
        "rotate": (
            lambda: services.rotate_secret(actor, pk),
            _("There is a new secret. The old one signs as well for 24 hours."),
        ),
        "resend": (
            lambda: services.resend(actor, pk),
            _("What did not arrive is sent again."),
        ),
    }
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    call, said = acts[act]
    call()
    flash(request, said)
    return redirect_after(request, reverse("webhooks:endpoint", kwargs=_named(found)))


@require_POST
def remove(request: EditionRequest, edition: str, endpoint: UUID) -> HttpResponse:
    """It goes, with its log."""
    found = queries.endpoint(request.actor, request.edition, endpoint)
    services.remove_endpoint(request.actor, found.pk)
    flash(request, _("Removed."))
    return redirect_after(request, _list(edition)["url"])


@require_POST
def resend(request: EditionRequest, edition: str, endpoint: UUID, delivery: UUID) -> HttpResponse:
    """Send one once more."""
    found = queries.endpoint(request.actor, request.edition, endpoint)
    services.resend(request.actor, found.pk, delivery)
    flash(request, _("It is sent again."))
    return redirect_after(request, reverse("webhooks:endpoint", kwargs=_named(found)))
