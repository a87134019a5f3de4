"""Who may see and do what with people and organisations, and which fields each role sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from talex.core.actor import Actor, Grant
from talex.core.masking import masked
from talex.editions.models import Consent, Edition
from talex.editions.roles import Role
from talex.editions.rules import PUBLIC, can_audit, can_see_edition, is_office
from talex.participants import abroad
from talex.participants.barred import barred, barred_parts, barred_persons, barred_rows
from talex.participants.choices import DelegateRole
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS
from talex.participants.models import (
    Delegate,
    Organisation,
    Participation,
    Person,
    ProjectOwner,
    Talent,
)
from talex.participants.named import is_list, members

PROFILE, CONTACT, PARTNERS = "profile", "contact", "partners"

#: What is shown of a person: how to reach them is told only to whom they let.
CONTACT_FIELDS = frozenset({"email", "phone"})
#: What no consent names: the office needs the nationality for visas, the language for letters.
PRIVATE_FIELDS = frozenset(
    {"birth_year", "language", "nationality", "unread", "source", "wished_pay"}
)
ALL_FIELDS = frozenset({*PERSON_FIELDS, *TALENT_FIELDS, "unread", "source", "created_at"})
PROFILE_FIELDS = ALL_FIELDS - CONTACT_FIELDS - PRIVATE_FIELDS - {"created_at"}

#: What people write freely: contact details in it are read with the contact only.
FREE_FIELDS = (
    "profile_text", "current_position", "institution", "education", "experience", "disciplines",
    "skills", "industry", "region", "wished_regions", "wished_industries",
)  # fmt: skip

_OFFICE = (Role.ORGANISER, Role.AUDITOR)
#: Who changes what an organisation says and offers.
WRITERS = (DelegateRole.HEAD, DelegateRole.RECRUITER)


# --- talents --------------------------------------------------------------------------------


def can_list_talents(actor: Actor, edition_id: UUID) -> bool:
    """The office's list: office and auditors."""
    return can_audit(actor, edition_id)


def can_open_talents(actor: Actor, edition_id: UUID) -> bool:
    """The page with those of them the actor may see: also delegates and partners."""
    return can_list_talents(actor, edition_id) or actor.has(edition_id, "delegate", "partner")


def can_create_talent(actor: Actor, edition_id: UUID, *, own: bool = False) -> bool:
    """The office; everybody signed in for themselves."""
    return is_office(actor, edition_id) or (own and actor.user is not None)


def is_own(actor: Actor, person_id: UUID) -> bool:
    """Whether this is the actor's own person record."""
    return person_id in actor.persons()


Given = set[tuple[str, str]]
"""(purpose, recipient) that a talent agreed to."""


def consents_given(talent: Talent) -> Given:
    """What the talent has agreed to now, with each organisation that a list names."""
    return consents_given_by([talent])[talent.pk]


def consents_given_by(talents: Sequence[Talent]) -> dict[UUID, Given]:
    """The same for the talents of one edition at once: talent -> what it agreed to."""
    found: dict[UUID, Given] = {talent.person_id: set() for talent in talents}
    rows = Consent.objects.current().filter(
        edition_id__in={talent.edition_id for talent in talents}, person__in=list(found)
    )
    lists: list[tuple[UUID, str, str]] = []
    for person, purpose, recipient in rows.values_list("person", "purpose", "recipient"):
        if is_list(recipient):
            lists.append((person, purpose, recipient))
        else:
            found[person].add((purpose, recipient))
    names = members({recipient for _person, _purpose, recipient in lists}) if lists else {}
    for person, purpose, recipient in lists:
        found[person].update((purpose, one) for one in names.get(recipient, ()))
    return {talent.pk: found[talent.person_id] for talent in talents}


def opened_to_others_by(talents: Sequence[Talent]) -> dict[UUID, Given]:
    """The same as far as it opens something now: nothing where a person is barred (`barred`)."""
    given = consents_given_by(talents)
    gone = barred_persons(talents[0].edition_id, [one.person_id for one in talents])
    return {one.pk: set() if one.person_id in gone else given[one.pk] for one in talents}


def can_see_talent(actor: Actor, talent: Talent, given: Given | None = None) -> bool:
    """Office, auditors, oneself; delegates and partners whom the talent agreed to be shown to.

    `given` (of `opened_to_others_by`) saves looking it up where it is known. Nobody but the office
    and auditors sees a merged, withdrawn or erased record, press never; a barred person is seen by
    them and by themselves.
    """
    if can_audit(actor, talent.edition_id):
        return True
    if talent.merged_into_id is not None or talent.erased_at is not None:
        return False
    if is_own(actor, talent.person_id):
        return True
    if talent.withdrawn_at is not None:
        return False
    partner = actor.has(talent.edition_id, Role.PARTNER)
    if not partner and not actor.organisations(talent.edition_id):
        return False
    given = opened_to_others_by([talent])[talent.pk] if given is None else given
    return _opened(actor, talent, PROFILE, given) or (partner and (PARTNERS, "") in given)


def _opened(actor: Actor, talent: Talent, purpose: str, given: Given) -> bool:
    """Whether the purpose opens the talent to an organisation the actor is a delegate of: to one
    abroad only beside the separate consent."""
    near, far = abroad.sides(actor, talent.edition_id)

    def to(name: str, one: str) -> bool:
        return not given.isdisjoint({(name, ""), (name, one)})

    return any(to(purpose, one) for one in near) or any(
        to(purpose, one) and to(abroad.ABROAD, one) for one in far
    )


def _opened_rows(actor: Actor, edition: UUID, purpose: str) -> Q:
    """The talents of an edition for which `_opened` is true."""
    given = Consent.objects.current().filter(
        edition_id=OuterRef("edition_id"), person=OuterRef("person_id"), purpose=purpose
    )
    near, far = abroad.sides(actor, edition)
    found = Q(Exists(given.filter(recipient__in=["", *near]))) if near else Q(pk__in=[])
    for one in far:
        found |= Q(Exists(given.filter(recipient__in=["", one]))) & Q(
            abroad.agreed("edition_id", "person_id", [one])
        )
    return Q(edition_id=edition) & found


def visible_talents(actor: Actor) -> Q:
    """The talents for which `can_see_talent` is true."""
    if actor.all_powerful:
        return Q()
    standing = Q(merged_into__isnull=True, erased_at__isnull=True)
    seen = Q(edition_id__in=actor.editions(*_OFFICE))
    seen |= standing & Q(person_id__in=actor.persons())
    present = standing & Q(withdrawn_at__isnull=True) & ~barred_rows()
    for edition in actor.editions(Role.DELEGATE):
        seen |= present & _opened_rows(actor, edition, PROFILE)
    partner = actor.editions(Role.PARTNER)
    if partner:
        shared = Consent.objects.current().filter(
            edition_id=OuterRef("edition_id"),
            person=OuterRef("person_id"),
            purpose=PARTNERS,
            recipient="",
        )
        seen |= present & Q(edition_id__in=partner) & Q(Exists(shared))
    return seen


def visible_contacts(actor: Actor) -> Q:
    """The talents whose address `talent_fields` shows to the actor."""
    if actor.all_powerful:
        return Q()
    watched = Q(edition_id__in=actor.editions(*_OFFICE)) | Q(person_id__in=actor.persons())
    reachable = Q(pk__in=[])
    for edition in actor.editions(Role.DELEGATE):
        reachable |= _opened_rows(actor, edition, CONTACT)
    return visible_talents(actor) & (watched | reachable)


def read_whole(actor: Actor, edition_id: UUID) -> Q | None:
    """Of which talents of an edition the actor reads free texts with the contact details in them:
    None for who reads them of all."""
    return None if can_list_talents(actor, edition_id) else visible_contacts(actor)


def talent_fields(actor: Actor, talent: Talent, given: Given | None = None) -> frozenset[str]:
    """The fields of a talent that the actor sees; none for whom the talent does not exist."""
    if can_audit(actor, talent.edition_id) or is_own(actor, talent.person_id):
        return ALL_FIELDS if can_see_talent(actor, talent) else frozenset()
    given = opened_to_others_by([talent])[talent.pk] if given is None else given
    if not can_see_talent(actor, talent, given):
        return frozenset()
    reachable = _opened(actor, talent, CONTACT, given)
    return PROFILE_FIELDS | CONTACT_FIELDS if reachable else PROFILE_FIELDS


def without_contact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a talent for who sees the profile and not the contact."""
    return {name: masked(value) if name in FREE_FIELDS else value for name, value in values.items()}


def can_edit_talent(actor: Actor, talent: Talent) -> bool:
    """The office, and talents their own; nobody edits what was erased or merged."""
    if talent.erased_at is not None or talent.merged_into_id is not None:
        return False
    return is_office(actor, talent.edition_id) or is_own(actor, talent.person_id)


def can_correct(actor: Actor, talent: Talent) -> bool:
    """Say that a changed name or degree is what was verified: the office, not of oneself."""
    return is_office(actor, talent.edition_id) and not is_own(actor, talent.person_id)


def can_verify(actor: Actor, edition_id: UUID) -> bool:
    """The office."""
    return is_office(actor, edition_id)


def can_consent(actor: Actor, talent: Talent) -> bool:
    """Talents themselves; the office writes down what it holds on paper."""
    return can_edit_talent(actor, talent)


# --- persons --------------------------------------------------------------------------------


def offices_of(person: Person) -> set[UUID]:
    """The editions in which the person is something."""
    return {
        *Talent.objects.filter(person=person).values_list("edition_id", flat=True),
        *Delegate.objects.filter(person=person).values_list("edition_id", flat=True),
        *ProjectOwner.objects.filter(person=person).values_list("edition_id", flat=True),
    }


def can_manage_person(actor: Actor, person: Person) -> bool:
    """Whoever runs the office of every edition the person takes part in.

    A person outlives editions: one office alone must not merge or erase what another one holds.
    """
    if actor.all_powerful:
        return True
    editions = offices_of(person)
    return bool(editions) and all(is_office(actor, edition) for edition in editions)


def can_erase(actor: Actor, person: Person) -> bool:
    """Oneself, or who manages the person."""
    return is_own(actor, person.pk) or can_manage_person(actor, person)


def can_export_person(actor: Actor, person: Person) -> bool:
    """One's own data; the office gives it out on behalf of who has no account."""
    return can_erase(actor, person)


def can_merge(actor: Actor, keep: Person, drop: Person) -> bool:
    """Who manages both."""
    return can_manage_person(actor, keep) and can_manage_person(actor, drop)


def can_review_same(actor: Actor, edition_id: UUID | None) -> bool:
    """The list of records that may be one person: the office; over all editions the site's."""
    return actor.all_powerful if edition_id is None else is_office(actor, edition_id)


# --- organisations and delegates ------------------------------------------------------------


def can_create_organisation(actor: Actor, edition_id: UUID) -> bool:
    """The office."""
    return is_office(actor, edition_id)


def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Everybody who sees an edition that it takes part in; its delegates; site administrators.

    Where it waits to be let in, or the office suspended it: its delegates, office and auditors.
    """
    if actor.all_powerful or organisation.pk in actor.organisations(pending=True):
        return True
    rows = Participation.objects.filter(organisation=organisation).select_related("edition")
    return any(
        can_see_edition(actor, row.edition)
        and (
            (
                row.withdrawn_at is None
                and row.pending_since is None
                and not barred([(row.edition_id, organisation.pk)])
            )
            or can_audit(actor, row.edition_id)
        )
        for row in rows
    )


def visible_organisations(actor: Actor) -> Q:
    """The organisations for which `can_see_organisation` is true."""
    if actor.all_powerful:
        return Q()
    editions = Edition.objects.filter(
        Q(state__in=PUBLIC) | Q(pk__in=actor.editions(*(role.value for role in Role)))
    )
    here = Participation.objects.filter(organisation=OuterRef("pk")).filter(
        Q(edition__in=editions, withdrawn_at__isnull=True, pending_since__isnull=True)
        & ~barred_parts()
        | Q(edition_id__in=actor.editions(*_OFFICE))
    )
    return Q(pk__in=actor.organisations(pending=True)) | Q(Exists(here))


def can_edit_organisation(actor: Actor, organisation: Organisation, edition_id: UUID) -> bool:
    """The office of an edition it takes part in; its delegates there, but no assistants."""
    if actor.all_powerful:
        return True
    if not Participation.objects.filter(organisation=organisation, edition_id=edition_id).exists():
        return False
    return is_office(actor, edition_id) or actor.acts_as(edition_id, organisation.pk, *WRITERS)


def name_is_fixed(organisation: Organisation) -> bool:
    """Whether it takes part under its name somewhere: only the office gives it another one then."""
    return Participation.objects.filter(
        organisation=organisation, pending_since__isnull=True
    ).exists()


def can_list_delegates(actor: Actor, edition_id: UUID) -> bool:
    """The office's list: office and auditors."""
    return can_audit(actor, edition_id)


def can_see_delegate(actor: Actor, delegate: Delegate) -> bool:
    """Office, auditors, oneself and those who act for the same organisation in the edition."""
    if can_audit(actor, delegate.edition_id):
        return True
    if delegate.merged_into_id is not None:
        return False
    return is_own(actor, delegate.person_id) or delegate.organisation_id in actor.organisations(
        delegate.edition_id, pending=True
    )


def visible_delegates(actor: Actor) -> Q:
    """The delegates for whom `can_see_delegate` is true."""
    if actor.all_powerful:
        return Q()
    seen = Q(edition_id__in=actor.editions(*_OFFICE))
    mine = Q(person_id__in=actor.persons())
    for edition in {g.edition for g in actor.grants if g.organisation}:
        here = actor.organisations(edition, pending=True)
        mine |= Q(edition_id=edition, organisation_id__in=here)
    return seen | (mine & Q(merged_into__isnull=True))


def can_edit_delegate(actor: Actor, delegate: Delegate) -> bool:
    """The office; delegates themselves."""
    if delegate.merged_into_id is not None or delegate.person.erased_at is not None:
        return False
    return is_office(actor, delegate.edition_id) or is_own(actor, delegate.person_id)


def can_end_delegate(actor: Actor, delegate: Delegate) -> bool:
    """End that somebody acts for the organisation: its heads, the office; delegates themselves."""
    return can_edit_delegate(actor, delegate) or can_return_delegate(actor, delegate)


def can_return_delegate(actor: Actor, delegate: Delegate) -> bool:
    """Let somebody act for it again: its heads, the office. Who left does not come back alone."""
    if delegate.merged_into_id is not None or delegate.person.erased_at is not None:
        return False
    return can_head(actor, delegate.edition_id, delegate.organisation_id)


def can_add_delegate(actor: Actor, edition_id: UUID, organisation_id: UUID) -> bool:
    """The office; whoever heads the organisation there."""
    return can_head(actor, edition_id, organisation_id)


def can_head(actor: Actor, edition_id: UUID, organisation_id: UUID) -> bool:
    """Give roles, invite colleagues, hand in papers: the office, and the organisation's heads."""
    return is_office(actor, edition_id) or actor.acts_as(
        edition_id, organisation_id, DelegateRole.HEAD
    )


def as_owner(actor: Actor, talent: Talent) -> Actor:
    """The actor with the grant of a talent that is the account's own.

    Grants are looked up when a request begins; who registers in it has this one from now on.
    """
    if actor.user is None or talent.person.user_id != actor.user:
        return actor
    grant = Grant(Role.TALENT.value, talent.edition_id, person=talent.person_id)
    # Built anew: in a request the actor is a lazy object, which `replace` does not take.
    known = {f.name: getattr(actor, f.name) for f in fields(Actor)}
    return Actor(**{**known, "grants": actor.grants | {grant}})
