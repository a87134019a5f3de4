"""The office's pages of editions: list, make, edit, open and close, dress, give roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.accounts.http import ActorRequest
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.editions import mailing, queries, role_services, rules, services
from talex.editions.forms import EditionForm, GrantForm, PictureForm
from talex.editions.http import EditionRequest
from talex.editions.models import Edition, EditionState, Invitation
from talex.ui.flash import flash
from talex.ui.forms import form_response, redirect_after, service_form
from talex.ui.lists import ChoiceFilter, Column, ListSpec, list_view
from talex.ui.templatetags.ui_tags import state as state_sign

STATE_SIGNS = {
    EditionState.DRAFT: "none",
    EditionState.OPEN: "info",
    EditionState.RUNNING: "ok",
    EditionState.CLOSED: "none",
}


def _home(edition: Edition) -> str:
    return reverse("web:edition_home", kwargs={"edition": edition.slug})


def _need_office(request: EditionRequest) -> None:
    if not rules.can_edit_edition(request.actor, request.edition):
        raise NotAllowed()


def _spec(actor: Any) -> ListSpec:
    may_create = rules.can_create_edition(actor)
    return ListSpec(
        key="editions",
        default_sort="-starts_on",
        search=("slug", "name", "city"),
        columns=[
            Column(key="name", label=_("Name"), sort="slug", link=_home, sub="slug"),
            Column(key="city", label=_("City")),
            Column(key="starts_on", label=_("First day"), sort="starts_on"),
            Column(key="ends_on", label=_("Last day"), sort="ends_on"),
            Column(
                key="state",
                label=_("State"),
                value="get_state_display",
                html=lambda e: state_sign(STATE_SIGNS[e.state], e.get_state_display()),
                sort="state",
            ),
            Column(key="slug", label=_("Short name"), shown=False),
        ],
        filters=[ChoiceFilter(key="state", label=_("State"), choices=EditionState.choices)],
        empty_title=_("No conferences yet"),
        empty_url=reverse("editions:create") if may_create else "",
        empty_action=_("Make a conference") if may_create else "",
    )


def edition_list(request: ActorRequest) -> HttpResponseBase:
    """The editions that the reader has a hand in; all of them for who runs the site."""
    actor = request.actor
    if not (actor.all_powerful or actor.editions("organiser")):
        raise NotAllowed()
    found = queries.editions(actor)
    if not actor.all_powerful:
        found = found.filter(Q(pk__in=actor.editions("organiser")))
    return list_view(
        request,
        _spec(actor),
        found,
        context={
            "heading": _("Conferences"),
            "may_create": rules.can_create_edition(actor),
            "actions_template": "editions/_list_actions.html",
        },
    )


def create(request: ActorRequest) -> HttpResponseBase:
    """Make a conference."""
    if not rules.can_create_edition(request.actor):
        raise NotAllowed(_("Editions are made by the site's administrators."))

    def call(data: dict[str, Any], key: str) -> Edition:
        given = {**data, "languages": tuple(data["languages"])}
        return services.create_edition(request.actor, services.CreateEdition(**given))

    return service_form(
        request,
        EditionForm(request.POST or None),
        call,
        success_url=_home,
        success=_("The conference is made. It is in preparation: only the office sees it."),
        context={
            "heading": _("A new conference"),
            "submit_label": _("Make the conference"),
            "cancel_url": reverse("web:home"),
        },
    )


def _initial(edition: Edition) -> dict[str, Any]:
    names = ("name", "city", "tagline", "description", "starts_on", "ends_on", "time_zone")
    return {
        **{name: getattr(edition, name) for name in names},
        "languages": edition.languages,
        "accent": edition.accent,
        "revision": edition.revision,
    }


def edit(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What the edition says of itself, its state and its pictures."""
    _need_office(request)
    here = request.edition
    form = EditionForm(request.POST or None, initial=_initial(here), new=False)

    def call(data: dict[str, Any], key: str) -> Edition:
        given = {**data, "languages": tuple(data["languages"])}
        return services.edit_edition(request.actor, services.EditEdition(edition=here.pk, **given))

    follows = [
        {"value": value, "label": EditionState(value).label, "act": _ACTS[here.state, value]}
        for value in services.FOLLOWS[here.state]
    ]
    return service_form(
        request,
        form,
        call,
        success_url=request.path,
        success=_("Saved."),
        template="editions/edit.html",
        context={
            "heading": _("Settings"),
            "submit_label": _("Save"),
            "edition": here,
            "follows": follows,
            "state_sign": SimpleLazyObject(
                lambda: state_sign(STATE_SIGNS[EditionState(here.state)], here.get_state_display())
            ),
        },
    )


# What the button says that leads from one state to another.
_ACTS: dict[tuple[str, str], Any] = {
    (EditionState.DRAFT, EditionState.OPEN): _("Open for registration"),
    (EditionState.OPEN, EditionState.RUNNING): _("Start the conference"),
    (EditionState.OPEN, EditionState.CLOSED): _("Close"),
    (EditionState.OPEN, EditionState.DRAFT): _("Take back into preparation"),
    (EditionState.RUNNING, EditionState.CLOSED): _("Close"),
    (EditionState.RUNNING, EditionState.OPEN): _("Back to registration"),
    (EditionState.CLOSED, EditionState.OPEN): _("Open again for registration"),
    (EditionState.CLOSED, EditionState.RUNNING): _("Back to taking place"),
}


@require_POST
def set_state(request: EditionRequest, edition: str) -> HttpResponse:
    """Open, start, close."""
    _need_office(request)
    changed = services.set_state(
        request.actor, services.SetState(request.edition.pk, request.POST.get("state", ""))
    )
    flash(
        request,
        _("The conference is now: %(state)s.") % {"state": changed.get_state_display()},
    )
    return redirect_after(request, reverse("editions:edit", kwargs={"edition": edition}))


def set_picture(request: EditionRequest, edition: str, which: str) -> HttpResponseBase:
    """Give the edition a logo or a cover picture."""
    _need_office(request)
    form = PictureForm(request.POST or None, request.FILES or None)

    def call(data: dict[str, Any], key: str) -> Edition:
        try:
            return services.set_picture(
                request.actor, services.SetPicture(request.edition.pk, which, data["file"])
            )
        except Invalid as error:
            raise Invalid({"file": error.fields.get(which, [])}) from error

    back = reverse("editions:edit", kwargs={"edition": edition})
    return service_form(
        request,
        form,
        call,
        success_url=back,
        success=_("The picture is in its place."),
        context={
            "heading": _("Logo") if which == "logo" else _("Cover picture"),
            "submit_label": _("Use this picture"),
            "cancel_url": back,
        },
    )


@require_POST
def remove_picture(request: EditionRequest, edition: str, which: str) -> HttpResponse:
    """Take the logo or the cover picture away."""
    _need_office(request)
    services.set_picture(request.actor, services.SetPicture(request.edition.pk, which, None))
    flash(request, _("The picture is gone."))
    return redirect_after(request, reverse("editions:edit", kwargs={"edition": edition}))


def roles(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Who holds which role, who is invited, and the form that gives one."""
    here, actor = request.edition, request.actor
    may_grant = rules.can_grant(actor, here)
    context = {
        "grants": queries.grants(actor, here),
        "invitations": queries.invitations(actor, here),
        "may_grant": may_grant,
        "submit_label": _("Give the role"),
        "form_id": "form",
    }
    if not may_grant:
        if request.method == "POST":
            raise NotAllowed()
        return render(request, "editions/roles.html", context)
    form = GrantForm(request.POST or None)
    if request.method != "POST":
        return form_response(request, form, template="editions/roles.html", context=context)

    def told(result: object) -> Any:
        if isinstance(result, Invitation):
            return mailing.invited(result)
        return _("The role is given.")

    return service_form(
        request,
        form,
        lambda data, key: role_services.grant_role(
            actor, role_services.GrantRole(edition=here.pk, **data)
        ),
        success_url=request.path,
        success=told,
        template="editions/roles.html",
        context=context,
    )


@require_POST
def revoke(request: EditionRequest, edition: str, grant: UUID) -> HttpResponse:
    """Take a role back."""
    _need_office(request)
    try:
        role_services.revoke_grant(request.actor, grant)
        flash(request, _("The role is taken back."))
    except Conflict as error:
        flash(request, str(error), state="danger")
    return redirect_after(request, reverse("editions:roles", kwargs={"edition": edition}))


@require_POST
def withdraw(request: EditionRequest, edition: str, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    _need_office(request)
    role_services.withdraw_invitation(request.actor, invitation)
    flash(request, _("The invitation is withdrawn."))
    return redirect_after(request, reverse("editions:roles", kwargs={"edition": edition}))
