"""What each side is proposed: openings for a talent, candidates for a delegate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import (
    coverage,
    filtering,
    queries,
    queries_refusals,
    reasons,
    rules,
    services,
    show,
)
from talex.fair.choices import Side
from talex.fair.looks import noted
from talex.fair.models import Match
from talex.fair.names import place_name
from talex.fair.outside import is_suspended, suspensions
from talex.fair.sparse import talent_says_little
from talex.fair.views.narrowing import narrow
from talex.fair.views.sides import not_let_in
from talex.fair.wording import worded
from talex.fair.words import Words, words_of
from talex.participants.choices import DEGREE_LABELS

PAGE = 12


def _page(
    request: EditionRequest, rows: QuerySet[Match], ids: list[UUID]
) -> tuple[Page[UUID], list[Match]]:
    """A page of ids, and its proposals in the same order."""
    page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    found = rows.in_bulk(list(page))
    return page, [found[pk] for pk in page if pk in found]


def for_you(request: EditionRequest, edition: str) -> HttpResponseBase:
    """A talent's proposals with their reasons."""
    actor, where = request.actor, request.edition
    talent = services.as_talent(actor, where)
    rows, words = queries.for_you(actor, where, talent), words_of(where)
    found = narrow(request, filtering.match_lines(rows, Side.TALENT, words), Side.TALENT)
    page, here = _page(request, rows, found.ids)
    cards = queries.cards(actor, where, here)
    return render(
        request,
        "fair/for_you.html",
        {
            **found.context,
            "page": page,
            "cards": [
                (
                    card,
                    reasons.told(card.match.reasons, words),
                    show.pay_line(card.match.opening),
                    queries.state_now(card.interest) if card.interest else "",
                )
                for card in cards
            ],
            # A saved search looks through all openings, which have no score before a proposal.
            "save": bool(found.wanted.without("minimum").without("opening").params()),
            "ran": queries.last_run(where),
            "full": not found.ids and coverage.is_full(where, talent),
            "over": services.conference_over(where),
            "outside": suspensions(actor, where),
            "shut": shut(request, cards, barred=is_suspended(where.pk, talent.person_id)),
            "refused": queries_refusals.set_aside(actor, where, Side.TALENT, talent),
            "little": talent_says_little(talent),
            "crumbs": [{"label": _("For you")}],
        },
    )


def shut(
    request: EditionRequest, cards: Sequence[queries.Card], *, barred: bool = False
) -> set[UUID]:
    """The openings that take no more requests, so that none is offered; of a talent who is
    suspended (`barred`) none does."""
    return {
        card.match.opening_id
        for card in cards
        if barred or not services.takes_requests(card.match.opening, request.edition)
    }


def talent_facts(facts: dict[str, Any], words: Words) -> list[tuple[Any, Any]]:
    """What may be seen of a talent, as labels and values."""
    pairs = [
        (_("Position"), worded(facts.get("current_position") or "", words)),
        (_("Institution"), facts.get("institution")),
        (_("Degree"), DEGREE_LABELS.get(facts.get("degree_level") or "")),
        (_("Disciplines"), ", ".join(worded(one, words) for one in facts.get("disciplines") or [])),
        (_("Skills"), ", ".join(worded(one, words) for one in (facts.get("skills") or [])[:12])),
        (_("Languages"), show.language_line(facts.get("languages") or [])),
        (_("Experience"), show.experience_line(facts.get("experience_years"))),
        (_("Wishes to work in"), ", ".join(map(place_name, facts.get("wished_regions") or []))),
        (_("E-mail"), facts.get("email")),
        (_("Telephone"), facts.get("phone")),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value]


def _headline(facts: dict[str, Any], words: Words) -> str:
    """Who it is in one line, of what may be seen."""
    pieces = [
        worded(facts.get("current_position") or "", words)
        or ", ".join(worded(one, words) for one in (facts.get("disciplines") or [])[:2]),
        facts.get("institution"),
        DEGREE_LABELS.get(facts.get("degree_level") or ""),
        show.experience_line(facts.get("experience_years")),
        show.language_line((facts.get("languages") or [])[:4]),
    ]
    return " · ".join(str(piece) for piece in pieces if piece)


def candidates(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Who was proposed to the reader's organisation."""
    actor, where = request.actor, request.edition
    own = bool(actor.organisations(where.pk))
    if not (own or can_audit(actor, where.pk)):
        waits = not_let_in(request, _("Candidates"))
        if waits is None:
            raise NotAllowed
        return waits
    rows, words = queries.candidates(actor, where), words_of(where)
    found = narrow(request, filtering.match_lines(rows, Side.EMPLOYER, words), Side.EMPLOYER)
    page, here = _page(request, rows, found.ids)
    shown = queries.cards(actor, where, here)
    noted(actor, where, [(one.talent, one.opening.organisation_id) for one in here])
    return render(
        request,
        "fair/candidates.html",
        {
            **found.context,
            "page": page,
            "cards": [
                (
                    card,
                    reasons.told(card.match.reasons, words, Side.EMPLOYER if own else ""),
                    talent_facts(card.facts, words),
                    _headline(card.facts, words),
                    queries.state_now(card.interest) if card.interest else "",
                )
                for card in shown
            ],
            "own": own,
            "assisted": rules.assisted(actor, where.pk),
            "save": own,
            "ran": queries.last_run(where),
            "over": services.conference_over(where),
            "shut": shut(request, shown),
            "refused": queries_refusals.set_aside(actor, where, Side.EMPLOYER, None) if own else 0,
            "crumbs": [{"label": _("Candidates")}],
        },
    )
