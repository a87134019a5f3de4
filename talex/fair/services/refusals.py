"""Not for me: a side ends a pair before it began, says why, and can take it back."""

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
from talex.fair.choices import (
    REFUSAL_REASONS,
    STANDING,
    InterestState,
    MatchState,
    OpeningState,
    Side,
)
from talex.fair.models import Hidden, Interest, Match, Opening, Refusal
from talex.fair.services.own import as_talent
from talex.ledger.services import record
from talex.participants.models import Talent

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Refuse:
    """This pair is nothing for my side. `talent`: the candidate, where a delegate says it."""

    opening: UUID
    reason: str
    note: str = ""
    talent: UUID | None = None


def sides_of(
    actor: Actor, edition: Edition, opening_id: UUID, talent_id: UUID | None
) -> tuple[str, Talent, Opening]:
    """For which side the actor speaks of a pair: the talent's own (without `talent_id`), or that
    of a delegate of the opening's organisation who may approach this talent."""
    opening = (
        Opening.objects.select_related("edition").filter(edition=edition, id=opening_id).first()
    )
    if talent_id is None:
        talent = as_talent(actor, edition)
        if opening is None or not rules.can_see_opening(actor, opening):
            raise NotFound
        return Side.TALENT, talent, opening
    if opening is None or not rules.can_see_opening(actor, opening):
        raise NotFound
    rules.check_speaks_for(actor, opening)
    found = (
        Talent.objects.select_related("person")
        .filter(edition=edition, pk=talent_id, merged_into__isnull=True, erased_at__isnull=True)
        .first()
    )
    if found is None or not _known_to(opening, found):
        raise NotFound
    return Side.EMPLOYER, found, opening


def _known_to(opening: Opening, talent: Talent) -> bool:
    """Whether the opening's side was ever shown this talent: else an id tells that one exists."""
    return (
        Match.objects.filter(opening=opening, talent=talent)
        .exclude(state=MatchState.SUPERSEDED)
        .exists()
        or Interest.objects.filter(opening=opening, talent=talent).exists()
    )


def refuse(actor: Actor, edition: Edition, command: Refuse) -> Refusal:
    """Say that a pair is nothing for one's side: it is proposed to neither side again.

    Nothing else follows from it: no other score changes. Raises `Conflict` where a meeting was
    agreed on or asked for, which has its own answer.
    """
    side, talent, opening = sides_of(actor, edition, command.opening, command.talent)
    if command.reason not in REFUSAL_REASONS[side]:
        raise Invalid({"reason": _("Choose a reason of the list.")})
    if len(command.note) > NOTE_LENGTH:
        raise Invalid({"note": _("Say it in at most 500 characters.")})
    with work():
        _refuse_what_stands(talent, opening)
        refusal, fresh = Refusal.objects.select_for_update().get_or_create(
            talent=talent,
            opening=opening,
            side=side,
            defaults={
                "edition": edition,
                "reason": command.reason,
                "note": command.note.strip(),
                "made_at": now(),
            },
        )
        if not fresh:
            refusal.reason, refusal.note = command.reason, command.note.strip()
        closed = Match.objects.filter(
            talent=talent, opening=opening, state=MatchState.PROPOSED
        ).update(state=MatchState.REJECTED, decided_at=now(), decided_by=actor.id)
        refusal.was_proposed = refusal.was_proposed or bool(closed)
        refusal.save()
        record(
            "fair.pair.refused",
            actor=actor,
            edition=edition.id,
            obj=refusal,
            subject=talent.person_id,
            facts={"opening": str(opening.pk), "side": side, "reason": refusal.reason},
            personal={"note": refusal.note} if refusal.note and side == Side.TALENT else None,
        )
    return refusal


def hide(
    actor: Actor,
    edition: Edition,
    opening_id: UUID,
    hidden: bool = True,
    talent_id: UUID | None = None,
) -> bool:
    """A side does not want to be shown a pair (or wants to see it again).

    The talent's own side without `talent_id`; with it, that of a delegate of the opening's
    organisation about a candidate.
    """
    side, talent, opening = sides_of(actor, edition, opening_id, talent_id)
    with work():
        if hidden:
            _row, changed = Hidden.objects.get_or_create(talent=talent, opening=opening, side=side)
        else:
            rows = Hidden.objects.filter(talent=talent, opening=opening, side=side)
            changed = bool(rows.delete()[0])
        if changed:
            record(
                "fair.opening.hidden" if hidden else "fair.opening.shown",
                actor=actor,
                edition=edition.id,
                obj=opening,
                subject=talent.person_id,
                facts={"side": side},
            )
    return changed


def _refuse_what_stands(talent: Talent, opening: Opening) -> None:
    standing = Interest.objects.filter(
        talent=talent, opening=opening, state__in=[s.value for s in STANDING]
    ).first()
    if standing is not None and standing.state == InterestState.ACCEPTED:
        raise Conflict(_("You both agreed to meet. Take the agreement back first."))
    if standing is not None and standing.expires_at > now():
        raise Conflict(_("A request waits for an answer. Answer it, or take it back, first."))
    if Match.objects.filter(talent=talent, opening=opening, state=MatchState.APPROVED).exists():
        raise Conflict(_("The office plans this meeting already. Speak with the office."))


def take_refusal_back(actor: Actor, edition: Edition, pk: UUID) -> Refusal:
    """The pair may be proposed again; a proposal that was closed with it stands again at once,
    unless the other side refused as well or the opening is no longer open."""
    with work():
        refusal = (
            Refusal.objects.select_for_update(of=("self",))
            .select_related("talent", "opening")
            .filter(rules.own_refusals(actor), edition=edition, pk=pk)
            .first()
        )
        if refusal is None:
            raise NotFound
        if refusal.side == Side.EMPLOYER:
            rules.check_speaks_for(actor, refusal.opening)
        talent, opening = refusal.talent, refusal.opening
        others = Refusal.objects.filter(talent=talent, opening=opening).exclude(pk=pk)
        if others.exists():
            # The proposal stays closed until the other side takes its own back, too.
            if refusal.was_proposed:
                others.update(was_proposed=True)
        elif refusal.was_proposed and opening.state == OpeningState.OPEN:
            Match.objects.filter(talent=talent, opening=opening, state=MatchState.REJECTED).update(
                state=MatchState.PROPOSED, decided_at=None, decided_by=""
            )
        record(
            "fair.pair.refusal_back",
            actor=actor,
            edition=edition.id,
            obj=refusal,
            subject=talent.person_id,
            facts={"opening": str(opening.pk), "side": refusal.side},
        )
        refusal.delete()
        refusal.pk = pk
    return refusal


def show_again(actor: Actor, edition: Edition, pk: UUID) -> None:
    """Show a pair again that the actor's side hid."""
    row = Hidden.objects.select_related("talent").filter(opening__edition=edition, pk=pk).first()
    if row is None:
        raise NotFound
    own = row.side == Side.TALENT and rules.is_talent(actor, row.talent)
    if not own and (row.side != Side.EMPLOYER or not rules.is_employer(actor, row.opening)):
        raise NotFound
    hide(actor, edition, row.opening_id, False, None if own else row.talent_id)
