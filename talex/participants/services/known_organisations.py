"""Which organisations of a list are there already: looked up in sets, checked in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from talex.core.chunks import chunks
from talex.participants.identity import name_key
from talex.participants.models import Delegate, Organisation, Participation

#: The registration number, else the name as it is compared.
Identity = tuple[Literal["registration_number", "name_key"], str]


def identity_of(number: str, key: str) -> Identity:
    """What makes rows one organisation."""
    return ("registration_number", number) if number else ("name_key", key)


@dataclass(slots=True)
class Found:
    """`ids`: of those that are known. `namesakes`: how many have a name, by `name_key`."""

    ids: dict[Identity, UUID] = field(default_factory=dict)
    namesakes: dict[str, int] = field(default_factory=dict)


def find(wanted: Sequence[tuple[Identity, str]]) -> Found:
    """Of these (identity, `name_key`) what is there: by number, else by a name met only once."""
    numbers = [value for (kind, value), _key in wanted if kind == "registration_number"]
    by_number = {one.registration_number: one.pk for one in _rows("registration_number", numbers)}
    by_name: dict[str, list[Organisation]] = {}
    for one in _rows("name_key", [key for _identity, key in wanted]):
        by_name.setdefault(one.name_key, []).append(one)
    found = Found(namesakes={key: len(same) for key, same in by_name.items()})
    for identity, key in wanted:
        kind, value = identity
        if kind == "registration_number" and value in by_number:
            found.ids[identity] = by_number[value]
            continue
        same = by_name.get(key, [])
        if kind == "registration_number":
            # Two numbers are two organisations, whatever they are called.
            same = [one for one in same if not one.registration_number]
        if len(same) == 1:
            found.ids[identity] = same[0].pk
    return found


def _rows(name: str, values: Collection[str]) -> Iterator[Organisation]:
    for some in chunks(sorted(set(values))):
        yield from Organisation.objects.filter(**{f"{name}__in": some}).only(
            "name_key", "registration_number"
        )


def by_name(keys: Collection[str]) -> dict[str, UUID]:
    """Any organisation of each name."""
    return {one.name_key: one.pk for one in _rows("name_key", keys)}


def taking_part(edition: UUID, organisations: Collection[UUID]) -> set[UUID]:
    """Of these, those that take part in the edition."""
    found: set[UUID] = set()
    for some in chunks(organisations):
        found.update(
            Participation.objects.filter(edition_id=edition, organisation_id__in=some).values_list(
                "organisation_id", flat=True
            )
        )
    return found


def delegates(edition: UUID, organisations: Collection[UUID]) -> Iterator[tuple[UUID, str, str]]:
    """(organisation, key of the address, name) of those who act for these there."""
    for some in chunks(organisations):
        yield from Delegate.objects.filter(
            edition_id=edition, organisation_id__in=some
        ).values_list("organisation_id", "person__email_key", "person__name")


def delegate_digest(organisation: UUID, address: str, name: str) -> bytes:
    """One address (or else one name) an organisation is one delegate; 16 bytes to remember it."""
    said = address or name_key(name) or name
    return blake2b(organisation.bytes + said.encode(), digest_size=16).digest()


def namesakes(table: str) -> tuple[int, int]:
    """How many known organisations have the number, and how many the name, of a row of `table`.

    `table` is the quoted name of one with the columns of `Organisation`.
    """
    theirs = connection.ops.quote_name(Organisation._meta.db_table)
    counts: list[Any] = []
    with connection.cursor() as cursor:
        # Written as in the index of numbers, so that SQLite uses it.
        for condition in (
            "o.registration_number = t.registration_number AND NOT (o.registration_number = '')",
            "o.name_key = t.name_key",
        ):
            cursor.execute(f"SELECT count(*) FROM {table} t JOIN {theirs} o ON {condition}")
            counts.append(cursor.fetchone()[0])
    number, name = counts
    return number, name


def leave_out_those_who_take_part(table: str, edition: UUID) -> None:
    """Take those rows from `table` (as `Participation`) that somebody wrote meanwhile."""
    theirs = connection.ops.quote_name(Participation._meta.db_table)
    key = Participation._meta.get_field("edition_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE organisation_id IN "
            f"(SELECT organisation_id FROM {theirs} WHERE edition_id = %s)",
            [key.get_db_prep_value(edition, connection)],
        )
