"""A talent beside an opening: of a proposal, of a request, or one's own profile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotFound
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import queries_beside, reasons, rules, services
from talex.fair.choices import Side
from talex.fair.looks import noted
from talex.fair.queries_beside import Pair
from talex.fair.views.proposals import talent_facts
from talex.fair.words import words_of


def _page(
    request: EditionRequest, sort: Any, pair: Pair, over: tuple[Any, str], **more: Any
) -> HttpResponseBase:
    slug = request.edition.slug
    noted(request.actor, request.edition, [(pair.talent, pair.opening.organisation_id)])
    return render(
        request,
        "fair/match.html",
        {
            "sort": sort,
            "pair": pair,
            "match": pair.match,
            "opening": pair.opening,
            "facts": talent_facts(pair.facts, words_of(request.edition)),
            "told": reasons.told(pair.match.reasons, words_of(request.edition), pair.side)
            if pair.match
            else [],
            "crumbs": [
                {"label": over[0], "url": reverse(over[1], kwargs={"edition": slug})},
                {"label": pair.opening.title},
            ],
            **more,
        },
    )


def match_page(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One proposal with everything that speaks for and against it."""
    try:
        pair = queries_beside.of_match(request.actor, request.edition, pk)
    except NotFound:
        return _renewed(request)
    over = {
        Side.TALENT.value: (_("For you"), "fair:for_you"),
        Side.EMPLOYER.value: (_("Candidates"), "fair:candidates"),
    }.get(pair.side, (_("Proposals"), "fair:matches"))
    may_decide = rules.can_match(request.actor, request.edition.pk)
    state = pair.match.state if pair.match else ""
    return _page(request, _("Proposal"), pair, over, may_decide=may_decide and state == "proposed")


def _renewed(request: EditionRequest) -> HttpResponseBase:
    """A proposal that is no more, or never was: whoever gets proposals finds those that stand."""
    slug = request.edition.slug
    if services.own_talent(request.actor, request.edition) is not None:
        over = _("For you"), "fair:for_you"
    elif request.actor.organisations(request.edition.pk):
        over = _("Candidates"), "fair:candidates"
    elif can_audit(request.actor, request.edition.pk):
        over = _("Proposals"), "fair:matches"
    else:
        raise NotFound
    url = reverse(over[1], kwargs={"edition": slug})
    heading = _("This proposal is not there any more")
    context = {"heading": heading, "back": url, "crumbs": [{"label": over[0], "url": url},
               {"label": heading}]}  # fmt: skip
    return render(request, "fair/renewed.html", context, status=404)


def opening_page(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """The reader's own profile beside an opening, proposed or not."""
    pair = queries_beside.of_opening(request.actor, request.edition, pk)
    return _page(request, _("Side by side"), pair, (_("Openings"), "fair:openings"))


def request_page(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """The two sides of a request to meet."""
    pair = queries_beside.of_request(request.actor, request.edition, pk)
    return _page(request, _("Request to meet"), pair, (_("Requests"), "fair:requests"))
