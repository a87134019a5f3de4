"""The mess of real life, in numbers that tests hold and in ways to spoil a text.

Rates are chances per record. Those of `TALENT_RATES` and `OPENING_RATES` are planted in the
records; those of `FILE_RATES` only in exported files, where the records tell what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping

from .dice import Dice

TALENT_RATES: Mapping[str, float] = {
    "names": 0.008,
    "email": 0.06,
    "degree": 0.03,
    "institution": 0.05,
    "discipline": 0.03,
    "years": 0.07,
    "skills": 0.02,
    "profile": 0.08,
    "availability": 0.06,
    "wished_regions": 0.10,
    "duplicate": 0.02,
    "typo": 0.04,
}
OPENING_RATES: Mapping[str, float] = {
    "discipline": 0.06,
    "degree": 0.12,
    "years": 0.10,
    "skills": 0.04,
    "pay": 0.15,
    "headcount": 0.08,
    "description": 0.03,
    "region": 0.02,
    "identical": 0.015,
    "typo": 0.02,
}
ORGANISATION_RATES: Mapping[str, float] = {
    "name_de": 0.10,
    "website": 0.08,
    "employees": 0.12,
    "delegate_email": 0.04,
}
FILE_RATES: Mapping[str, float] = {
    "full_width": 0.04,
    "bracketed_list": 0.05,
    "stray_space": 0.03,
    "broken": 0.01,
}

_FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"}


def full_width(text: str) -> str:
    """Digits as Chinese input methods leave them: １２ for 12."""
    return text.translate(_FULL_WIDTH)


def typo(dice: Dice, text: str) -> str:
    """The text with one slip of the fingers: a letter lost, doubled, or two changed round.

    Texts of fewer than three signs are left alone; the result of a longer one always differs.
    """
    if len(text) < 3:
        return text
    at = dice.whole(0, len(text) - 2)
    slip = dice.whole(0, 2)
    if slip == 2 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1 :]


def with_typo(dice: Dice, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts with a slip in one of them."""
    if not texts:
        return texts
    at = dice.whole(0, len(texts) - 1)
    return (*texts[:at], typo(dice, texts[at]), *texts[at + 1 :])
