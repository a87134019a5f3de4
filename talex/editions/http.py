"""What a request carries on the pages of an edition."""

from __future__ import annotations

from talex.accounts.http import ActorRequest
from talex.editions.models import Edition


class EditionRequest(ActorRequest):
    """A request under `/e/<slug>/` (for annotations); elsewhere `edition` is None."""

    edition: Edition
