"""Which records may be one person, and why. A proposal to somebody who decides, never an act.

The pairs are found by `services.comparing` and kept as `SamePair`; here is what reasons mean and
how pairs are read. How much a reason says follows Fellegi and Sunter in spirit: agreement on what
few people share weighs more than agreement on what many share, so a name weighs less the more
often it occurs (as it was when one of the two was last compared).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.participants.models import Person, SamePair, Talent

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
WEIGHTS = {
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


def candidate(pair: SamePair) -> Candidate:
    """A kept pair as it is shown."""
    return Candidate(pair.first_id, pair.second_id, pair.weight, tuple(pair.reasons))


def waiting(edition: UUID) -> QuerySet[SamePair]:
    """The pairs that wait for a decision, the surest first; read along one index."""
    return SamePair.objects.filter(edition_id=edition).order_by("-weight", "first", "second")


def between(edition: UUID, first: UUID, second: UUID) -> Candidate | None:
    """Why these two may be one, where they may."""
    low, high = sorted([first, second])
    found = SamePair.objects.filter(edition_id=edition, first_id=low, second_id=high).first()
    return candidate(found) if found else None


def ordered(reasons: Iterable[str]) -> list[str]:
    """Reasons in the order in which they are told."""
    return sorted(reasons, key=list(REASONS).index)


def together(weights: Iterable[float]) -> float:
    """Reasons add up like independent chances: 1 - product of (1 - w)."""
    left = 1.0
    for weight in weights:
        left *= 1 - weight
    return round(1 - left, 4)


@dataclass(frozen=True, slots=True)
class Details:
    """What two people may agree in that pairs nobody by itself."""

    studies: frozenset[tuple[str, str]]
    birth_year: int | None

    def shared(self, other: Details) -> list[str]:
        """The reasons in which both agree."""
        found = []
        if self.studies & other.studies:
            found.append("studies")
        if self.birth_year is not None and self.birth_year == other.birth_year:
            found.append("birth_year")
        return found


def details(persons: Iterable[UUID]) -> dict[UUID, Details]:
    """Person -> (institution, degree) of their registrations, and year of birth."""
    wanted = list(persons)
    known: dict[UUID, Details] = {}
    for start in range(0, len(wanted), 400):
        chunk = wanted[start : start + 400]
        years = dict(Person.objects.filter(pk__in=chunk).values_list("pk", "birth_year"))
        studies: dict[UUID, set[tuple[str, str]]] = {}
        for person, institution, degree in (
            Talent.objects.filter(person__in=chunk)
            .exclude(institution="")
            .exclude(degree_level="")
            .values_list("person_id", "institution", "degree_level")
        ):
            studies.setdefault(person, set()).add(("".join(institution.casefold().split()), degree))
        for one in chunk:
            known[one] = Details(frozenset(studies.get(one, ())), years.get(one))
    return known
