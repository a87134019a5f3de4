"""Erasing a person: what is personal goes, what figures count stays as a tombstone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from talex.accounts.erasing import erase_account
from talex.accounts.models import User
from talex.core import clock, outbox
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.outbox import Recipient
from talex.core.registries import erase as ports
from talex.core.work import work
from talex.editions.models import Consent, RoleGrant
from talex.ledger.services import erase_subject, record
from talex.participants import receipts, rules
from talex.participants.commands import ErasePerson
from talex.participants.models import (
    Delegate,
    Keeping,
    Merge,
    Person,
    PersonName,
    ProjectOwner,
    SourceRow,
    Talent,
)
from talex.participants.services.comparing import forget_pairs

#: What stays of a talent: the coarse facts of DESIGN 2 (the rungs are evidence).
TOMBSTONE = ("degree_level", "industry", "region", "mode")


def records_of(person: Person) -> list[Person]:
    """All records of one human being: the one merges lead to, and those merged into it."""
    root = person
    while root.merged_into is not None:
        root = root.merged_into
    found, waiting = [root], [root.pk]
    while waiting:
        more = list(Person.objects.filter(merged_into_id__in=waiting).order_by("pk"))
        found += more
        waiting = [one.pk for one in more]
    return found


def erase_person(actor: Actor, command: ErasePerson) -> dict[str, int]:
    """Erase somebody in every room; returns how many records of which sort are gone.

    Raises `NotFound`, `NotAllowed`. Erasing what is erased already changes nothing.
    """
    gone: Counter[str] = Counter()
    with work():
        person = Person.objects.select_for_update().filter(pk=command.person).first()
        if person is None:
            raise NotFound
        group = records_of(person)
        if not all(rules.can_erase(actor, one) for one in group[:1]):
            raise NotAllowed
        if group[0].erased_at is not None:
            return {}
        editions = sorted(
            set(Talent.objects.filter(person__in=group).values_list("edition_id", flat=True))
            | set(Delegate.objects.filter(person__in=group).values_list("edition_id", flat=True))
            | set(
                ProjectOwner.objects.filter(person__in=group).values_list("edition_id", flat=True)
            )
        )
        accounts = {one.user_id for one in group if one.user_id is not None}
        users = User.objects.filter(pk__in=accounts, is_active=True).order_by("pk")
        # Known only until they are erased. Of no account: the outbox forgets all of the person's.
        last = {one.pk: Recipient(one.email, one.language) for one in users}
        for one in group:
            for port in ports:
                gone.update(port.erase(actor, one.pk))
            gone.update(_erase_own(one))
            gone["ledger payloads"] += erase_subject(actor, one.pk)
        for account in sorted(accounts):
            if not _still_needed(account):
                erase_account(actor, account)
                gone["accounts"] += 1
        for account, to in last.items():
            stays = _still_needed(account)
            told = {"account_stays": stays, "days": receipts.CASE_DAYS}
            outbox.tell(to, receipts.ERASED.name, told)
        chains: list[UUID | None] = [*editions] or [None]
        for edition in chains:
            record(
                "participants.person_erased",
                actor=actor,
                edition=edition,
                obj=group[0],
                subject=group[0].pk,
                facts={"records": len(group)},
            )
    return {name: count for name, count in gone.items() if count}


def _still_needed(account: UUID, beside: Sequence[Person] = ()) -> bool:
    """Whether somebody works with this account: it has a role, or another living record.

    `beside`: records that do not count, for they are about to be erased.
    """
    return (
        RoleGrant.objects.filter(user_id=account).exists()
        or User.objects.filter(pk=account, is_site_admin=True).exists()
        or Person.objects.filter(user_id=account)
        .exclude(pk__in=[one.pk for one in beside])
        .exists()
    )


def account_ends(person: Person) -> bool | None:
    """Whether erasing closes the person's account; None where they have none."""
    group = records_of(person)
    accounts = {one.user_id for one in group if one.user_id is not None}
    if not accounts:
        return None
    return not any(_still_needed(one, beside=group) for one in accounts)


def _erase_own(person: Person) -> Mapping[str, int]:
    now = clock.now()
    counts: Counter[str] = Counter()
    counts["names"] = PersonName.objects.filter(person=person).delete()[0]
    counts["consents"] = Consent.objects.filter(person=person.pk).delete()[0]
    Keeping.objects.filter(person=person).delete()
    forget_pairs([person.pk])
    Merge.objects.filter(keep=person).update(undo={})
    Merge.objects.filter(drop=person).update(undo={})
    for talent in Talent.objects.filter(person=person):
        _blank(talent)
        talent.erased_at = now
        talent.version += 1
        talent.save()
        counts["talents"] += 1
        SourceRow.objects.filter(object_id=talent.pk, kind="talent").update(object_id=None)
    for delegate in Delegate.objects.filter(person=person):
        _blank(delegate)
        delegate.withdrawn_at = delegate.withdrawn_at or now
        delegate.version += 1
        delegate.save()
        counts["delegates"] += 1
    for project in ProjectOwner.objects.filter(person=person):
        _blank(project)
        project.erased_at = now
        project.version += 1
        project.save()
        counts["projects"] += 1
    for name in ("name", "email", "phone", "email_key", "phone_key", "nationality", "language",
                 "time_zone"):  # fmt: skip
        setattr(person, name, "")
    person.birth_year = None
    person.user = None
    person.erased_at = now
    person.version += 1
    person.save()
    counts["persons"] += 1
    return counts


_STAY = {"id", "person", "organisation", "edition", "created_at", "withdrawn_at", "erased_at",
         "merged_into", "version", *TOMBSTONE}  # fmt: skip


def _blank(row: Talent | Delegate | ProjectOwner) -> None:
    """Empty every field that is not named as staying, so that a new field is erased as well."""
    for field in row._meta.concrete_fields:
        if field.name not in _STAY:
            value: Any = None if field.null else field.get_default()
            setattr(row, field.attname, value)


def lost_by_erasing(person: UUID) -> dict[str, int]:
    """What will be gone, by sort, for the page that asks whether it shall be so."""
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise NotFound
    group = records_of(found)
    return {
        "names": PersonName.objects.filter(person__in=group).count(),
        "talents": Talent.objects.filter(person__in=group, erased_at__isnull=True).count(),
        "delegates": Delegate.objects.filter(person__in=group).count(),
        "consents": Consent.objects.filter(person__in=[one.pk for one in group]).count(),
        "projects": ProjectOwner.objects.filter(person__in=group, erased_at__isnull=True).count(),
    }
