"""Which records may be one person, and why. A proposal to somebody who decides, never an act.

Records are grouped in the database by keys (identity.py) and paired here. How much a reason says
follows Fellegi and Sunter in spirit: agreement on what few people share weighs more than agreement
on what many share, so a name weighs less the more often it occurs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.participants.identity import text_key
from talex.participants.models import Delegate, NotSame, Person, PersonName, Talent

#: Names that more records than this carry pair nobody by themselves.
COMMON = 30
#: The least weight of a pair that is offered.
LEAST = 0.1

REASONS: dict[str, Message] = {
    "account": _("the same account"),
    "email": _("the same e-mail address"),
    "phone": _("the same telephone number"),
    "text": _("the same profile text"),
    "name": _("the same name, or its reading in another script"),
    "studies": _("the same institution and degree"),
    "birth_year": _("the same year of birth"),
}
_WEIGHTS = {
    "account": 1.0,
    "email": 0.9,
    "text": 0.8,
    "phone": 0.7,
    "studies": 0.2,
    "birth_year": 0.1,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may be one person; `weight` is for sorting, 0 to 1, no probability."""

    first: UUID
    second: UUID
    weight: float
    reasons: tuple[str, ...]

    @property
    def told(self) -> list[Message]:
        """The reasons in words."""
        return [REASONS[reason] for reason in self.reasons]


def candidates(
    edition: UUID | None = None, *, limit: int | None = None, persons: Iterable[UUID] | None = None
) -> list[Candidate]:
    """Pairs of standing records that may be one person, the surest first.

    `edition`: among those who are something in it; None: among all. `persons`: pairs with one of
    these only. Pairs that somebody decided about are left out.
    """
    standing = _standing(edition)
    found: dict[tuple[UUID, UUID], dict[str, float]] = defaultdict(dict)
    for reason, groups in (
        ("account", _groups(standing, "user_id")),
        ("email", _groups(standing, "email_key")),
        ("phone", _groups(standing, "phone_key")),
        ("text", _same_text(standing)),
    ):
        for group in groups:
            for pair in _pairs(group):
                found[pair][reason] = _WEIGHTS[reason] if len(group) <= COMMON else 0.2
    for group in _same_name(standing):
        # Two who share a name are likelier one the rarer it is.
        weight = 0.5 if len(group) == 2 else max(0.5 / (len(group) - 1), 0.05)
        if len(group) <= COMMON:
            for pair in _pairs(group):
                found[pair]["name"] = weight
        else:
            # A common name pairs only those who agree in something else as well.
            known = _details(group)
            for same in _collected((known[one][0], one) for one in group if known[one][0]):
                for pair in _pairs(same):
                    found[pair]["name"] = 0.1
    _add_details(found)
    apart = set(NotSame.objects.values_list("first_id", "second_id")) if found else set()
    only = set(persons) if persons is not None else None
    result = [
        Candidate(first, second, _together(reasons.values()), tuple(sorted(reasons, key=_order)))
        for (first, second), reasons in found.items()
        if (first, second) not in apart and (only is None or first in only or second in only)
    ]
    result = [one for one in result if one.weight >= LEAST]
    result.sort(key=lambda one: (-one.weight, one.first, one.second))
    return result[:limit]


def _order(reason: str) -> int:
    return list(REASONS).index(reason)


def _together(weights: Iterable[float]) -> float:
    """Reasons add up like independent chances: 1 - product of (1 - w)."""
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return round(1 - left, 4)


def _standing(edition: UUID | None) -> QuerySet[Person]:
    persons = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True)
    if edition is None:
        return persons
    return persons.filter(
        Q(pk__in=Talent.objects.filter(edition_id=edition).values("person_id"))
        | Q(pk__in=Delegate.objects.filter(edition_id=edition).values("person_id"))
    )


def _pairs(group: Sequence[UUID]) -> Iterable[tuple[UUID, UUID]]:
    return combinations(sorted(set(group))[:COMMON], 2)


def _groups(standing: QuerySet[Person], field: str) -> list[list[UUID]]:
    """The records that share a value of the field, two or more."""
    empty: dict[str, Any] = {f"{field}__isnull": True} if field == "user_id" else {field: ""}
    rows = standing.exclude(**empty)
    shared = rows.order_by().values(field).annotate(n=Count("pk")).filter(n__gt=1).values(field)
    return _collected(rows.filter(**{f"{field}__in": shared}).values_list(field, "pk"))


def _same_name(standing: QuerySet[Person]) -> list[list[UUID]]:
    names = PersonName.objects.filter(person__in=standing.values("pk")).exclude(key="")
    shared = (
        names.order_by()
        .values("key")
        .annotate(n=Count("person", distinct=True))
        .filter(n__gt=1)
        .values("key")
    )
    return _collected(names.filter(key__in=shared).values_list("key", "person_id").distinct())


def _same_text(standing: QuerySet[Person]) -> list[list[UUID]]:
    """Records whose profile text says the same. Equal length narrows before a text is read."""
    talents = Talent.objects.filter(
        person__in=standing.values("pk"), merged_into__isnull=True
    ).exclude(profile_text="")
    rows = (
        (text_key(text), person)
        for text, person in talents.values_list("profile_text", "person_id").iterator(2000)
    )
    return _collected((key, person) for key, person in rows if key)


def _collected(rows: Iterable[tuple[Any, UUID]]) -> list[list[UUID]]:
    groups: dict[Any, list[UUID]] = defaultdict(list)
    for key, person in rows:
        groups[key].append(person)
    return [sorted(set(group)) for group in groups.values() if len(set(group)) > 1]


def _details(persons: Iterable[UUID]) -> dict[UUID, tuple[tuple[str, str] | None, int | None]]:
    """Person -> ((institution, degree), year of birth), None where not known."""
    wanted = list(persons)
    known: dict[UUID, tuple[tuple[str, str] | None, int | None]] = dict.fromkeys(
        wanted, (None, None)
    )
    for start in range(0, len(wanted), 400):
        chunk = wanted[start : start + 400]
        years = dict(Person.objects.filter(pk__in=chunk).values_list("pk", "birth_year"))
        studies = {
            person: ("".join(institution.casefold().split()), degree)
            for person, institution, degree in Talent.objects.filter(person__in=chunk)
            .exclude(institution="")
            .exclude(degree_level="")
            .values_list("person_id", "institution", "degree_level")
        }
        for one in chunk:
            known[one] = (studies.get(one), years.get(one))
    return known


def _add_details(found: dict[tuple[UUID, UUID], dict[str, float]]) -> None:
    """What else the pairs agree in. By itself, to have studied alike pairs nobody."""
    known = _details({person for pair in found for person in pair})
    for (first, second), reasons in found.items():
        for index, reason in ((0, "studies"), (1, "birth_year")):
            one, other = known[first][index], known[second][index]
            if one is not None and one == other:
                reasons[reason] = _WEIGHTS[reason]
