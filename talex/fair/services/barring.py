"""Who does not want to hear from whom, and who may not apply by a decision of the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.prepared import Prepared
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import rules
from talex.fair.choices import EndedBy, Side
from talex.fair.models import Block, Interest, Opening, Suspension
from talex.fair.outside import suspension
from talex.fair.services.ending import end_unplaced_with, end_waiting
from talex.ledger.services import record
from talex.participants.models import Organisation, Talent
from talex.participants.rules import WRITERS


@dataclass(frozen=True, slots=True)
class SetBlock:
    """One side blocks the other (or no longer). `talent`: whom a delegate blocks; a talent gives
    none, it is they themselves."""

    organisation: UUID
    talent: UUID
    side: str
    blocked: bool = True


@dataclass(frozen=True, slots=True)
class Suspend:
    """Exactly one of `person` and `organisation`; `reason` is read by them."""

    reason: str
    person: UUID | None = None
    organisation: UUID | None = None
    case: UUID | None = None


def may_block(
    actor: Actor, edition: Edition, talent: Talent, organisation: UUID, side: str
) -> bool:
    """Only the side itself, and none of its assistants: nobody blocks for somebody else."""
    if side == Side.TALENT:
        return rules.is_talent(actor, talent)
    own = organisation in actor.organisations(edition.pk)
    return side == Side.EMPLOYER and own and actor.acts_as(edition.pk, organisation, *WRITERS)


def set_block(actor: Actor, edition: Edition, command: SetBlock) -> bool:
    """Block the other side, or lift it; returns whether that changed anything.

    What waits for an answer between them ends, and what only the office approved and has no time
    yet; what both agreed to, and a meeting that has its time, stays until one takes it back.
    """
    talent = Talent.objects.filter(
        edition=edition, pk=command.talent, merged_into__isnull=True
    ).first()
    if talent is None or not may_block(actor, edition, talent, command.organisation, command.side):
        raise NotAllowed
    if not Organisation.objects.filter(pk=command.organisation).exists():
        raise NotFound
    with work():
        rows = Block.objects.filter(
            talent=talent, organisation_id=command.organisation, side=command.side
        )
        if not command.blocked:
            changed = bool(rows.delete()[0])
        else:
            _row, changed = Block.objects.get_or_create(
                talent=talent,
                organisation_id=command.organisation,
                side=command.side,
                defaults={"edition": edition, "made_by": actor.id},
            )
            waiting = Interest.objects.filter(
                talent=talent, opening__organisation_id=command.organisation
            )
            end_waiting(actor, waiting, EndedBy.BLOCK)
            end_unplaced_with(actor, edition.pk, talent.person_id, command.organisation)
        if changed:
            record(
                "fair.side.blocked" if command.blocked else "fair.side.unblocked",
                actor=actor,
                edition=edition.pk,
                obj=talent,
                subject=talent.person_id,
                facts={"organisation": str(command.organisation), "side": command.side},
            )
    return changed


def blocks(talent: Talent, opening: Opening, side: str) -> bool:
    """Whether a side blocks the other one of a pair."""
    return Block.objects.filter(
        talent=talent, organisation=opening.organisation_id, side=side
    ).exists()


def check_free(edition: Edition, talent: Talent, opening: Opening, side: str) -> None:
    """Raises `Conflict` where one side blocks the other, `NotAllowed` where the asking side is
    suspended."""
    organisation = opening.organisation_id
    against = _AGAINST(talent.pk, organisation, edition.pk, talent.person_id)
    blocks = {word for kind, word in against if kind == _BLOCK}
    if side in blocks:
        raise Conflict(_("You blocked the other side. Lift that first."))
    if blocks:
        raise Conflict(_("The other side takes no requests and messages from you here."))
    if side == Side.TALENT:
        reason = next((word for kind, word in against if kind == _SUSPENSION), None)
    else:
        reason = suspension(edition.pk, organisation)
    if reason is not None:
        raise NotAllowed(
            _(
                "The office has suspended requests and messages from you in this conference: "
                "%(reason)s You can appeal under “Cases”."
            )
            % {"reason": whole_sentence(reason)}
        )


def whole_sentence(text: str) -> str:
    """What somebody wrote, so that another sentence can follow it."""
    text = text.strip()
    if not text or text[-1] in ".!?…。！？":
        return text
    return text + ("。" if "\u4e00" <= text[-1] <= "\u9fff" else ".")


_BLOCK, _SUSPENSION = "block", "suspension"


def _against(talent: UUID, organisation: UUID, edition: UUID, person: UUID) -> QuerySet[Any, Any]:
    """In one statement: which side blocks the other, and why the person is suspended."""
    blocks = Block.objects.filter(talent=talent, organisation=organisation)
    suspended = Suspension.objects.filter(edition=edition, person=person, lifted_at__isnull=True)
    return (
        blocks.order_by()
        .values_list(Value(_BLOCK), "side")
        .union(suspended.order_by().values_list(Value(_SUSPENSION), "reason"))
    )


_AGAINST = Prepared(_against)


def suspend(actor: Actor, edition: Edition, command: Suspend) -> Suspension:
    """The office takes the right to ask, invite and write in the edition; what waits ends."""
    if not rules.can_match(actor, edition.pk):
        raise NotAllowed
    if not command.reason.strip():
        raise Invalid({"reason": _("Say why, in words for the person: they read it.")})
    if (command.person is None) == (command.organisation is None):
        raise Invalid({"": _("Suspend one person or one organisation.")})
    whom = {"person_id": command.person, "organisation_id": command.organisation}
    with work():
        standing = Suspension.objects.filter(edition=edition, lifted_at__isnull=True, **whom)
        if found := standing.first():
            return found
        row = Suspension(
            edition=edition,
            reason=command.reason.strip()[:2000],
            case=command.case,
            made_by=actor.id,
            **whom,
        )
        row.save(force_insert=True)
        if command.person is not None:
            waiting = Interest.objects.filter(talent__person_id=command.person, side=Side.TALENT)
        else:
            # Also what it was asked: nobody could answer, and it would take up the talents' room.
            waiting = Interest.objects.filter(opening__organisation=row.organisation)
        end_waiting(actor, waiting.filter(edition=edition), EndedBy.OFFICE)
        record(
            "fair.applying.suspended",
            actor=actor,
            edition=edition.pk,
            obj=row,
            subject=command.person,
            facts={
                "person": str(command.person or ""),
                "organisation": str(command.organisation or ""),
                "case": str(command.case or ""),
            },
        )
    return row


def lift_suspension(actor: Actor, edition: Edition, suspension: UUID) -> Suspension:
    """They may ask, invite and write again; what ended meanwhile stays ended."""
    if not rules.can_match(actor, edition.pk):
        raise NotAllowed
    with work():
        row = Suspension.objects.select_for_update().filter(edition=edition, pk=suspension).first()
        if row is None:
            raise NotFound
        if row.lifted_at is None:
            row.lifted_at = now()
            row.save(update_fields=["lifted_at"])
            record(
                "fair.applying.resumed",
                actor=actor,
                edition=edition.pk,
                obj=row,
                subject=row.person_id,
                facts={"case": str(row.case or "")},
            )
    return row
