"""Which characters a file's bytes are: UTF-8, UTF-16, GB18030 or Windows-1252, without asking.

A mark at the beginning (BOM) decides. Without one, UTF-16 shows by the zero bytes that every
separator and line end leaves on one side. Else the whole file is tried as UTF-8: no bad sequence,
or far fewer bad than good ones, is UTF-8 (with faults on the rows that hold the bad ones). What is
left is GB18030 (which contains GBK and GB2312) or Windows-1252 (which contains Latin-1), told
apart by plausibility on a sample: Chinese text is runs of byte pairs of which nearly all are common
characters (rows 1-9 and 16-55 of GB2312), while German umlauts stand alone between ASCII letters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
#: Enough for a decision between GB18030 and Windows-1252; taken where other than ASCII stands.
_SAMPLE = 1 << 18

_HIGH_RUN = re.compile(rb"[\x80-\xff](?:[\x80-\xff]|(?<=[\x81-\xfe])[\x30-\x7e](?=[\x80-\xff]))*")
_COMMON_PAIR = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]")
_ANY_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
# Letters of German and its neighbours, and the signs that Windows programs put into text.
_WESTERN = frozenset(
    "äöüÄÖÜßéèêëàâáãåçñóòôõíìîïúùûøæœØÆÅÉÈÀÁÇÑÓÍÚžšŽŠ€§°µ«»„“”‘’‚–—…•·®©™ £²³½".encode("cp1252")
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is a codec of Python; `label` is what to show."""

    name: str
    label: str


UTF8 = Encoding("utf-8", "UTF-8")
UTF8_BOM = Encoding("utf-8-sig", "UTF-8 with BOM")
UTF16_LE = Encoding("utf-16-le", "UTF-16 LE")
UTF16_BE = Encoding("utf-16-be", "UTF-16 BE")
UTF32 = Encoding("utf-32", "UTF-32")
GB18030 = Encoding("gb18030", "GB18030")
WINDOWS_1252 = Encoding("cp1252", "Windows-1252")


def recognise(path: Path) -> Encoding:
    """The encoding of a text file; reads it once through, in pieces of 1 MB."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, UTF32),
        (codecs.BOM_UTF32_BE, UTF32),
        (codecs.BOM_UTF8, UTF8_BOM),
        (codecs.BOM_UTF16_LE, UTF16_LE),
        (codecs.BOM_UTF16_BE, UTF16_BE),
    ):
        if head.startswith(mark):
            return encoding
    return _utf16(head) or _utf8(path) or _gb18030_or_western(path)


def _utf16(head: bytes) -> Encoding | None:
    """UTF-16 without a mark: separators, line ends and Latin letters have a zero on one side."""
    head = head[: len(head) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    units = len(head) // 2
    if not units or (even + odd) < max(1, units // 200):
        return None
    big = even > odd
    if min(even, odd) * 10 > max(even, odd):
        return None
    text = head.decode("utf-16-be" if big else "utf-16-le", errors="replace")
    plain = sum(
        c in "\t\n\r" or " " <= c <= "~" or "\u00a0" <= c <= "\u024f" or "\u2010" <= c <= "\u2027"
        or "\u3000" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"
        for c in text
    )  # fmt: skip
    if plain < 0.95 * len(text):
        return None
    return UTF16_BE if big else UTF16_LE


def _utf8(path: Path) -> Encoding | None:
    """UTF-8 if nothing speaks against it, or far more for it than against it."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    good = bad = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            if piece.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(piece)
            damaged = text.count("�")
            already = piece.count("�".encode())  # the sign itself, written by another program
            bad += max(0, damaged - already)
            good += len(text) - len(text.encode("ascii", errors="ignore")) - damaged + already
    if decoder.decode(b"", final=True):
        bad += 1
    return UTF8 if bad == 0 or bad * 4 <= good else None


def _gb18030_or_western(path: Path) -> Encoding:
    runs = _HIGH_RUN.findall(_sample(path))
    chinese = western = 0.0
    for run in runs:
        common = len(_COMMON_PAIR.findall(run)) * 2
        pairs = len(_ANY_PAIR.findall(run)) * 2
        # A high byte that finds no partner cannot be Chinese at all.
        chinese += common - 0.5 * max(0, pairs - common) - 2 * max(0, len(run) - pairs)
        known = sum(byte in _WESTERN for byte in run)
        western += (2 * known if len(run) == 1 else 0.25 * known) - 2 * (len(run) - known)
    return GB18030 if chinese > western else WINDOWS_1252


def _sample(path: Path) -> bytes:
    """Up to `_SAMPLE` bytes of the lines that hold more than ASCII."""
    taken = bytearray()
    with path.open("rb") as file:
        while len(taken) < _SAMPLE and (piece := file.read(_CHUNK)):
            for line in piece.split(b"\n"):
                if not line.isascii():
                    taken += line[:_SAMPLE] + b"\n"
                    if len(taken) >= _SAMPLE:
                        break
    return bytes(taken)
