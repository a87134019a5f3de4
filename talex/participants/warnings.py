"""What higher rooms have to say of a person, shown to office and auditors on the person's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, Value

from talex.core.errors import Message
from talex.editions.models import Edition
from talex.participants.models import Person


@dataclass(frozen=True, slots=True)
class PersonWarning:
    """`url` is where something can be done about it, or ''."""

    title: Message
    text: Message
    url: str = ""


Provider = Callable[[Person, Edition], Iterable[PersonWarning]]
_providers: list[Provider] = []


def register_warnings(provider: Provider) -> None:
    """A room registers `provider(person, edition)` in `AppConfig.ready()`."""
    if provider not in _providers:
        _providers.append(provider)


def warnings_of(person: Person, edition: Edition) -> list[PersonWarning]:
    """All that is to be said of a person in an edition."""
    return [one for provider in _providers for one in provider(person, edition)]


Unreachable = Callable[[str], Exists]
_unreachable: list[Unreachable] = []


def use_unreachable(expression: Unreachable) -> None:
    """The room that writes mails says of a column of addresses whether mails to it come back."""
    _unreachable[:] = [expression]


def unreachable(field: str) -> Exists | Value:
    """For lists: whether mails to the address in `field` come back."""
    for expression in _unreachable:
        return expression(field)
    return Value(False, output_field=BooleanField())
