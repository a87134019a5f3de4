"""Countries as lists write them: a code, or a name in Chinese, English or German."""

from __future__ import annotations

from talex.core.countries import country_code
from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost


def read_country(cell: Cell) -> Read[str]:
    """The ISO 3166 code of `DE`, `Germany`, `Deutschland`, `德国`."""
    text = fact(cell)
    if not text or isinstance(cell, bool):
        return blank() if not text else lost("country_not_understood", cell)
    code = country_code(text)
    return Read(code, True) if code else lost("country_not_understood", cell)
