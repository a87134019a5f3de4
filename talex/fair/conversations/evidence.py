"""What of a reported profile is kept as evidence, and how the office reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from talex.core.errors import Message
from talex.participants.choices import Mode
from talex.participants.recorded import field_name
from talex.participants.words import (
    degree_name,
    industry_shown,
    languages_shown,
    years_shown,
)


def kept_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that say something, as JSON keeps them."""
    return {
        name: str(value) if isinstance(value, date | Decimal) else value
        for name, value in facts.items()
        if value
    }


def evidence_in_words(facts: Mapping[str, Any]) -> list[tuple[Message, Message]]:
    """Each fact with its name, in the reader's language."""
    return [(field_name(name), _shown(name, value)) for name, value in facts.items()]


def _shown(name: str, value: Any) -> Message:
    if name == "degree_level":
        return degree_name(value)
    if name == "mode" and value in Mode.values:
        return Mode(value).label
    if name == "industry":
        return industry_shown(value)
    if name == "experience_years":
        return years_shown(float(value))
    if isinstance(value, list):
        if name == "languages":
            return ", ".join(languages_shown(value))
        parts = map(industry_shown, value) if name == "wished_industries" else value
        return ", ".join(map(str, parts))
    return str(value)
