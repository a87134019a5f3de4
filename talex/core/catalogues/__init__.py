"""Catalogues of translations, without the system's gettext.

Every room keeps its own: `talex/<room>/locale/<language>/LC_MESSAGES/django.po`. English is the
source. Python is read by Babel, templates by Django's `templatize`; both end in one set of
messages a room. The files carry no line numbers, no dates and are sorted by message, so that two
branches that add messages seldom touch the same lines. The compiled `.mo` files are not kept in
the repository: setting up, `talex serve` and building a wheel make them.

    python -m talex.core.catalogues extract | check | compile | missing | fill FILE [--room X]
"""

from talex.core.catalogues.store import Room, compile_all, rooms, uncompiled

__all__ = ["Room", "compile_all", "rooms", "uncompiled"]
