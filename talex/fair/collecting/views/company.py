"""A company's own openings on their way."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.fair.choices import OpeningState
from talex.fair.collecting import lists, queries, services
from talex.fair.collecting.models import Stage, Submission
from talex.fair.collecting.services.submissions import UNDER_REVIEW
from talex.fair.collecting.standing import next_of
from talex.fair.models import Opening
from talex.fair.outside import closed_to, offers
from talex.fair.publishing.queries import published_in
from talex.ui.flash import flash

PAGE = 30


def _to_hand_in(opening: Opening, submission: Submission | None) -> bool:
    """What was returned, also of an open one, and what is not open and waits with nobody."""
    if submission is not None and submission.stage in UNDER_REVIEW:
        return False
    returned = submission is not None and submission.stage == Stage.RETURNED
    return returned or opening.state != OpeningState.OPEN


def mine(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Where each opening stands, what comes next, and why one came back."""
    actor, where = request.actor, request.edition
    if not queries.own_organisations(actor, where):
        raise NotAllowed
    free, reviewed = offers(actor, where), services.is_reviewed(where.pk)
    page = Paginator(queries.mine(actor, where), PAGE).get_page(request.GET.get("page"))
    listed = published_in(where, [one.pk for one in page])
    own = queries.with_reasons(page)
    # What is to be mended comes first on its page.
    own.sort(key=lambda one: one.submission is None or one.submission.stage != Stage.RETURNED)
    rows = [
        {
            "one": one,
            "barred": one.opening.organisation_id not in free,
            "may_hand_in": reviewed
            and one.opening.organisation_id in free
            and _to_hand_in(one.opening, one.submission),
            "look": lists.STAGES[one.submission.stage] if one.submission else "none",
            "next": next_of(one.submission) if one.submission else "",
            "version": listed.get(one.opening.pk),
        }
        for one in own
    ]
    return render(
        request,
        "fair/collecting/mine.html",
        {
            "page": page,
            "rows": rows,
            "outside": closed_to(actor, where),
            "may_add": bool(free),
            "reviewed": reviewed,
            "crumbs": [{"label": _("Where our openings stand")}],
        },
    )


@require_POST
def hand_in(request: EditionRequest, edition: str, opening: UUID) -> HttpResponseBase:
    """Hand a draft in."""
    services.hand_in(request.actor, request.edition, opening)
    flash(request, _("It is handed in. You are told as soon as it is decided."))
    return redirect("collecting:mine", edition=edition)


@require_POST
def take_back(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Take it back before it is decided."""
    services.take_back(request.actor, request.edition, pk)
    flash(request, _("It is taken back. What talents see has not changed."))
    return redirect("collecting:mine", edition=edition)
