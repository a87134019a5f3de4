"""Who may not act in a conference at present, by a decision of the office: organisations, persons.

Whoever acts for one reads no talent and invites nobody, as one that was not let in yet; what it
wrote and its own cases stay open to it, and others find it in no list and no search. A person who
may not act is shown to no organisation and no partner meanwhile, whatever they consented to
(`fair.privacy`: only to who agreed to meet them); the office and they themselves see all of it. The
room that decides says who is barred.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed

Part = tuple[UUID, UUID]
"""An edition and an organisation."""

Rows = Callable[[], QuerySet[Any, Any]]
_organisations: list[Rows] = []
_persons: list[Rows] = []


def register_organisations(port: Rows) -> None:
    """`port()`: rows with the `edition_id` and `organisation_id` of those that are barred."""
    if port not in _organisations:
        _organisations.append(port)


def barred(parts: Collection[Part]) -> set[Part]:
    """Those of them that are barred."""
    found: set[Part] = set()
    for port in _organisations if parts else ():
        rows = port().filter(organisation_id__in={one for _edition, one in parts})
        found.update(rows.values_list("edition_id", "organisation_id"))
    return found & set(parts)


def refuse_barred(edition: UUID, organisation: UUID) -> None:
    """Raises `NotAllowed` where the organisation is barred there."""
    if barred([(edition, organisation)]):
        raise NotAllowed(_("The office has suspended this organisation here."))


def barred_parts() -> Q:
    """The rows of a query of who takes part whose organisation is barred in their edition."""
    found = Q(pk__in=[])
    for port in _organisations:
        rows = port().filter(
            edition_id=OuterRef("edition_id"), organisation_id=OuterRef("organisation_id")
        )
        found |= Q(Exists(rows.order_by()))
    return found


def register_persons(port: Rows) -> None:
    """`port()`: rows with the `edition_id` and `person_id` of those who are barred."""
    if port not in _persons:
        _persons.append(port)


def barred_rows(edition: str = "edition_id", person: str = "person_id") -> Q:
    """The rows of a query whose person is barred in their edition; the names are its columns'."""
    found = Q(pk__in=[])
    for port in _persons:
        rows = port().filter(edition_id=OuterRef(edition), person_id=OuterRef(person))
        found |= Q(Exists(rows.order_by()))
    return found


def barred_persons(edition: UUID, persons: Collection[UUID]) -> set[UUID]:
    """Those of them who are barred there."""
    found: set[UUID] = set()
    for port in _persons if persons else ():
        # All of them, who are few: a list may name more persons than a statement takes.
        rows = port().filter(edition_id=edition).order_by()
        found.update(rows.values_list("person_id", flat=True))
    return found.intersection(persons)
