"""What every reader of a cell gives back, and the plain text that every reader starts from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from talex.core.radicals import without_radicals
from talex.participants.importing.notes import Note, note

T = TypeVar("T")

#: A cell as a file gives it. bool comes from workbooks only.
Cell = str | int | float | bool | date | datetime | None

#: Readers of short facts (pay, degree, ...) do not look beyond this many characters.
LONGEST_FACT = 2_000


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a reader made of a cell.

    Nothing stated: value None, understood True. Not understood: value None, understood False and a
    note; the cell is to be kept as text. A note beside a value says what was assumed.
    """

    value: T | None
    understood: bool
    note: Note | None = None

    @property
    def stated(self) -> bool:
        """Whether the cell said anything at all."""
        return self.value is not None or not self.understood


def blank() -> Read[T]:
    """Nothing was stated."""
    return Read(None, True)


def lost(code: str, cell: Cell) -> Read[T]:
    """Something was stated and not understood; `code` is a note with the parameter `text`."""
    return Read(None, False, note(code, text=plain(cell)))


#: Signs that people and programs write for 'nothing here'.
_NOTHING = frozenset(
    {"", "-", "--", "---", "/", "\\", "[]", "{}", "()", "['']", '[""]', "nan", "none", "null",
     "n/a", "na", "#n/a", "#n/v", "k.a.", "k. a.", "nil", "n.n.", "无", "暂无", "未填", "未填写",
     "空", "?", "？", "…", "...", "."}
)  # fmt: skip

_DASHES = str.maketrans(
    {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "－": "-", "﹣": "-"}
)
# Zero-width and direction signs carry no meaning here and make equal cells unequal.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0xAD, 0])


def compatible(text: str) -> str:
    """NFKC: full-width digits and letters become plain; and no radicals in place of characters."""
    return unicodedata.normalize("NFKC", without_radicals(text))


def plain(cell: Cell) -> str:
    """The cell as one line: `compatible`, spaces collapsed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = compatible(cell).translate(_INVISIBLE)
        return " ".join(text.split())
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return format(Decimal(repr(cell)), "f") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def fact(cell: Cell) -> str:
    """`plain` without a wrapping list (`['本科']`), dashes unified, '' for the signs of nothing."""
    text = plain(cell)[:LONGEST_FACT].translate(_DASHES)
    text = unwrap(text)
    return "" if is_nothing(text) else text


def unwrap(text: str) -> str:
    """`['x']`, `["x"]`, `[x]`, `'x'` and `"x"` as x; lists of several are left alone."""
    for opening, closing in (("['", "']"), ('["', '"]'), ("[", "]"), ('"', '"'), ("'", "'")):
        if text.startswith(opening) and text.endswith(closing):
            inner = text[len(opening) : len(text) - len(closing)]
            if len(text) >= len(opening) + len(closing) and not set(inner) & set("[]\"'"):
                return inner.strip()
    return text


def is_nothing(text: str) -> bool:
    """Whether `text` is one of the signs people write for 'nothing here'."""
    return text.strip().casefold() in _NOTHING
