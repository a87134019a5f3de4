"""Quotas, counts a company, and whether openings are reviewed at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core.errors import NotAllowed
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.fair.collecting import queries, rules, services, tree
from talex.fair.collecting.forms import QuotaForm, ReviewedForm
from talex.fair.collecting.models import Quota
from talex.fair.collecting.views.reviewing import crumbs, reviews, tabs
from talex.fair.forms import sent
from talex.participants.models import Organisation
from talex.ui.flash import flash
from talex.ui.forms import service_form


def companies(request: EditionRequest, edition: str) -> HttpResponseBase:
    """How many openings of each organisation stand where."""
    if not reviews(request):
        raise NotAllowed
    return render(
        request,
        "fair/collecting/companies.html",
        {
            "rows": queries.companies(request.actor, request.edition),
            "tabs": tabs(request, "companies"),
            "crumbs": crumbs(request, {"label": _("By organisation")}),
        },
    )


def quota_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Who collects how many, and how much of it is taken."""
    actor, where = request.actor, request.edition
    if not reviews(request):
        raise NotAllowed
    office = rules.can_approve(actor, where.pk)
    own = tree.collecting_for(actor, where.pk)
    shares = [one for one in own if rules.can_share(actor, where.pk, one)]
    rows = queries.quotas_seen(actor, where)
    changed = {
        one.quota.organisation_id for one in rows if office or one.quota.given_by_id in shares
    }
    return render(
        request,
        "fair/collecting/quotas.html",
        {
            "rows": rows,
            "office": office,
            "changeable": changed,
            "may_give": office or any(_below(where.pk, one) for one in shares),
            "reviewed": services.is_reviewed(where.pk),
            "tabs": tabs(request, "quotas"),
            "crumbs": crumbs(request, {"label": _("Quotas")}),
        },
    )


def _below(edition: UUID, collector: UUID) -> set[UUID]:
    return tree.below([collector]) - {collector}


def _giver(request: EditionRequest, organisation: UUID | None) -> UUID | None:
    """Of whose quota this reader gives: None for the office, else their collector above."""
    actor, where = request.actor, request.edition
    if rules.can_approve(actor, where.pk):
        if organisation is None:
            return None
        known = Quota.objects.filter(edition=where, organisation_id=organisation).first()
        return known.given_by_id if known else None
    own = [
        one for one in tree.collecting_for(actor, where.pk)
        if rules.can_share(actor, where.pk, one)
    ]  # fmt: skip
    if not own:
        raise NotAllowed
    line = tree.above(organisation)[1:] if organisation else []
    return next((one for one in line if one in own), own[0])


def _choices(request: EditionRequest, fixed: UUID | None) -> list[tuple[str, str]]:
    """Who can be given a quota: organisations of the conference; below one's own."""
    actor, where = request.actor, request.edition
    rows = Organisation.objects.filter(
        participations__edition=where, participations__withdrawn_at__isnull=True
    )
    if not rules.can_approve(actor, where.pk):
        own = tree.collecting_for(actor, where.pk)
        rows = rows.filter(pk__in=tree.below(own) - own)
    if fixed is not None:
        rows = rows.filter(pk=fixed)
    else:
        # Whoever collects has others below.
        rows = rows.filter(children__isnull=False).distinct()
    return [(str(one.pk), str(one.name)) for one in rows.order_by("name_line").only("id", "name")]


def quota(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Give a quota, or change one (`organisation`)."""
    where = request.edition
    fixed = parse(request.GET.get("organisation", ""))
    _giver(request, fixed)
    choices = _choices(request, fixed)
    initial: dict[str, Any] = {}
    if fixed is not None:
        known = Quota.objects.filter(edition=where, organisation_id=fixed).first()
        initial = {"organisation": str(fixed)}
        if known is not None:
            initial |= {"openings": known.openings, "seats": known.seats}
    back = reverse("collecting:quotas", kwargs={"edition": edition})

    def call(data: dict[str, Any], key: str) -> Quota:
        to = UUID(data["organisation"])
        command = services.SetQuota(to, data["openings"], data["seats"], _giver(request, to))
        return services.set_quota(request.actor, where, command)

    return service_form(
        request,
        QuotaForm(sent(request), organisations=choices, initial=initial),
        call,
        success_url=back,
        success=_("The quota holds from now on. The collector is told by mail."),
        context={
            "heading": _("Quota"),
            "intro": _(
                "A district, a park or a group reviews the openings of the organisations below "
                "it, and passes on so many at most."
            ),
            "submit_label": _("Save"),
            "cancel_url": back,
            "crumbs": crumbs(request, {"label": _("Quotas"), "url": back}, {"label": _("Quota")}),
        },
    )


@require_POST
def remove(request: EditionRequest, edition: str, organisation: UUID) -> HttpResponseBase:
    """An organisation collects no more."""
    services.remove_quota(request.actor, request.edition, services.RemoveQuota(organisation))
    flash(request, _("It collects no more. What waited goes to the next above, or the office."))
    return redirect("collecting:quotas", edition=edition)


def reviewed(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Whether openings are approved before talents see them."""
    where = request.edition
    if not rules.can_approve(request.actor, where.pk):
        raise NotAllowed
    back = reverse("collecting:queue", kwargs={"edition": edition})
    return service_form(
        request,
        ReviewedForm(
            sent(request),
            initial={"reviewed": "yes" if services.is_reviewed(where.pk) else "no"},
        ),
        lambda data, key: services.set_reviewed(request.actor, where, data["reviewed"] == "yes"),
        success_url=back,
        success=_("It holds from now on."),
        context={
            "heading": _("Approving openings"),
            "intro": _("What is open already stays open and counts as approved."),
            "submit_label": _("Save"),
            "cancel_url": back,
            "crumbs": crumbs(request, {"label": _("Approving openings")}),
        },
    )
