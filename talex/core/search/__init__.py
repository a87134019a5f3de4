"""The one search: documents cut into words and pairs of characters, found as far as one may see.

A room describes its things in an `IndexedSource` and registers it (`core.registries.search`). What
changed is written by the ledger's follower (`talex.ledger.searching`) or by `talex search
--rebuild`; what is found is always asked of the living rows, with the rules of the room.
"""

from talex.core.search.documents import Document
from talex.core.search.sources import IndexedSource, find_everywhere

__all__ = ["Document", "IndexedSource", "find_everywhere"]
