"""Organisations and their delegates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.countries import country_name
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.work import work
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.participants import queries, rules, services
from talex.participants.abuse import report_url
from talex.participants.commands import (
    AddDelegate,
    CreateOrganisation,
    OrganisationFacts,
    SetDelegateRole,
    TakePart,
    UpdateDelegate,
    UpdateOrganisation,
    WithdrawDelegate,
)
from talex.participants.credentials.links import case_links
from talex.participants.disclosed import for_reader
from talex.participants.facts import PERSON_FIELDS, PersonFacts
from talex.participants.forms import DelegateForm, DelegateRoleForm, OrganisationForm, initial
from talex.participants.lists import (
    counted_delegates,
    delegate_list,
    organisation_list,
    shown_name,
)
from talex.participants.models import Delegate, Organisation, Participation
from talex.participants.recorded import record_events
from talex.participants.warnings import unreachable, warnings_of
from talex.participants.words import industry_shown
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form
from talex.ui.lists import list_view


def _crumbs(request: EditionRequest, *last: dict[str, Any]) -> list[dict[str, Any]]:
    url = reverse("participants:organisations", kwargs={"edition": request.edition.slug})
    return [{"label": _("Organisations"), "url": url}, *last]


def _page(request: EditionRequest, organisation: Organisation) -> str:
    return reverse(
        "participants:organisation",
        kwargs={"edition": request.edition.slug, "organisation": organisation.pk},
    )


def organisation_page_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All organisations that take part."""
    here, actor = request.edition, request.actor
    rows = queries.organisations(actor, here.pk).annotate(delegate_count=counted_delegates(here.pk))
    return list_view(
        request,
        organisation_list(actor, here),
        rows,
        context={
            "heading": _("Organisations"),
            "may_create": rules.can_create_organisation(actor, here.pk),
            "actions_template": "participants/_organisations_actions.html",
        },
    )


def _parents(request: EditionRequest, but: UUID | None = None) -> list[tuple[str, str]]:
    rows = queries.organisations(request.actor, request.edition.pk).order_by("name_line")
    return [(str(row.pk), str(row.name)) for row in rows[:2000] if row.pk != but]


def create(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The office adds an organisation."""
    here = request.edition
    if not rules.can_create_organisation(request.actor, here.pk):
        raise NotAllowed

    def call(data: dict[str, Any], key: str) -> Organisation:
        data.pop("version")
        mode = data.pop("mode")
        data["parent"] = UUID(data["parent"]) if data["parent"] else None
        command = CreateOrganisation(edition=here.pk, facts=OrganisationFacts(**data), mode=mode)
        return once(
            request.actor,
            key,
            command,
            lambda: services.create_organisation(request.actor, command),
        )

    return service_form(
        request,
        OrganisationForm(request.POST or None, parents=_parents(request)),
        call,
        success_url=lambda row: _page(request, row),
        success=_("The organisation takes part now."),
        context={
            "heading": _("A new organisation"),
            "submit_label": _("Add the organisation"),
            "cancel_url": reverse("participants:organisations", kwargs={"edition": edition}),
            "crumbs": _crumbs(request, {"label": _("A new organisation")}),
        },
    )


@require_safe
def detail(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponse:
    """One organisation; its delegates for who may see them."""
    here, actor = request.edition, request.actor
    found = queries.organisation(actor, organisation, here.pk)
    delegates = queries.delegates(actor, here.pk).filter(organisation=found)
    part = Participation.objects.filter(organisation=found, edition=here).first()
    shown = for_reader(actor, found, here.pk)
    context = {
        "organisation": shown,
        "participation": part,
        "heading": found.name,
        "crumbs": _crumbs(request, {"label": found.name}),
        "facts": _facts(shown, part),
        "children": queries.organisations(actor, here.pk)
        .filter(parent=found)
        .order_by("name_line"),
        "delegates": delegates.annotate(mails_back=unreachable("person__email")).order_by(
            "person__name"
        ),
        "sees_delegates": rules.can_list_delegates(actor, here.pk)
        or found.pk in actor.organisations(here.pk),
        "may_edit": rules.can_edit_organisation(actor, found, here.pk),
        "may_add": rules.can_add_delegate(actor, here.pk, found.pk),
        "may_withdraw": is_office(actor, here.pk),
        "office": is_office(actor, here.pk),
        "own": actor.persons(),
        "cases": case_links(actor, here, organisation=found),
        "report_url": report_url(actor, here, found),
        "acts": found.pk in actor.organisations(here.pk, pending=True),
    }
    if rules.can_list_delegates(actor, here.pk):
        context["records"] = record_events([found.pk])
        context["unread"] = list(found.unread.items())
    return render(request, "participants/organisation.html", context)


def _facts(row: Organisation, part: Participation | None) -> list[tuple[Any, Any]]:
    industries = [row.industry, *(i for i in row.industries if i != row.industry)]
    pairs = [
        (_("Kind"), row.get_kind_display()),
        (_("Belongs to"), row.parent.name if row.parent else ""),
        (_("Country"), country_name(row.country)),
        (_("Region"), row.region),
        (_("Address"), row.address),
        (_("Industries"), ", ".join(industry_shown(i) for i in industries if i)),
        (_("People"), row.size),
        (_("Founded"), str(row.founded or "")),
        (_("Registration number"), row.registration_number),
        (_("Takes part"), part.get_mode_display() if part else ""),
    ]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def edit(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """Edit an organisation, as the office or as one of its delegates."""
    here, actor = request.edition, request.actor
    found = queries.organisation(actor, organisation, here.pk)
    if not rules.can_edit_organisation(actor, found, here.pk):
        raise NotAllowed
    office = is_office(actor, here.pk)
    named = not office and rules.name_is_fixed(found)
    form = OrganisationForm(
        request.POST or None,
        new=False,
        office=office,
        parents=_parents(request, found.pk),
        country=found.country,
        named=named,
    )
    form.initial = initial(found, form.fields)

    def call(data: dict[str, Any], key: str) -> Organisation:
        version = data.pop("version")
        if "parent" in data:
            data["parent"] = data["parent"] or None
        return services.update_organisation(
            actor,
            UpdateOrganisation(
                organisation=found.pk, edition=here.pk, changes=data, version=version
            ),
        )

    return service_form(
        request,
        form,
        call,
        success_url=_page(request, found),
        success=_("Saved."),
        context={
            "heading": _("Edit %(name)s") % {"name": found.name},
            "intro": _("It takes part as: %(names)s. To change the name, write to the office.")
            % {"names": found.name_line}
            if named
            else "",
            "submit_label": _("Save"),
            "cancel_url": _page(request, found),
            "crumbs": _crumbs(request, {"label": found.name, "url": _page(request, found)}),
        },
    )


@require_POST
def withdraw(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponse:
    """An organisation does not take part any more, or does again."""
    found = queries.organisation(request.actor, organisation, request.edition.pk)
    withdrawn = request.POST.get("withdrawn") == "1"
    part = Participation.objects.get(organisation=found, edition=request.edition)
    services.take_part(
        request.actor,
        TakePart(
            organisation=found.pk, edition=request.edition.pk, mode=part.mode, withdrawn=withdrawn
        ),
    )
    flash(request, _("Withdrawn.") if withdrawn else _("Takes part again."))
    return redirect_after(request, _page(request, found))


def delegate_page_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All delegates of the conference."""
    here, actor = request.edition, request.actor
    if not rules.can_list_delegates(actor, here.pk):
        raise NotAllowed
    return list_view(
        request,
        delegate_list(actor, here),
        queries.delegates(actor, here.pk).annotate(mails_back=unreachable("person__email")),
        context={"heading": _("Delegates")},
    )


def delegate_new(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """Add somebody who acts for an organisation."""
    here, actor = request.edition, request.actor
    found = queries.organisation(actor, organisation, here.pk)
    if not rules.can_add_delegate(actor, here.pk, found.pk):
        raise NotAllowed

    def call(data: dict[str, Any], key: str) -> Delegate:
        data.pop("version")
        facts = PersonFacts(**{name: data.pop(name) for name in PERSON_FIELDS if name in data})
        command = AddDelegate(edition=here.pk, organisation=found.pk, facts=facts, **data)
        return once(actor, key, command, lambda: services.add_delegate(actor, command))

    office = is_office(actor, here.pk)
    return service_form(
        request,
        DelegateForm(request.POST or None, address=office),
        call,
        success_url=_page(request, found),
        success=_("Added. With the e-mail address given here they can sign in as a delegate.")
        if office
        else _("Added, without an account. Invite them as well if they should sign in."),
        context={
            "heading": _("A new delegate of %(name)s") % {"name": found.name},
            "intro": ""
            if office
            else _(
                "They stand in the timetable with this name and have no account. Who should sign "
                "in is invited by e-mail and needs no entry here."
            ),
            "submit_label": _("Add the delegate"),
            "cancel_url": _page(request, found),
            "crumbs": _crumbs(request, {"label": found.name, "url": _page(request, found)}),
        },
    )


def delegate_edit(request: EditionRequest, edition: str, delegate: UUID) -> HttpResponseBase:
    """Edit a delegate."""
    here, actor = request.edition, request.actor
    found = queries.delegate(actor, delegate, here.pk)
    if not rules.can_edit_delegate(actor, found):
        return colleague(request, found)
    head = rules.can_head(actor, here.pk, found.organisation_id)
    form = DelegateForm(request.POST or None, new=False, head=head)
    form.initial = initial(found, form.fields)

    def call(data: dict[str, Any], key: str) -> Delegate:
        version = data.pop("version")
        if [n.text for n in data["names"]] == form.initial["names"]:
            data.pop("names")
        role = data.pop("role", "") or found.role
        with work():
            changed = services.update_delegate(
                actor, UpdateDelegate(delegate=found.pk, changes=data, version=version)
            )
            if role != found.role:
                return services.set_delegate_role(
                    actor, SetDelegateRole(delegate=found.pk, role=role)
                )
        return changed

    page = _page(request, found.organisation)
    name = shown_name(found.person.name)
    return service_form(
        request,
        form,
        call,
        success_url=page,
        success=_("Saved."),
        template="participants/delegate_edit.html",
        context={
            "delegate": found,
            "warnings": warnings_of(found.person, here) if is_office(actor, here.pk) else [],
            "may_erase": rules.can_erase(actor, found.person),
            "own": rules.is_own(actor, found.person_id),
            "may_end": _may_end(request, found),
            "heading": _("Edit %(name)s") % {"name": name},
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": _crumbs(
                request, {"label": found.organisation.name, "url": page}, {"label": name}
            ),
        },
    )


def _may_end(request: EditionRequest, found: Delegate) -> bool:
    """Whether the button of who acts, or of who acts no more, does something for the reader."""
    ended = found.withdrawn_at is not None
    return (rules.can_return_delegate if ended else rules.can_end_delegate)(request.actor, found)


def colleague(request: EditionRequest, found: Delegate) -> HttpResponseBase:
    """A head's page of a colleague: the role and the end of it; what else is told is theirs."""
    if not rules.can_return_delegate(request.actor, found):
        raise NotAllowed
    page = _page(request, found.organisation)
    name = shown_name(found.person.name)
    return service_form(
        request,
        DelegateRoleForm(request.POST or None, initial={"role": found.role}),
        lambda data, key: services.set_delegate_role(
            request.actor, SetDelegateRole(delegate=found.pk, role=data["role"])
        ),
        success_url=page,
        success=_("Saved."),
        template="participants/colleague.html",
        context={
            "delegate": found,
            "told": [
                (_("Position"), found.title),
                (_("E-mail address"), found.person.email),
            ],
            "may_end": _may_end(request, found),
            "heading": name,
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": _crumbs(
                request, {"label": found.organisation.name, "url": page}, {"label": name}
            ),
        },
    )


@require_POST
def delegate_withdraw(request: EditionRequest, edition: str, delegate: UUID) -> HttpResponse:
    """Somebody no longer acts for the organisation, or does again."""
    found = queries.delegate(request.actor, delegate, request.edition.pk)
    withdrawn = request.POST.get("withdrawn") == "1"
    services.withdraw_delegate(
        request.actor, WithdrawDelegate(delegate=found.pk, withdrawn=withdrawn)
    )
    flash(request, _("Withdrawn.") if withdrawn else _("Takes part again."))
    return redirect_after(request, _page(request, found.organisation))
