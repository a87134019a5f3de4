"""What is known of a talent, as commands and imported rows carry it, and its cleaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid, Message
from talex.participants.cleaners import CLEANERS, Fault, Name, plain

__all__ = [
    "DELEGATE_FIELDS",
    "PERSON_FIELDS",
    "TALENT_FIELDS",
    "Cleaned",
    "Name",
    "PersonFacts",
    "TalentFacts",
    "clean",
    "plain",
    "values_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What a person is called and how they are reached; the first name is the primary one."""

    names: Sequence[Name] = ()
    email: str = ""
    phone: str = ""
    birth_year: int | None = None
    nationality: str = ""
    language: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentFacts(PersonFacts):
    """A person who looks for an opening: see `models.Talent` for the shapes of the lists."""

    degree_level: str = ""
    institution: str = ""
    education: Sequence[Mapping[str, Any]] = ()
    disciplines: Sequence[str] = ()
    skills: Sequence[str] = ()
    languages: Sequence[Mapping[str, Any]] = ()
    experience_years: float | None = None
    experience: Sequence[Mapping[str, Any]] = ()
    current_position: str = ""
    profile_text: str = ""
    industry: str = ""
    region: str = ""
    wished_regions: Sequence[str] = ()
    wished_industries: Sequence[str] = ()
    wished_pay: Mapping[str, Any] = field(default_factory=dict)
    available_from: date | None = None
    available_until: date | None = None
    windows: Sequence[Mapping[str, Any]] = ()
    local_from: time | None = None
    local_until: time | None = None
    mode: str = "both"
    daily_max: int | None = None


PERSON_FIELDS = tuple(f.name for f in fields(PersonFacts))
TALENT_FIELDS = tuple(f.name for f in fields(TalentFacts) if f.name not in PERSON_FIELDS)
DELEGATE_FIELDS = (
    "title", "languages", "mode", "windows", "local_from", "local_until", "daily_max",
)  # fmt: skip

Cleaned = dict[str, Any]


def clean(values: Mapping[str, Any], allowed: Sequence[str]) -> Cleaned:
    """The values as they are kept. Raises `Invalid` with every field that is wrong.

    An unknown field is refused as well: a typing error in a programme must not lose data.
    """
    cleaned: Cleaned = {}
    faults: dict[str, Message] = {}
    for name, value in values.items():
        if name not in allowed:
            faults[name] = _("There is no such field.")
            continue
        try:
            cleaned[name] = CLEANERS[name](value)
        except Fault as fault:
            faults[name] = fault.message
        except (TypeError, AttributeError):
            faults[name] = _("This could not be read.")
    start, end = cleaned.get("available_from"), cleaned.get("available_until")
    if start and end and start > end:
        faults["available_until"] = _("The last day is before the first.")
    if faults:
        raise Invalid(faults)
    return cleaned


def values_of(facts: PersonFacts) -> dict[str, Any]:
    """The facts as field -> value."""
    return {f.name: getattr(facts, f.name) for f in fields(facts)}
