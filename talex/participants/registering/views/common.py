"""What the pages of a registration share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants.registering import queries
from talex.participants.registering.forms import STEPS
from talex.participants.registering.models import Draft

CHECK = "check"


def page(request: EditionRequest, name: str, kind: str, **more: Any) -> str:
    """The address of a page."""
    return reverse(
        f"registering:{name}", kwargs={"edition": request.edition.slug, "kind": kind, **more}
    )


def needed(request: EditionRequest, kind: str) -> Draft:
    """The reader's open draft. `NotAllowed` for nobody, `NotFound` where nothing is begun."""
    if request.actor.user is None:
        raise NotAllowed(_("Sign in first, so that the registration is yours."))
    return queries.draft_of(request.actor, request.edition, kind)


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
