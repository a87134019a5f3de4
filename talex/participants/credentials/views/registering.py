"""An organisation registers by itself, step by step; whoever finds it known asks to be let in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.actor import names_of
from talex.core.countries import countries
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.core.ids import parse
from talex.core.translated import TranslatedText
from talex.core.zones import moment_told, own_zone
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.participants.arrivals import REACHED
from talex.participants.choices import Mode, OrganisationKind
from talex.participants.credentials import queries, rules, services
from talex.participants.credentials.forms import (
    AnswerForm,
    AskForm,
    ContactStep,
    DeclineForm,
    NameStep,
    NumberStep,
    SendStep,
)
from talex.participants.credentials.models import Case, JoinRequest, JoinState
from talex.participants.credentials.numbers import NumberKind
from talex.participants.credentials.services.registering import checked_number
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form

STEPS: dict[str, tuple[Any, type[forms.Form]]] = {
    "name": (_("The organisation"), NameStep),
    "number": (_("Its registration number"), NumberStep),
    "contact": (_("Where it is, and you"), ContactStep),
    "send": (_("Look it over and send it"), SendStep),
}
_FIELDS = {field: step for step, (_t, form) in STEPS.items() for field in form.base_fields}


def _url(request: EditionRequest, step: str) -> str:
    return reverse("credentials:register", kwargs={"edition": request.edition.slug, "step": step})


def _allowed(request: EditionRequest) -> None:
    if not request.actor.signed_in:
        raise NotAllowed(_("Sign in first, so that the registration is yours."))
    if not rules.can_register(request.actor, request.edition):
        raise NotAllowed(_("Registration is not open (any more)."))


def register(request: EditionRequest, edition: str, step: str) -> HttpResponseBase:
    """One step; what was typed in the others is kept."""
    _allowed(request)
    if step not in STEPS:
        raise Http404
    order = list(STEPS)
    at = order.index(step)
    title, form_class = STEPS[step]
    draft = queries.draft(request.actor, request.edition)
    answers: dict[str, Any] = draft.answers if draft else {}
    if step == "send":
        form: forms.Form = form_class(request.POST if request.method == "POST" else None)
    else:
        form = form_class(request.POST or None, initial=_initial(request, answers))

    def call(data: dict[str, Any], key: str) -> Any:
        if step == "send":
            return _send(request)
        kept = {**data, "name": data["name"].texts()} if "name" in data else data
        saved = services.save_draft(
            request.actor, services.SaveDraft(edition=request.edition.pk, answers=kept)
        )
        if step == "number":
            try:
                checked_number(saved.answers)
            except services.KnownOrganisation:
                return redirect_after(
                    request, reverse("credentials:known", kwargs={"edition": edition})
                )
        return redirect_after(request, _url(request, order[at + 1]))

    return service_form(
        request,
        form,
        call,
        template="participants/credentials/step.html",
        context={
            "heading": title,
            "submit_label": _("Register the organisation") if step == "send" else _("Continue"),
            "back_url": _url(request, order[at - 1]) if at else "",
            "number": at + 1,
            "steps": len(order),
            "asked": step != "send",
            "facts": _facts(request, answers) if step == "send" else [],
            "saved_at": _saved(request, draft.saved_at) if draft else "",
        },
    )


def _saved(request: EditionRequest, at: datetime) -> str:
    return moment_told(at, own_zone(request.actor, request.edition.time_zone))


def _send(request: EditionRequest) -> HttpResponseBase:
    try:
        organisation = services.submit_registration(
            request.actor,
            services.SubmitRegistration(
                edition=request.edition.pk, reached=str(request.session.get(REACHED, ""))
            ),
        )
    except services.KnownOrganisation:
        return redirect_after(
            request, reverse("credentials:known", kwargs={"edition": request.edition.slug})
        )
    except Invalid as error:
        # Each fault with the step where it is mended.
        told = {
            "": [
                f"{_label(name)} {m}".strip()
                for name, messages in error.fields.items()
                for m in messages
            ]
        }
        raise Invalid(told) from error
    except NotFound:
        # The second click: what the first one registered.
        case = queries.registered_case(request.actor, request.edition)
        if case is None:
            raise
        return _to_case(request, case)
    request.session.pop(REACHED, None)
    flash(request, _("Registered. Now hand in a document that shows it."))
    return _to_case(request, organisation.cases.get(edition=request.edition))


def _to_case(request: EditionRequest, case: Case) -> HttpResponse:
    return redirect_after(
        request,
        reverse("credentials:case", kwargs={"edition": request.edition.slug, "case": case.pk}),
    )


def _label(name: str) -> str:
    """The question that an answer belongs to, before what is wrong with it."""
    step = _FIELDS.get(name)
    return str(STEPS[step][1].base_fields[name].label) if step else ""


def _initial(request: EditionRequest, answers: dict[str, Any]) -> dict[str, Any]:
    found = dict(answers)
    if isinstance(found.get("name"), dict):
        found["name"] = TranslatedText(found["name"])
    if "country" not in found:
        chinese = request.actor.language == "zh-hans"
        found["country"] = "CN" if chinese else "DE" if request.actor.language == "de" else "CN"
        found.setdefault("number_kind", "uscc" if found["country"] == "CN" else "register")
    if "person" not in found and "@" not in request.actor.name:
        found["person"] = request.actor.name
    return found


def _facts(request: EditionRequest, answers: dict[str, Any]) -> list[tuple[Any, Any, str]]:
    """What was typed, as it will be read, with where each was asked."""
    shown = dict(answers)
    if isinstance(shown.get("name"), dict):
        shown["name"] = " · ".join(text for text in shown["name"].values() if text)
    for name, choices in (
        ("kind", dict(OrganisationKind.choices)),
        ("number_kind", dict(NumberKind.choices)),
        ("mode", dict(Mode.choices)),
        ("country", dict(countries())),
    ):
        shown[name] = choices.get(shown.get(name, ""), shown.get(name, ""))
    return [
        (STEPS[step][1].base_fields[name].label, shown.get(name, ""), _url(request, step))
        for name, step in _FIELDS.items()
    ]


@require_POST
def save(request: EditionRequest, edition: str) -> HttpResponse:
    """Keep what is being typed; asked by the page a moment after the last key."""
    _allowed(request)
    typed: dict[str, Any] = {name: request.POST[name] for name in _FIELDS if name in request.POST}
    names = {
        key.removeprefix("name__"): value
        for key, value in request.POST.items()
        if key.startswith("name__")
    }
    if names:
        typed["name"] = names
    saved = services.save_draft(
        request.actor, services.SaveDraft(edition=request.edition.pk, answers=typed)
    )
    zone = own_zone(request.actor, request.edition.time_zone)
    when = moment_told(saved.saved_at, zone, "TIME_FORMAT")
    return HttpResponse(translate("Saved at %(time)s.") % {"time": when})


def known(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The number is registered already: ask to be let in."""
    _allowed(request)
    if queries.draft(request.actor, request.edition) is None:
        return redirect(_url(request, "number"))
    return service_form(
        request,
        AskForm(request.POST if request.method == "POST" else None),
        lambda data, key: services.ask_to_join(
            request.actor,
            services.AskToJoin(edition=request.edition.pk, message=data["message"]),
        ),
        success_url=reverse("web:edition_home", kwargs={"edition": edition}),
        success=_("Asked. Those who act for the organisation, or the office, answer."),
        template="ui/form_page_public.html",
        context={
            "heading": _("This organisation is registered already"),
            "intro": _(
                "Nobody registers it twice. Ask those who act for it, or the office, to let you "
                "in. If the number is not yours, go back and mend it."
            ),
            "submit_label": _("Ask to be let in"),
            "cancel_url": _url(request, "number"),
        },
    )


@require_safe
def requests(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Who asks to act for one's organisation, and where stands what one asked oneself."""
    actor, here = request.actor, request.edition
    if not actor.signed_in:
        raise NotAllowed
    return render(
        request,
        "participants/credentials/requests.html",
        {
            "rows": queries.requests_to_answer(actor, here),
            "mine": queries.requests_made(actor, here),
            "answers": is_office(actor, here.pk) or rules.is_head(actor, here.pk),
            "again": _url(request, "name") if rules.can_register(actor, here) else "",
            "crumbs": [{"label": _("Requests to act for an organisation")}],
        },
    )


def _answered(request: EditionRequest, found: JoinRequest) -> HttpResponse:
    """Somebody was faster: what was answered, by whom and when."""
    by = parse(found.decided_by)
    zone = own_zone(request.actor, request.edition.time_zone)
    back = reverse("credentials:requests", kwargs={"edition": request.edition.slug})
    return render(
        request,
        "participants/credentials/answered.html",
        {
            "row": found,
            "accepted": found.state == JoinState.ACCEPTED,
            "by": names_of([by]).get(by, "") if by else "",
            "when": moment_told(found.decided_at, zone) if found.decided_at else "",
            "colleagues": reverse(
                "participants:organisation",
                kwargs={
                    "edition": request.edition.slug,
                    "organisation": found.organisation_id,
                },
            ),
            "back": back,
            "crumbs": [
                {"label": _("Requests to act for an organisation"), "url": back},
                {"label": found.name or "–"},
            ],
        },
    )


def answer(request: EditionRequest, edition: str, request_id: UUID) -> HttpResponseBase:
    """Let somebody in with a role, or not."""
    found = queries.request_to_answer(request.actor, request.edition, request_id)
    if found.state != JoinState.ASKED:
        return _answered(request, found)
    back = reverse("credentials:requests", kwargs={"edition": edition})
    crumbs = [
        {"label": _("Requests to act for an organisation"), "url": back},
        {"label": found.name},
    ]
    # By name and confirmed address one knows a colleague; the rest is what they say of themselves.
    who = (found.user.email, found.title, str(found.organisation.name))
    said = (" · ".join(part for part in who if part), found.message)
    asked = format_html_join("", "<p>{}</p>", ((part,) for part in said if part))
    if "decline" in request.GET:
        return service_form(
            request,
            DeclineForm(request.POST or None),
            lambda data, key: services.answer_join(
                request.actor,
                services.AnswerJoin(request=found.pk, accept=False, reason=data["reason"]),
            ),
            success_url=back,
            success=_("Declined."),
            context={
                "heading": _("Decline the request of %(name)s?") % {"name": found.name or "–"},
                "intro": asked,
                "submit_label": _("Decline"),
                "cancel_url": back,
                "crumbs": crumbs,
            },
        )
    return service_form(
        request,
        AnswerForm(request.POST or None),
        lambda data, key: services.answer_join(
            request.actor,
            services.AnswerJoin(request=found.pk, accept=True, role=data["role"]),
        ),
        success_url=back,
        success=_("Let in."),
        context={
            "heading": _("Let %(name)s in?") % {"name": found.name or "–"},
            "intro": asked,
            "submit_label": _("Let in"),
            "cancel_url": back,
            "crumbs": crumbs,
        },
    )
