"""One written form for texts that mean the same: width, case, spaces, invisible signs.

Everything the engine compares goes through :func:`normalise` first, so that a full-width
``ＰＹＴＨＯＮ`` typed with a Chinese keyboard and a plain ``Python`` are the same string.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["cleaned", "is_cjk", "normalise", "segment", "simplified", "tokens"]

# Han (with extensions and the iteration mark), kana and hangul: scripts that are compared by
# characters, because a space between words is absent or says little.
_CJK_RANGES = (
    r"\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{_CJK_RANGES}]")
# A word of any other script. Signs that are part of a name stay with it: c++, c#, .net, node.js,
# a 5g-netz is two words.
_WORD = rf"\.?[^\W_{_CJK_RANGES}](?:[^\W_{_CJK_RANGES}]|[.'’](?=[^\W_{_CJK_RANGES}]))*[+#]*"
_TOKEN = re.compile(f"[{_CJK_RANGES}]|{_WORD}")
_RUN = re.compile(f"[{_CJK_RANGES}]+|{_WORD}")
_SPACE = re.compile(r"\s+")
# Holds every sign of the categories that _visible drops or makes a space.
_UNSEEN = re.compile(r"[^\w!-~ ]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NOT_CHINESE = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af]")


def cleaned(text: str) -> str:
    """``text`` with its case, but NFKC, with single spaces and without invisible signs."""
    return _tidy(text, fold=False)


def normalise(text: str) -> str:
    """The comparable form of ``text``: NFKC, case folded, simplified, single spaces.

    Full-width letters and digits become half width (NFKC), ``ß`` becomes ``ss`` (case folding),
    zero-width signs and soft hyphens vanish, every run of white space or control characters is
    one space; traditional Chinese becomes simplified (see :func:`simplified`). Idempotent. Lone
    surrogates, as broken files hold them, are dropped.
    """
    return _tidy(text, fold=True)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Chinese in simplified characters; a text with kana or hangul is not Chinese and stays.

    By OpenCC's tables of words and signs (``乾燥`` is ``干燥``, ``乾坤`` stays), which are inside
    the package. Words are not exchanged: what Taiwan calls ``軟體`` becomes ``软体``, not ``软件``.
    """
    if text.isascii() or not _HAN.search(text) or _NOT_CHINESE.search(text):
        return text
    return _converter().convert(text)


def _tidy(text: str, *, fold: bool) -> str:
    # Folding may undo NFKC (and the other way round), and dropping a sign may let its neighbours
    # compose, so it is done until nothing changes: one or two rounds in practice.
    previous: str | None = None
    while text != previous:
        previous = text
        text = unicodedata.normalize("NFKC", text)
        if fold:
            text = simplified(text.casefold())
        if not text.isprintable():
            text = _UNSEEN.sub(_visible, text)
        text = _SPACE.sub(" ", text).strip()
    return text


def _visible(found: re.Match[str]) -> str:
    sign = found.group()
    category = unicodedata.category(sign)
    if category in ("Cf", "Cs"):
        return ""
    return " " if category == "Cc" else sign


def is_cjk(sign: str) -> bool:
    """Whether ``sign`` (one character) belongs to a script compared by characters."""
    return _CJK.match(sign) is not None


def tokens(text: str) -> list[str]:
    """Single CJK characters and whole words of other scripts, in order, of normalised ``text``."""
    return _TOKEN.findall(text)


def segment(text: str) -> list[str]:
    """The comparable pieces of ``text``: CJK bigrams, and words of other scripts.

    A CJK run of one character is itself a piece. ``text`` is normalised first. Order and
    repetition are kept: ``segment('数据分析 with C++')`` is
    ``['数据', '据分', '分析', 'with', 'c++']``.
    """
    pieces: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if len(run) > 1 and is_cjk(run[0]):
            pieces.extend(run[at : at + 2] for at in range(len(run) - 1))
        else:
            pieces.append(run)
    return pieces
