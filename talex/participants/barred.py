"""Organisations that may not act in a conference at present, by a decision of the office.

Whoever acts for one reads no talent and invites nobody, as one that was not let in yet; what it
wrote and its own cases stay open to it. The room that decides says who is barred.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed

Part = tuple[UUID, UUID]
"""An edition and an organisation."""

Port = Callable[[Collection[Part]], set[Part]]
_ports: list[Port] = []


def register(port: Port) -> None:
    """`port(parts)` returns those of them that are barred."""
    if port not in _ports:
        _ports.append(port)


def barred(parts: Collection[Part]) -> set[Part]:
    """Those of them that are barred."""
    found: set[Part] = set()
    for port in _ports if parts else ():
        found |= port(parts)
    return found


def refuse_barred(edition: UUID, organisation: UUID) -> None:
    """Raises `NotAllowed` where the organisation is barred there."""
    if barred([(edition, organisation)]):
        raise NotAllowed(_("The office has suspended this organisation here."))
