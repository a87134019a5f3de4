"""What a talent shares with whom, in one edition: seen, given and withdrawn on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.core.errors import NotFound
from talex.core.zones import own_zone, zone_told
from talex.editions.http import EditionRequest
from talex.editions.models import ConsentPurpose, Edition
from talex.participants import agreements, queries, rules, services
from talex.participants.abroad import abroad_of, agrees, is_abroad
from talex.participants.commands import SetAbroad, SetConsents, ShareContact
from talex.participants.forms_sharing import AbroadForm, ChooseForm, ConsentForm, ShareForm
from talex.participants.looking.queries import seen_by
from talex.participants.looking.services import DAYS
from talex.participants.services.consents import current_consents, shared_with
from talex.participants.services.erasing import records_of
from talex.participants.views.own import own_talent
from talex.ui.forms import service_form


def _page(edition: Edition) -> str:
    return reverse("participants:own_consents", kwargs={"edition": edition.slug})


def consents(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Decide what is shared with whom; below it, what was given and withdrawn when."""
    talent = own_talent(request)
    names = queries.recipients(talent)
    held = current_consents(talent)
    waiting = agreements.waiting(request.edition.pk, talent.person_id)
    # Read before it is saved: the requests end by that.
    ending = waiting if rules.PROFILE in held else 0
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        initial={"purposes": held},
        edition=request.edition,
        ending=ending,
    )

    def save(data: dict[str, Any], key: str) -> str:
        asked = data["purposes"]
        now = services.set_consents(request.actor, SetConsents(talent=talent.pk, purposes=asked))
        ended = 0 if rules.PROFILE in now else ending
        return _saved(ended, rules.CONTACT in asked and rules.CONTACT not in now)

    return service_form(
        request,
        form,
        save,
        success_url=_page(request.edition),
        success=lambda said: said,
        template="participants/sharing.html",
        context={
            "heading": _("What is shared"),
            "submit_label": _("Save"),
            "cancel_url": reverse("participants:own", kwargs={"edition": edition}),
            "abroad": abroad_of(talent),
            "shares": [
                (one, [str(purpose.label) for purpose in purposes])
                for one, purposes in shared_with(talent)
            ],
            "history": [(one, names.get(one.recipient, "")) for one in queries.consents(talent)],
        },
    )


def _saved(ended: int, contact_too: bool = False, *, to_one: bool = False) -> str:
    """`contact_too`: the contact stayed ticked, and ended with the profile."""
    said = [
        gettext("Saved. It holds from now on.")
        if to_one
        else gettext(
            "Saved. It holds from now on, in every list and in every file made from now on."
        )
    ]
    if contact_too:
        said.append(
            gettext(
                "Without your profile nobody is told how to reach you: that is taken back as well. "
                "Tick both again to share both."
            )
        )
    if ended:
        said.append(
            ngettext(
                "%(count)d waiting request ends by this.",
                "%(count)d waiting requests end by this.",
                ended,
            )
            % {"count": ended}
        )
    return " ".join(said)


@require_safe
def seen(request: EditionRequest, edition: str) -> HttpResponse:
    """Who looked at one's data, when and how."""
    talent = own_talent(request)
    records = [one.pk for one in records_of(talent.person)]
    zone = own_zone(request.actor, talent.person.time_zone, request.edition.time_zone)
    return render(
        request,
        "participants/seen.html",
        {
            "viewers": seen_by(records, request.edition.pk, zone=zone),
            "days": DAYS // 365,
            "zone": zone_told(zone),
        },
    )


def abroad(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The separate consent: whether what is shared goes to the organisations abroad."""
    talent = own_talent(request)
    page = _page(request.edition)
    state = abroad_of(talent)
    if not (state.given or state.there):
        return redirect(page)  # nobody to agree to
    form = AbroadForm(
        request.POST if request.method == "POST" else None, edition=request.edition, state=state
    )

    def save(data: dict[str, Any], key: str) -> None:
        if data.get("new") or (data["abroad"] and not state.given):
            command = SetAbroad(talent=talent.pk, agreed=True, read=data["read"])
        elif state.given and not data["abroad"]:
            command = SetAbroad(talent=talent.pk, agreed=False)
        else:
            return
        services.set_abroad(request.actor, command)

    return service_form(
        request,
        form,
        save,
        success_url=page,
        success=_("Saved. It holds from now on, in every list and in every file made from now on."),
        template="ui/form_page_public.html",
        context={
            "heading": _("Organisations abroad"),
            "intro": _(
                "Data that leave the country need a consent of their own. It opens nothing by "
                "itself: the organisations named here then see what you share with all "
                "organisations; one that comes later sees nothing until you agree to it as well. "
                "Taken back here, it is taken back from each of them."
            ),
            "submit_label": _("Save"),
            "cancel_url": page,
        },
    )


def choose(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Which organisation something is shared with; the next page says what that means."""
    own_talent(request)
    rows = queries.organisations(request.actor, request.edition.pk).order_by("name_line", "pk")
    form = ChooseForm(
        request.POST if request.method == "POST" else None,
        organisations=[(str(one.pk), str(one.name)) for one in rows],
    )
    return service_form(
        request,
        form,
        lambda data, key: data["organisation"],
        success_url=lambda pk: reverse(
            "participants:own_share", kwargs={"edition": edition, "organisation": pk}
        ),
        template="ui/form_page_public.html",
        context={
            "heading": _("Share with one organisation"),
            "submit_label": _("Next"),
            "cancel_url": _page(request.edition),
        },
    )


def share(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """Share something with one organisation only, or no longer."""
    talent = own_talent(request)
    known = {one.pk: (one, purposes) for one, purposes in shared_with(talent)}
    rows = queries.organisations(request.actor, request.edition.pk)
    held = known.get(organisation)
    # Of one that left the conference what was shared is still taken back.
    found = rows.filter(pk=organisation).first() or (held[0] if held else None)
    if found is None:
        raise NotFound
    far = is_abroad(request.edition, found)
    purposes = [p.value for p in held[1]] if held else []
    agreed = far and agrees(request.edition.pk, talent.person_id, found.pk)
    for_all = rules.PROFILE in current_consents(talent)
    # What waits with it ends once it may no longer read the profile.
    loses = (
        agreed and (for_all or rules.PROFILE in purposes)
        if far
        else (rules.PROFILE in purposes and not for_all)
    )
    ending = agreements.waiting(request.edition.pk, talent.person_id, found.pk) if loses else 0
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        edition=request.edition,
        organisation=found,
        abroad=far,
        ending=ending,
        initial={
            "purposes": [p for p in purposes if p != ConsentPurpose.ABROAD],
            "abroad": [ConsentPurpose.ABROAD.value] if agreed else [],
        },
    )
    page = _page(request.edition)

    def save(data: dict[str, Any], key: str) -> str:
        asked = data["purposes"]
        services.share_contact(
            request.actor,
            ShareContact(
                talent=talent.pk,
                organisation=found.pk,
                share=bool(asked),
                purposes=tuple(asked),
                abroad=bool(data["abroad"]) if far else None,
            ),
        )
        held = dict(shared_with(talent)).get(found, [])
        profile = for_all or rules.PROFILE in held
        lost = not profile or (far and not agrees(talent.edition_id, talent.person_id, found.pk))
        dropped = rules.CONTACT in asked and rules.CONTACT not in held
        return _saved(ending if lost else 0, dropped, to_one=True)

    return service_form(
        request,
        form,
        save,
        success_url=page,
        success=lambda said: said,
        template="ui/form_page_public.html",
        context={
            "heading": _("Share with %(name)s") % {"name": found.name},
            "submit_label": _("Save"),
            "cancel_url": page,
        },
    )
