"""Talents: the list, one talent, made and edited by the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import NotAllowed, NotFound
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.evidence.models import Evidence
from talex.evidence.rules import can_withdraw
from talex.evidence.services import WithdrawEvidence, withdraw
from talex.participants import queries, rules, services
from talex.participants.abuse import report_url
from talex.participants.choices import Paper
from talex.participants.commands import CreateTalent, UpdateTalent, VerifyTalents, WithdrawTalent
from talex.participants.credentials.links import case_links
from talex.participants.facts import TalentFacts
from talex.participants.forms import ReasonForm, TalentForm, initial
from talex.participants.lists import shown_name, talent_list, talent_rows
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Talent
from talex.participants.own_data import export_person
from talex.participants.pages import talent_facts, timeline_of
from talex.participants.recorded import record_events
from talex.participants.warnings import warnings_of
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form
from talex.ui.lists import list_view


def crumbs(request: EditionRequest, *last: dict[str, Any]) -> list[dict[str, Any]]:
    """Where one is, below the list of talents."""
    # A talent sees the own page, but has no list of others.
    url = ""
    if rules.can_open_talents(request.actor, request.edition.pk):
        url = reverse("participants:talents", kwargs={"edition": request.edition.slug})
    return [{"label": _("Talents"), "url": url}, *last]


def address(name: str, talent: Talent) -> str:
    return reverse(
        f"participants:{name}", kwargs={"edition": talent.edition.slug, "talent": talent.pk}
    )


def talent_page_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All talents that the reader may see."""
    here, actor = request.edition, request.actor
    if not rules.can_open_talents(actor, here.pk):
        raise NotAllowed
    return list_view(
        request,
        talent_list(actor, here),
        talent_rows(actor, here),
        context={
            "heading": _("Talents"),
            "may_create": rules.can_create_talent(actor, here.pk),
            "actions_template": "participants/_talents_actions.html",
        },
    )


def create(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The office adds a talent."""
    here = request.edition
    if not rules.can_create_talent(request.actor, here.pk):
        raise NotAllowed

    def call(data: dict[str, Any], key: str) -> Talent:
        data.pop("version")
        consents = data.pop("consents")
        command = CreateTalent(edition=here.pk, facts=TalentFacts(**data), consents=consents)
        return once(
            request.actor, key, command, lambda: services.create_talent(request.actor, command)
        )

    return service_form(
        request,
        TalentForm(request.POST or None),
        call,
        success_url=lambda talent: address("talent", talent),
        success=_("The talent is registered."),
        context={
            "heading": _("A new talent"),
            "intro": _("Everything may be left out and added later."),
            "submit_label": _("Register"),
            "cancel_url": reverse("participants:talents", kwargs={"edition": edition}),
            "crumbs": crumbs(request, {"label": _("A new talent")}),
        },
    )


@require_safe
def detail(request: EditionRequest, edition: str, talent: UUID) -> HttpResponse:
    """One talent, as far as the reader may see."""
    actor = request.actor
    found = queries.talent(actor, talent, request.edition.pk)
    audited = rules.can_list_talents(actor, found.edition_id)
    note(actor, found.edition_id, [found.person_id], Way.PROFILE)
    name = _("Erased") if found.erased_at else shown_name(found.person.name)
    context = {
        "talent": found,
        "person": found.person,
        "heading": name,
        "crumbs": crumbs(request, {"label": name}),
        "facts": talent_facts(actor, found),
        "shown": queries.shown(actor, found),
        "papers": Paper.choices,
        "is_verified": queries.is_verified(found),
        "may_edit": rules.can_edit_talent(actor, found),
        "may_verify": rules.can_verify(actor, found.edition_id) and found.erased_at is None,
        "may_erase": rules.can_erase(actor, found.person) and found.erased_at is None,
        "own": rules.is_own(actor, found.person_id),
        "timeline": timeline_of(actor, found),
        "audited": audited,
        "cases": case_links(actor, request.edition, talent=found),
        "report_url": report_url(actor, request.edition, found),
    }
    if audited:
        context["warnings"] = warnings_of(found.person, request.edition)
        context["consents"] = queries.consents(found)
        context["records"] = record_events([found.pk, found.person_id])
        context["merges"] = found.person.merges_kept.filter(undone_at__isnull=True).select_related(
            "drop"
        )
    return render(request, "participants/talent.html", context)


def edit(request: EditionRequest, edition: str, talent: UUID) -> HttpResponseBase:
    """Edit a talent."""
    found = queries.talent(request.actor, talent, request.edition.pk)
    if not rules.can_edit_talent(request.actor, found):
        raise NotAllowed
    verified = queries.is_verified(found)
    correcting = verified and rules.can_correct(request.actor, found)
    form = TalentForm(request.POST or None, new=False, correcting=correcting)
    form.initial = initial(found, form.fields)

    def call(data: dict[str, Any], key: str) -> Talent:
        version, correction = data.pop("version"), data.pop("correction", False)
        # What was only read keeps the script it was given.
        if [n.text for n in data["names"]] == form.initial["names"]:
            data.pop("names")
        return services.update_talent(
            request.actor,
            UpdateTalent(
                talent=found.pk,
                changes=data,
                version=version,
                correction=correction,
            ),
        )

    name, back = shown_name(found.person.name), address("talent", found)
    return service_form(
        request,
        form,
        call,
        success_url=back,
        success=_("Saved."),
        context={
            "heading": _("Edit %(name)s") % {"name": name},
            "intro": queries.CHECKED_AGAIN if verified else "",
            "submit_label": _("Save"),
            "cancel_url": back,
            "crumbs": crumbs(request, {"label": name, "url": back}, {"label": _("Edit")}),
        },
    )


@require_POST
def verify(request: EditionRequest, edition: str, talent: UUID) -> HttpResponse:
    """Confirm that the person is who they say."""
    services.verify_talents(
        request.actor,
        VerifyTalents(
            edition=request.edition.pk, talents=[talent], seen=request.POST.get("seen", "")
        ),
    )
    flash(request, _("Verified. The rung is recorded with your name."))
    return redirect_after(request, _detail(request, talent))


@require_POST
def withdraw_talent(request: EditionRequest, edition: str, talent: UUID) -> HttpResponse:
    """Take a talent out of the conference, or back in."""
    withdrawn = request.POST.get("withdrawn") == "1"
    _here(request, talent)
    services.withdraw_talent(request.actor, WithdrawTalent(talent=talent, withdrawn=withdrawn))
    flash(request, _("Withdrawn.") if withdrawn else _("Takes part again."))
    return redirect_after(request, _detail(request, talent))


def _here(request: EditionRequest, talent: UUID) -> Talent:
    return queries.talent(request.actor, talent, request.edition.pk)


def _detail(request: EditionRequest, talent: UUID) -> str:
    return reverse(
        "participants:talent", kwargs={"edition": request.edition.slug, "talent": talent}
    )


def withdraw_evidence(
    request: EditionRequest, edition: str, talent: UUID, evidence: UUID
) -> HttpResponseBase:
    """Take a confirmed rung back, with a reason."""
    found = _here(request, talent)
    row = Evidence.objects.filter(pk=evidence, subject_id=found.pk).first()
    if row is None:
        raise NotFound
    if not can_withdraw(request.actor, found.edition_id, row.confirmed_by):
        raise NotAllowed
    back = _detail(request, talent)

    def call(data: dict[str, Any], key: str) -> Evidence:
        return withdraw(
            request.actor,
            WithdrawEvidence(evidence=row.pk, reason=data["reason"], data_subject=found.person_id),
        )

    return service_form(
        request,
        ReasonForm(request.POST or None),
        call,
        success_url=back,
        success=_("Withdrawn. Figures no longer count it."),
        context={
            "heading": _("Withdraw “%(rung)s”") % {"rung": row.get_rung_display()},
            "submit_label": _("Withdraw"),
            "danger": True,
            "cancel_url": back,
            "crumbs": crumbs(request, {"label": shown_name(found.person.name), "url": back}),
        },
    )


@require_safe
def data(request: EditionRequest, edition: str, talent: UUID) -> HttpResponse:
    """All that is held of a person, as a file."""
    found = _here(request, talent)
    note(request.actor, found.edition_id, [found.person_id], Way.DATA)
    return data_file(export_person(request.actor, found.person_id))


def data_file(told: dict[str, Any]) -> HttpResponse:
    """The data of a person as a JSON file to keep."""
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="talex-my-data.json"'
    response["Cache-Control"] = "no-store"
    return response
