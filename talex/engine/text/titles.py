"""Titles as people write them, made plain: short forms written out, marks of gender taken away."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from .language import language_of
from .normalise import cleaned, is_cjk

__all__ = ["expanded", "plain_title"]

# (m/w/d), (f/m/x), w/m/d at the end, (all genders), (gn): who may apply, not what for.
_GENDERS = re.compile(
    r"\s*[(\[|,-]?\s*(?<![\w/])(?:[mwfdxi]\s*[/|*,]\s*){1,3}[mwfdxi](?:[/|][mwfdxi])?(?![\w/])[)\]]?"
    r"|\s*\((?:all genders|any gender|gn|m/w|w/m|divers|gender[- ]?neutral)\)",
    re.IGNORECASE,
)
# Ingenieur*in, Ingenieur:in, Ingenieur_in, Ingenieur/-in, Ingenieur(in), IngenieurIn, /innen.
_BOTH = re.compile(
    r"(?<=[a-zäöüß]{3})(?:[*:_]|/-?|\(-?)(?:in|innen)\)?(?!\w)|(?<=[a-zäöüß]{3})In\b"
)
# A word with the signs that short forms have inside or behind them.
_PIECE = re.compile(r"[^\W\d_]+(?:[.&-]{1,2}[^\W\d_]+)*\.?")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    source = files(__package__).joinpath("abbreviations.tsv").read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if line and line[0] != "#"]
    table: dict[str, dict[str, str]] = {}
    for line in lines[1:]:
        language, short, full = line.split("\t")
        if table.setdefault(language, {}).setdefault(short, full) != full:
            raise ValueError(f"{short!r} has two meanings in {language}")
    return table


def expanded(text: str, language: str | None = None) -> str:
    """``text`` with the short forms of its language written out, otherwise as it is.

    ``language``: BCP 47; told by :func:`language_of` where it is not given. What has no table of
    short forms comes back unchanged.
    """
    known = _table().get((language or language_of(text)).partition("-")[0])
    if not known:
        return text
    if any(is_cjk(short[0]) for short in known):
        return _expanded_run(text, known)

    def full(match: re.Match[str]) -> str:
        word = match.group().casefold()
        if word in known:
            return known[word]
        # The full stop of 'Asst.' is no part of the short form; that of 'Ing.' is.
        return known.get(word.removesuffix("."), match.group())

    return _PIECE.sub(full, text)


def _expanded_run(text: str, known: dict[str, str]) -> str:
    for short, full in known.items():
        at = text.find(short)
        while at >= 0:
            end = at + len(short)
            ends_run = end == len(text) or not is_cjk(text[end])
            if ends_run and not text[:end].endswith(full):
                text = text[:at] + full + text[end:]
            at = text.find(short, at + len(full))
    return text


def plain_title(text: str, language: str | None = None) -> str:
    """``text`` without marks of gender, with its short forms written out.

    ``'Dipl.-Ing. Elektrotechnik (m/w/d)'`` is ``'Diplomingenieur Elektrotechnik'``,
    ``'Ingenieur*in'`` is ``'Ingenieur'``, ``'电气高工'`` is ``'电气高级工程师'``.
    """
    text = _BOTH.sub("", _GENDERS.sub("", cleaned(text)))
    return " ".join(expanded(text, language).split())
