"""The list of a university: uploaded, looked at row by row, sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.participants.cohorts import queries, rules, services
from talex.participants.cohorts.forms import RollForm
from talex.participants.cohorts.models import Cohort
from talex.participants.cohorts.rolls import FAULTS
from talex.participants.cohorts.services import ReadRoll
from talex.participants.cohorts.views.cohorts import crumbs, url
from talex.participants.importing.notes import Note
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def upload(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponseBase:
    """Choose the file. Nobody is invited yet."""
    found = queries.cohort(request.actor, request.edition, cohort)
    if not rules.can_run(request.actor, found):
        raise NotAllowed
    return service_form(
        request,
        RollForm(
            request.POST or None,
            request.FILES or None,
            initial={"language": request.actor.language},
        ),
        lambda data, key: services.read_roll(request.actor, ReadRoll(cohort=found.pk, **data)),
        success_url=lambda draft: f"{url(request, 'roll', found)}{draft.pk}/",
        success=None,
        context={
            "heading": _("Invite graduates from a list"),
            "intro": _("You see every row with what is wrong in it before anybody gets a mail."),
            "submit_label": _("Read the list"),
            "cancel_url": url(request, "cohort", found),
            "crumbs": crumbs(request, found, _("Invite graduates from a list")),
        },
    )


def _decide(request: EditionRequest, cohort: Cohort, draft: UUID) -> None:
    if "discard" in request.POST:
        services.discard_roll(request.actor, cohort.pk, draft)
        flash(request, _("Given up; nobody was invited."), state="info")
        return
    count = services.invite_roll(request.actor, cohort.pk, draft)
    flash(
        request,
        ngettext(
            "%(count)s graduate is on the list. Who is not in the cohort yet gets a link.",
            "%(count)s graduates are on the list. Who is not in the cohort yet gets a link.",
            count,
        )
        % {"count": count},
    )


def check(request: EditionRequest, edition: str, cohort: UUID, draft: UUID) -> HttpResponse:
    """Every row with its faults; sending it invites those without."""
    found = queries.cohort(request.actor, request.edition, cohort)
    if request.method == "POST":
        try:
            _decide(request, found, draft)
        except NotFound as error:
            # The second click: the list is gone, and its end is told where the first one led.
            flash(request, str(error), state="info")
        return redirect_after(request, url(request, "cohort", found))
    roll = queries.roll_draft(request.actor, found, draft)
    rows = [
        {
            **row,
            "faults": [FAULTS[code] for code in row["faults"]],
            "notes": [Note.from_json(one).message for one in row["notes"]],
        }
        for row in roll.rows
    ]
    good = sum(not row["faults"] for row in rows)
    # Those with faults first: they are what there is to do.
    rows.sort(key=lambda row: (not row["faults"], row["number"]))
    return render(
        request,
        "participants/cohorts/check.html",
        {
            "cohort": found,
            "draft": roll,
            "rows": rows,
            "good": good,
            "bad": len(rows) - good,
            "crumbs": crumbs(request, found, _("Check the list")),
        },
    )
