"""A graduate joins by code or link, and sees what their university sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core.client import client_address
from talex.core.countries import country_name
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.models import ConsentPurpose
from talex.participants import queries as people
from talex.participants.abroad import is_abroad
from talex.participants.cohorts import queries, rules, services
from talex.participants.cohorts.codes import normal
from talex.participants.cohorts.forms import CodeForm, JoinForm
from talex.participants.cohorts.models import Cohort, Member, PendingJoin
from talex.participants.cohorts.services import JoinByCode, JoinByLink, SeeResults
from talex.participants.cohorts.services.joining import (
    Link,
    agreed_before,
    cohort_of_code,
    state_of_link,
)
from talex.participants.statements import last_day, terms_of
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form

_STATUS = {Link.OTHER: 403, Link.USED: 410, Link.CLOSED: 410}


@never_cache
def code(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Type the code; whether it works is said at the field, to who is signed in."""

    def go_on(data: dict[str, Any], key: str) -> HttpResponse:
        if request.actor.user is not None:
            here = request.edition.pk
            cohort_of_code(request.actor, here, data["code"], client_address(request))
        kept = {"edition": edition, "code": normal(data["code"]) or 0}
        return redirect_after(request, reverse("cohorts:join", kwargs=kept))

    return service_form(
        request,
        CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:60]}),
        go_on,
        template="ui/form_page_public.html",
        context={
            "heading": _("Join your university's cohort"),
            "submit_label": _("Continue"),
            "cancel_url": reverse("web:edition_home", kwargs={"edition": edition}),
        },
    )


@never_cache
def join(request: EditionRequest, edition: str, code: str) -> HttpResponseBase:
    """What the code opens, for who is signed in; joining is a button."""
    if request.actor.user is None:
        # Nothing is told of the code: whether it works is answered to accounts, and counted.
        return _door(request)
    try:
        found = cohort_of_code(request.actor, request.edition.pk, code, client_address(request))
    except Invalid as error:
        # The page with the form, where there is no field yet that it stands at.
        for told in error.fields.values():
            flash(request, " ".join(map(str, told)), state="danger")
        back = reverse("cohorts:code", kwargs={"edition": edition})
        return redirect_after(request, f"{back}?code={normal(code)}")
    return _join(
        request,
        found,
        lambda data: services.join_by_code(
            request.actor,
            JoinByCode(
                edition=request.edition.pk,
                code=code,
                student_number=data["student_number"],
                agree=data.get("agree", False),
            ),
        ),
    )


@never_cache
def invited(request: EditionRequest, edition: str, token: str) -> HttpResponseBase:
    """What the link of a mail opens. Opening it changes nothing: programmes open links, too."""
    state, entry = state_of_link(request.actor, request.edition.pk, token)
    if entry is None:
        raise NotFound(_("This link was used, or has expired. Ask your university."))
    if state != Link.WORKS:
        return render(
            request,
            "participants/cohorts/link.html",
            {"state": state.value, "cohort": entry.cohort, "here": request.path},
            status=_STATUS.get(state, 200),
        )
    if request.actor.user is None:
        return _door(request, "" if entry.used_at else entry.email)
    return _join(
        request,
        entry.cohort,
        lambda data: services.join_by_link(
            request.actor, JoinByLink(token=token, agree=data.get("agree", False))
        ),
        by_link=True,
    )


def _door(request: EditionRequest, address: str = "") -> HttpResponse:
    return render(
        request, "participants/cohorts/door.html", {"here": request.path, "address": address}
    )


def _join(
    request: EditionRequest, cohort: Cohort, call: Any, *, by_link: bool = False
) -> HttpResponseBase:
    here = {"edition": request.edition.slug}

    def after(made: Member | PendingJoin) -> str:
        if isinstance(made, Member):
            return reverse("cohorts:own", kwargs=here)
        return reverse("registering:start", kwargs=here)

    def told(made: Member | PendingJoin) -> Any:
        if isinstance(made, Member):
            return _("You are in the cohort. Your university confirms who you are.")
        return _("Noted. Register now as a talent, and you are in the cohort.")

    # The address holds a secret. The site's policy (same-origin) keeps it from other sites; with
    # "no-referrer" browsers send `Origin: null`, and the form would be refused.
    university = cohort.organisation
    talent = people.own_talent(request.actor, cohort.edition_id)
    agreed = agreed_before(talent, cohort)
    already = _(
        "%(cohort)s. %(university)s sees your registration already: you agreed to it before."
    )
    return service_form(
        request,
        JoinForm(
            request.POST or None,
            university=str(university.name),
            until=last_day(
                cohort.edition, terms_of(cohort.edition, ConsentPurpose.UNIVERSITY).until
            ),
            abroad=country_name(university.country)
            if is_abroad(cohort.edition, university)
            else "",
            by_link=by_link,
            agreed=agreed,
        ),
        lambda data, key: call(data),
        success_url=after,
        success=told,
        template="ui/form_page_public.html",
        context={
            "heading": _("Join the cohort of %(name)s") % {"name": cohort.organisation.name},
            "intro": already % {"cohort": cohort.name, "university": university.name}
            if agreed
            else cohort.name,
            "submit_label": _("Join the cohort"),
            "cancel_url": reverse("web:edition_home", kwargs=here),
        },
    )


@require_safe
def own(request: EditionRequest, edition: str) -> HttpResponse:
    """The cohorts one is in or will be once registered, what the university says, and sees."""
    if request.actor.user is None:
        raise NotAllowed
    rows = [
        (one, Member.objects.filter(rules.agreed(one.cohort), pk=one.pk).exists())
        for one in queries.own(request.actor, request.edition)
    ]
    return render(
        request,
        "participants/cohorts/own.html",
        {
            "rows": rows,
            "noted": queries.noted(request.actor, request.edition),
            "crumbs": [{"label": _("My university")}],
        },
    )


@require_POST
def change(request: EditionRequest, edition: str, member: UUID) -> HttpResponse:
    """Agree, take it back, or leave."""
    act = request.POST.get("act", "")
    if act == "leave":
        services.leave(request.actor, member)
        flash(request, _("You are in this cohort no longer."))
    else:
        agree = act == "agree"
        services.see_results(request.actor, SeeResults(member=member, agree=agree))
        flash(
            request,
            _("Your university sees how you fare.")
            if agree
            else _("Your university sees nothing of you any more."),
        )
    return redirect_after(request, reverse("cohorts:own", kwargs={"edition": edition}))
