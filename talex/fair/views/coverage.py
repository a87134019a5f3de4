"""Coverage for the office: who has no proposal, who has too many, which openings nobody fits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.editions.http import EditionRequest
from talex.fair import congestion as jams
from talex.fair import coverage, coverage_lists, queries, rules
from talex.fair.show import language_line
from talex.ui.lists import list_view


def _may_run(request: EditionRequest) -> bool:
    return rules.can_match(request.actor, request.edition.pk)


def _crumbs(edition: str, *more: dict[str, Any]) -> list[dict[str, Any]]:
    url = reverse("fair:coverage", kwargs={"edition": edition})
    return [{"label": _("Coverage"), "url": url}, *more]


def _tabs(edition: str, current: str) -> list[dict[str, Any]]:
    pages = (
        ("coverage", _("Overview")),
        ("coverage_openings", _("Openings")),
        ("coverage_talents", _("Talents")),
        ("congestion", _("Congestion")),
    )
    return [
        {
            "label": label,
            "url": reverse(f"fair:{name}", kwargs={"edition": edition}),
            "current": name == current,
        }
        for name, label in pages
    ]


def _links(edition: str) -> dict[str, str]:
    talents = reverse("fair:coverage_talents", kwargs={"edition": edition})
    openings = reverse("fair:coverage_openings", kwargs={"edition": edition})
    return {
        "talents_none": f"{talents}?reached=no",
        "talents_crowded": f"{talents}?crowded=yes",
        "openings_none": f"{openings}?reached=no",
        "openings_nobody": f"{openings}?fits=no",
        "openings_pressed": f"{openings}?pressed=yes&sort=-pressure",
    }


@require_safe
def overview(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The numbers, each leading to its list."""
    told = coverage.summary(request.actor, request.edition)
    wanted = coverage.most_wanted(request.actor, request.edition).filter(wanted__gt=0, room__gt=0)[
        :10
    ]
    return render(
        request,
        "fair/coverage.html",
        {
            "crumbs": [{"label": _("Coverage")}],
            "tabs": _tabs(edition, "coverage"),
            "told": told,
            "why": [(key, coverage_lists.WHY[key], n) for key, n in told.why.items() if key],
            "wanted": wanted,
            "links": _links(edition),
            "run": queries.last_run(request.edition),
        },
    )


@require_safe
def congestion(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What is sought by far more than it can meet, and what to do."""
    return render(
        request,
        "fair/congestion.html",
        {
            "crumbs": _crumbs(edition, {"label": _("Congestion")}),
            "tabs": _tabs(edition, "congestion"),
            "told": jams.congested(request.actor, request.edition),
            "run": queries.last_run(request.edition),
        },
    )


def talents(request: EditionRequest, edition: str) -> HttpResponseBase:
    rows = coverage.talents(request.actor, request.edition)
    spec = coverage_lists.talents(
        request.edition, coverage.crowded(request.edition), may_run=_may_run(request)
    )
    return list_view(
        request,
        spec,
        rows,
        template="fair/coverage_list.html",
        context={
            "heading": _("Coverage of talents"),
            "crumbs": _crumbs(edition, {"label": _("Talents")}),
            "tabs": _tabs(edition, "coverage_talents"),
            "run": queries.last_run(request.edition),
        },
    )


def openings(request: EditionRequest, edition: str) -> HttpResponseBase:
    rows = coverage.openings(request.actor, request.edition)
    return list_view(
        request,
        coverage_lists.openings(request.edition, may_run=_may_run(request)),
        rows,
        template="fair/coverage_list.html",
        context={
            "heading": _("Coverage of openings"),
            "crumbs": _crumbs(edition, {"label": _("Openings")}),
            "tabs": _tabs(edition, "coverage_openings"),
            "run": queries.last_run(request.edition),
        },
    )


@require_safe
def opening(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Why one opening is reached or not: each requirement with whom it keeps out."""
    row = coverage.opening(request.actor, request.edition, pk)
    asked = {
        "degree": row.opening.get_degree_required_display(),
        "language": language_line(row.opening.languages),
        "ways": row.opening.get_mode_display(),
    }
    parts = reverse("fair:coverage_openings", kwargs={"edition": edition})
    return render(
        request,
        "fair/coverage_opening.html",
        {
            "crumbs": _crumbs(
                edition, {"label": _("Openings"), "url": parts}, {"label": row.opening.title}
            ),
            "row": row,
            "proposals_url": f"{reverse('fair:matches', kwargs={'edition': edition})}?opening={pk}",
            "why": coverage_lists.WHY.get(row.why, ""),
            "terms": [
                (term, coverage_lists.TERMS[term], asked.get(term, ""), count, alone)
                for term, count, alone in coverage_lists.excluding(row)
            ],
        },
    )


def excluded(request: EditionRequest, edition: str, pk: UUID, term: str) -> HttpResponseBase:
    """The talents whom one requirement keeps out."""
    if term not in coverage_lists.TERMS:
        raise Http404
    row = coverage.opening(request.actor, request.edition, pk)
    where = {"edition": edition}
    return list_view(
        request,
        coverage_lists.excluded(request.edition),
        coverage.excluded(request.actor, request.edition, pk, term),
        context={
            "heading": _("Kept out: %(term)s") % {"term": coverage_lists.TERMS[term]},
            "intro": row.opening.title,
            "crumbs": _crumbs(
                edition,
                {"label": _("Openings"), "url": reverse("fair:coverage_openings", kwargs=where)},
                {
                    "label": row.opening.title,
                    "url": reverse("fair:coverage_opening", kwargs={**where, "pk": pk}),
                },
                {"label": coverage_lists.TERMS[term]},
            ),
        },
    )
