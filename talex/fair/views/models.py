"""The operator's page: which model compares texts, and ESCO's concepts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.accounts.http import ActorRequest
from talex.core.errors import NotAllowed
from talex.fair import embedders, understood
from talex.fair.forms import sent
from talex.fair.forms_models import KINDS, EmbedderForm, EscoForm
from talex.fair.services import embedders as services
from talex.fair.services import esco
from talex.fair.services.terms import remove_esco
from talex.ui.flash import flash
from talex.ui.forms import service_form

HOME = reverse_lazy("fair:understanding")


def _crumbs(label: Any) -> list[dict[str, Any]]:
    return [{"label": _("Understanding of texts"), "url": HOME}, {"label": label}]


def _operator(request: ActorRequest) -> None:
    if not request.actor.all_powerful:
        raise NotAllowed


@require_safe
def home(request: ActorRequest) -> HttpResponseBase:
    """The model and ESCO as they are, with what is being computed."""
    state = understood.state(request.actor)
    return render(
        request,
        "fair/understanding.html",
        {
            "crumbs": [{"label": _("Understanding of texts")}],
            "state": state,
            "kind": dict(KINDS).get(state.kind, state.kind),
            "tried": dict(KINDS).get(state.trial.params["kind"]) if state.trial else "",
            "leaves": embedders.LEAVES if state.leaves else (),
            "lost": understood.lost_with_esco(state.source) if state.source else "",
        },
    )


def embedder(request: ActorRequest) -> HttpResponseBase:
    """Ask for a model; it is tried in the background and used where it works."""
    _operator(request)
    choice = embedders.chosen()
    names = ("kind", "target", "model", "dialect")
    initial = {name: getattr(choice, name) for name in names} if choice else {"kind": "default"}
    form = EmbedderForm(sent(request), initial=initial)
    return service_form(
        request,
        form,
        lambda data, key: services.use_embedder(request.actor, form.command(data)),
        success_url=str(HOME),
        success=_("The model is tried. If it works, it is used and vectors are made anew."),
        template="fair/embedder.html",
        context={
            "heading": _("Choose the model"),
            "submit_label": _("Try and use it"),
            "cancel_url": HOME,
            "leaves": embedders.LEAVES,
            "crumbs": _crumbs(_("Choose the model")),
        },
    )


@require_POST
def recompute(request: ActorRequest) -> HttpResponseBase:
    """Make missing vectors, remove those of other models."""
    services.recompute(request.actor)
    flash(request, _("Vectors are made in the background."))
    return redirect(reverse("fair:understanding"))


def upload(request: ActorRequest) -> HttpResponseBase:
    """Give ESCO's files; they are looked at before anything is kept."""
    _operator(request)
    return service_form(
        request,
        EscoForm(sent(request), request.FILES or None),
        lambda data, key: esco.upload_esco(
            request.actor, request.FILES.getlist("file"), data["release"].strip()
        ),
        success_url=str(HOME),
        success=_("The files are looked at. Nothing is kept before you say so."),
        context={
            "heading": _("Bring in ESCO"),
            "intro": _("ESCO is the European Commission's classification of occupations and "
                       "skills. It serves every conference here, in every language it carries."),
            "submit_label": _("Look at the files"),
            "cancel_url": HOME,
            "crumbs": _crumbs(_("Bring in ESCO")),
        },
    )  # fmt: skip


@require_POST
def keep(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Keep what was looked at."""
    esco.keep_esco(request.actor, pk)
    flash(request, _("ESCO is brought in, in the background."))
    return redirect(reverse("fair:understanding"))


@require_POST
def remove(request: ActorRequest) -> HttpResponseBase:
    """Take ESCO out again."""
    gone = remove_esco(request.actor)
    flash(request, _("ESCO is removed.") if gone else _("There is no ESCO here."))
    return redirect(reverse("fair:understanding"))
