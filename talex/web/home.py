"""What the home pages show, and where rooms add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talex.core.actor import Actor
from talex.editions import queries, rules
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep, next_steps, register_next_steps
from talex.editions.roles import Role

__all__ = ["MyEdition", "NextStep", "my_editions", "register_next_steps"]

# A site administrator may see hundreds; the home page shows the newest, the list all.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class MyEdition:
    """An edition with the reader's part in it."""

    edition: Edition
    roles: Sequence[Role]
    steps: Sequence[NextStep]


def my_edition(actor: Actor, edition: Edition) -> MyEdition:
    """The reader's part in one edition."""
    return MyEdition(edition, queries.roles_in(actor, edition), next_steps(actor, edition))


def my_editions(actor: Actor) -> list[MyEdition]:
    """The editions that the reader takes part in or runs, with what is to be done in each."""
    found = queries.editions(actor) if actor.all_powerful else queries.my_editions(actor)
    return [my_edition(actor, edition) for edition in found[:SHOWN]]


def begun_editions(actor: Actor, others: Sequence[Edition]) -> list[MyEdition]:
    """Those of the others in which something of the reader's waits: a registration that is not
    sent yet makes nobody a participant, but whoever began it looks for it here."""
    found = [my_edition(actor, edition) for edition in others[:SHOWN]]
    return [one for one in found if any(step.urgent for step in one.steps)]


def may_enter(actor: Actor, edition: Edition) -> bool:
    """Whether the edition's inner pages are for this reader."""
    return rules.is_office(actor, edition.pk) or bool(queries.roles_in(actor, edition))
