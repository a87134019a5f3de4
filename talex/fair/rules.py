"""Who may see and do what. `can_see_x` and `visible_x` say the same; a test compares them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Message, NotAllowed
from talex.editions import rules as editions
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.fair import privacy
from talex.fair.choices import MatchState, OpeningState, Side
from talex.fair.models import Interest, Match, Opening, Refusal
from talex.participants.abroad import agreed, agrees, must_ask
from talex.participants.models import Talent
from talex.participants.rules import WRITERS

WATCHERS = (Role.ORGANISER, Role.AUDITOR)
#: A match a side is shown; what the office rejected is its own business.
SHOWN = (MatchState.PROPOSED, MatchState.APPROVED)
ASSISTS: Message = _(
    "As an assistant you read what the others do. A head or recruiter of your organisation does "
    "this."
)


def _own_side(actor: Actor, prefix: str) -> Q:
    """Rows of openings whose organisation the actor acts for, in that edition."""
    found = Q(pk__in=[])
    for grant in actor.grants:
        if grant.organisation:
            found |= Q(
                **{f"{prefix}edition_id": grant.edition},
                **{f"{prefix}organisation_id": grant.organisation},
            )
    return found


def is_employer(actor: Actor, opening: Opening) -> bool:
    """Whether the actor is a delegate of the opening's organisation in its edition."""
    return opening.organisation_id in actor.organisations(opening.edition_id, pending=True)


def speaks_for(actor: Actor, opening: Opening) -> bool:
    """Whether the actor decides in the name of the opening's organisation: asks, answers, refuses,
    writes. Assistants read what the others do."""
    return actor.acts_as(opening.edition_id, opening.organisation_id, *WRITERS)


def only_assists(actor: Actor, opening: Opening) -> bool:
    """Whether the actor is an assistant of the opening's organisation, and nothing more."""
    return is_employer(actor, opening) and not speaks_for(actor, opening)


def check_speaks_for(actor: Actor, opening: Opening) -> None:
    """Raises `NotAllowed`, which tells an assistant who may."""
    if not speaks_for(actor, opening):
        raise NotAllowed(ASSISTS if is_employer(actor, opening) else None)


def assisted(actor: Actor, edition: UUID) -> set[UUID]:
    """The organisations for which the actor only reads: nothing is offered that is refused."""
    own = actor.organisations(edition, pending=True)
    return {one for one in own if not actor.acts_as(edition, one, *WRITERS)}


def is_talent(actor: Actor, talent: Talent) -> bool:
    """Whether the talent is the actor's own record."""
    return talent.person_id in actor.persons()


# Openings


def can_see_opening(actor: Actor, opening: Opening) -> bool:
    """Open ones: whoever sees the edition. All: office, auditor, own side, and who asked once."""
    if editions.can_audit(actor, opening.edition_id) or is_employer(actor, opening):
        return True
    if opening.state == OpeningState.OPEN and editions.can_see_edition(actor, opening.edition):
        return True
    return (
        opening.state == OpeningState.CLOSED
        and Interest.objects.filter(
            opening_id=opening.pk, talent__person_id__in=actor.persons()
        ).exists()
    )


def visible_openings(actor: Actor) -> Q:
    """The openings for which `can_see_opening` holds."""
    if actor.all_powerful:
        return Q()
    asked = Interest.objects.filter(talent__person_id__in=actor.persons()).values("opening_id")
    seen = Edition.objects.filter(editions.visible_editions(actor)).values("pk")
    return (
        Q(edition_id__in=actor.editions(*WATCHERS))
        | _own_side(actor, "")
        | Q(state=OpeningState.OPEN, edition_id__in=seen)
        | Q(state=OpeningState.CLOSED, pk__in=asked)
    )


def whole_openings(actor: Actor) -> Q:
    """The openings whose contact details the actor reads without an agreement: see
    `disclosing.openings_read`."""
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in=actor.editions(*WATCHERS)) | _own_side(actor, "")


def can_edit_opening(actor: Actor, opening: Opening) -> bool:
    """The office, and delegates of the organisation who are no mere assistants."""
    return can_offer(actor, opening.edition_id, opening.organisation_id)


def can_offer(actor: Actor, edition: UUID, organisation: UUID) -> bool:
    """Add an opening for an organisation, also for one that waits to be let in (a draft)."""
    return editions.is_office(actor, edition) or actor.acts_as(edition, organisation, *WRITERS)


# Interests


def can_see_interest(actor: Actor, interest: Interest) -> bool:
    """Both sides, the office, auditors."""
    return (
        editions.can_audit(actor, interest.edition_id)
        or is_talent(actor, interest.talent)
        or is_employer(actor, interest.opening)
    )


def visible_interests(actor: Actor) -> Q:
    """The interests for which `can_see_interest` holds."""
    if actor.all_powerful:
        return Q()
    return (
        Q(edition_id__in=actor.editions(*WATCHERS))
        | Q(talent__person_id__in=actor.persons())
        | _own_side(actor, "opening__")
    )


def own_side(actor: Actor, interest: Interest) -> Side | None:
    """For which side of a request the actor speaks themselves; None for the office."""
    if is_talent(actor, interest.talent):
        return Side.TALENT
    return Side.EMPLOYER if is_employer(actor, interest.opening) else None


def can_ask(actor: Actor, talent: Talent) -> bool:
    """Ask for the talent: they themselves, or the office for them."""
    return is_talent(actor, talent) or editions.is_office(actor, talent.edition_id)


def can_invite(actor: Actor, opening: Opening) -> bool:
    """Invite to the opening: its delegates, once the office let them in, or the office for them."""
    let_in = opening.organisation_id in actor.organisations(opening.edition_id)
    return editions.is_office(actor, opening.edition_id) or (
        let_in and can_edit_opening(actor, opening)
    )


def can_approach(actor: Actor, opening: Opening, talent: Talent) -> bool:
    """Whom its delegates may invite: who shows them the profile, asked, or was proposed."""
    if editions.is_office(actor, opening.edition_id):
        return True
    if must_ask(opening.edition_id, talent.person_id, opening.organisation):
        return False
    return (
        privacy.shows_profile(talent, opening.organisation_id)
        or Match.objects.filter(talent=talent, opening=opening, state__in=SHOWN).exists()
        or Interest.objects.filter(talent=talent, opening=opening).exists()
    )


# Refusals


def can_see_refusal(actor: Actor, refusal: Refusal) -> bool:
    """Only the side that refused: neither the other side nor the office reads whose it is."""
    if refusal.side == Side.TALENT:
        return is_talent(actor, refusal.talent)
    return is_employer(actor, refusal.opening)


def own_refusals(actor: Actor) -> Q:
    """The refusals for which `can_see_refusal` holds."""
    return Q(side=Side.TALENT, talent__person_id__in=actor.persons()) | (
        Q(side=Side.EMPLOYER) & _own_side(actor, "opening__")
    )


# Matches


def can_see_match(actor: Actor, match: Match) -> bool:
    """The office and auditors all; each side what is proposed or approved for it."""
    if editions.can_audit(actor, match.edition_id):
        return True
    if match.state not in SHOWN:
        return False
    if is_talent(actor, match.talent):
        return True
    return is_employer(actor, match.opening) and (
        match.opening.organisation_id not in actor.organisations_abroad(match.edition_id)
        or agrees(match.edition_id, match.talent.person_id, match.opening.organisation_id)
    )


def visible_matches(actor: Actor) -> Q:
    """The matches for which `can_see_match` holds."""
    if actor.all_powerful:
        return Q()
    sides = Q(talent__person_id__in=actor.persons()) | _own_matches(actor)
    return Q(edition_id__in=actor.editions(*WATCHERS)) | (Q(state__in=SHOWN) & sides)


def _own_matches(actor: Actor) -> Q:
    """Of the own side's rows those that may be shown to it: abroad, who agreed to that."""
    foreign = {
        (edition, one)
        for edition in {grant.edition for grant in actor.grants}
        for one in actor.organisations_abroad(edition)
    }
    found = _own_side(actor, "opening__")
    for edition, one in foreign:
        theirs = Q(opening__edition_id=edition, opening__organisation_id=one)
        found &= ~theirs | Q(agreed("edition_id", "talent__person_id", [str(one)]))
    return found


def can_match(actor: Actor, edition: UUID) -> bool:
    """Run the matching and decide on its proposals: the office."""
    return editions.is_office(actor, edition)


def can_edit_terms(actor: Actor, edition: UUID) -> bool:
    """Add and remove the edition's own terms of the matching: the office."""
    return editions.is_office(actor, edition)


def can_see_exposure(actor: Actor, edition: UUID) -> bool:
    """Compare groups by attributes that must not count: the organiser's office alone."""
    return editions.is_office(actor, edition)
