"""To whom an organisation belongs: asked, answered, ended; one page for both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit, is_office
from talex.participants import queries as people
from talex.participants.belonging import queries, rules, services
from talex.participants.belonging.forms import AskForm, ReasonForm
from talex.participants.belonging.models import State
from talex.participants.belonging.services import AnswerBelonging, AskToBelong, EndBelonging
from talex.participants.models import Organisation
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form


def _page(request: EditionRequest) -> str:
    return reverse("belonging:list", kwargs={"edition": request.edition.slug})


def _crumbs(request: EditionRequest, last: Any) -> list[dict[str, Any]]:
    return [{"label": _("Belongs together"), "url": _page(request)}, {"label": last}]


def _allowed(request: EditionRequest) -> None:
    here = request.edition.pk
    if not can_audit(request.actor, here) and not rules.heads(request.actor, here):
        if request.actor.organisations(here, pending=True):
            raise NotAllowed(_("This is for who heads an organisation that the office has let in."))
        raise NotAllowed(_("Only who heads an organisation sees this."))


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponse:
    """What waits for one's answer, to whom one belongs, who belongs to one, and what was."""
    _allowed(request)
    return _list(request)


def _list(request: EditionRequest, refused: Invalid | None = None) -> HttpResponse:
    """The page; `refused`: why what was confirmed there is not done."""
    return render(
        request,
        "participants/belonging/list.html",
        {
            "to_answer": queries.to_answer(request.actor, request.edition),
            "own": queries.own(request.actor, request.edition),
            "below": queries.below(request.actor, request.edition)[:500],
            "asked": queries.belongings(request.actor, request.edition).filter(
                state=State.ASKED, child_id__in=rules.heads(request.actor, request.edition.pk)
            ),
            "history": queries.belongings(request.actor, request.edition).exclude(
                state=State.ASKED
            )[:100],
            "may_ask": bool(rules.heads(request.actor, request.edition.pk))
            or is_office(request.actor, request.edition.pk),
            "office": is_office(request.actor, request.edition.pk),
            "refused": [text for texts in refused.fields.values() for text in texts]
            if refused
            else [],
            "crumbs": [{"label": _("Belongs together")}],
        },
        status=422 if refused else 200,
    )


def ask(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Ask to belong to an organisation that takes part."""
    _allowed(request)
    others = list(
        people.organisations(request.actor, request.edition.pk).order_by("name_line", "pk")
    )
    office = is_office(request.actor, request.edition.pk)
    own = others if office else queries.own(request.actor, request.edition)
    return service_form(
        request,
        AskForm(request.POST or None, own=own, others=queries.parents(own, others, office=office)),
        lambda data, key: services.ask_to_belong(
            request.actor,
            AskToBelong(
                edition=request.edition.pk,
                child=UUID(data["child"]),
                parent=UUID(data["parent"]),
                message=data["message"],
            ),
        ),
        success_url=_page(request),
        success=_("Asked. Whoever heads it answers."),
        context={
            "heading": _("Ask to belong to an organisation"),
            "submit_label": _("Ask"),
            "cancel_url": _page(request),
            "crumbs": _crumbs(request, _("Ask")),
        },
    )


def _late(request: EditionRequest, pk: UUID) -> HttpResponse:
    """The other side, or a colleague, was faster: what they said is told; it stands in the list."""
    found = queries.belonging(request.actor, request.edition, pk)
    told = {
        State.CONFIRMED: _("This was confirmed already."),
        State.DECLINED: _("This was declined already."),
        State.TAKEN_BACK: _("This was taken back by who asked."),
        State.ENDED: _("This was confirmed, and has ended since."),
    }.get(State(found.state), _("This changed in this very moment. Look at it again."))
    flash(request, told, state="warning")
    return redirect_after(request, _page(request))


@require_POST
def confirm(request: EditionRequest, edition: str, belonging: UUID) -> HttpResponse:
    """Say yes."""
    found = queries.belonging(request.actor, request.edition, belonging)
    try:
        services.answer_belonging(request.actor, AnswerBelonging(belonging=found.pk, confirm=True))
    except Conflict:
        return _late(request, found.pk)
    except Invalid as error:
        # A circle came about since it was asked. The request still waits, and can be declined.
        return _list(request, error)
    flash(request, _("Confirmed."))
    return redirect_after(request, _page(request))


def decline(request: EditionRequest, edition: str, belonging: UUID) -> HttpResponseBase:
    """Say no, and why."""
    found = queries.belonging(request.actor, request.edition, belonging)
    if not rules.can_answer(request.actor, found.edition_id, found.parent_id):
        raise NotAllowed
    if found.state != State.ASKED:
        return _late(request, found.pk)
    return service_form(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda data, key: services.answer_belonging(
            request.actor,
            AnswerBelonging(belonging=found.pk, confirm=False, reason=data["reason"]),
        ),
        success_url=_page(request),
        success=_("Declined; they are told."),
        context={
            "heading": _("Decline the request"),
            "intro": found.child.name,
            "submit_label": _("Decline"),
            "cancel_url": _page(request),
            "crumbs": _crumbs(request, _("Decline the request")),
        },
    )


@require_POST
def take_back(request: EditionRequest, edition: str, belonging: UUID) -> HttpResponse:
    """Ask no longer."""
    found = queries.belonging(request.actor, request.edition, belonging)
    try:
        services.take_back(request.actor, found.pk)
    except Conflict:
        return _late(request, found.pk)
    flash(request, _("Taken back."))
    return redirect_after(request, _page(request))


def end(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """It belongs there no longer."""
    found = Organisation.objects.filter(pk=organisation).select_related("parent").first()
    if found is None or found.parent is None:
        raise NotFound
    here = request.edition.pk
    if not (
        rules.can_answer(request.actor, here, found.parent.pk)
        or rules.can_ask(request.actor, here, found.pk)
    ):
        raise NotAllowed
    return service_form(
        request,
        ReasonForm(request.POST if request.method == "POST" else None),
        lambda data, key: services.end_belonging(
            request.actor, EndBelonging(edition=here, child=found.pk, reason=data["reason"])
        ),
        success_url=_page(request),
        success=_("Ended."),
        context={
            "heading": _("Does it belong there no longer?"),
            "intro": f"{found.name} · {found.parent.name}",
            "submit_label": _("End it"),
            "cancel_url": _page(request),
            "crumbs": _crumbs(request, found.name),
        },
    )
