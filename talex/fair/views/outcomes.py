"""What came of a meeting: a part of its page, and the forms behind it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.fair import queries, services
from talex.fair.choices import Side, StatementKind
from talex.fair.forms import OutcomeForm, SayForm, TakeBackForm, sent
from talex.fair.services import outcomes
from talex.meetings import queries as meeting_queries
from talex.meetings import rules as meeting_rules
from talex.meetings.models import Meeting
from talex.ui.forms import service_form


def part(actor: Actor, meeting: Meeting) -> SafeString:
    """The outcome on a meeting's page (`meetings.views.DETAIL_EXTRAS`)."""
    if meeting.request.subject_kind != "opening" or meeting.status != Meeting.Status.HELD:
        return SafeString("")
    found = queries.outcome(meeting)
    may_tell = meeting_rules.can_tell_outcome(actor, meeting)
    sides = [
        {
            "side": side.value,
            "label": side.label,
            "said": found.answer(side.value),
            "may": outcomes.may_say(actor, meeting, side.value),
        }
        for side in Side
    ]
    html = render_to_string(
        "fair/_outcome.html",
        {
            "meeting": meeting,
            "edition": meeting.edition.slug,
            "outcome": found,
            "events": [
                {
                    "title": step.label,
                    "when": step.reached_at,
                    "state": "done" if step.row else "todo",
                    "icon": "check" if step.row else "clock",
                }
                for step in found.steps
            ],
            "sides": sides,
            "offer": found.answer(Side.EMPLOYER.value, "offer"),
            "may_tell": may_tell,
            "later": [step for step in found.steps if step.row and step.rung in outcomes.LATER],
        },
    )
    return mark_safe(html)


def _meeting(request: EditionRequest, pk: UUID) -> Meeting:
    found = meeting_queries.meetings(request.actor, request.edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _page(request: EditionRequest, pk: UUID) -> str:
    return reverse("meetings:meeting", kwargs={"edition": request.edition.slug, "pk": pk})


def say(request: EditionRequest, edition: str, pk: UUID, side: str, kind: str) -> HttpResponseBase:
    """One side's yes or no: whether to go on, or whether an offer was made."""
    meeting = _meeting(request, pk)
    if side not in Side.values or kind not in StatementKind.values:
        raise NotFound
    if not outcomes.may_say(request.actor, meeting, side):
        raise NotAllowed(_("Each side speaks for itself."))
    page = _page(request, pk)
    said = queries.outcome(meeting).answer(side, kind)
    heading = (
        _("Do you want to go on with the other side?")
        if kind == StatementKind.INTENT
        else _("Was an offer made?")
    )
    return service_form(
        request,
        SayForm(
            sent(request),
            initial={"yes": {True: "yes", False: "no", None: ""}[said]},
            question=heading,
        ),
        lambda data, key: services.say(
            request.actor,
            request.edition,
            services.SayIntent(pk, side, data["yes"] == "yes", kind),
        ),
        success_url=page,
        success=_("Recorded."),
        context={
            "heading": heading,
            "intro": meeting.request.subject_title,
            "submit_label": _("Record"),
            "cancel_url": page,
            "crumbs": [{"label": meeting.request.subject_title, "url": page}, {"label": heading}],
        },
    )


def _form(
    request: EditionRequest, pk: UUID, form: Any, call: Any, heading: Any, label: Any, danger: bool
) -> HttpResponseBase:
    meeting = _meeting(request, pk)
    if not meeting_rules.can_tell_outcome(request.actor, meeting):
        raise NotAllowed
    page = _page(request, pk)
    return service_form(
        request,
        form,
        call,
        success_url=page,
        success=_("Recorded."),
        context={
            "heading": heading,
            "intro": meeting.request.subject_title,
            "submit_label": label,
            "danger": danger,
            "cancel_url": page,
            "crumbs": [{"label": meeting.request.subject_title, "url": page}, {"label": heading}],
        },
    )


def record(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Confirm a rung beyond mutual intent."""
    found = queries.outcome(_meeting(request, pk))
    return _form(
        request,
        pk,
        OutcomeForm(sent(request), initial={"rung": found.following}),
        lambda data, key: services.record_outcome(
            request.actor,
            request.edition,
            services.RecordOutcome(pk, data["rung"], data["happened_at"], note=data["note"]),
        ),
        _("What came of it?"),
        _("Confirm"),
        False,
    )


def take_back(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Say that a confirmed rung no longer holds."""
    return _form(
        request,
        pk,
        TakeBackForm(sent(request)),
        lambda data, key: services.withdraw_outcome(
            request.actor,
            request.edition,
            services.WithdrawOutcome(pk, data["rung"], data["reason"]),
        ),
        _("Take a step back"),
        _("Take it back"),
        True,
    )
