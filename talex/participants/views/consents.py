"""Receipts of consents, and the consents of an edition as the office counts them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from talex.core import clock
from talex.core.errors import NotAllowed, NotFound
from talex.core.ids import parse
from talex.editions.consents import visible_consents
from talex.editions.http import EditionRequest
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.editions.rules import is_office
from talex.participants import named, rules
from talex.participants.abroad import without_country
from talex.participants.consenting import agreed, agreed_list
from talex.participants.models import Organisation
from talex.participants.receipts import NOTICE, in_words, receipt
from talex.participants.statements import RECIPIENTS
from talex.ui.lists import list_view


def _consent(request: EditionRequest, pk: UUID) -> Consent:
    if not request.actor.signed_in:
        raise NotAllowed
    rows = Consent.objects.select_related("edition__privacy").filter(edition=request.edition)
    found = rows.filter(visible_consents(request.actor), pk=pk).first()
    if found is None:
        raise NotFound
    return found


@require_safe
def receipt_page(request: EditionRequest, edition: str, consent: UUID) -> HttpResponse:
    """The receipt of one consent, to be read."""
    told = in_words(_consent(request, consent))
    row, controller = told["consent"], told["controller"]
    pairs = [
        (_("Who receives it"), told["recipient"]),
        (_("Which data"), told["fields"]),
        (_("Where to"), told["where"]),
        (pgettext_lazy("consent", "Given"), row.given_at),
        (_("Until"), told["until"]),
        (_("Taken back"), row.withdrawn_at),
        (_("Controller"), controller.controller or request.edition.name),
        (_("Address"), controller.address),
        (_("E-mail address"), controller.email),
        (_("Number of the receipt"), str(row.pk)),
    ]
    context = {"receipt": told, "pairs": [(name, value) for name, value in pairs if value]}
    return render(request, "participants/receipt.html", context)


@require_safe
def receipt_file(request: EditionRequest, edition: str, consent: UUID) -> HttpResponse:
    """The same as a file that programs read."""
    found = _consent(request, consent)
    answer = JsonResponse(receipt(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="consent-{found.pk}.json"'
    return answer


def _list_of(edition: Edition, purpose: str, organisation: UUID | None) -> str:
    """Where those who agreed are listed; a university sees its own among its cohorts."""
    if purpose == ConsentPurpose.UNIVERSITY:
        return ""
    here: dict[str, object] = {"edition": edition.slug, "purpose": purpose}
    if organisation is None:
        return reverse("participants:agreed", kwargs=here)
    return reverse("participants:agreed_one", kwargs={**here, "organisation": organisation})


def agreed_page(
    request: EditionRequest, edition: str, purpose: str, organisation: UUID | None = None
) -> HttpResponseBase:
    """Who agreed to a purpose, to hand on to its recipients; with one, also to it alone."""
    here, actor = request.edition, request.actor
    if not rules.can_list_talents(actor, here.pk):
        raise NotAllowed
    to = None
    if organisation is not None:
        rows = Organisation.objects.filter(participations__edition=here, pk=organisation)
        to = rows.filter(rules.visible_organisations(actor)).first()
        if to is None:
            raise NotFound
    found = agreed(actor, here, purpose, to)
    label = str(ConsentPurpose(purpose).label)
    crumb = {
        "label": _("Consents"),
        "url": reverse("participants:consents", kwargs={"edition": here.slug}),
    }
    return list_view(
        request,
        agreed_list(here, purpose, to),
        found,
        context={
            "heading": f"{label} – {to.name}" if to else label,
            "intro": _(
                "Who receives it: %(to)s. "
                "The file holds who agrees now, and only what they agreed to."
            )
            % {"to": to.name if to else RECIPIENTS[purpose]},
            "crumbs": [crumb, {"label": label}],
        },
    )


@require_safe
def counts(request: EditionRequest, edition: str) -> HttpResponse:
    """How many consents stand, by purpose and recipient."""
    if not rules.can_list_talents(request.actor, request.edition.pk):
        raise NotAllowed
    now = clock.now()
    over = Q(expired_at__isnull=False) | Q(valid_until__lte=now)
    open_ = Q(withdrawn_at__isnull=True)
    stands = (
        open_ & Q(expired_at__isnull=True) & (Q(valid_until__isnull=True) | Q(valid_until__gt=now))
    )
    found = (
        Consent.objects.filter(edition=request.edition)
        .values("purpose", "recipient")
        .annotate(
            given=Count("pk", filter=stands),
            ending=Count("pk", filter=stands & Q(valid_until__lte=now + NOTICE)),
            withdrawn=Count("pk", filter=~open_),
            expired=Count("pk", filter=open_ & over),
        )
        .order_by("purpose", "recipient")
    )
    rows = list(found)
    ids = [pk for row in rows if (pk := parse(row["recipient"]))]
    names = {str(one.pk): str(one.name) for one in Organisation.objects.filter(pk__in=ids)}
    listed = named.sizes(request.edition.pk)
    told = [
        {
            **row,
            "recipient": names.get(row["recipient"], row["recipient"])
            or RECIPIENTS[row["purpose"]],
            "several": listed.get(row["recipient"], 0),
            "purpose": ConsentPurpose(row["purpose"]).label,
            # Who is in which list is seen at each of its organisations.
            "url": ""
            if named.is_list(row["recipient"])
            else _list_of(request.edition, row["purpose"], parse(row["recipient"])),
        }
        for row in rows
    ]
    return render(
        request,
        "participants/consents.html",
        {
            "rows": told,
            "office": is_office(request.actor, request.edition.pk),
            "unsaid": without_country(request.edition.pk).count(),
        },
    )
