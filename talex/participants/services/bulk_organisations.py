"""Many organisations with their delegates at once, as lists have them: a row a delegate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.work import work
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants.choices import Mode
from talex.participants.commands import OrganisationFacts
from talex.participants.facts import (
    DELEGATE_FIELDS,
    PERSON_FIELDS,
    Cleaned,
    PersonFacts,
    clean,
    values_of,
)
from talex.participants.identity import email_key, name_key, organisation_key, phone_key
from talex.participants.models import (
    Delegate,
    Organisation,
    Participation,
    Person,
    PersonName,
    SourceRow,
)
from talex.participants.services.bulk import Applied, SourceKey, known_rows
from talex.participants.services.organisations import FIELDS, clean_organisation, derived

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateRow(PersonFacts):
    """A delegate as a list says."""

    title: str = ""
    mode: str = "both"
    languages: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow(OrganisationFacts):
    """An organisation as a list says.

    Rows with the same registration number, or without one the same name, are one organisation; one
    that is known takes part and is not changed. `parent_name` is looked up among known ones and
    those of the same list.
    """

    parent_name: str = ""
    mode: str = "both"
    delegates: Sequence[DelegateRow] = ()
    sources: Sequence[SourceKey] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    """One organisation with the rows that belong to it."""

    cleaned: Cleaned
    unread: dict[str, str]
    mode: str
    parent_key: str
    sources: list[SourceKey]
    delegates: list[Cleaned]
    organisation: Organisation | None = None


def apply_organisations(
    actor: Actor, edition: UUID, rows: Iterable[OrganisationRow], *, batch: UUID | None = None
) -> Applied:
    """Take over a list, whole or not at all, with one entry of the ledger.

    Rows that are known (source, fingerprint, occurrence) are left as they are. Returns how many
    organisations were made and how many rows were known. Raises `NotAllowed`, `Invalid` (key:
    `row <number>.<field>`), `Conflict`.
    """
    if not is_office(actor, edition):
        raise NotAllowed
    plans, known = _plans(edition, list(rows))
    try:
        with work():
            made = _write(actor, edition, plans, batch)
    except IntegrityError as error:
        raise Conflict(
            _("Rows of this list were taken over in the meantime. Prepare the import again.")
        ) from error
    return Applied(made, known)


def _plans(edition: UUID, rows: Sequence[OrganisationRow]) -> tuple[list[_Plan], int]:
    """The rows put together by organisation, cleaned; and how many were known already."""
    taken = known_rows(edition, "organisation", [key for row in rows for key in row.sources])
    plans: dict[tuple[str, str], _Plan] = {}
    faults: dict[str, Any] = {}
    known = 0
    for number, row in enumerate(rows, 1):
        keys = [
            k for k in row.sources if (k.source[:200], k.fingerprint, k.occurrence) not in taken
        ]
        if row.sources and not keys:
            known += 1
            continue
        try:
            _add(plans, row, keys)
        except Invalid as error:
            shown = row.sources[0].row_number if row.sources else None
            for name, messages in error.fields.items():
                faults[f"row {shown or number}.{name}"] = messages
        if len(faults) >= 20:
            break
    if faults:
        raise Invalid(faults)
    return list(plans.values()), known


def _add(plans: dict[tuple[str, str], _Plan], row: OrganisationRow, keys: list[SourceKey]) -> None:
    cleaned = clean_organisation({name: getattr(row, name) for name in FIELDS})
    if row.mode not in Mode.values:
        raise Invalid({"mode": _("Choose how they take part: on site, online or both.")})
    delegates = [clean(values_of(one), (*PERSON_FIELDS, *DELEGATE_FIELDS)) for one in row.delegates]
    number = cleaned["registration_number"]
    names = derived(cleaned["name"])
    cleaned |= names
    identity = ("number", number) if number else ("name", names["name_key"])
    plan = plans.get(identity)
    if plan is None:
        plan = plans[identity] = _Plan(
            cleaned, dict(row.unread), row.mode, organisation_key(row.parent_name), [], []
        )
    else:
        # A later row of the same organisation fills what the first one left out.
        for name, value in cleaned.items():
            if not plan.cleaned.get(name):
                plan.cleaned[name] = value
        plan.unread |= dict(row.unread)
    plan.sources += keys
    plan.delegates += [d for d in delegates if d["names"] or d["email"]]


def _write(actor: Actor, edition: UUID, plans: list[_Plan], batch: UUID | None) -> int:
    _find_known(plans)
    new: list[Organisation] = []
    for plan in plans:
        if plan.organisation is None:
            plan.cleaned.pop("parent", None)
            plan.organisation = Organisation(**plan.cleaned, unread=plan.unread)
            new.append(plan.organisation)
    Organisation.objects.bulk_create(new, batch_size=_CHUNK)
    _set_parents(plans, new)
    there = set(
        Participation.objects.filter(edition_id=edition).values_list("organisation_id", flat=True)
    )
    Participation.objects.bulk_create(
        [
            Participation(
                organisation=plan.organisation,
                edition_id=edition,
                mode=plan.mode,
                source=plan.sources[0].source[:200] if plan.sources else "",
            )
            for plan in plans
            if plan.organisation is not None and plan.organisation.pk not in there
        ],
        batch_size=_CHUNK,
    )
    delegates = _write_delegates(edition, plans)
    SourceRow.objects.bulk_create(
        [
            SourceRow(
                edition_id=edition,
                kind="organisation",
                source=key.source[:200],
                fingerprint=key.fingerprint,
                occurrence=key.occurrence,
                object_id=plan.organisation.pk if plan.organisation else None,
                batch=batch,
                row_number=key.row_number,
            )
            for plan in plans
            for key in plan.sources
        ],
        batch_size=_CHUNK,
    )
    if plans:
        record(
            "participants.organisations_imported",
            actor=actor,
            edition=edition,
            obj=("participants.import", batch) if batch else None,
            facts={"made": len(new), "taking_part": len(plans), "delegates": delegates},
        )
    return len(new)


def _find_known(plans: list[_Plan]) -> None:
    """Connect plans with organisations that are there: by number, else by a name met only once."""
    numbers = [p.cleaned["registration_number"] for p in plans]
    keys = [p.cleaned["name_key"] for p in plans]
    by_number: dict[str, Organisation] = {}
    by_name: dict[str, list[Organisation]] = {}
    for start in range(0, len(plans), _CHUNK):
        for found in Organisation.objects.filter(
            registration_number__in=[n for n in numbers[start : start + _CHUNK] if n]
        ):
            by_number[found.registration_number] = found
        for found in Organisation.objects.filter(name_key__in=keys[start : start + _CHUNK]):
            by_name.setdefault(found.name_key, []).append(found)
    for plan in plans:
        number = plan.cleaned["registration_number"]
        same = by_name.get(plan.cleaned["name_key"], [])
        # Two numbers are two organisations, whatever they are called.
        same = [o for o in same if not (number and o.registration_number)]
        plan.organisation = by_number.get(number) if number else None
        if plan.organisation is None and len(same) == 1:
            plan.organisation = same[0]


def _set_parents(plans: list[_Plan], new: list[Organisation]) -> None:
    wanted = {plan.parent_key for plan in plans if plan.parent_key}
    if not wanted:
        return
    parents = {o.name_key: o for o in Organisation.objects.filter(name_key__in=list(wanted))}
    fresh = {organisation.pk for organisation in new}
    changed = []
    for plan in plans:
        parent = parents.get(plan.parent_key) if plan.parent_key else None
        child = plan.organisation
        if parent is None or child is None or child.pk not in fresh or parent.pk == child.pk:
            continue
        # A list may say that each stands below the other.
        if parent.parent_id == child.pk:
            continue
        child.parent = parent
        changed.append(child)
    Organisation.objects.bulk_update(changed, ["parent"], batch_size=_CHUNK)


def _write_delegates(edition: UUID, plans: list[_Plan]) -> int:
    """Make the delegates that are not there yet; one address (or name) an organisation is one."""
    organisations = [plan.organisation.pk for plan in plans if plan.organisation is not None]
    there: set[tuple[UUID, str]] = set()
    for start in range(0, len(organisations), _CHUNK):
        rows = Delegate.objects.filter(
            edition_id=edition, organisation_id__in=organisations[start : start + _CHUNK]
        ).values_list("organisation_id", "person__email_key", "person__name")
        for organisation, email, name in rows:
            there.add((organisation, email or name_key(name) or name))
    persons, names, delegates = [], [], []
    for plan in plans:
        if plan.organisation is None:
            continue
        for one in plan.delegates:
            first = one["names"][0].text if one["names"] else ""
            identity = (plan.organisation.pk, email_key(one["email"]) or name_key(first) or first)
            if identity in there:
                continue
            there.add(identity)
            person = Person(
                **{name: one[name] for name in PERSON_FIELDS if name != "names"},
                name=first,
                email_key=email_key(one["email"]),
                phone_key=phone_key(one["phone"]),
            )
            persons.append(person)
            names += [
                PersonName(
                    person=person,
                    text=name.text,
                    script=name.script,
                    is_primary=number == 0,
                    key=name_key(name.text),
                )
                for number, name in enumerate(one["names"])
            ]
            delegates.append(
                Delegate(
                    person=person,
                    organisation=plan.organisation,
                    edition_id=edition,
                    **{name: one[name] for name in DELEGATE_FIELDS if name in one},
                )
            )
    Person.objects.bulk_create(persons, batch_size=_CHUNK)
    PersonName.objects.bulk_create(names, batch_size=_CHUNK)
    Delegate.objects.bulk_create(delegates, batch_size=_CHUNK)
    return len(delegates)
