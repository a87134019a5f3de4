"""When somebody can be met: their own page, and the office's for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.cities import city
from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.participants import queries, rules, services
from talex.participants.availability import hours_of, zone_of
from talex.participants.commands import SetAvailability
from talex.participants.hours_form import AvailabilityForm
from talex.participants.lists import shown_name
from talex.participants.models import Delegate, Talent
from talex.ui.forms import service_form


def own(request: EditionRequest, edition: str) -> HttpResponseBase:
    """One's own: as a talent, else as a delegate."""
    if not request.actor.signed_in:
        raise NotAllowed
    found = queries.own_record(request.actor, request.edition.pk)
    if found is None:
        raise NotAllowed(_("You take no part in the meetings of this conference."))
    back = (
        reverse("participants:own", kwargs={"edition": edition})
        if isinstance(found, Talent)
        else reverse("web:edition_home", kwargs={"edition": edition})
    )
    return _form(request, found, back, own=True)


def talent(request: EditionRequest, edition: str, talent: UUID) -> HttpResponseBase:
    """A talent's, by the office."""
    found = queries.talent(request.actor, talent, request.edition.pk)
    if not rules.can_edit_talent(request.actor, found):
        raise NotAllowed
    back = reverse("participants:talent", kwargs={"edition": edition, "talent": found.pk})
    return _form(request, found, back)


def delegate(request: EditionRequest, edition: str, delegate: UUID) -> HttpResponseBase:
    """A delegate's, by the office or the delegate."""
    found = queries.delegate(request.actor, delegate, request.edition.pk)
    if not rules.can_edit_delegate(request.actor, found):
        raise NotAllowed
    back = reverse("participants:delegate_edit", kwargs={"edition": edition, "delegate": found.pk})
    return _form(request, found, back)


def stated_zone(actor: Actor, edition: Edition, record: Talent | Delegate, own: bool) -> ZoneInfo:
    """The person's zone; of oneself else the account's; else the venue's."""
    account = actor.time_zone if own and actor.time_zone != "UTC" else ""
    return zone_of(record.person.time_zone or account or edition.time_zone)


def _form(
    request: EditionRequest, found: Talent | Delegate, back: str, *, own: bool = False
) -> HttpResponseBase:
    edition, actor = request.edition, request.actor
    zone = stated_zone(actor, edition, found, own)
    kind = "talent" if isinstance(found, Talent) else "delegate"
    initial = {
        name: getattr(found, name)
        for name in ("mode", "local_from", "local_until", "daily_max", "version")
    } | {"time_zone": zone.key, "windows": hours_of(found.windows, zone)}

    def call(data: dict[str, Any], key: str) -> Talent | Delegate:
        return services.set_availability(
            actor,
            SetAvailability(
                edition=edition.pk,
                kind=kind,
                record=found.pk,
                time_zone=data["time_zone"],
                windows=tuple(data["windows"]),
                mode=data["mode"],
                local_from=data["local_from"],
                local_until=data["local_until"],
                daily_max=data["daily_max"],
                version=data["version"],
            ),
        )

    name = shown_name(found.person.name)
    return service_form(
        request,
        AvailabilityForm(
            request.POST if request.method == "POST" else None, edition=edition, initial=initial
        ),
        call,
        success_url=back,
        success=_("Saved. New times of meetings keep to it; one that is set already stays."),
        template="ui/form_page_public.html" if own else "ui/form_page.html",
        context={
            "heading": _("When I can meet")
            if own
            else _("When %(name)s can be met") % {"name": name},
            "intro": _("The conference: %(first)s to %(last)s, by the clock of %(zone)s.")
            % {
                "first": _day(edition.starts_on),
                "last": _day(edition.ends_on),
                "zone": city(edition.time_zone),
            },
            "submit_label": _("Save"),
            "cancel_url": back,
            "crumbs": [] if own else [{"label": name, "url": back}, {"label": _("When to meet")}],
        },
    )


def _day(day: Any) -> str:
    from django.utils import formats

    return formats.date_format(day, "SHORT_DATE_FORMAT")
