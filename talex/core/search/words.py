"""Text as words that every database tells apart alike.

Latin words lose case and accents; a run of Chinese, Japanese or Korean characters becomes its
overlapping pairs and its last character, so that one character, two or a phrase are found without
a dictionary (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2.2.1). What is not
plain ASCII is written as `z` and its UTF-8 in hexadecimal: neither FTS5 nor PostgreSQL's parser,
whose word boundaries hang on the locale, has anything left to decide, and a beginning of a word
stays the beginning of its code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from talex.core.radicals import without_radicals

MOST = 6000
"""Words of one document that are kept; PostgreSQL counts positions up to 16,383."""
LONGEST = 40
WORDS_ASKED = 12

_RUN = re.compile(r"[^\W_]+")
_CJK = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)


def plain(text: str) -> str:
    """Without case, width and accents; characters for the radicals that look like them."""
    text = unicodedata.normalize("NFKC", without_radicals(text))
    text = unicodedata.normalize("NFKD", text.casefold())
    # Hangul was taken apart as well: put it together again.
    return unicodedata.normalize("NFC", "".join(c for c in text if not unicodedata.combining(c)))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """(whether it is CJK, a run of characters)."""
    for run in _RUN.findall(plain(text)):
        at = 0
        for found in _CJK.finditer(run):
            if found.start() > at:
                yield False, run[at : found.start()]
            yield True, found[0]
            at = found.end()
        if at < len(run):
            yield False, run[at:]


def code(word: str) -> str:
    """ASCII letters and digits only, beginning with the same where the word does."""
    return word if word.isascii() else "z" + word.encode().hex()


def words_of(text: str) -> list[str]:
    """The coded words of a document, in order."""
    found: list[str] = []
    for cjk, run in _pieces(text):
        if cjk:
            found += [code(run[at : at + 2]) for at in range(len(run))]
        else:
            found.append(code(run[:LONGEST]))
        if len(found) >= MOST:
            break
    return found[:MOST]


def asked(query: str) -> list[list[str]]:
    """What has to be there: phrases of coded words, of which the last may only begin so."""
    phrases: list[list[str]] = []
    for cjk, run in _pieces(query):
        if cjk and len(run) > 1:
            phrases.append([code(run[at : at + 2]) for at in range(min(len(run) - 1, 20))])
        else:
            phrases.append([code(run[:LONGEST])])
    return phrases[:WORDS_ASKED]


def for_fts5(phrases: list[list[str]]) -> str:
    """The query of SQLite's FTS5; `"a b" *` is a phrase whose last word may only begin so."""
    return " AND ".join(f'"{" ".join(phrase)}" *' for phrase in phrases)


def for_postgresql(phrases: list[list[str]]) -> str:
    """The same for `to_tsquery`."""
    return " & ".join(
        "(" + " <-> ".join([*phrase[:-1], f"{phrase[-1]}:*"]) + ")" for phrase in phrases
    )
