"""Which organisations of a list are there already: looked up in sets, checked in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, QuerySet, Sum

from talex.core.chunks import chunks
from talex.core.translated import TranslatedText
from talex.participants.identity import name_key, organisation_key
from talex.participants.models import Delegate, Organisation, Participation
from talex.participants.services.organisations import BETWEEN_NAMES

#: The registration number, else the name as it is compared.
Identity = tuple[Literal["registration_number", "name_key"], str]


def identity_of(number: str, key: str) -> Identity:
    """What makes rows one organisation."""
    return ("registration_number", number) if number else ("name_key", key)


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    """Names of organisations are read again with every import and hardly change."""
    return organisation_key(text)


def name_keys(name: TranslatedText) -> tuple[str, ...]:
    """The different keys of a name in all its languages; the first is its `name_key`."""
    return tuple(dict.fromkeys(_key(text) for text in name.texts().values()))


class Bearer(NamedTuple):
    """An organisation that has a name."""

    id: UUID
    numbered: bool
    created_at: datetime


class OtherNames:
    """The names of organisations beside the one of their `name_key`, as keys.

    What a name is compared by cannot be asked of the database for these: they are read once, of
    those alone that have several names, and asked for every row of a list. Memory: about 300 bytes
    a name.
    """

    def __init__(self) -> None:
        # Asked first: what is written meanwhile is found as a change, not missed.
        self._state = self._now()
        self._bearers: dict[str, list[Bearer]] = {}
        read = self._several().values_list(
            "pk", "name_key", "registration_number", "created_at", "name"
        )
        for pk, main, number, created, name in read.iterator(chunk_size=2_000):
            one = Bearer(pk, bool(number), created)
            for key in name_keys(name):
                if key and key != main:
                    self._bearers.setdefault(key, []).append(one)

    def of(self, key: str) -> Sequence[Bearer]:
        """Who has such a name in a language that is not their first."""
        return self._bearers.get(key, ())

    def come_since(self) -> set[str]:
        """Keys that somebody more has by now than when this was read."""
        if self._now() == self._state:
            return set()
        # Somebody wrote one of them meanwhile, which is rare: which names, is read once more.
        return {
            key
            for key, bearers in OtherNames()._bearers.items()
            if {one.id for one in bearers} - {one.id for one in self.of(key)}
        }

    @staticmethod
    def _several() -> QuerySet[Organisation]:
        # `derived` writes the names of all languages in this line.
        return Organisation.objects.filter(name_line__contains=BETWEEN_NAMES)

    def _now(self) -> tuple[Any, ...]:
        told = self._several().aggregate(
            count=Count("pk"), versions=Sum("version"), last=Max("created_at")
        )
        return told["count"], told["versions"], told["last"]


@dataclass(slots=True)
class Found:
    """`ids`: of those that are known. `namesakes`: how many have a name, by `name_key`."""

    ids: dict[Identity, UUID] = field(default_factory=dict)
    namesakes: dict[str, int] = field(default_factory=dict)


def find(wanted: Sequence[tuple[Identity, Sequence[str]]], others: OtherNames) -> Found:
    """Of these (identity, `name_keys`) what is there: by number, else by a name met only once.

    The first name among first names goes before; where none has it, any name in any language.
    """
    numbers = [value for (kind, value), _keys in wanted if kind == "registration_number"]
    by_number = {one.registration_number: one.pk for one in _rows("registration_number", numbers)}
    first: dict[str, list[Bearer]] = {}
    for one in _rows("name_key", [key for _identity, keys in wanted for key in keys]):
        bearer = Bearer(one.pk, bool(one.registration_number), one.created_at)
        first.setdefault(one.name_key, []).append(bearer)
    found = Found(namesakes={key: len(same) for key, same in first.items()})
    for identity, keys in wanted:
        kind, value = identity
        if kind == "registration_number" and value in by_number:
            found.ids[identity] = by_number[value]
            continue
        every = (one for key in keys for one in (*first.get(key, ()), *others.of(key)))
        for some in (first.get(next(iter(keys), ""), ()), every):
            # Two numbers are two organisations, whatever they are called.
            same = {one.id for one in some if kind == "name_key" or not one.numbered}
            if same:
                if len(same) == 1:
                    found.ids[identity] = same.pop()
                break
    return found


def _rows(name: str, values: Collection[str]) -> Iterator[Organisation]:
    for some in chunks(sorted(set(values))):
        yield from Organisation.objects.filter(**{f"{name}__in": some}).only(
            "name_key", "registration_number", "created_at"
        )


def meant(keys: Collection[str], first: Collection[UUID], others: OtherNames) -> dict[str, UUID]:
    """key of a name in any language -> the organisation that is meant.

    Of several it is one of `first`, then the oldest.
    """
    bearers: dict[str, list[Bearer]] = {}
    for one in _rows("name_key", keys):
        bearers.setdefault(one.name_key, []).append(Bearer(one.pk, False, one.created_at))
    for key in keys:
        if more := others.of(key):
            bearers.setdefault(key, []).extend(more)
    return {
        key: min(some, key=lambda one: (one.id not in first, one.created_at)).id
        for key, some in bearers.items()
    }


def by_name(keys: Collection[str], others: OtherNames) -> dict[str, UUID]:
    """Any organisation of each name."""
    found = {key: one.id for key in keys for one in others.of(key)}
    return found | {one.name_key: one.pk for one in _rows("name_key", keys)}


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
