"""Text cells: one line, several paragraphs, and lists in any of the ways that files hold them."""

from __future__ import annotations

import re

from talex.participants.importing.cells.base import (
    Cell,
    Read,
    blank,
    compatible,
    fact,
    is_nothing,
    plain,
    unwrap,
)
from talex.participants.importing.notes import note

# Control and format signs (categories Cc and Cf) but for line ends and tabs. A class of signs is
# far quicker than asking for the category of each; a test compares the two.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
# Numbers of an enumeration: '1、Python 2、Java'.
_ENUMERATED = re.compile(
    r"(?:(?<=^)|(?<=[\s;；]))\(?\d{1,2}\s*[、)）]\s*|(?:(?<=^)|(?<=\n))\d{1,2}[.．]\s+"
)
_MANY_LINES = re.compile(r"\n{3,}")
# Between the items of a list; a comma within 1,000 is none.
_SEPARATORS = re.compile(r"[;；、|｜\n\r•●▪◦➢✓❖♦·・]+|[,，](?!\d{3}(?!\d))")
# A slash parts Chinese words and words of two letters and more; these are one word.
_SLASH = re.compile(
    r"(?<=[\u3400-\u9fff\ue001])\s*/\s*|\s*/\s*(?=[\u3400-\u9fff])|\s+/\s+|(?<=\w\w)/(?=\w\w)|(?<=[+#])/(?=\w)"
)
_ONE_WORD = re.compile(
    r"\b(?:tcp/ip|ci/cd|ui/ux|ux/ui|and/or|und/oder|qa/qc|pl/sql|m/w/d|w/m/d|m/f/d|r&d/\w+|"
    r"sap r/3|s/4hana|html/css|gnu/linux|js/ts|l2/l3|\d+/\d+)\b",
    re.I,
)
# What stands in parentheses belongs to the item before it: 计算机服务(系统、数据服务、维修).
_PARENTHESES = re.compile(r"\([^()\n]{0,120}\)")
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.S)
_LONGEST_ITEM = 200
_MOST_ITEMS = 500


def read_line(cell: Cell) -> Read[str]:
    """One line of text (a name, a title): NFKC, spaces collapsed, `['x']` unwrapped."""
    text = unwrap(plain(cell))
    return blank() if is_nothing(text) else Read(text, True)


def read_text(cell: Cell) -> Read[str]:
    """Text with its paragraphs: lines kept, other spaces collapsed, invisible signs removed.

    Only compatibility forms of letters and digits are made plain (NFKC); nothing is cut.
    """
    if not isinstance(cell, str):
        return read_line(cell)
    text = compatible(cell).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = unwrap(_MANY_LINES.sub("\n\n", text).strip())
    return blank() if is_nothing(text) else Read(text, True)


def read_list(cell: Cell) -> Read[tuple[str, ...]]:
    """The items of a list, in order, each once (compared without case).

    Read are `['a', 'b']` (also broken off or without its first bracket), and items parted by
    ；;、,，/| a bullet or a new line. `TCP/IP` and its like stay whole; a
    comma within 1,000 does not part, nor anything
    within parentheses. A broken-off list is understood with a note.
    """
    if not isinstance(cell, str):
        text = fact(cell)
        return Read((text,), True) if text else blank()
    # Line ends survive here, as literal \n inside quotation marks too: they part items.
    text = compatible(cell).replace("\\n", "\n").replace("\\t", "\t").strip()
    if is_nothing(text):
        return blank()
    broken = False
    pieces: list[str]
    if text[0] in "['\"" or text.startswith(("{'", '{"')):
        pieces, broken = _bracketed(text)
    else:
        pieces = [text]
    items: dict[str, str] = {}
    for piece in pieces:
        for word in _parts(piece):
            item = plain(word).strip(" '\"[]*")[:_LONGEST_ITEM].strip()
            if item and not is_nothing(item) and len(items) < _MOST_ITEMS:
                items.setdefault(item.casefold(), item)
    if not items:
        return blank()
    return Read(tuple(items.values()), True, note("list_broken") if broken else None)


def _parts(piece: str) -> list[str]:
    """`piece` cut at its separators, except within parentheses and compounds."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group())
        return f"\ue000{len(kept) - 1}\ue001"

    def put_back(word: str) -> str:
        for _ in range(2):  # a compound may stand within parentheses
            word = re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found.group(1))], word)
        return word

    masked = _ENUMERATED.sub("\n", re.sub("[\ue000\ue001]", "", piece))
    masked = _PARENTHESES.sub(keep, _ONE_WORD.sub(keep, masked))
    return [put_back(word) for part in _SEPARATORS.split(masked) for word in _SLASH.split(part)]


def _bracketed(text: str) -> tuple[list[str], bool]:
    """The items of a list written with brackets or quotation marks, and whether it is broken."""
    inner = text.strip()
    whole = inner[0] + inner[-1] in ("[]", "{}") and len(inner) > 1
    inner = inner[1:-1] if whole else inner.strip("[]")
    found = _QUOTED.findall(inner)
    rest = _QUOTED.sub("", inner).strip(" ,;，\n")
    if not rest:
        return [single or double for single, double in found], not whole and not _only_quoted(text)
    # Quotation marks that do not pair up: part at the separators and strip the marks.
    return [inner], "'" in rest or '"' in rest or not whole


def _only_quoted(text: str) -> bool:
    return len(text) >= 2 and text[0] == text[-1] and text[0] in "'\""
