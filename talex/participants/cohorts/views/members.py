"""Who joined a cohort: listed by rung, confirmed, or said not to be of the university."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from talex.core.errors import NotAllowed
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.evidence.vocabulary import Rung
from talex.participants.checked import same_name
from talex.participants.cohorts import mails, queries, rules, services
from talex.participants.cohorts.forms import RefuseForm
from talex.participants.cohorts.models import Cohort, Member, MemberState
from talex.participants.cohorts.services import DecideMembers
from talex.participants.cohorts.views.cohorts import crumbs, url
from talex.participants.looking import services as looking
from talex.participants.words import languages_told
from talex.ui.forms import service_form
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, list_view
from talex.ui.templatetags.ui_tags import state

_STATES = {
    MemberState.WAITING: "info",
    MemberState.CONFIRMED: "ok",
    MemberState.NOT_OURS: "danger",
}


def _rung(member: Member) -> Any:
    rung = getattr(member, "rung", None)
    return Rung(rung).label if rung else ""


def _matched(member: Member) -> Any:
    if not member.proven:
        return pgettext_lazy("cohort", "By the code")
    line, person = member.entry, member.talent.person
    if line is not None and not same_name(line.name, [person.name]):
        return _("In your list as %(name)s") % {"name": line.name}
    return _("In your list")


def _spec(request: EditionRequest, cohort: Cohort) -> ListSpec:
    back = url(request, "members", cohort)

    def confirm(actor: Any, ids: list[Any], _request: Any) -> int:
        return services.decide(actor, DecideMembers(members=ids, confirm=True))

    def refuse(actor: Any, ids: list[Any], _request: Any) -> HttpResponse:
        chosen = urlencode({"member": [str(one) for one in ids]}, doseq=True)
        return redirect(f"{back}not-ours/?{chosen}")

    def seen(http: HttpRequest, way: Any, rows: Iterable[Member]) -> None:
        looking.note(
            request.actor,
            cohort.edition_id,
            [row.talent.person_id for row in rows],
            way,
            organisation=cohort.organisation_id,
        )

    def reached(rows: QuerySet[Member], rung: str) -> QuerySet[Member]:
        return rows.filter(talent_id__in=queries.reached_by(cohort, rung))

    def may(actor: Any) -> bool:
        return rules.can_confirm(actor, cohort)

    return ListSpec(
        key="cohort-members",
        columns=[
            Column(
                key="name",
                label=pgettext_lazy("person", "Name"),
                value="talent.person.name",
                sort="talent__person__name",
                main=True,
            ),
            Column(key="number", label=_("Student number"), value="student_number"),
            Column(key="listed", label=_("Who it is"), value=_matched, sort="proven"),
            Column(
                key="state",
                label=_("Confirmed"),
                value="get_state_display",
                html=lambda m: state(_STATES[MemberState(m.state)], m.get_state_display()),
                sort="state",
            ),
            Column(key="rung", label=_("How far"), value=_rung, sort="height"),
            Column(key="joined", label=_("Joined"), value="joined_at", sort="joined_at"),
        ],
        default_sort="name",
        search=("talent__person__name", "student_number"),
        filters=[
            ChoiceFilter(key="state", label=_("Confirmed"), choices=MemberState.choices),
            ChoiceFilter(
                key="rung",
                label=_("Reached"),
                choices=[(rung.value, rung.label) for rung in queries.RUNGS],
                apply=reached,
            ),
        ],
        bulk_actions=[
            BulkAction(
                key="confirm",
                label=_("Confirm as our graduates"),
                call=confirm,
                allowed=may,
                done=lambda count: (
                    ngettext(
                        "%(count)s person is confirmed.", "%(count)s persons are confirmed.", count
                    )
                    % {"count": count}
                ),
            ),
            BulkAction(key="refuse", label=_("Not ours"), icon="x", call=refuse, allowed=may),
        ],
        seen=seen,
        empty_title=_("Nobody is shown here yet"),
        empty_icon="users",
        empty_text=_("Graduates who joined and agreed that you see them come here."),
    )


def index(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponseBase:
    """The members whom one may see."""
    found = queries.cohort(request.actor, request.edition, cohort)
    return list_view(
        request,
        _spec(request, found),
        queries.members(request.actor, found),
        context={"heading": _("Members"), "crumbs": crumbs(request, found, _("Members"))},
    )


def refuse(request: EditionRequest, edition: str, cohort: UUID) -> HttpResponseBase:
    """Say that those chosen are not of the university, and why."""
    found = queries.cohort(request.actor, request.edition, cohort)
    if not rules.can_confirm(request.actor, found):
        raise NotAllowed
    ids = [one for given in request.GET.getlist("member")[:500] if (one := parse(given))]
    rows = list(queries.members(request.actor, found).filter(pk__in=ids))
    form: forms.Form = RefuseForm(
        request.POST if request.method == "POST" else None,
        reads=languages_told(mails.languages(rows)),
    )
    return service_form(
        request,
        form,
        lambda data, key: services.decide(
            request.actor,
            DecideMembers(
                members=[row.pk for row in rows],
                confirm=False,
                why=data["why"],
                reason=data["reason"],
            ),
        ),
        success_url=url(request, "members", found),
        success=_("Done; they are told."),
        context={
            "heading": _("Not of your university"),
            "intro": ", ".join(row.talent.person.name for row in rows[:20]),
            "submit_label": _("They are not ours"),
            "cancel_url": url(request, "members", found),
            "crumbs": crumbs(request, found, _("Not of your university")),
        },
    )
