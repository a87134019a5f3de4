"""From an account to the records of the person who signs in with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.accounts.queries import confirmed_account, confirmed_addresses
from talex.core.actor import Actor, Grant
from talex.core.countries import abroad
from talex.core.prepared import Prepared
from talex.core.work import work
from talex.editions.roles import Role
from talex.ledger.services import record
from talex.participants import mails
from talex.participants.abroad import country_of
from talex.participants.barred import barred
from talex.participants.identity import email_key
from talex.participants.models import Delegate, Participation, Person, ProjectOwner, Talent
from talex.participants.services.persons import change_person

#: The role of a delegate whose organisation the office has not let in yet.
NEWCOMER = "newcomer"


def grants_of(user: UUID) -> Iterable[Grant]:
    """What an account is through its records: talent or project owner in an
    edition, delegate of an organisation."""
    found = [Grant(role, edition, person=person) for role, edition, person in _RECORDS(user)]
    rows = list(_DELEGATES(user))
    out = barred({(row[0], row[2]) for row in rows})
    for row in rows:
        edition, person, organisation, function, pending, country, controller, zone = row
        # Whoever acts for an organisation that waits to be let in is no delegate yet; nor of one
        # that is barred.
        pending = pending or (edition, organisation) in out
        role = NEWCOMER if pending else Role.DELEGATE.value
        far = abroad(country_of(controller or "", zone), country)
        found.append(Grant(role, edition, organisation, person, function, pending, far))
    return found


def _delegates(user: UUID) -> QuerySet[Any, Any]:
    # Not let in yet, or taken out again: nobody acts for it as a delegate.
    waiting = Participation.objects.filter(
        Q(pending_since__isnull=False) | Q(withdrawn_at__isnull=False),
        edition=OuterRef("edition"),
        organisation=OuterRef("organisation"),
    )
    return (
        Delegate.objects.filter(
            person__user_id=user, withdrawn_at__isnull=True, merged_into__isnull=True
        )
        .annotate(pending=Exists(waiting))
        .values_list(
            "edition_id", "person_id", "organisation_id", "role", "pending",
            "organisation__country", "edition__privacy__country", "edition__time_zone",
        )
    )  # fmt: skip


_DELEGATES = Prepared(_delegates)


def _records(user: UUID) -> QuerySet[Any, Any]:
    """What is of the person alone, in one statement: as a talent, as an owner of projects."""
    standing = {"person__user_id": user, "erased_at__isnull": True}
    talents = Talent.objects.filter(merged_into__isnull=True, **standing)
    owners = ProjectOwner.objects.filter(withdrawn_at__isnull=True, **standing)
    return (
        talents.order_by()
        .values_list(Value(Role.TALENT.value), "edition_id", "person_id")
        .union(owners.order_by().values_list(Value(Role.OWNER.value), "edition_id", "person_id"))
    )


_RECORDS = Prepared(_records)


def link_account(actor: Actor, user: UUID, email: str) -> list[Person]:
    """Give an account the records that carry its address, which the caller has seen verified.

    Records that have an account already are left alone. Where several records carry the address
    all are linked: they are offered for merging as one person.
    """
    key = email_key(email)
    if not key:
        return []
    with work():
        found = list(
            Person.objects.select_for_update().filter(
                email_key=key,
                user__isnull=True,
                erased_at__isnull=True,
                merged_into__isnull=True,
            )
        )
        for person in found:
            person.user_id = user
            person.version += 1
            person.save(update_fields=["user", "version"])
            record(
                "participants.account_linked",
                actor=actor,
                edition=None,
                obj=person,
                subject=person.pk,
                facts={"user": user},
            )
        acts = Delegate.objects.filter(
            person__in=found, withdrawn_at__isnull=True, merged_into__isnull=True
        )
        for delegate in acts.select_related("person__user", "organisation", "edition"):
            mails.delegate_added(delegate)
    return found


def link_known(actor: Actor, person: Person) -> None:
    """Give a record whose address was just entered to the account that confirmed the address.

    Without this only who confirms an address after it was entered would find the record.
    """
    if person.user_id is not None or not person.email:
        return
    user = confirmed_account(person.email)
    if user is not None:
        link_account(actor, user.pk, person.email)
        person.refresh_from_db(fields=["user", "version"])


def link_list(actor: Actor, edition: UUID) -> None:
    """After a list was taken over: its people whose address an account confirmed before get it.

    A talent's record is left alone where the account takes part as a talent already: the two are
    offered as one person. In `work()`.
    """
    people = Person.objects.filter(
        user__isnull=True, erased_at__isnull=True, merged_into__isnull=True
    ).exclude(email_key="")
    here = Talent.objects.filter(edition=edition, erased_at__isnull=True)
    delegates = people.filter(delegacies__edition=edition, delegacies__withdrawn_at__isnull=True)
    talents = people.filter(pk__in=here.values("person"))
    for user, email in confirmed_addresses(delegates.values("email_key")):
        link_account(actor, user, email)
    for user, email in confirmed_addresses(talents.values("email_key")):
        if not here.filter(person__user=user).exists():
            link_account(actor, user, email)


def link_talent(actor: Actor, talent: Talent) -> None:
    """The same for one talent that was just written down by the office. In `work()`."""
    user = confirmed_account(talent.person.email)
    here = Talent.objects.filter(edition=talent.edition_id, erased_at__isnull=True)
    if user is not None and not here.filter(person__user=user).exists():
        link_account(actor, user.pk, talent.person.email)
        talent.person.refresh_from_db(fields=["user", "version"])


def link_confirmed(user: User, address: str) -> None:
    """An address was shown to be somebody's own (hook of `accounts`)."""
    link_account(actor_for(user), user.pk, address)


def follow_address(user: User, former: str, address: str) -> None:
    """The account's own records that carry its former main address carry the new one (hook of
    `accounts`): whoever may read how to reach somebody reads where they are."""
    actor = actor_for(user)
    records = Person.objects.select_for_update().filter(
        user=user, email_key=email_key(former), erased_at__isnull=True, merged_into__isnull=True
    )
    for person in records:
        if not change_person(actor, person, {"email": address}):
            continue
        mine: list[tuple[str, Any]] = [
            *(("participants.talent_updated", one) for one in person.talents.all()),
            *(("participants.delegate_updated", one) for one in person.delegacies.all()),
        ]
        for event, one in mine:
            one.version += 1
            one.save(update_fields=["version"])
            record(
                event,
                actor=actor,
                edition=one.edition_id,
                obj=one,
                subject=person.pk,
                facts={"fields": ["email"], "version": one.version},
                personal={"email": address},
            )
