"""An organisation keeps a talent in mind for an opening, with or without the talent knowing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import rules
from talex.fair.models import Opening, Shortlisting
from talex.fair.outside import refuse_outside
from talex.ledger.services import record
from talex.participants.models import Talent

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Keep a talent in mind; `told`: the talent sees that. `note` is for the own side alone."""

    opening: UUID
    talent: UUID
    told: bool = False
    note: str = ""


def shortlist(actor: Actor, edition: Edition, command: Shortlist) -> Shortlisting:
    """Put a talent on the opening's shortlist, or change note and whether they know.

    What a talent was told stays told. Raises `NotFound` for a talent the side may not approach.
    """
    if len(command.note) > NOTE_LENGTH:
        raise Invalid({"note": _("Say it in at most 500 characters.")})
    with work():
        opening, talent = _pair(actor, edition, command.opening, command.talent)
        if talent.withdrawn_at is not None:
            raise Conflict(_("This talent no longer takes part."))
        row, made = Shortlisting.objects.select_for_update().get_or_create(
            talent=talent,
            opening=opening,
            defaults={
                "edition": edition,
                "told": command.told,
                "note": command.note.strip(),
                "made_by": actor.id,
            },
        )
        if not made:
            row.told = row.told or command.told
            row.note = command.note.strip()
            # Put on it anew: a no that came before it no longer says where the two stand.
            row.made_at = now()
            row.save(update_fields=["told", "note", "made_at"])
        record(
            "fair.talent.shortlisted",
            actor=actor,
            edition=edition.pk,
            obj=row,
            subject=talent.person_id,
            facts={"opening": str(opening.pk), "told": "yes" if row.told else "no"},
        )
    return row


def unlist(actor: Actor, edition: Edition, opening: UUID, talent: UUID) -> bool:
    """Take a talent off the shortlist; whether they stood on it."""
    with work():
        about, whom = _pair(actor, edition, opening, talent)
        gone = bool(Shortlisting.objects.filter(talent=whom, opening=about).delete()[0])
        if gone:
            record(
                "fair.talent.unlisted",
                actor=actor,
                edition=edition.pk,
                obj=about,
                subject=whom.person_id,
            )
    return gone


def _pair(
    actor: Actor, edition: Edition, opening_id: UUID, talent_id: UUID
) -> tuple[Opening, Talent]:
    opening = (
        Opening.objects.select_related("edition", "organisation")
        .filter(edition=edition, pk=opening_id)
        .first()
    )
    if opening is None or not rules.can_see_opening(actor, opening):
        raise NotFound
    # The office does not keep an organisation's shortlist: it is the side's own.
    rules.check_speaks_for(actor, opening)
    refuse_outside(edition, opening.organisation)
    talent = Talent.objects.filter(
        edition=edition, pk=talent_id, merged_into__isnull=True, erased_at__isnull=True
    ).first()
    if talent is None or not rules.can_approach(actor, opening, talent):
        raise NotFound
    return opening, talent
