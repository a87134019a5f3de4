"""What an opening says, as it is compared, kept while it waits, and put back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.canonical import canonical, digest
from talex.core.errors import Message
from talex.core.translated import TranslatedText
from talex.fair.models import Opening

#: What talents read and what is approved. How many interviews, and on site or online, are the
#: organisation's own to change.
RELEVANT = (
    "title", "kind", "description", "headcount", "degree_required", "experience_min",
    "experience_max", "skills", "languages", "pay", "region", "industry", "starts_on", "ends_on",
    "closes_on",
)  # fmt: skip
_TEXTS = frozenset({"title", "description"})
_DAYS = frozenset({"starts_on", "ends_on", "closes_on"})

FIELD_NAMES: dict[str, Message] = {
    "title": _("Title"), "kind": _("Kind"), "description": _("Description"),
    "headcount": _("People looked for"), "degree_required": _("Degree"),
    "experience_min": _("Experience at least"), "experience_max": _("Experience at most"),
    "skills": _("Skills"), "languages": _("Languages"), "pay": _("Pay"), "region": _("Place"),
    "industry": _("Industry"), "starts_on": _("Starts"), "ends_on": _("Ends"),
    "closes_on": _("Ask until"), "organisation": _("Organisation"),
}  # fmt: skip


def plain(name: str, value: Any) -> Any:
    """A field's value as JSON."""
    if name in _TEXTS:
        return value.to_json()
    if name in _DAYS:
        return value.isoformat() if value else None
    if name.startswith("experience"):
        # As text: a canonical form has no fractions.
        return None if value is None else f"{float(value):g}"
    return list(value) if name in ("skills", "languages") else value


def back(name: str, value: Any) -> Any:
    """A field's value as the model keeps it."""
    if name in _TEXTS:
        return TranslatedText.from_json(value)
    if name in _DAYS:
        return date.fromisoformat(value) if value else None
    if name.startswith("experience"):
        return None if value is None else float(value)
    return value


def contents(values: Mapping[str, Any]) -> dict[str, Any]:
    """The relevant fields as JSON."""
    return {name: plain(name, values[name]) for name in RELEVANT}


def of_opening(opening: Opening) -> dict[str, Any]:
    """What the opening says now."""
    return contents({name: getattr(opening, name) for name in RELEVANT})


def _compared(said: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without where they came from: the same words are the same content."""
    return {
        name: TranslatedText.from_json(value).texts() if name in _TEXTS else value
        for name, value in said.items()
    }


def digest_of(said: Mapping[str, Any]) -> str:
    """One text for one content."""
    return digest(canonical(_compared(said)))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ, as they are afterwards."""
    one, other = _compared(before), _compared(after)
    return {name: after[name] for name in RELEVANT if one[name] != other[name]}
