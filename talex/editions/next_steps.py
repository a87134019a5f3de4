"""What do I have to do next? Every room tells its part; the home pages show all together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Edition


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do. `order` sorts (small first); `count` how many wait; `urgent` marks it."""

    key: str
    title: Message
    url: str
    text: Message = ""
    icon: str = "arrow-right"
    action: Message = ""
    order: int = 100
    count: int | None = None
    urgent: bool = False


Provider = Callable[[Actor, Edition], Iterable[NextStep]]
_providers: list[Provider] = []


def register_next_steps(provider: Provider) -> Provider:
    """A room registers `provider(actor, edition)` in `AppConfig.ready()`.

    It is called for editions the actor may see, and yields only what this actor can do now.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def next_steps(actor: Actor, edition: Edition) -> list[NextStep]:
    """All that this actor can do next in an edition, the urgent first."""
    found = [step for provider in _providers for step in provider(actor, edition)]
    return sorted(found, key=lambda step: (not step.urgent, step.order, step.key))
