"""Texts as words: Chinese cut by a dictionary, German compounds by their parts, the rest by spaces.

Chinese is cut by ``rjieba`` (MIT; jieba's dictionary and model in Rust, inside the package). On
what we cut by hand (``bench/pieces.py``) it did better alone than with the taxonomy's labels as
further words, which glue together what should be compared apart, and far better than labels alone.
"""

from __future__ import annotations

import re

from .compounds import CompoundSplitter
from .language import language_of
from .normalise import is_cjk, normalise, tokens

__all__ = ["chinese_words", "words"]

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")


def chinese_words(text: str) -> list[str]:
    """The words of a run of Chinese characters, in order; joined they are the run."""
    import rjieba  # a tenth of a second, and not every process cuts Chinese

    return list(rjieba.cut(text))


def words(text: str, language: str | None = None) -> list[str]:
    """The words of ``text``, normalised, in order.

    ``language``: BCP 47, told from the text where it is not given; it decides whether compounds
    are split. ``words('动力电池研发工程师')`` is ``['动力电池', '研发', '工程师']``,
    ``words('Batterieentwickler', 'de')`` is ``['batterie', 'entwickler']``.
    """
    language = language or language_of(text)
    found: list[str] = []
    folded = normalise(text)
    at = 0
    for run in _RUN.finditer(folded):
        found += _spaced(folded[at : run.start()], language)
        found += chinese_words(run.group())
        at = run.end()
    return found + _spaced(folded[at:], language)


def _spaced(text: str, language: str) -> list[str]:
    plain = tokens(text)
    if not language.startswith("de"):
        return plain
    splitter = CompoundSplitter.default()
    return [
        part for word in plain for part in (splitter.split(word) if not is_cjk(word) else [word])
    ]
