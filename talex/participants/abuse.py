"""Where a talent's or an organisation's page is reported as abuse: a higher room takes reports."""

from __future__ import annotations

from collections.abc import Callable

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants.models import Organisation, Talent

Provider = Callable[[Actor, Edition, Talent | Organisation], str]
_providers: list[Provider] = []


def use_reports(provider: Provider) -> None:
    """`provider(actor, edition, shown)` returns the address, or "" for who cannot report it."""
    _providers[:] = [provider]


def report_url(actor: Actor, edition: Edition, shown: Talent | Organisation) -> str:
    """Where the actor reports what the page shows; "" where that is not for them."""
    return next((provider(actor, edition, shown) for provider in _providers), "")
