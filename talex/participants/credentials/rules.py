"""Who may hand in papers, who may look at them, and who may decide."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.core.models import Upload
from talex.editions.models import Edition, EditionState
from talex.editions.roles import Role
from talex.editions.rules import can_audit, is_office
from talex.participants.credentials.models import Case, JoinRequest, Paper
from talex.participants.rules import can_head, is_own


def can_register(actor: Actor, edition: Edition) -> bool:
    """Register an organisation by oneself: whoever is signed in, while the conference is open."""
    running = edition.state in (EditionState.OPEN, EditionState.RUNNING) and not edition.over
    return actor.user is not None and running


def is_subject(actor: Actor, case: Case) -> bool:
    """Whether the case is about the actor, or about an organisation that the actor acts for."""
    if case.talent is not None:
        return is_own(actor, case.talent.person_id)
    return case.organisation_id in actor.organisations(case.edition_id, pending=True)


def can_hand_in(actor: Actor, case: Case) -> bool:
    """Add papers and hand them in: talents their own, heads those of the organisation."""
    if case.talent is not None:
        return is_own(actor, case.talent.person_id)
    return case.organisation_id is not None and actor.acts_as(
        case.edition_id, case.organisation_id, "head"
    )


def can_see_case(actor: Actor, case: Case) -> bool:
    """The office, auditors, and whom it is about."""
    return can_audit(actor, case.edition_id) or is_subject(actor, case)


def visible_cases(actor: Actor) -> Q:
    """The cases for which `can_see_case` is true."""
    if actor.all_powerful:
        return Q()
    seen = Q(edition_id__in=actor.editions(Role.ORGANISER, Role.AUDITOR))
    seen |= Q(talent__person_id__in=actor.persons())
    for edition in {g.edition for g in actor.grants if g.organisation}:
        own = actor.organisations(edition, pending=True)
        seen |= Q(edition_id=edition, organisation_id__in=own)
    return seen


def can_see_queue(actor: Actor, edition: Edition) -> bool:
    """The office and auditors."""
    return can_audit(actor, edition.pk)


def can_check(actor: Actor, case: Case) -> bool:
    """A named person of the office who is neither the subject nor acts for it."""
    return (
        actor.user is not None
        and is_office(actor, case.edition_id)
        and not is_subject(actor, case)
        and case.opened_by != actor.user
    )


def can_refuse(actor: Actor, case: Case) -> bool:
    """Refuse an organisation or take it up again: as `can_check`."""
    return case.organisation_id is not None and can_check(actor, case)


def can_read_paper(actor: Actor, upload: Upload) -> bool:
    """The office that checks it, and who handed it in. Auditors read decisions, not papers."""
    paper = Paper.objects.select_related("case", "case__talent").filter(upload=upload.pk).first()
    if paper is None:
        return False
    return is_office(actor, paper.case.edition_id) or can_hand_in(actor, paper.case)


def can_answer(actor: Actor, request: JoinRequest) -> bool:
    """Let somebody in: the office, and the heads of an organisation that was let in itself. Whoever
    was first to give a number may not be of the company: they read nothing of its people."""
    if is_office(actor, request.edition_id):
        return True
    heads = can_head(actor, request.edition_id, request.organisation_id)
    return heads and request.organisation_id in actor.organisations(request.edition_id)


def is_head(actor: Actor, edition: UUID) -> bool:
    """Whether the actor answers for an organisation there."""
    return any(
        grant.edition == edition
        and grant.organisation
        and grant.function == "head"
        and not grant.pending
        for grant in actor.grants
    )


def visible_requests(actor: Actor) -> Q:
    """The requests that the actor may answer, and those the actor made."""
    if actor.all_powerful:
        return Q()
    seen = Q(edition_id__in=actor.editions(Role.ORGANISER))
    for grant in actor.grants:
        if grant.organisation and grant.function == "head" and not grant.pending:
            seen |= Q(edition_id=grant.edition, organisation_id=grant.organisation)
    return seen | Q(user_id=actor.user) if actor.user is not None else seen
