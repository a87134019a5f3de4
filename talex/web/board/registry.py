"""Who tells the board what needs attention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Edition

_STATES = ("danger", "warning", "info")


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing the office has to look at.

    `state`: danger (something failed), warning (somebody waits) or info. `count`: how many; shown
    before `title`, which is worded for that number. `parts`: the count by reason, the largest
    first. `url`: where it is dealt with; `order` sorts within a state.
    """

    key: str
    title: Message
    count: int
    state: str = "warning"
    text: Message = ""
    url: str = ""
    action: Message = ""
    parts: tuple[tuple[Message, int], ...] = ()
    order: int = 100

    def __post_init__(self) -> None:
        if self.state not in _STATES:
            raise ValueError(self.state)


Provider = Callable[[Actor, Edition], Iterable[Attention]]
_providers: list[Provider] = []


def register_attention(provider: Provider) -> Provider:
    """Register `provider(actor, edition)` in `AppConfig.ready()`.

    It yields what waits now (nothing where the count is 0), with a number of statements that does
    not grow with the data: the board asks it again and again.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def attention(actor: Actor, edition: Edition) -> list[Attention]:
    """Everything that needs the office, the worst first."""
    found = [one for provider in _providers for one in provider(actor, edition)]
    return sorted(found, key=lambda one: (_STATES.index(one.state), one.order, one.key))
