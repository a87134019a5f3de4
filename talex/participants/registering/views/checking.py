"""All answers on one page: looked at, changed, sent."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from talex.core.errors import Conflict, Invalid
from talex.editions.http import EditionRequest
from talex.participants import queries as people
from talex.participants.arrivals import REACHED
from talex.participants.models import Talent
from talex.participants.registering import queries, services
from talex.participants.registering.forms import STEPS
from talex.participants.registering.models import Draft, Kind
from talex.participants.registering.rules import account_of
from talex.participants.registering.services import SendDraft
from talex.participants.registering.services.sending import Overwrites, accept_record
from talex.participants.registering.views.common import (
    CHECK,
    nothing_open,
    own_url,
    page,
    progress,
    step_url,
)
from talex.participants.registering.views.showing import labels_of, shown
from talex.participants.registering.views.steps import shown_aside
from talex.ui.flash import flash
from talex.ui.forms import redirect_after


@never_cache
def check(request: EditionRequest, edition: str, kind: str) -> HttpResponseBase:
    """The summary; sending it registers, or saves the changes."""
    account_of(request.actor)
    draft = queries.open_draft(request.actor, request.edition, kind)
    if draft is None:
        if request.method == "POST" and queries.is_registered(request.actor, request.edition, kind):
            # Sent a moment ago, by a second click or from another window.
            return redirect_after(request, own_url(request, kind))
        return nothing_open(request, kind)
    told: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        new = draft.record is None
        try:
            services.send_draft(
                request.actor,
                SendDraft(
                    draft.pk,
                    int(revision) if revision.isdigit() else None,
                    str(request.session.get(REACHED, "")),
                ),
            )
        except Overwrites as error:
            accept_record(request.actor, draft.pk, error)
            told, status = _overwritten(kind, error), 409
        except Invalid as error:
            told, status = {"faults": _by_step(draft, error)}, 422
        except Conflict as error:
            told, status = {"problem": str(error)}, 409
        else:
            request.session.pop(REACHED, None)
            flash(
                request, _("You are registered. Welcome!") if new else _("Your changes are saved.")
            )
            return redirect_after(request, own_url(request, kind))
        draft = queries.open_draft(request.actor, request.edition, kind)
        if draft is None:
            return redirect_after(request, own_url(request, kind))
    return render(
        request,
        "participants/registering/check.html",
        {
            "draft": draft,
            "kind": kind,
            "heading": _("Check your answers"),
            "sections": _sections(request, draft),
            "faults": _by_step(draft, None),
            "aside_rows": shown_aside(draft),
            "checked_again": _warning(draft),
            **progress(request, draft, CHECK),
            **told,
        },
        status=status,
    )


def _warning(draft: Draft) -> Any:
    """What saving may cost who is verified."""
    if draft.record is None or draft.kind != Kind.TALENT:
        return ""
    found = Talent.objects.filter(pk=draft.record).first()
    return people.CHECKED_AGAIN if found is not None and people.is_verified(found) else ""


def _sections(request: EditionRequest, draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "step": step,
            "title": form.title,
            "url": step_url(request, draft.kind, step) + "?to_check",
            "rows": [
                (field.label, lines)
                for name, field in form.base_fields.items()
                if (lines := shown(name, draft.values.get(name, "")))
            ],
        }
        for step, form in STEPS[draft.kind].items()
    ]


def _by_step(draft: Draft, error: Invalid | None) -> list[dict[str, Any]]:
    """What is wrong, with the page where it is mended."""
    steps = {name: step for step, form in STEPS[draft.kind].items() for name in form.base_fields}
    labels = labels_of(draft.kind)
    found: dict[str, list[str]] = {}
    if error is not None:
        found = {name: [str(one) for one in told] for name, told in error.fields.items()}
    else:
        for told in queries.faults_of(draft).values():
            found |= told
    return [
        {
            "label": labels.get(name, ""),
            "step": steps.get(name, "who"),
            "messages": messages,
        }
        for name, messages in found.items()
    ]


def _overwritten(kind: str, error: Overwrites) -> dict[str, Any]:
    labels = labels_of(kind)
    return {
        "problem": str(error),
        "overwritten": [
            (labels.get(name, name), shown(name, error.now.get(name, ""))) for name in error.fields
        ],
    }


__all__ = ["check", "page"]
