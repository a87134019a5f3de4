"""My applications for a talent, the board for a delegate, shortlists, and the office's limits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import privacy, queries, rules, services
from talex.fair import queries_applications as told
from talex.fair.choices import InterestState, Side
from talex.fair.forms import InviteForm, sent
from talex.fair.forms_applying import LimitsForm, ShortlistForm
from talex.fair.looks import noted
from talex.fair.models import Opening
from talex.fair.outside import suspensions
from talex.fair.services import quotas
from talex.fair.stages import Stage
from talex.fair.views.sides import after_answer, not_let_in, told_answer
from talex.participants.models import Talent
from talex.ui.flash import flash, flash_done
from talex.ui.forms import service_form

PAGE = 50


def board(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Where each application stands and what comes next, for both sides."""
    actor, where = request.actor, request.edition
    own = services.read_as(actor, where)
    organisations = actor.organisations(where.pk)
    if own is None and not organisations:
        if can_audit(actor, where.pk):
            return redirect("fair:requests", edition=edition)
        waits = not_let_in(request, _("Applications"))
        if waits is None:
            raise NotAllowed
        return waits
    side = Side.TALENT if own is not None else Side.EMPLOYER
    opening = parse(request.GET.get("opening", ""))
    every = told.applications(actor, where, side, opening=opening)
    counts = told.counted(every)
    stage = request.GET.get("stage", "")
    stage = stage if stage in Stage.values else ""
    shown = [one for one in every if (one.stage == stage if stage else one.stage != Stage.OVER)]
    about = f"&opening={opening}" if opening else ""
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    noted(actor, where, [(one.talent, one.opening.organisation_id) for one in page])
    return render(
        request,
        "fair/applications.html",
        {
            "outside": suspensions(actor, where),
            "side": side,
            "assisted": _assisted(request, side),
            "page": page,
            "stage": stage,
            "every": len(every),
            "rooms": told.rooms(actor, where, side, own),
            "opening": opening,
            "openings": _openings(request) if side == Side.EMPLOYER else [],
            "tabs": [
                {
                    "label": pgettext("applications", "Running"),
                    "url": f"?stage={about}",
                    "current": not stage,
                    "count": len(every) - counts[Stage.OVER],
                },
                *[
                    {
                        "label": one.label,
                        "url": f"?stage={one.value}{about}",
                        "current": one.value == stage,
                        "count": counts[one.value],
                    }
                    for one in Stage
                ],
            ],
            "crumbs": [{"label": _heading(side)}],
            "heading": _heading(side),
        },
    )


def _assisted(request: EditionRequest, side: str) -> set[UUID]:
    return rules.assisted(request.actor, request.edition.pk) if side == Side.EMPLOYER else set()


def _heading(side: str) -> Any:
    return _("My applications") if side == Side.TALENT else _("Applications")


def _openings(request: EditionRequest) -> list[tuple[UUID, Any]]:
    rows = Opening.objects.filter(
        edition=request.edition,
        organisation_id__in=request.actor.organisations(request.edition.pk),
    )
    rows = rows.order_by("title_line", "id").only("id", "title", "state", "last_open")
    return [(one.pk, one.shown_title) for one in rows]


def _pair(request: EditionRequest, pk: UUID, talent: UUID) -> tuple[Opening, Talent, str]:
    """An opening of the reader's own side, a talent they may approach, and what they call them."""
    opening = queries.opening(request.actor, request.edition, pk)
    rules.check_speaks_for(request.actor, opening)
    found = (
        Talent.objects.select_related("person")
        .filter(edition=request.edition, pk=talent, erased_at__isnull=True)
        .filter(merged_into__isnull=True)
        .first()
    )
    if found is None or not rules.can_approach(request.actor, opening, found):
        raise NotFound
    seen = queries.faces(request.actor, request.edition, [(found, opening.organisation_id)])
    name = seen[found.pk, opening.organisation_id].get("name")
    return opening, found, name or str(_("Talent %(sign)s") % {"sign": privacy.alias(found)})


def _board(request: EditionRequest) -> str:
    return reverse("fair:applications", kwargs={"edition": request.edition.slug})


def shortlist(request: EditionRequest, edition: str, pk: UUID, talent: UUID) -> HttpResponseBase:
    """Keep a talent in mind, with or without their knowing."""
    opening, found, name = _pair(request, pk, talent)
    return service_form(
        request,
        ShortlistForm(sent(request), initial={"told": "no"}),
        lambda data, key: services.shortlist(
            request.actor,
            request.edition,
            services.Shortlist(opening.pk, found.pk, data["told"] == "yes", data["note"]),
        ),
        success_url=_board(request),
        success=_("They are on your shortlist."),
        context={
            "heading": _("Put %(name)s on the shortlist") % {"name": name},
            "intro": opening.shown_title,
            "submit_label": _("Put on the shortlist"),
            "cancel_url": _board(request),
            "crumbs": [
                {"label": _("Applications"), "url": _board(request)},
                {"label": _("Shortlist")},
            ],
        },
    )


@require_POST
def unlist(request: EditionRequest, edition: str, pk: UUID, talent: UUID) -> HttpResponseBase:
    """Take a talent off the shortlist."""
    services.unlist(request.actor, request.edition, pk, talent)
    flash(request, _("They are off the shortlist."))
    return redirect("fair:applications", edition=edition)


@require_POST
def decline_arranged(
    request: EditionRequest, edition: str, pk: UUID, talent: UUID
) -> HttpResponseBase:
    """Say no to what only the office arranged, while it has no time."""
    flash_done(
        request,
        lambda: services.decline_arranged(request.actor, request.edition, pk, talent),
        _("You do not meet. Either of you can still ask for it."),
    )
    return redirect("fair:applications", edition=edition)


def invite(request: EditionRequest, edition: str, pk: UUID, talent: UUID) -> HttpResponseBase:
    """Invite somebody of the shortlist, or who showed their profile."""
    opening, found, name = _pair(request, pk, talent)
    if services.conference_over(request.edition):
        raise Conflict(services.CONFERENCE_OVER)
    room = quotas.room_of_opening(opening, quotas.stated(request.edition))
    if request.method == "GET":
        services.check_askable(request.edition, found, opening, Side.EMPLOYER)
        if not services.is_asked(found, opening, Side.EMPLOYER):
            quotas.check_room(room, quotas.FULL_OPENING)
    return service_form(
        request,
        InviteForm(sent(request)),
        lambda data, key: services.invite(
            request.actor,
            request.edition,
            services.Invite(opening.pk, found.pk, data["message"], data["rank"]),
        ),
        success_url=lambda made: (
            after_answer(request, made) if made.state == InterestState.ACCEPTED else _board(request)
        ),
        success=lambda made: told_answer(request, made),
        context={
            "heading": _("Invite %(name)s") % {"name": name},
            "intro": _("%(opening)s. Invitations without an answer: %(open)d of at most %(most)d.")
            % {"opening": opening.title, "open": room.open, "most": room.most},
            "submit_label": _("Send the invitation"),
            "cancel_url": _board(request),
            "crumbs": [
                {"label": _("Applications"), "url": _board(request)},
                {"label": _("Invite")},
            ],
        },
    )


def limits(request: EditionRequest, edition: str) -> HttpResponseBase:
    """How many requests may wait, and for how long: the office decides."""
    if not rules.can_match(request.actor, request.edition.pk):
        raise NotAllowed
    now = quotas.stated(request.edition)
    back = reverse("fair:requests", kwargs={"edition": edition})
    return service_form(
        request,
        LimitsForm(
            sent(request),
            initial={
                "open_per_talent": now.per_talent,
                "open_per_opening": now.per_opening,
                "open_per_organisation": now.per_organisation,
                "answer_hours": round(now.answer.total_seconds() / 3600),
                "reminder_hours": round(now.reminder.total_seconds() / 3600),
            },
        ),
        lambda data, key: services.set_request_rules(
            request.actor, request.edition, services.SetRequestRules(**data)
        ),
        success_url=back,
        success=_("The limits hold from now on."),
        context={
            "heading": _("Limits of requests"),
            "intro": _("So that nobody floods anybody, and answers are worth waiting for."),
            "submit_label": _("Save"),
            "cancel_url": back,
            "crumbs": [{"label": _("Requests"), "url": back}, {"label": _("Limits")}],
        },
    )
