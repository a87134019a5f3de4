"""Who may report a talent's profile or an organisation: whoever is shown it and is not of it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import privacy, rules
from talex.fair.conversations.models import ReportKind
from talex.fair.conversations.rules import can_handle
from talex.fair.models import Opening
from talex.participants.models import Organisation, Participation, Talent
from talex.participants.rules import can_see_organisation


def reader_of(actor: Actor, edition: Edition, talent: Talent) -> UUID | None:
    """The organisation of the actor's to which the talent is known, if any."""
    theirs = sorted(actor.organisations(edition.pk))
    own = Opening.objects.select_related("edition", "organisation").filter(
        edition=edition, organisation_id__in=theirs
    )
    for opening in own if theirs else ():
        if rules.can_approach(actor, opening, talent):
            return opening.organisation_id
    # The profile is open to one that offers nothing yet as well.
    return next((one for one in theirs if privacy.shows_profile(talent, one)), None)


def organisation_of_others(actor: Actor, edition: Edition, pk: UUID) -> Organisation | None:
    """An organisation that takes part there and that the actor does not act for, if it is one."""
    if pk in actor.organisations(edition.pk, pending=True):
        return None
    part = Participation.objects.select_related("organisation").filter(
        edition=edition, organisation=pk, withdrawn_at__isnull=True, pending_since__isnull=True
    )
    found = part.first()
    seen = found is not None and can_see_organisation(actor, found.organisation)
    return found.organisation if found is not None and seen else None


def report_url(actor: Actor, edition: Edition, shown: Talent | Organisation) -> str:
    """Where the actor reports what a page shows (`participants.abuse`); "" where they cannot."""
    if not actor.signed_in or can_handle(actor, edition.pk):
        return ""  # who decides on reports makes none
    if isinstance(shown, Talent):
        kind, found = ReportKind.PROFILE, reader_of(actor, edition, shown) is not None
    else:
        kind = ReportKind.ORGANISATION
        found = organisation_of_others(actor, edition, shown.pk) is not None
    here = {"edition": edition.slug, "kind": kind.value, "pk": shown.pk}
    return reverse("conversations:report", kwargs=here) if found else ""
