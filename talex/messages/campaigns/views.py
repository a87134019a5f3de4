"""Campaigns: written by the office, approved by a second person, followed while they go out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.editions.http import EditionRequest
from talex.messages.campaigns import lists, placeholders, queries, rules, services, trying
from talex.messages.campaigns.forms import CampaignForm
from talex.messages.campaigns.listing import people_list
from talex.messages.campaigns.models import Campaign, State, Wording
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form
from talex.ui.lists import list_view

LOOKS = {
    State.DRAFT: "none",
    State.SUBMITTED: "warning",
    State.RUNNING: "info",
    State.PAUSED: "warning",
    State.STOPPED: "danger",
    State.DONE: "ok",
}


def named(campaign: Campaign) -> dict[str, Any]:
    return {"edition": campaign.edition.slug, "campaign": campaign.pk}


def _page(campaign: Campaign) -> str:
    return reverse("campaigns:campaign", kwargs=named(campaign))


def crumb(edition: str) -> dict[str, Any]:
    return {"label": _("Campaigns"), "url": reverse("campaigns:list", kwargs={"edition": edition})}


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All campaigns."""
    rows = queries.campaigns(request.actor, request.edition)
    has_texts = queries.templates(request.actor, request.edition).exists()
    return render(
        request,
        "messages/campaigns/list.html",
        {
            "rows": [(one, LOOKS[State(one.state)], lists.audience_of(one).title) for one in rows],
            "has_texts": has_texts,
            "may_write": rules.can_write(request.actor, request.edition.pk),
            "crumbs": [{"label": _("Campaigns")}],
        },
    )


def _plan(data: dict[str, Any], filters: dict[str, str]) -> services.Plan:
    return services.Plan(
        name=data["name"],
        template=UUID(data["template"]),
        audience=data["audience"],
        filters=filters,
        per_minute=data["per_minute"],
        not_before=data["not_before"],
    )


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Begin one."""
    if not rules.can_write(request.actor, request.edition.pk):
        raise NotAllowed
    initial = {"template": request.GET.get("text", ""), "audience": "talents"}
    return service_form(
        request,
        CampaignForm(request.edition, request.POST or None, initial=initial),
        lambda data, key: services.add_campaign(request.actor, request.edition.pk, _plan(data, {})),
        success_url=lambda made: reverse("campaigns:audience", kwargs=named(made)),
        success=_("Saved. Now say whom it goes to."),
        context={
            "heading": _("Write a campaign"),
            "submit_label": _("Go on"),
            "cancel_url": crumb(edition)["url"],
            "crumbs": [crumb(edition), {"label": _("Write a campaign")}],
        },
    )


def edit(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponseBase:
    """Change a draft."""
    found = _draft(request, campaign)
    initial = {
        "name": found.name,
        "template": str(found.template_id),
        "audience": found.audience,
        "per_minute": found.per_minute,
        "not_before": found.not_before,
        "revision": found.revision,
    }

    def save(data: dict[str, Any], key: str) -> Campaign:
        kept = dict(found.filters) if data["audience"] == found.audience else {}
        return services.edit_campaign(
            request.actor, found.pk, _plan(data, kept), data["revision"] or found.revision
        )

    return service_form(
        request,
        CampaignForm(request.edition, request.POST or None, initial=initial, keep=found.template),
        save,
        success_url=_page(found),
        success=_("Saved."),
        context={
            "heading": _("Edit the campaign"),
            "submit_label": _("Save"),
            "cancel_url": _page(found),
            "crumbs": [
                crumb(edition),
                {"label": found.name, "url": _page(found)},
                {"label": _("Edit")},
            ],
        },
    )


def _draft(request: EditionRequest, pk: UUID) -> Campaign:
    found = queries.campaign(request.actor, request.edition, pk)
    if not rules.can_write(request.actor, request.edition.pk):
        raise NotAllowed
    if found.state != State.DRAFT:
        raise Conflict(services.state_told(found))
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponseBase:
    """Narrow the group down: a GET counts, a POST keeps what was asked."""
    found = _draft(request, campaign)
    group = lists.audience_of(found)
    asked = {**found.filters}
    if "counted" in request.GET:
        asked = group.cleaned(request.edition, request.GET)
    if "counted" in request.POST:
        shown = {**group.cleaned(request.edition, request.POST), "counted": "1"}
        return redirect_after(request, f"{request.path}?{urlencode(shown)}")
    if request.method == "POST":
        plan = services.Plan(
            found.name,
            found.template_id,
            found.audience,
            group.cleaned(request.edition, request.POST),
            found.per_minute,
            found.not_before,
        )
        revision = request.POST.get("revision", "")
        try:
            services.edit_campaign(
                request.actor,
                found.pk,
                plan,
                int(revision) if revision.isdecimal() else found.revision,
            )
        except Conflict as error:
            flash(request, str(error), state="danger")
            return redirect_after(request, request.get_full_path())
        flash(request, _("Saved."))
        return redirect_after(request, _page(found))
    found.filters = asked
    return render(
        request,
        "messages/campaigns/audience.html",
        {
            "campaign": found,
            "title": group.title,
            "filters": group.shown(request.edition, asked),
            "prospect": queries.prospect(found),
            "crumbs": [
                crumb(edition),
                {"label": found.name, "url": _page(found)},
                {"label": _("To whom")},
            ],
        },
    )


@never_cache
@require_safe
def page(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponseBase:
    """One campaign: its text as a reader gets it, its list, how far it is."""
    found = queries.campaign(request.actor, request.edition, campaign)
    group = lists.audience_of(found)
    wording = found.wording or queries.wording(found.template)
    draft = found.state == State.DRAFT
    words = (request.GET.get("q") or "").strip()[:100]
    readers = trying.readers(request.actor, request.edition, words, group, found.filters)
    chosen = holder_asked(request)
    may_write = rules.can_write(request.actor, request.edition.pk)
    return render(
        request,
        "messages/campaigns/campaign.html",
        {
            "campaign": found,
            "look": LOOKS[State(found.state)],
            "audience": group.title,
            "said": group.said(request.edition, found.filters),
            "wording": wording,
            "parts": parts(wording),
            "passed": queries.has_passed(found),
            "still_sent": services.STILL_SENT if services.is_still_sent(found) else "",
            "unfit": not placeholders.fits(wording, found.audience),
            "prospect": queries.prospect(found),
            "tally": [] if draft else queries.tally(found),
            "readers": readers,
            "words": words,
            "chosen": chosen,
            "preview": trying.preview(request.actor, request.edition, wording, chosen)
            if chosen
            else None,
            "may_write": may_write,
            "may_approve": found.state == State.SUBMITTED
            and rules.can_approve(request.actor, found),
            "mine": request.actor.user in found.hands(),
            "crumbs": [crumb(edition), {"label": found.name}],
        },
    )


def parts(wording: Wording) -> list[tuple[Any, str, str, str]]:
    """(name of the language, its code, subject, text) of each language it is written in."""
    return [
        (name, code, wording.subject.best(code)[0], wording.text[code].text)
        for code, name in settings.LANGUAGES
        if code in set(wording.text)
    ]


def holder_asked(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("to") or request.GET.get("to") or "")
    except ValueError:
        return None


def people(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponseBase:
    """The list of a campaign, with what became of each."""
    found = queries.campaign(request.actor, request.edition, campaign)
    crumbs = [crumb(edition), {"label": found.name, "url": _page(found)}, {"label": _("List")}]
    return list_view(
        request,
        people_list(request, found),
        queries.addressees(request.actor, found),
        context={"heading": _("List of “%(name)s”") % {"name": found.name}, "crumbs": crumbs},
    )


@require_POST
def change(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponse:
    """Try it, submit it, approve it, stop it."""
    found = queries.campaign(request.actor, request.edition, campaign)
    actor, pk = request.actor, found.pk
    sent = request.POST.get("revision", "")
    revision = int(sent) if sent.isdecimal() else found.revision
    note = request.POST.get("note", "")
    acts: dict[str, tuple[Callable[[], object], Any]] = {
        "submit": (
            lambda: services.submit(actor, pk, revision),
            _("Submitted. The others of the office are told; one of them approves it."),
        ),
        "back": (lambda: services.give_back(actor, pk, note), _("It can be changed again.")),
        "approve": (lambda: services.approve(actor, pk, revision), _("Approved. It goes out.")),
        "pause": (lambda: services.pause(actor, pk), _("Paused. Nothing more goes out.")),
        "resume": (lambda: services.resume(actor, pk), _("It goes on.")),
        "stop": (lambda: services.stop(actor, pk), _("Stopped for good.")),
        "test": (lambda: _test(request, found), ""),
    }
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    call, said = acts[act]
    try:
        result = call()
    except (Conflict, Invalid) as error:
        flash(request, _why(error), state="danger")
    else:
        flash(request, said or result)
    return redirect_after(request, _page(found))


def _why(error: Conflict | Invalid) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(one) for many in error.fields.values() for one in many)
    return str(error)


def _test(request: EditionRequest, found: Campaign) -> str:
    wording = found.wording or queries.wording(found.template)
    return tested(request, trying.send_test(
        request.actor, request.edition, wording, holder_asked(request)
    ))  # fmt: skip


def tested(request: EditionRequest, languages: list[str]) -> str:
    """What to tell who tried a text."""
    count = len(languages)
    return ngettext(
        "%(count)s test is on its way to you.", "%(count)s tests are on their way to you.", count
    ) % {"count": number_format(count)}


@require_POST
def remove(request: EditionRequest, edition: str, campaign: UUID) -> HttpResponse:
    """Throw a draft away."""
    found = queries.campaign(request.actor, request.edition, campaign)
    services.remove_campaign(request.actor, found.pk)
    flash(request, _("Removed."))
    return redirect_after(request, crumb(edition)["url"])
