"""The office's side of matching: run it, look at what it proposes, decide in bulk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from talex.core.errors import NotAllowed
from talex.core.ids import parse
from talex.core.jobs import cancel
from talex.core.models import Job
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import lists, queries, rules, services
from talex.fair.choices import MatchState
from talex.fair.forms import ApproveForm, RunForm, sent
from talex.fair.models import Match
from talex.fair.services.matches import JOB
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import list_view


def _audit(request: EditionRequest) -> None:
    if not can_audit(request.actor, request.edition.pk):
        raise NotAllowed


def latest_job(request: EditionRequest) -> Job | None:
    """The run of the matching that was asked for last."""
    return (
        Job.objects.filter(kind=JOB, edition_id=request.edition.pk).order_by("-created_at").first()
    )


def match_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    _audit(request)
    job = latest_job(request)
    rows = queries.matches(request.actor, request.edition)
    # The pages of coverage open the proposals of one talent or opening.
    crumbs: list[dict[str, Any]] = [{"label": _("Proposals")}]
    for key in ("talent", "opening"):
        if (asked := request.GET.get(key)) is not None:
            pk = parse(asked)
            rows = rows.filter(**{f"{key}_id": pk}) if pk else rows.none()
            one = rows.first()
            named = getattr(one, key) if one else _("No proposals yet")
            crumbs = [{"label": _("Proposals"), "url": request.path}, {"label": str(named)}]
    return list_view(
        request,
        lists.matches(request.edition),
        rows.defer(
            "talent__profile_text", "opening__description", "opening__source_text", "components"
        ),
        template="fair/matches.html",
        context={
            "heading": _("Proposals"),
            "crumbs": crumbs,
            "may_match": rules.can_match(request.actor, request.edition.pk),
            "job": job,
            "running": job is not None and not job.finished,
            "run": queries.last_run(request.edition),
        },
    )


def run(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Start the matching."""
    if not rules.can_match(request.actor, request.edition.pk):
        raise NotAllowed
    page = reverse("fair:matches", kwargs={"edition": edition})
    return service_form(
        request,
        RunForm(sent(request), initial={"per_talent": 4, "minimum": 0}),
        lambda data, key: services.start_matching(
            request.actor,
            request.edition,
            services.RunMatching(per_talent=data["per_talent"], minimum=data["minimum"]),
            key=key,
        ),
        success_url=page,
        success=_("The matching is running. You can go on working meanwhile."),
        context={
            "heading": _("Run the matching"),
            "intro": _("Proposals that nobody decided on are replaced; decided ones stay."),
            "submit_label": _("Run the matching"),
            "cancel_url": page,
            "crumbs": [{"label": _("Proposals"), "url": page}, {"label": _("Run the matching")}],
        },
    )


@require_GET
def progress(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The progress of the run, asked for each second by the page."""
    _audit(request)
    return render(request, "fair/_progress.html", {"job": latest_job(request)})


@require_POST
def stop(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Cancel the run."""
    if not rules.can_match(request.actor, request.edition.pk):
        raise NotAllowed
    cancel(request.actor, pk)
    flash(request, _("The matching stops at its next step. Nothing of it is kept."))
    return redirect("fair:matches", edition=edition)


def approve(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Approve everything above a score."""
    if not rules.can_match(request.actor, request.edition.pk):
        raise NotAllowed
    page = reverse("fair:matches", kwargs={"edition": edition})
    waiting = Match.objects.filter(edition=request.edition, state=MatchState.PROPOSED)
    steps = [
        (level / 10, waiting.filter(score__gte=level / 10).count()) for level in (8, 7, 6, 5, 4)
    ]
    return service_form(
        request,
        ApproveForm(sent(request), initial={"score": 0.6}),
        lambda data, key: services.approve_above(request.actor, request.edition, data["score"]),
        success_url=page,
        success=lists.told,
        template="fair/approve.html",
        context={
            "heading": _("Approve by score"),
            "submit_label": _("Approve"),
            "steps": steps,
            "cancel_url": page,
            "crumbs": [{"label": _("Proposals"), "url": page}, {"label": _("Approve by score")}],
        },
    )


@require_POST
def decide(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Approve or reject one proposal on its page."""
    if request.POST.get("decision") == "approve":
        flash(request, lists.told(services.approve_matches(request.actor, request.edition, [pk])))
    else:
        services.reject_matches(request.actor, request.edition, [pk])
        flash(request, _("The proposal is rejected. This pair is not proposed again."))
    return redirect("fair:match", edition=edition, pk=pk)
