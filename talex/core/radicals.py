"""Radicals that stand where their characters are meant: ⻓ (U+2ED3) is written for 长.

Fonts draw both from one glyph, so programs that make a PDF cannot tell them apart and write down
either. They look alike and are never equal: no search finds what holds one. Kangxi radicals
(U+2F00…) are taken back by NFKC, those of the supplement (U+2E80…) by nothing in Python; theirs is
Unicode's EquivalentUnifiedIdeograph.txt. This file imports nothing of Talex: the process that reads
files of strangers loads it by its path.
"""

from __future__ import annotations

import re
import unicodedata

_FIRST = 0x2E81
#: The characters of U+2E81…U+2EF3 in their order; U+2E9A is none and stands for itself.
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵\u2e9a旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目"
    "示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风"
    "飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_SUPPLEMENT = {_FIRST + at: sign for at, sign in enumerate(_IDEOGRAPHS)}
_RADICAL = re.compile("[\u2e81-\u2ef3\u2f00-\u2fd5]")


def without_radicals(text: str) -> str:
    """The text with the characters that its radicals stand for; everything else stays."""
    return text if text.isascii() else _RADICAL.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    radical = found.group()
    return _SUPPLEMENT.get(ord(radical)) or unicodedata.normalize("NFKC", radical)
