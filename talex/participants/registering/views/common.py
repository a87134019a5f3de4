"""What the pages of a registration share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants.registering import queries
from talex.participants.registering.forms import STEPS
from talex.participants.registering.models import Draft
from talex.participants.registering.services import AlreadySent
from talex.ui.forms import redirect_after

CHECK = "check"
Rest = ParamSpec("Rest")


def page(request: EditionRequest, name: str, kind: str, **more: Any) -> str:
    """The address of a page."""
    return reverse(
        f"registering:{name}", kwargs={"edition": request.edition.slug, "kind": kind, **more}
    )


def with_draft(
    view: Callable[Concatenate[EditionRequest, Draft, Rest], HttpResponseBase],
) -> Callable[Concatenate[EditionRequest, str, str, Rest], HttpResponseBase]:
    """The view of the reader's open draft, which it is given instead of edition and kind.

    Who has none is led on: back in the browser, another device or a page that is still open is no
    error. `NotAllowed` for nobody.
    """

    @functools.wraps(view)
    def run(
        request: EditionRequest, edition: str, kind: str, *args: Rest.args, **more: Rest.kwargs
    ) -> HttpResponseBase:
        if request.actor.user is None:
            raise NotAllowed(_("Sign in first, so that the registration is yours."))
        draft = queries.open_draft(request.actor, request.edition, kind)
        if draft is not None:
            try:
                return view(request, draft, *args, **more)
            except AlreadySent:  # by another window, while this one was answered
                pass
        return nothing_open(request, kind)

    return run


def nothing_open(request: EditionRequest, kind: str) -> HttpResponseBase:
    """Nothing waits to be sent: who is registered reads so, others begin."""
    if not queries.is_registered(request.actor, request.edition, kind):
        return redirect_after(
            request, reverse("registering:start", kwargs={"edition": request.edition.slug})
        )
    if request.method != "GET":
        return redirect_after(request, page(request, "check", kind))
    return render(
        request,
        "participants/registering/registered.html",
        {"kind": kind, "own_url": own_url(request, kind)},
    )


def own_url(request: EditionRequest, kind: str) -> str:
    """Where one reads what was sent."""
    name = "participants:own" if kind == "talent" else "registering:project"
    return reverse(name, kwargs={"edition": request.edition.slug})


def step_url(request: EditionRequest, kind: str, step: str) -> str:
    """The page of a step, or the summary."""
    if step not in STEPS[kind]:
        return page(request, "check", kind)
    return page(request, "step", kind, step=step)


def progress(request: EditionRequest, draft: Draft, here: str) -> dict[str, Any]:
    """Where one is: number, all, the page before and the one after."""
    names = [*STEPS[draft.kind], CHECK]
    at = names.index(here)
    first = page(request, "file", draft.kind) if draft.kind == "talent" else ""
    return {
        "number": at + 1,
        "total": len(names),
        "back": step_url(request, draft.kind, names[at - 1]) if at else first,
        "following": step_url(request, draft.kind, names[min(at + 1, len(names) - 1)]),
    }


def cancel_url(request: EditionRequest, draft: Draft) -> str:
    """Where one goes to leave; the answers stay."""
    if draft.record is not None and draft.kind == "talent":
        return reverse("participants:own", kwargs={"edition": request.edition.slug})
    return reverse("editions:landing", kwargs={"edition": request.edition.slug})
