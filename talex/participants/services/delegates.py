"""Writing delegates: who acts for an organisation in an edition."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants import mails, rules
from talex.participants.choices import DelegateRole
from talex.participants.commands import (
    AddDelegate,
    SetDelegateRole,
    UpdateDelegate,
    WithdrawDelegate,
)
from talex.participants.facts import DELEGATE_FIELDS, PERSON_FIELDS, clean, values_of
from talex.participants.identity import email_key
from talex.participants.models import Delegate, Participation, Person
from talex.participants.services.linking import link_known
from talex.participants.services.persons import change_person, new_person

FIELDS = (*PERSON_FIELDS, *DELEGATE_FIELDS)


def add_delegate(actor: Actor, command: AddDelegate) -> Delegate:
    """Let somebody act for an organisation in an edition.

    A person who is known by the same e-mail address as a delegate of this organisation is not made
    again. Raises `NotAllowed`, `NotFound`, `Invalid`, `Conflict` (is a delegate already).
    """
    if not rules.can_add_delegate(actor, command.edition, command.organisation):
        raise NotAllowed
    cleaned = clean(
        {
            **values_of(command.facts),
            "title": command.title,
            "mode": command.mode,
            "languages": command.languages,
            "windows": command.windows,
            "daily_max": command.daily_max,
        },
        FIELDS,
    )
    if command.person is None and not cleaned["names"] and not cleaned["email"]:
        raise Invalid({"names": _("Give a name or an e-mail address.")})
    _refuse_address(actor, command.edition, cleaned["email"])
    with work():
        # Locked: two at once would make two persons of one address.
        part = Participation.objects.select_for_update(no_key=True).filter(
            organisation_id=command.organisation, edition_id=command.edition
        )
        if part.first() is None:
            raise NotFound
        person = _person(actor, command, cleaned["email"]) or new_person(cleaned)
        delegate = Delegate(
            person=person,
            organisation_id=command.organisation,
            edition_id=command.edition,
            role=known_role(command.role),
        )
        for name in DELEGATE_FIELDS:
            if name in cleaned:
                setattr(delegate, name, cleaned[name])
        try:
            delegate.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This person is a delegate of this organisation already.")) from error
        record(
            "participants.delegate_added",
            actor=actor,
            edition=command.edition,
            obj=delegate,
            subject=person.pk,
            facts={"organisation": command.organisation, "person": person.pk},
            personal={"names": [n.text for n in cleaned["names"]], "email": person.email},
        )
        if person.user_id is None:
            link_known(actor, person)  # who is found there is told there
        elif person.user_id != actor.user:
            mails.delegate_added(delegate)
    return delegate


def _refuse_address(actor: Actor, edition: UUID, email: str) -> None:
    """An account acts for whoever enters its address: an organisation's heads invite instead, so
    that nobody acts for it by a slip, or without wishing to."""
    if email and not is_office(actor, edition):
        raise Invalid(
            {
                "email": _(
                    "Invite the person with this address, then they say themselves whether they "
                    "act for the organisation. Here they are added without an account."
                )
            }
        )


def known_role(role: str) -> str:
    """Raises `Invalid` (role) where it is none."""
    if role not in DelegateRole.values:
        raise Invalid({"role": _("Choose head, recruiter or assistant.")})
    return role


def _person(actor: Actor, command: AddDelegate, email: str) -> Person | None:
    """The person named by the command, or a colleague known by the same address."""
    standing = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    if command.person is not None:
        person = standing.filter(pk=command.person).first()
        if person is None or not rules.can_manage_person(actor, person):
            raise NotFound
        return person
    if not email:
        return None
    return (
        standing.filter(
            email_key=email_key(email), delegacies__organisation_id=command.organisation
        )
        .order_by("created_at")
        .first()
    )


def _locked(
    actor: Actor,
    delegate_id: UUID,
    may: Callable[[Actor, Delegate], bool] = rules.can_edit_delegate,
) -> Delegate:
    delegate = (
        Delegate.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=delegate_id)
        .first()
    )
    if delegate is None or not rules.can_see_delegate(actor, delegate):
        raise NotFound
    if not may(actor, delegate):
        raise NotAllowed
    return delegate


def update_delegate(actor: Actor, command: UpdateDelegate) -> Delegate:
    """Change fields of a delegate and of the person.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict` (changed meanwhile).
    """
    with work():
        delegate = _locked(actor, command.delegate)
        if command.version is not None and command.version != delegate.version:
            raise Conflict
        cleaned = clean(command.changes, FIELDS)
        changed = [
            name
            for name in DELEGATE_FIELDS
            if name in cleaned and getattr(delegate, name) != cleaned[name]
        ]
        for name in changed:
            setattr(delegate, name, cleaned[name])
        changed += change_person(actor, delegate.person, cleaned)
        if not changed:
            return delegate
        delegate.version += 1
        delegate.save()
        link_known(actor, delegate.person)
        record(
            "participants.delegate_updated",
            actor=actor,
            edition=delegate.edition_id,
            obj=delegate,
            subject=delegate.person_id,
            facts={"fields": sorted(changed), "version": delegate.version},
        )
    return delegate


def withdraw_delegate(actor: Actor, command: WithdrawDelegate) -> Delegate:
    """Somebody no longer acts for an organisation, or does again.

    Raises `NotFound`, `NotAllowed`, `Conflict` where nobody would head it.
    """
    may = rules.can_end_delegate if command.withdrawn else rules.can_return_delegate
    with work():
        delegate = _locked(actor, command.delegate, may)
        if (delegate.withdrawn_at is not None) == command.withdrawn:
            return delegate
        if command.withdrawn:
            _refuse_without_head(actor, delegate)
        delegate.withdrawn_at = clock.now() if command.withdrawn else None
        delegate.version += 1
        delegate.save()
        record(
            "participants.delegate_withdrawn"
            if command.withdrawn
            else "participants.delegate_returned",
            actor=actor,
            edition=delegate.edition_id,
            obj=delegate,
            subject=delegate.person_id,
        )
        mails.access_changed(delegate, actor)
    return delegate


def set_delegate_role(actor: Actor, command: SetDelegateRole) -> Delegate:
    """Give a delegate another role, as head of the organisation or as the office.

    Raises `NotFound`, `NotAllowed`, `Invalid` (role), `Conflict` where nobody would head it.
    """
    role = known_role(command.role)
    with work():
        delegate = _locked(actor, command.delegate, rules.can_return_delegate)
        if delegate.role == role:
            return delegate
        if role != DelegateRole.HEAD:
            _refuse_without_head(actor, delegate)
        delegate.role = role
        delegate.version += 1
        delegate.save()
        record(
            "participants.delegate_role_set",
            actor=actor,
            edition=delegate.edition_id,
            obj=delegate,
            subject=delegate.person_id,
            facts={"role": role},
        )
        mails.role_set(delegate, actor)
    return delegate


def _refuse_without_head(actor: Actor, delegate: Delegate) -> None:
    """The last head stays until there is another one; only the office may leave none.

    Of two heads that leave at the same time one is the last: both wait for the participation.
    """
    if delegate.role != DelegateRole.HEAD or is_office(actor, delegate.edition_id):
        return
    here = {"organisation_id": delegate.organisation_id, "edition_id": delegate.edition_id}
    list(Participation.objects.select_for_update().filter(**here))
    others = Delegate.objects.filter(
        **here, role=DelegateRole.HEAD, withdrawn_at__isnull=True, merged_into__isnull=True
    ).exclude(pk=delegate.pk)
    if not others.exists():
        raise Conflict(
            _(
                "Nobody else heads the organisation. Make a colleague its head first, or ask the "
                "office."
            )
        )
