"""Writing persons: used by the services of talents and delegates, inside their transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talex.core.actor import Actor
from talex.participants.checked import watching
from talex.participants.facts import PERSON_FIELDS, Cleaned, Name
from talex.participants.identity import email_key, name_key, phone_key
from talex.participants.models import Person, PersonName


def new_person(cleaned: Cleaned, user: Any = None) -> Person:
    """Make a person of cleaned values; no rule is asked here."""
    person = Person(user_id=user)
    _set(person, cleaned)
    person.save(force_insert=True)
    _write_names(person, cleaned.get("names", ()))
    return person


def change_person(
    actor: Actor, person: Person, cleaned: Cleaned, *, correction: bool = False
) -> list[str]:
    """Change a person; returns the names of the fields that are different now.

    Who keeps checks of the person hears of it (`checked.watching`, also for `correction`).
    """
    with watching(actor, person.pk, correction=correction):
        return _change(person, cleaned)


def _change(person: Person, cleaned: Cleaned) -> list[str]:
    changed = [
        name
        for name in PERSON_FIELDS
        if name in cleaned and name != "names" and getattr(person, name) != cleaned[name]
    ]
    if "names" in cleaned:
        now = [(n.text, n.script) for n in cleaned["names"]]
        if now != names_of(person):
            changed.append("names")
            person.names.all().delete()
            _write_names(person, cleaned["names"])
    if changed:
        _set(person, cleaned)
        person.version += 1
        person.save()
    return changed


def names_of(person: Person) -> list[tuple[str, str]]:
    """(text, script) of the names, the primary one first."""
    return [(n.text, n.script) for n in person.names.order_by("-is_primary", "text")]


def _set(person: Person, cleaned: Cleaned) -> None:
    for name in PERSON_FIELDS:
        if name in cleaned and name != "names":
            setattr(person, name, cleaned[name])
    if "names" in cleaned:
        person.name = cleaned["names"][0].text if cleaned["names"] else ""
    person.email_key = email_key(person.email)
    person.phone_key = phone_key(person.phone)


def _write_names(person: Person, names: Sequence[Name]) -> None:
    PersonName.objects.bulk_create(
        PersonName(
            person=person,
            text=name.text,
            script=name.script,
            is_primary=number == 0,
            key=name_key(name.text),
        )
        for number, name in enumerate(names)
    )
