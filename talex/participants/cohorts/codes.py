"""Codes that people read out and type: no sign that is taken for another one."""

from __future__ import annotations

import secrets
import unicodedata

#: Without 0 O, 1 I L, U V, 5 S, 2 Z, 8 B: 23 signs.
SIGNS = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 9


def new_code() -> str:
    """Nine signs chosen at random (more than 40 bits)."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def normal(typed: str) -> str:
    """What was typed as it is kept: capitals, without spaces and hyphens, full width as half."""
    text = unicodedata.normalize("NFKC", typed[:60]).upper()
    return "".join(sign for sign in text if sign.isalnum())


def shown(code: str) -> str:
    """In threes, as it is read out: ABC-DEF-GHJ."""
    return "-".join(code[at : at + 3] for at in range(0, len(code), 3))
