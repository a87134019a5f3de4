"""Who reads and writes conversations; who handles reports."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.core.ids import parse
from talex.editions import rules as editions
from talex.editions.queries import office_accounts
from talex.fair import rules as fair
from talex.fair.choices import Side
from talex.fair.conversations.models import Conversation, Decision, Report
from talex.fair.models import Opening
from talex.participants.abroad import agreed, agrees
from talex.participants.models import Talent


def side_of(actor: Actor, talent: Talent, opening: Opening) -> Side | None:
    """For which side the actor writes; nobody, the office included, writes for another."""
    if fair.is_talent(actor, talent):
        return Side.TALENT
    return Side.EMPLOYER if fair.is_employer(actor, opening) else None


def can_read(actor: Actor, conversation: Conversation) -> bool:
    """The two sides alone; one abroad only while the talent agrees to that. The office reads what
    was reported, in its case."""
    talent, organisation = conversation.talent, conversation.opening.organisation_id
    side = side_of(actor, talent, conversation.opening)
    if side is not Side.EMPLOYER:
        return side is not None
    away = organisation in actor.organisations_abroad(conversation.edition_id)
    return not away or agrees(conversation.edition_id, talent.person_id, organisation)


def visible(actor: Actor) -> Q:
    """The conversations for which `can_read` holds."""
    found = Q(talent__person_id__in=actor.persons())
    for grant in actor.grants:
        if grant.organisation:
            theirs = Q(edition_id=grant.edition, opening__organisation_id=grant.organisation)
            if grant.abroad:
                # As its page: nothing of who does not agree (any more) that their data go there.
                theirs &= Q(agreed("edition_id", "talent__person_id", [str(grant.organisation)]))
            found |= theirs
    return found


def can_handle(actor: Actor, edition: UUID) -> bool:
    """Read reports with their evidence and decide: the office."""
    return editions.is_office(actor, edition)


def can_answer_appeal(actor: Actor, report: Report) -> bool:
    """The office, but not the person who decided: nobody judges their own decision."""
    return can_handle(actor, report.edition_id) and report.decided_by != actor.id


def second_person_needed(report: Report) -> Message:
    """What to do where whoever decided stands before the appeal."""
    others = office_accounts(report.edition_id)
    decider = parse(report.decided_by)
    if decider is not None:
        others = others.exclude(pk=decider)
    if others.exists():
        return _("You decided this case. Somebody else of the office answers the appeal.")
    return _(
        "You decided this case, and nobody else is in the office. A second person is needed to "
        "answer the appeal: give somebody the role of organiser first."
    )


def is_against(actor: Actor, report: Report) -> bool:
    """Whether the case is about the actor, or an organisation they act for."""
    return (
        report.against_person in actor.persons()
        or report.against_organisation in actor.organisations(report.edition_id, pending=True)
    )


def own_cases(actor: Actor, edition: UUID) -> Q:
    """The reports one made, and what was decided against oneself or one's organisation: a report
    that came to nothing is told to nobody but who made it."""
    against = Q(against_person__in=actor.persons()) | Q(
        # Who was suspended by it reads it, and appeals.
        against_organisation__in=actor.organisations(edition, pending=True)
    )
    decided = Q(decided_at__isnull=False) & ~Q(decision=Decision.NOTHING)
    return Q(edition_id=edition) & (Q(reporter=actor.id) | (decided & against))
