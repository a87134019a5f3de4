"""Who a row is: source, fingerprint, occurrence.

Importing the same file again must change nothing, and real files hold identical rows that are
different openings. So a row is known by the source it comes from, a fingerprint of what it says,
and, among identical rows, by how many such rows stood before it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from talex.participants.importing.cells.base import Cell, is_nothing, plain
from talex.participants.importing.headings import normal


def canonical(cell: Cell) -> str:
    """A cell as it counts for being the same: plain text, so that 3, 3.0 and '３' are one.

    Spaces do not count at all, because programs wrap and unwrap lines between Chinese words where
    no space is meant; case and all else do. A day and the same day at midnight are one.
    """
    if isinstance(cell, datetime) and cell.time() == datetime.min.time() and not cell.tzinfo:
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    text = "".join(plain(cell).split())
    return "" if is_nothing(text) else unicodedata.normalize("NFC", text)


def fingerprint(headings: Sequence[str], cells: Sequence[Cell]) -> bytes:
    """SHA-256 (32 bytes) of the headings and cells of a row.

    The order of the columns does not count and empty cells count as absent, so that a column added
    empty or moved leaves a row the same. Parts are joined with their lengths: no two different
    rows give the same bytes.
    """
    parts = []
    for column, cell in enumerate(cells):
        text = canonical(cell)
        if text:
            name = normal(headings[column]) or headings[column] if column < len(headings) else ""
            parts.append((name, column if not name else 0, text))
    digest = hashlib.sha256()
    for name, column, text in sorted(parts):
        for part in (name, str(column), text):
            data = part.encode("utf-8", errors="surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.digest()


class Occurrences:
    """Numbers identical rows 1, 2, 3, ... in the order they come.

    Keeps 16 bytes of each fingerprint, about 100 bytes a distinct row: 10 MB for 100,000 rows.
    Goes on after a restart with `counts` kept from before.
    """

    def __init__(self, counts: dict[bytes, int] | None = None) -> None:
        self.counts: dict[bytes, int] = dict(counts or {})

    def number(self, row: bytes) -> int:
        """The occurrence number of a row with this fingerprint: 1 for the first."""
        key = row[:16]
        number = self.counts.get(key, 0) + 1
        self.counts[key] = number
        return number
