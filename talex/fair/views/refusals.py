"""Not for me, with why; what was said so, and taking it back; for the office the counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import privacy, queries, rules, services
from talex.fair import queries_refusals as told
from talex.fair.choices import RefusalReason, Side
from talex.fair.forms import sent
from talex.fair.forms_pages import RefuseForm
from talex.fair.models import Match
from talex.participants.models import Talent
from talex.ui.flash import flash
from talex.ui.forms import service_form

PAGE = 20


def _home(side: str) -> tuple[Any, str]:
    if side == Side.TALENT:
        return _("For you"), "fair:for_you"
    return _("Candidates"), "fair:candidates"


def _refuse(
    request: EditionRequest, opening: UUID, talent: Talent | None, heading: Any, intro: Any
) -> HttpResponseBase:
    side = Side.TALENT if talent is None else Side.EMPLOYER
    label, name = _home(side)
    back = reverse(name, kwargs={"edition": request.edition.slug})
    crumbs = [{"label": label, "url": back}, {"label": heading}]
    standing = told.standing(request.actor, request.edition, opening, talent)
    if standing is not None and request.method != "POST":
        context = {"heading": heading, "intro": intro, "refusal": standing, "back": back}
        return render(request, "fair/refused_already.html", {**context, "crumbs": crumbs})
    return service_form(
        request,
        RefuseForm(sent(request), side=side),
        lambda data, key: services.refuse(
            request.actor,
            request.edition,
            services.Refuse(opening, data["reason"], data["note"], talent.pk if talent else None),
        ),
        success_url=back,
        success=_("This pair is not proposed again. You can take it back under “Not for me”."),
        context={
            "heading": heading,
            "intro": intro,
            "submit_label": _("It is nothing for me"),
            "cancel_url": back,
            "crumbs": crumbs,
        },
    )


def refuse(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """A talent: this opening is nothing for me."""
    services.as_talent(request.actor, request.edition)
    opening = queries.opening(request.actor, request.edition, pk)
    heading = _("Not for me: %(title)s") % {"title": opening.title}
    return _refuse(request, pk, None, heading, opening.organisation.name)


def _own_candidate(request: EditionRequest, pk: UUID) -> Match:
    """A proposal of the reader's own organisation; another side's is not found."""
    found = queries.candidates(request.actor, request.edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    if found.opening.organisation_id not in request.actor.organisations(request.edition.pk):
        raise NotAllowed
    rules.check_speaks_for(request.actor, found.opening)
    return found


def refuse_candidate(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """A delegate: this candidate is nothing for the opening."""
    match = told.refused_proposal(request.actor, request.edition, pk)
    match = match or _own_candidate(request, pk)
    card = queries.cards(request.actor, request.edition, [match])[0]
    name = card.facts.get("name") or _("Talent %(sign)s") % {"sign": privacy.alias(match.talent)}
    heading = _("Not for us: %(name)s") % {"name": name}
    return _refuse(request, match.opening_id, match.talent, heading, match.opening.title)


@require_POST
def hide_candidate(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """A delegate does not want to see this candidate in the list."""
    match = _own_candidate(request, pk)
    services.hide(request.actor, request.edition, match.opening_id, talent_id=match.talent_id)
    flash(request, _("It is no longer in your list. You find it under “Not for me”."))
    return redirect("fair:candidates", edition=edition)


def refused(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What the reader said to be nothing for them, or hid; each can be taken back."""
    actor, where = request.actor, request.edition
    talent = services.own_talent(actor, where)
    if talent is None and not actor.organisations(where.pk):
        raise NotAllowed
    side = Side.TALENT if talent is not None else Side.EMPLOYER
    rows = told.refusals(actor, where).filter(side=side)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    label, name = _home(side)
    back = reverse(name, kwargs={"edition": edition})
    return render(
        request,
        "fair/refused.html",
        {
            "page": page,
            "rows": told.refused(actor, where, list(page)),
            "hidden": [
                (one, privacy.alias(one.talent)) for one in told.hidden(actor, where, side, talent)
            ],
            "side": side,
            "assisted": rules.assisted(actor, where.pk) if side == Side.EMPLOYER else set(),
            "crumbs": [{"label": label, "url": back}, {"label": _("Not for me")}],
        },
    )


@require_POST
def take_back(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """It may be proposed again."""
    try:
        services.take_refusal_back(request.actor, request.edition, pk)
        flash(request, _("It may be proposed again."))
    except NotFound:
        if not told.was_taken_back(request.actor, pk):
            raise
        flash(request, _("It does not stand under “Not for me” any more."))
    return redirect("fair:refused", edition=edition)


@require_POST
def show_candidate(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Show a hidden pair again; `pk` is the hiding."""
    services.show_again(request.actor, request.edition, pk)
    flash(request, _("It is shown to you again."))
    return redirect("fair:refused", edition=edition)


def reasons_page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The office: how often each reason was given, and what was written to it."""
    where = request.edition
    if not can_audit(request.actor, where.pk):
        raise NotAllowed
    counts = told.refusal_counts(where)
    rows = [
        (reason.label, counts[Side.TALENT].get(reason, 0), counts[Side.EMPLOYER].get(reason, 0))
        for reason in RefusalReason
    ]
    matches = reverse("fair:matches", kwargs={"edition": edition})
    return render(
        request,
        "fair/refusal_counts.html",
        {
            "rows": [row for row in rows if row[1] or row[2]],
            "notes": told.notes(where),
            "crumbs": [{"label": _("Proposals"), "url": matches}, {"label": _("Why not")}],
        },
    )
