"""A university's cohorts: listed, opened, edited, their code renewed, closed; how one fared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.participants.cohorts import queries, rules, services
from talex.participants.cohorts.forms import CohortForm
from talex.participants.cohorts.models import Cohort
from talex.participants.cohorts.services import CohortFacts, OpenCohort
from talex.participants.cohorts.services.confirming import is_verified
from talex.ui import charts
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def url(request: EditionRequest, name: str, cohort: Cohort) -> str:
    kwargs = {"edition": request.edition.slug, "cohort": cohort.pk}
    return reverse(f"cohorts:{name}", kwargs=kwargs)


def crumbs(request: EditionRequest, cohort: Cohort | None, last: Any) -> list[dict[str, Any]]:
    """Where one is."""
    listed = reverse("cohorts:list", kwargs={"edition": request.edition.slug})
    above = [{"label": _("Cohorts"), "url": listed}]
    if cohort is not None:
        above.append({"label": cohort.name, "url": url(request, "cohort", cohort)})
    return [*above, {"label": last}]


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The cohorts of one's university; for the office, of all."""
    may_open = bool(rules.universities(request.actor, request.edition))
    if not may_open and not can_audit(request.actor, request.edition.pk):
        raise NotAllowed(rules.why_none(request.actor, request.edition))
    rows = [(one, queries.results(one)) for one in queries.cohorts(request.actor, request.edition)]
    return render(
        request,
        "participants/cohorts/list.html",
        {"rows": rows, "may_open": may_open, "crumbs": [{"label": _("Cohorts")}]},
    )


def _facts(data: dict[str, Any]) -> CohortFacts:
    return CohortFacts(**{name: value for name, value in data.items() if name != "organisation"})


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Open a cohort."""
    universities = rules.universities(request.actor, request.edition)
    if not universities:
        raise NotAllowed(rules.why_none(request.actor, request.edition))
    return service_form(
        request,
        CohortForm(request.POST or None, universities=universities),
        lambda data, key: services.open_cohort(
            request.actor,
            OpenCohort(
                edition=request.edition.pk,
                organisation=UUID(data["organisation"]),
                facts=_facts(data),
            ),
        ),
        success_url=lambda made: url(request, "cohort", made),
        success=_("Opened. Give your graduates the code, or upload your list."),
        context={
            "heading": _("Open a cohort"),
            "submit_label": _("Open the cohort"),
            "cancel_url": reverse("cohorts:list", kwargs={"edition": edition}),
            "crumbs": crumbs(request, None, _("Open a cohort")),
        },
    )


def edit(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponseBase:
    """Change what is said of it."""
    found = queries.cohort(request.actor, request.edition, cohort)
    if not rules.can_run(request.actor, found):
        raise NotAllowed
    names = ("name", "degree_level", "year", "discipline", "expected", "closes_at")
    return service_form(
        request,
        CohortForm(request.POST or None, initial={name: getattr(found, name) for name in names}),
        lambda data, key: services.edit_cohort(request.actor, found.pk, _facts(data)),
        success_url=url(request, "cohort", found),
        success=_("Saved."),
        context={
            "heading": _("Edit the cohort"),
            "submit_label": _("Save"),
            "cancel_url": url(request, "cohort", found),
            "crumbs": crumbs(request, found, _("Edit")),
        },
    )


@require_safe
def page(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponse:
    """One cohort: its code, its list, and how it fared."""
    found = queries.cohort(request.actor, request.edition, cohort)
    told, own = queries.results(found), rules.is_university(request.actor, found)
    path = reverse("cohorts:join", kwargs={"edition": edition, "code": found.code})
    members = url(request, "members", found)
    return render(
        request,
        "participants/cohorts/cohort.html",
        {
            "cohort": found,
            "results": told,
            "own": own,
            "may_run": rules.can_run(request.actor, found),
            "join_url": settings.TALEX_URL + path,
            "invited": found.roll.count(),
            "verified": is_verified(found),
            "least": queries.LEAST,
            "chart": charts.Funnel(
                title=_("How your graduates fared") if own else _("How its graduates fared"),
                description=_("Those who agreed to be seen, each counted once a rung."),
                unit=_("persons"),
                bars=[
                    charts.Bar(one.rung.label, one.agreed, url=f"{members}?rung={one.rung.value}")
                    for one in told.rungs
                ],
            ),
            "crumbs": crumbs(request, None, found.name),
        },
    )


@require_POST
def renew(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponse:
    """A fresh code."""
    found = queries.cohort(request.actor, request.edition, cohort)
    services.renew_code(request.actor, found.pk)
    flash(request, _("Renewed. The former code no longer works."))
    return redirect_after(request, url(request, "cohort", found))


@require_POST
def close(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponse:
    """Nobody joins any more."""
    found = queries.cohort(request.actor, request.edition, cohort)
    services.close_cohort(request.actor, found.pk)
    flash(request, _("Closed. Its code and links no longer work."))
    return redirect_after(request, url(request, "cohort", found))
