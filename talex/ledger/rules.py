"""Who may read a chain: the office and auditors of its edition; the site's chain, the operator."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.ledger.models import SITE, Block

# Words of the room `editions`, which stands above this one.
READERS = ("organiser", "auditor")


def can_read_chain(actor: Actor, chain: str) -> bool:
    """Whether the actor may read the entries of the chain, with their personal data."""
    if actor.all_powerful:
        return True
    if chain == SITE:
        return False
    return actor.has(UUID(chain), *READERS)


def visible_blocks(actor: Actor) -> Q:
    """The blocks of the chains for which `can_read_chain` is true."""
    if actor.all_powerful:
        return Q()
    return Q(chain__in=[str(edition) for edition in actor.editions(*READERS)])


def can_read_block(actor: Actor, block: Block) -> bool:
    return can_read_chain(actor, block.chain)
