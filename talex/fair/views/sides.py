"""Requests of both sides: invite, answer, take back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Field
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit
from talex.fair import lists, queries, rules, services
from talex.fair.choices import InterestState, Side
from talex.fair.forms import InviteForm, WithdrawForm, sent
from talex.fair.forms_applying import AnswerForm
from talex.fair.looks import noted
from talex.fair.models import Interest, Opening
from talex.fair.outside import Outside, is_suspended, outside, suspensions
from talex.fair.services import quotas
from talex.participants.abroad import must_ask
from talex.participants.forms_sharing import abroad_field
from talex.participants.models import Organisation, Talent
from talex.ui.forms import service_form
from talex.ui.lists import list_view

PAGE = 12
TABS = ("open", "agreed", "over")


def invite(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Invite the talent of a proposal."""
    match = queries.candidates(request.actor, request.edition).filter(pk=pk).first()
    if match is None:
        raise NotFound
    if rules.only_assists(request.actor, match.opening):
        raise NotAllowed(rules.ASSISTS)
    if services.conference_over(request.edition):
        raise Conflict(services.CONFERENCE_OVER)
    if request.method == "GET":
        services.check_askable(request.edition, match.talent, match.opening, Side.EMPLOYER)
        if not services.is_asked(match.talent, match.opening, Side.EMPLOYER):
            room = quotas.room_of_opening(match.opening, quotas.stated(request.edition))
            quotas.check_room(room, quotas.FULL_OPENING)
    card = queries.cards(request.actor, request.edition, [match])[0]
    page = reverse("fair:candidates", kwargs={"edition": edition})
    return service_form(
        request,
        InviteForm(sent(request)),
        lambda data, key: services.invite(
            request.actor,
            request.edition,
            services.Invite(match.opening_id, match.talent_id, data["message"], data["rank"]),
        ),
        success_url=lambda made: after_answer(request, made),
        success=lambda made: told_answer(request, made),
        context={
            "heading": _("Invite %(name)s") % {"name": card.facts.get("name") or card.alias},
            "intro": match.opening.title,
            "submit_label": _("Send the invitation"),
            "cancel_url": page,
            "crumbs": [{"label": _("Candidates"), "url": page}, {"label": _("Invite")}],
        },
    )


def abroad_asked(talent: Talent, opening: Opening, *, needed: bool = False) -> Field | None:
    """The separate consent as a field of the step by which a talent's data go abroad; None where it
    is not needed, or was given. `needed`: the step is nothing but that."""
    if not must_ask(opening.edition_id, talent.person_id, opening.organisation):
        return None
    return abroad_field(talent.edition, opening.organisation, needed=needed)


def _side(request: EditionRequest) -> str:
    """For which side the reader sees requests: the talent's where they are one."""
    if services.read_as(request.actor, request.edition) is not None:
        return Side.TALENT
    return Side.EMPLOYER


def why_outside(request: EditionRequest, rows: Iterable[Interest]) -> dict[UUID, Outside]:
    """Of the reader's own organisations in these requests those that can say nothing, with why."""
    own = {
        one.opening.organisation_id: one.opening.organisation
        for one in rows
        if rules.own_side(request.actor, one) is Side.EMPLOYER
    }
    found = {pk: outside(request.edition, organisation) for pk, organisation in own.items()}
    return {pk: why for pk, why in found.items() if why is not None}


def outside_page(request: EditionRequest, why: Outside, *crumbs: Any) -> HttpResponseBase:
    """In place of what an organisation cannot do at present: why, and where to go on."""
    heading = crumbs[-1]["label"]
    return render(
        request, "fair/outside.html", {"outside": why, "crumbs": crumbs, "heading": heading}
    )


def not_let_in(request: EditionRequest, label: Any) -> HttpResponseBase | None:
    """The page for whose organisation waits or was refused; None for who acts for none."""
    waiting = request.actor.organisations(request.edition.pk, pending=True)
    for organisation in Organisation.objects.filter(pk__in=waiting).order_by("name_line", "pk"):
        why = outside(request.edition, organisation)
        if why is not None:
            return outside_page(request, why, {"label": label})
    return None


def inbox(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Requests of both sides: what waits for the reader, what is agreed, what is over."""
    actor, where = request.actor, request.edition
    own = services.read_as(actor, where)
    organisations = actor.organisations(where.pk)
    if own is None and not organisations:
        if not can_audit(actor, where.pk):
            waiting = not_let_in(request, _("Requests"))
            if waiting is None:
                raise NotAllowed
            return waiting
        return list_view(
            request,
            lists.interests(where),
            queries.interests(actor, where),
            context={
                "heading": _("Requests"),
                "crumbs": [{"label": _("Requests")}],
                "actions_template": "fair/_requests_actions.html",
                "may_limit": rules.can_match(actor, where.pk),
            },
        )
    side = _side(request)
    rows = queries.interests(actor, where)
    if side == Side.TALENT:
        rows = rows.filter(talent=own)
    else:
        rows = rows.filter(opening__organisation_id__in=organisations)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    counts = {
        "open": rows.filter(present=InterestState.ASKED).count(),
        "agreed": rows.filter(present=InterestState.ACCEPTED).count(),
    }
    shown = {
        "open": rows.filter(present=InterestState.ASKED),
        "agreed": rows.filter(present=InterestState.ACCEPTED),
        "over": rows.exclude(present__in=[InterestState.ASKED, InterestState.ACCEPTED]),
    }[tab]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    asked = queries.asked(actor, where, list(page), side)
    closed = why_outside(request, page) if side == Side.EMPLOYER else {}
    told = [*closed.values()] if side == Side.EMPLOYER else suspensions(actor, where)
    noted(actor, where, [(one.talent, one.opening.organisation_id) for one in page])
    names = {"open": pgettext_lazy("requests", "Open"), "agreed": _("Agreed"), "over": _("Over")}
    return render(
        request,
        "fair/requests.html",
        {
            "page": page,
            "to_answer": [one for one in asked if tab == "open" and not one.mine],
            "others": [one for one in asked if not (tab == "open" and not one.mine)],
            "tab": tab,
            "side": side,
            "outside": told,
            "accepts": own is None or not is_suspended(where.pk, own.person_id),
            "closed": closed,
            "assisted": rules.assisted(actor, where.pk) if side == Side.EMPLOYER else set(),
            "tabs": [
                {
                    "label": names[key],
                    "url": f"?tab={key}",
                    "current": key == tab,
                    "count": counts.get(key),
                }
                for key in TABS
            ],
            "crumbs": [{"label": _("Requests")}],
        },
    )


def _interest(request: EditionRequest, pk: UUID) -> Interest:
    found = queries.interests(request.actor, request.edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _own_act(request: EditionRequest, pk: UUID) -> Interest:
    """A request that the reader may act on: an assistant only reads those of the organisation."""
    found = _interest(request, pk)
    talent = rules.is_talent(request.actor, found.talent)
    if not talent and rules.only_assists(request.actor, found.opening):
        raise NotAllowed(rules.ASSISTS)
    return found


def _requests(request: EditionRequest) -> str:
    return reverse("fair:requests", kwargs={"edition": request.edition.slug})


def after_answer(request: EditionRequest, done: Interest) -> str:
    """Where the timetable is out, to the times that are free for both; else to the requests."""
    wanted = services.to_place(request.edition, done)
    if wanted is None or rules.own_side(request.actor, done) is None:
        return _requests(request)
    return reverse("meetings:book", kwargs={"edition": request.edition.slug, "pk": wanted})


def told_answer(request: EditionRequest, done: Interest) -> Any:
    """What is told after a request, an invitation or an answer."""
    if done.state == InterestState.ACCEPTED:
        if services.to_place(request.edition, done) is not None:
            return _("You both want to meet. These times are free for you both.")
        return _("You both want to meet. The meeting gets its time with the timetable.")
    if done.state == InterestState.DECLINED:
        return _("Your answer is sent.")
    if done.side == Side.TALENT:
        return _("Your request is sent. You will see the answer here.")
    return _("The invitation is sent. You will see the answer here.")


def answer(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Accept or decline a request."""
    interest = _own_act(request, pk)
    crumbs = [{"label": _("Requests"), "url": _requests(request)}, {"label": _("Answer")}]
    closed = why_outside(request, [interest])
    if interest.opening.organisation_id in closed and request.method != "POST":
        return outside_page(request, closed[interest.opening.organisation_id], *crumbs)
    if interest.side == Side.TALENT and rules.is_talent(request.actor, interest.talent):
        side = Side.TALENT
    else:
        side = Side(interest.side).other
    one = queries.asked(request.actor, request.edition, [interest], side)[0]
    why = closed.get(interest.opening.organisation_id)
    if side == Side.TALENT and is_suspended(request.edition.pk, interest.talent.person_id):
        why = next(iter(suspensions(request.actor, request.edition)), None)
    if request.method == "GET" and one.state != InterestState.ASKED:
        return render(request, "fair/answered.html", {"one": one, "side": side, "crumbs": crumbs})
    chosen = request.GET.get("answer", "")
    return service_form(
        request,
        AnswerForm(
            sent(request),
            side=Side(interest.side).other,
            abroad=abroad_asked(interest.talent, interest.opening)
            if interest.side == Side.EMPLOYER and rules.is_talent(request.actor, interest.talent)
            else None,
            # A yes sent anyway is refused by the service, and what was typed stays.
            accepts=why is None or request.method == "POST",
            initial={"answer": chosen if chosen in ("yes", "no") else ""},
        ),
        lambda data, key: services.answer(
            request.actor,
            request.edition,
            services.AnswerInterest(
                pk,
                data["answer"] == "yes",
                data["message"],
                "" if data["answer"] == "yes" else data["reason"],
                bool(data.get("abroad")),
            ),
        ),
        success_url=lambda done: after_answer(request, done),
        success=lambda done: told_answer(request, done),
        template="fair/answer.html",
        context={
            "heading": _("Answer the request"),
            "intro": interest.opening.shown_title,
            "one": one,
            "side": side,
            "submit_label": _("Send the answer"),
            "outside": why,
            "cancel_url": _requests(request),
            "crumbs": crumbs,
        },
    )


def withdraw(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Take a request or an agreement back."""
    interest = _own_act(request, pk)
    agreed = interest.state == InterestState.ACCEPTED
    return service_form(
        request,
        WithdrawForm(sent(request)),
        lambda data, key: services.withdraw(
            request.actor, request.edition, services.WithdrawInterest(pk, data["reason"])
        ),
        success_url=_requests(request),
        success=_("It is taken back."),
        context={
            "heading": _("Take the agreement back") if agreed else _("Take the request back"),
            "intro": interest.opening.shown_title,
            "submit_label": _("Take it back"),
            "danger": True,
            "cancel_url": _requests(request),
            "crumbs": [
                {"label": _("Requests"), "url": _requests(request)},
                {"label": _("Take back")},
            ],
        },
    )
