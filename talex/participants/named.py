"""Consents that name several organisations at once: which ones, and what covers which.

Whoever agrees that data go abroad is told the recipients by name (PIPL article 39), and agreed to
those alone. `Consent.recipient` is then the name of the list; the organisation's own id where one
was named by itself; empty where the office took the consent over with a list of people, to all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from talex.editions.models import Consent, Edition
from talex.participants.models import Named, NamedList, Organisation

#: How the name of a list begins.
LIST = "list:"


def recipient_of(organisations: Iterable[Organisation]) -> str:
    """The name of the list of these organisations in their countries; '' of none."""
    lines = sorted(f"{one.pk} {one.country}" for one in organisations)
    if not lines:
        return ""
    return LIST + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]


def keep_list(edition: Edition, organisations: Collection[Organisation]) -> str:
    """Keep which organisations are named together; returns the recipient. In `work()`."""
    recipient = recipient_of(organisations)
    kept, made = NamedList.objects.get_or_create(edition=edition, recipient=recipient)
    if made:
        Named.objects.bulk_create(
            Named(list=kept, organisation=one, country=one.country) for one in organisations
        )
    return recipient


def is_list(recipient: str) -> bool:
    """Whether a consent's recipient is such a list."""
    return recipient.startswith(LIST)


def named(edition: UUID, recipient: str) -> QuerySet[Named]:
    """What a list names, with the organisations."""
    rows = Named.objects.filter(list__edition=edition, list__recipient=recipient)
    return rows.select_related("organisation").order_by("organisation__name_line", "pk")


def sizes(edition: UUID) -> dict[str, int]:
    """Recipient -> how many organisations the list names."""
    rows = NamedList.objects.filter(edition=edition).annotate(size=Count("named"))
    return dict(rows.values_list("recipient", "size"))


def named_by(person: UUID) -> dict[str, list[dict[str, str]]]:
    """Recipient -> the organisations, for the lists in a person's consents of all editions."""
    given = Consent.objects.filter(person=person, recipient__startswith=LIST)
    told: dict[str, list[dict[str, str]]] = {}
    for edition, recipient in given.order_by().values_list("edition_id", "recipient").distinct():
        told[recipient] = [
            {"organisation": str(one.organisation.name), "country": one.country}
            for one in named(edition, recipient)
        ]
    return told


def _standing() -> QuerySet[Named]:
    """Those that are still in the country they were named with."""
    return Named.objects.filter(country=F("organisation__country"))


def members(lists: Collection[str]) -> dict[str, set[str]]:
    """Recipient -> the organisations (ids as consents name them) that the list covers."""
    found: dict[str, set[str]] = {}
    rows = _standing().filter(list__recipient__in=lists)
    for recipient, pk in rows.values_list("list__recipient", "organisation_id").distinct():
        found.setdefault(recipient, set()).add(str(pk))
    return found


def covers(organisations: Collection[str]) -> Q:
    """Consents given to all, to one of these or to a list that names one of them."""
    lists = _standing().filter(organisation__in=[UUID(pk) for pk in organisations])
    return Q(recipient__in=["", *organisations]) | Q(recipient__in=lists.values("list__recipient"))


def recipients(organisations: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Organisation -> the recipients by whose consent it is covered; one statement."""
    found = {pk: {"", str(pk)} for pk in organisations}
    rows = _standing().filter(organisation__in=list(found))
    for pk, recipient in rows.values_list("organisation_id", "list__recipient").distinct():
        found[pk].add(recipient)
    return {pk: frozenset(held) for pk, held in found.items()}


def covered(held: Collection[str], known: Mapping[UUID, frozenset[str]]) -> set[UUID]:
    """Which of the organisations of `recipients` consents with these recipients cover."""
    return {pk for pk, names in known.items() if not names.isdisjoint(held)}
