"""Where a registration begins, its pages one by one, and saving while one types."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.zones import moment_told, own_zone
from talex.editions.http import EditionRequest
from talex.participants.queries import own_talent
from talex.participants.registering import queries, services
from talex.participants.registering.forms import STEPS, StepForm
from talex.participants.registering.models import Draft
from talex.participants.registering.services import (
    AlreadySent,
    BeginDraft,
    PutBack,
    SaveDraft,
    begin_draft,
    save_draft,
)
from talex.participants.registering.views.common import (
    cancel_url,
    page,
    progress,
    step_url,
    with_draft,
)
from talex.participants.registering.views.showing import labels_of, shown
from talex.ui.flash import flash
from talex.ui.forms import add_errors, redirect_after


@require_safe
def start(request: EditionRequest, edition: str) -> HttpResponse:
    """As what one registers; a visitor reads that an account comes first."""
    actor, here = request.actor, request.edition
    signed_in = actor.user is not None
    return render(
        request,
        "participants/registering/start.html",
        {
            "signed_in": signed_in,
            "open": here.state == "open",
            "talent": own_talent(actor, here.pk) if signed_in else None,
            "begun": {kind: queries.open_draft(actor, here, kind) is not None for kind in STEPS},
            "organisation": here.state in ("open", "running") and not here.over,
            "here": request.get_full_path(),
        },
    )


def begin(request: EditionRequest, edition: str, kind: str) -> HttpResponseBase:
    """Begin or go on, where one stopped."""
    if request.actor.user is None:
        raise NotAllowed(_("Sign in first, so that the registration is yours."))
    draft = queries.open_draft(request.actor, request.edition, kind)
    if draft is None:
        if request.method != "POST" and not _edits(request, kind):
            return redirect("registering:start", edition=edition)
        draft = begin_draft(request.actor, BeginDraft(edition=request.edition.pk, kind=kind))
    if hasattr(draft, "reading"):
        return redirect_after(request, page(request, "found", kind))
    if draft.record is not None and not draft.step:
        return redirect_after(request, page(request, "check", kind))
    # Not to who took answers over from a file already.
    if kind == "talent" and not draft.step and draft.revision <= 1:
        return redirect_after(request, page(request, "file", kind))
    return redirect_after(request, step_url(request, kind, draft.step or next(iter(STEPS[kind]))))


def _edits(request: EditionRequest, kind: str) -> bool:
    """Whether there is a record that is edited: then no button needs to be pressed first."""
    if kind == "talent":
        return own_talent(request.actor, request.edition.pk) is not None
    return bool(queries.own_projects(request.actor, request.edition.pk))


@never_cache
@with_draft
def step(request: EditionRequest, draft: Draft, step: str) -> HttpResponseBase:
    """One page: shown with what was typed, saved and checked when it is sent."""
    kind = draft.kind
    if step not in STEPS[kind]:
        raise NotFound
    form_class = STEPS[kind][step]
    if request.method != "POST":
        form: StepForm = form_class(initial=draft.values, edition=draft.edition)
        return _page(request, draft, step, form)
    form = form_class(request.POST, edition=draft.edition)
    try:
        saved = save_draft(request.actor, _command(request, draft, step, form))
    except Invalid as error:
        add_errors(form, error)
        return _page(request, draft, step, form, status=422)
    draft = saved.draft
    if "more" in request.POST:
        here = step_url(request, kind, step)
        return redirect_after(request, f"{here}?rows={_rows(request) + 1}")
    if saved.elsewhere:
        # What another window wrote stands in the draft; this page shows it.
        flash(
            request,
            _("An answer was changed in another window. Look at this page once more."),
            state="warning",
        )
        return redirect_after(request, step_url(request, kind, step))
    if not form.is_valid():
        return _page(request, draft, step, form, status=422)
    target = page(request, "check", kind) if "to_check" in request.POST else ""
    return redirect_after(request, target or progress(request, draft, step)["following"])


@require_POST
def save(request: EditionRequest, edition: str, kind: str, step: str) -> HttpResponse:
    """What is typed at the moment. Answers with how it went, and the page's new stamps."""
    if step not in STEPS[kind]:
        raise NotFound
    draft = queries.open_draft(request.actor, request.edition, kind)
    if draft is None:
        return _sent_already(request, kind)
    form = STEPS[kind][step](request.POST, edition=draft.edition)
    told: dict[str, Any] = {"state": "ok"}
    status = 200
    try:
        saved = save_draft(request.actor, _command(request, draft, step, form))
        labels = labels_of(kind)
        draft = saved.draft
        told["replaced"] = [labels[name] for name in saved.replaced]
        told["elsewhere"] = [labels[name] for name in saved.elsewhere]
    except AlreadySent:
        return _sent_already(request, kind)
    except (Invalid, Conflict) as error:
        told, status = {"state": "refused", "why": str(error)}, 409
    seen = _seen(request) | queries.seen_of(draft, step)
    for name in saved.elsewhere if status == 200 else ():
        # This window still shows the older answer.
        seen[name] = _seen(request)[name]
    return render(
        request,
        "participants/registering/_saved.html",
        {
            **told,
            "seen": json.dumps(seen),
            "kind": kind,
            "at": saved_told(request, draft, "TIME_FORMAT"),
        },
        status=status,
    )


def _sent_already(request: EditionRequest, kind: str) -> HttpResponse:
    """A page that is still open, though all was sent from another one: said, not refused."""
    if not queries.is_registered(request.actor, request.edition, kind):
        raise NotFound
    return render(
        request,
        "participants/registering/_saved.html",
        {"state": "sent", "kind": kind, "seen": json.dumps(_seen(request))},
    )


def _command(request: EditionRequest, draft: Draft, step: str, form: StepForm) -> SaveDraft:
    seen = {name: (int(pair[0]), str(pair[1])) for name, pair in _seen(request).items()}
    return SaveDraft(draft=draft.pk, values=form.typed(), seen=seen, step=step)


def _seen(request: EditionRequest) -> dict[str, list[Any]]:
    """The stamps that the page was made with; what is not of that shape says nothing."""
    try:
        told = json.loads(request.POST.get("seen", "{}"))
        return {str(name): [int(pair[0]), str(pair[1])] for name, pair in told.items()}
    except (ValueError, AttributeError, TypeError, IndexError, KeyError, RecursionError):
        return {}


def _rows(request: EditionRequest) -> int:
    given = request.GET.get("rows", "1")
    return min(int(given), 10) if given.isdigit() else 1


def _page(
    request: EditionRequest, draft: Draft, step: str, form: StepForm, status: int = 200
) -> HttpResponse:
    for field in form.fields.values():
        if hasattr(field.widget, "spare"):
            field.widget.spare = _rows(request)
    return render(
        request,
        "participants/registering/step.html",
        {
            "draft": draft,
            "kind": draft.kind,
            "step": step,
            "form": form,
            "heading": form.title,
            "intro": form.intro,
            "seen": json.dumps(queries.seen_of(draft, step)),
            "aside_rows": shown_aside(draft, step),
            "saved_told": saved_told(request, draft),
            "has_rows": any(hasattr(f.widget, "spare") for f in form.fields.values()),
            "to_check": "to_check" in request.GET or "to_check" in request.POST,
            "leave_url": cancel_url(request, draft),
            **progress(request, draft, step),
        },
        status=status,
    )


def saved_told(request: EditionRequest, draft: Draft, style: str = "") -> str:
    """When it was saved last, by the clock of whoever types."""
    told = str(draft.values.get("time_zone") or "")
    zone = own_zone(request.actor, told, draft.edition.time_zone)
    return moment_told(draft.changed_at, zone, style)


def shown_aside(draft: Draft, step: str = "") -> list[dict[str, Any]]:
    """Answers that newer ones of another window pushed aside; of one step, or of all."""
    labels = labels_of(draft.kind)
    here = STEPS[draft.kind][step].base_fields if step else labels
    return [
        {
            "at": at,
            "label": labels[one["field"]],
            "value": shown(one["field"], one["value"]),
        }
        for at, one in enumerate(draft.replaced)
        if one["field"] in here
    ]


@require_POST
@with_draft
def aside(request: EditionRequest, draft: Draft) -> HttpResponseBase:
    """Take an answer back that was pushed aside, or forget it."""
    at = request.POST.get("at", "")
    services.put_back(
        request.actor,
        PutBack(
            draft=draft.pk,
            at=int(at) if at.isdigit() else -1,
            take=request.POST.get("take") == "1",
        ),
    )
    step = request.POST.get("step", "")
    return redirect_after(request, step_url(request, draft.kind, step))


@with_draft
def discard(request: EditionRequest, draft: Draft) -> HttpResponseBase:
    """Give up what was not sent, after being asked."""
    if request.method == "POST":
        after = cancel_url(request, draft)
        services.discard_draft(request.actor, draft.pk)
        flash(request, _("What was not sent is deleted."))
        return redirect_after(request, after)
    return render(
        request,
        "participants/registering/discard.html",
        {
            "draft": draft,
            "kind": draft.kind,
            "back": page(request, "begin", draft.kind),
        },
    )
