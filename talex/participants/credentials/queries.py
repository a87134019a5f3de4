"""What pages and API read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.participants.credentials import rules
from talex.participants.credentials.choices import CaseKind, CaseState
from talex.participants.credentials.models import Case, Draft, JoinRequest, JoinState
from talex.participants.models import Organisation, Participation


def cases(actor: Actor, edition: Edition) -> QuerySet[Case]:
    """The cases the actor may see, with their subjects."""
    return (
        Case.objects.filter(rules.visible_cases(actor), edition=edition)
        .exclude(talent__erased_at__isnull=False)
        .select_related("talent__person", "organisation", "edition")
    )


def case(actor: Actor, edition: Edition, pk: UUID) -> Case:
    """One case. `NotFound` where not visible."""
    found = cases(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting(actor: Actor, edition: Edition) -> QuerySet[Case]:
    """Those that wait to be checked, the oldest first."""
    return cases(actor, edition).filter(state=CaseState.WAITING).order_by("submitted_at", "pk")


def following(actor: Actor, edition: Edition, but: UUID) -> Case | None:
    """The oldest that waits and that the actor may check, for going on with the keyboard."""
    for found in waiting(actor, edition).exclude(pk=but)[:50]:
        if rules.can_check(actor, found):
            return found
    return None


def own_cases(actor: Actor, edition: Edition) -> list[Case]:
    """The cases that the actor can hand papers in for."""
    rows = cases(actor, edition).order_by("opened_at", "pk")
    if actor.all_powerful or rules.can_see_queue(actor, edition):
        own = actor.organisations(edition.pk, pending=True)
        rows = rows.filter(organisation__in=own) | rows.filter(talent__person__in=actor.persons())
    return [row for row in rows if rules.can_hand_in(actor, row)]


def taken_out(actor: Actor, edition: Edition) -> list[Organisation]:
    """Those the actor acts for that take part no more: there is nothing to check of them."""
    own = actor.organisations(edition.pk, pending=True)
    gone = Participation.objects.filter(
        edition=edition, organisation__in=own, withdrawn_at__isnull=False
    )
    return [row.organisation for row in gone.select_related("organisation")]


def waits_for_check(actor: Actor, edition: Edition) -> bool:
    """Whether an organisation the actor acts for is not let in yet, and nothing is left for it to
    do: its papers are handed in, or none were asked for."""
    own = Participation.objects.filter(
        edition=edition, organisation__in=actor.organisations(edition.pk, pending=True),
        withdrawn_at__isnull=True, pending_since__isnull=False,
    )  # fmt: skip
    told = Case.objects.filter(
        edition=edition, organisation=OuterRef("organisation"), kind=CaseKind.EMPLOYER
    ).exclude(state__in=[CaseState.EXPIRED, CaseState.WAITING])
    return own.exclude(Exists(told)).exists()


def draft(actor: Actor, edition: Edition) -> Draft | None:
    """What the actor typed so far to register an organisation."""
    if actor.user is None:
        return None
    return Draft.objects.filter(user_id=actor.user, edition=edition).first()


def registered_case(actor: Actor, edition: Edition) -> Case | None:
    """The case of the organisation that the actor registered here last."""
    if actor.user is None:
        return None
    rows = Case.objects.filter(edition=edition, kind=CaseKind.EMPLOYER, opened_by=actor.user)
    return rows.order_by("-opened_at", "pk").first()


def requests_to_answer(actor: Actor, edition: Edition) -> QuerySet[JoinRequest]:
    """Who asks to be let in, for who may answer."""
    rows = JoinRequest.objects.filter(
        rules.visible_requests(actor), edition=edition, state=JoinState.ASKED
    )
    others = ~Q(user_id=actor.user) if actor.user else Q()
    return rows.filter(others).select_related("organisation", "user").order_by("asked_at")


def requests_made(actor: Actor, edition: Edition) -> QuerySet[JoinRequest]:
    """What the actor asked here, the latest first."""
    if actor.user is None:
        return JoinRequest.objects.none()
    rows = JoinRequest.objects.filter(edition=edition, user_id=actor.user)
    return rows.select_related("organisation").order_by("-asked_at")


def request_to_answer(actor: Actor, edition: Edition, pk: UUID) -> JoinRequest:
    """One request, also when it was answered, for who may answer it. Else `NotFound`."""
    found = (
        JoinRequest.objects.filter(rules.visible_requests(actor), edition=edition, pk=pk)
        .select_related("organisation", "user")
        .first()
    )
    if found is None or found.user_id == actor.user or not rules.can_answer(actor, found):
        raise NotFound
    return found


def subject_name(row: Case) -> str:
    """What the subject is called."""
    if row.talent is not None:
        return row.talent.person.name
    return str(row.organisation.name) if row.organisation is not None else ""
