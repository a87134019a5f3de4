"""Writing talents one by one (many at once: `bulk`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.masking import is_contact_as_name
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.evidence.services import Facts, freeze, witness
from talex.evidence.vocabulary import Rung
from talex.ledger.services import record
from talex.participants import rules
from talex.participants.checked import watching
from talex.participants.choices import Paper
from talex.participants.commands import CreateTalent, UpdateTalent, VerifyTalents, WithdrawTalent
from talex.participants.facts import (
    PERSON_FIELDS,
    TALENT_FIELDS,
    Cleaned,
    Name,
    clean,
    plain,
    values_of,
)
from talex.participants.industries import industry_code
from talex.participants.models import Person, Talent
from talex.participants.services.consents import write_consents
from talex.participants.services.linking import link_talent
from talex.participants.services.persons import change_person, new_person

FIELDS = (*PERSON_FIELDS, *TALENT_FIELDS)


def create_talent(actor: Actor, command: CreateTalent) -> Talent:
    """Register a talent in an edition; the rung 'registered' is reached by it.

    With `own` the record belongs to the signed-in account, whose address counts as verified, and
    whoever has a person record already keeps it. Raises `NotAllowed`, `NotFound` (edition),
    `Invalid`, `Conflict` (registered already).
    """
    if not rules.can_create_talent(actor, command.edition, own=command.own):
        raise NotAllowed
    cleaned = clean(values_of(command.facts), FIELDS)
    with work():
        edition = Edition.objects.filter(pk=command.edition).first()
        if edition is None:
            raise NotFound
        if command.own and not is_office(actor, edition.pk) and edition.state != "open":
            raise Conflict(_("Registration for this conference is not open."))
        person = _own_person(actor, cleaned) if command.own else new_person(cleaned)
        talent = Talent(person=person, edition=edition, source=plain(command.source)[:200])
        for name in TALENT_FIELDS:
            setattr(talent, name, cleaned[name])
        try:
            talent.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This person is registered for this conference already.")) from error
        if not command.own:
            # First: what is told of the consents is told in the account's language.
            link_talent(actor, talent)
        write_consents(actor, talent, command.consents)
        freeze(edition.pk, {talent.pk: coarse(talent)})
        record(
            "participants.talent_created",
            actor=actor,
            edition=edition.pk,
            obj=talent,
            subject=person.pk,
            facts={"person": person.pk, "degree_level": talent.degree_level, "own": command.own},
            personal=_told(cleaned),
        )
        witness(
            actor,
            edition=edition.pk,
            rung=Rung.REGISTERED,
            subjects=[talent.pk],
            source_kind="registration",
        )
    return talent


def _own_person(actor: Actor, cleaned: Cleaned) -> Person:
    """The account's person record, made where there is none; its facts as given now."""
    if actor.user is None:
        raise NotAllowed
    # Two that register the same account at once would make two persons of it.
    User.objects.select_for_update(no_key=True).get(pk=actor.user)
    person = (
        Person.objects.select_for_update()
        .filter(user_id=actor.user, erased_at__isnull=True, merged_into__isnull=True)
        .order_by("created_at")
        .first()
    )
    given = {name: value for name, value in cleaned.items() if value or name not in PERSON_FIELDS}
    # The address people sign in with is the one that is known to be theirs.
    given["email"] = User.objects.values_list("email", flat=True).get(pk=actor.user)
    if person is not None:
        change_person(actor, person, given)
        return person
    if not cleaned.get("names") and actor.name and not is_contact_as_name(actor.name):
        given |= clean({"names": [Name(actor.name)]}, FIELDS)
    given.setdefault("language", actor.language)
    given.setdefault("time_zone", actor.time_zone)
    return new_person(given, user=actor.user)


def coarse(talent: Talent) -> Facts:
    """The facts that are frozen for figures."""
    return Facts(talent.degree_level, industry_code(talent.industry), talent.region)


def _told(cleaned: Cleaned) -> dict[str, Any]:
    """What the ledger keeps of a change, without what is empty; erased with the person."""
    told = {name: value for name, value in cleaned.items() if value not in ("", None, [], {})}
    if "names" in told:
        told["names"] = [[name.text, name.script] for name in told["names"]]
    return told


def locked_talent(talent_id: UUID) -> Talent:
    """The talent with its person, locked for a change. Raises `NotFound`."""
    found = (
        Talent.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=talent_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def update_talent(actor: Actor, command: UpdateTalent) -> Talent:
    """Change fields of a talent (and of the person).

    Another name or degree than was verified is verified no longer. Raises `NotFound`, `NotAllowed`,
    `Invalid`, `Conflict` where somebody else changed it since `version` was read.
    """
    with work():
        talent = locked_talent(command.talent)
        if not rules.can_see_talent(actor, talent):
            raise NotFound
        if not rules.can_edit_talent(actor, talent):
            raise NotAllowed
        if command.correction and not rules.can_correct(actor, talent):
            raise NotAllowed(
                _("Only the office says that what was verified holds, and nobody of themselves.")
            )
        if command.version is not None and command.version != talent.version:
            raise Conflict
        changes = dict(command.changes)
        # The two ends of a range are looked at together, whichever of them changed.
        for name in ("available_from", "available_until"):
            if {"available_from", "available_until"} & changes.keys():
                changes.setdefault(name, getattr(talent, name))
        cleaned = clean(changes, FIELDS)
        if (
            "email" in cleaned
            and talent.person.user_id is not None
            and not is_office(actor, talent.edition_id)
            and cleaned["email"] != talent.person.email
        ):
            raise Invalid({"email": _("Change the address of your account; it is used here.")})
        with watching(actor, talent.person_id, correction=command.correction):
            changed = _change(actor, talent, cleaned, correction=command.correction)
        if not changed:
            return talent
        freeze(talent.edition_id, {talent.pk: coarse(talent)})
        record(
            "participants.talent_updated",
            actor=actor,
            edition=talent.edition_id,
            obj=talent,
            subject=talent.person_id,
            facts={
                "fields": sorted(changed),
                "version": talent.version,
                **({"correction": True} if command.correction else {}),
            },
            personal=_told({name: cleaned[name] for name in changed}),
        )
    return talent


def _change(actor: Actor, talent: Talent, cleaned: Cleaned, *, correction: bool) -> list[str]:
    changed = [n for n in TALENT_FIELDS if n in cleaned and getattr(talent, n) != cleaned[n]]
    for name in changed:
        setattr(talent, name, cleaned[name])
    changed += change_person(actor, talent.person, cleaned, correction=correction)
    if changed:
        talent.version += 1
        talent.save()
    return changed


def verify_talents(actor: Actor, command: VerifyTalents) -> int:
    """Confirm that people are who they say they are; returns how many were not verified before."""
    if not rules.can_verify(actor, command.edition):
        raise NotAllowed
    if actor.user is None:
        raise NotAllowed(_("A person with an account confirms this, not the machine."))
    if command.seen not in Paper.values:
        raise Invalid({"seen": _("Say which paper you looked at.")})
    with work():
        # Locked: two who confirm at once would both find that it does not stand yet.
        found = set(
            Talent.objects.select_for_update(of=("self",), no_key=True)
            .order_by("pk")
            .filter(
                pk__in=list(command.talents),
                edition_id=command.edition,
                erased_at__isnull=True,
                merged_into__isnull=True,
            )
            .values_list("pk", flat=True)
        )
        if missing := set(command.talents) - found:
            told = ngettext(
                "%(count)s of these people is not in this conference (any more).",
                "%(count)s of these people are not in this conference (any more).",
                len(missing),
            )
            raise NotFound(told % {"count": len(missing)})
        rows = witness(
            actor,
            edition=command.edition,
            rung=Rung.VERIFIED,
            subjects=command.talents,
            source_kind="check",
            source_id=command.seen,
            document=command.document,
        )
    return len(rows)


def withdraw_talent(actor: Actor, command: WithdrawTalent) -> Talent:
    """A talent does not take part (any more), or does again. Rungs that were reached stay."""
    with work():
        talent = locked_talent(command.talent)
        if not rules.can_see_talent(actor, talent) and not rules.can_edit_talent(actor, talent):
            raise NotFound
        if not rules.can_edit_talent(actor, talent):
            raise NotAllowed
        if (talent.withdrawn_at is not None) == command.withdrawn:
            return talent
        talent.withdrawn_at = clock.now() if command.withdrawn else None
        talent.version += 1
        talent.save()
        record(
            "participants.talent_withdrawn"
            if command.withdrawn
            else "participants.talent_returned",
            actor=actor,
            edition=talent.edition_id,
            obj=talent,
            subject=talent.person_id,
        )
    return talent
