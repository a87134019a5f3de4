"""Rows of lists of organisations, cleaned and put together by organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid
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
from talex.participants.identity import organisation_key
from talex.participants.models import Organisation
from talex.participants.services import known_organisations as known
from talex.participants.services.bulk import known_rows
from talex.participants.services.organisations import FIELDS, clean_organisation, derived
from talex.participants.services.waiting import Faults, SourceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateRow(PersonFacts):
    """A delegate as a list says."""

    title: str = ""
    mode: str = "both"
    languages: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow(OrganisationFacts):
    """An organisation as a list says.

    Rows with the same registration number, or without one the same name in any language, are one
    organisation; one that is known takes part and is not changed. `parent_name` is looked up among
    known ones and those of the same list.
    """

    parent_name: str = ""
    mode: str = "both"
    delegates: Sequence[DelegateRow] = ()
    sources: Sequence[SourceKey] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """One organisation with the rows of a portion that belong to it."""

    cleaned: Cleaned
    keys: tuple[str, ...]  # of the name in all languages
    unread: dict[str, str]
    mode: str
    parent_key: str
    sources: list[SourceKey]
    delegates: list[Cleaned]
    organisation: UUID | None = None

    @property
    def identity(self) -> known.Identity:
        return known.identity_of(self.cleaned["registration_number"], self.cleaned["name_key"])

    @property
    def identities(self) -> list[known.Identity]:
        """By each of these a row of the list is this organisation."""
        if self.cleaned["registration_number"]:
            return [self.identity]
        return list(dict.fromkeys([self.identity, *(known.identity_of("", k) for k in self.keys)]))


def plans_of(edition: UUID, rows: Sequence[OrganisationRow], before: int) -> tuple[list[Plan], int]:
    """The rows put together by organisation, cleaned; and how many were known already."""
    taken = known_rows(edition, "organisation", [key for row in rows for key in row.sources])
    plans: dict[known.Identity, Plan] = {}
    faults = Faults()
    count = 0
    for number, row in enumerate(rows, before + 1):
        keys = [
            k for k in row.sources if (k.source[:200], k.fingerprint, k.occurrence) not in taken
        ]
        if row.sources and not keys:
            count += 1
            continue
        try:
            _add(plans, row, keys)
        except Invalid as error:
            faults.add(row.sources, number, error)
        if faults.enough:
            break
    faults.refuse()
    return list({id(plan): plan for plan in plans.values()}.values()), count


def _add(plans: dict[known.Identity, Plan], row: OrganisationRow, keys: list[SourceKey]) -> None:
    cleaned = clean_organisation({name: getattr(row, name) for name in FIELDS})
    if row.mode not in Mode.values:
        raise Invalid({"mode": _("Choose how they take part: on site, online or both.")})
    delegates = [clean(values_of(one), (*PERSON_FIELDS, *DELEGATE_FIELDS)) for one in row.delegates]
    cleaned |= derived(cleaned["name"])
    keys_of_name = known.name_keys(cleaned["name"])
    parent = organisation_key(row.parent_name)
    one = Plan(cleaned, keys_of_name, dict(row.unread), row.mode, parent, [], [])
    plan = next((plans[identity] for identity in one.identities if identity in plans), one)
    for identity in one.identities:
        plans.setdefault(identity, plan)
    if plan is not one:
        if not cleaned["registration_number"]:
            plan.keys = tuple(dict.fromkeys([*plan.keys, *one.keys]))
        # A later row of the same organisation fills what the first one left out.
        for name, value in cleaned.items():
            if not plan.cleaned.get(name):
                plan.cleaned[name] = value
        plan.unread |= one.unread
    plan.sources += keys
    plan.delegates += [d for d in delegates if d["names"] or d["email"]]


def fill(one: Organisation, plan: Plan) -> bool:
    """As `_add` does within a portion; whether anything changed."""
    before = dict(one.unread), [getattr(one, name) for name in plan.cleaned]
    for name, value in plan.cleaned.items():
        if value and name != "parent" and not getattr(one, name):
            setattr(one, name, value)
    one.unread |= plan.unread
    return before != (one.unread, [getattr(one, name) for name in plan.cleaned])
