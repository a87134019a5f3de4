"""What is indexed of one thing, for one group of readers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Document:
    """`level` names who may find the thing by these words (the source says who that is).

    What one reader sees and another does not stands in documents of different levels: whoever may
    not read an address must not learn, by searching for it, whose it is.
    """

    object_id: UUID
    edition: UUID
    title: str
    body: str = ""
    level: str = "all"


def joined(*values: object) -> str:
    """Text, texts in several languages and lists of text as one."""
    parts: list[str] = []
    for value in values:
        if isinstance(value, str):
            parts.append(value)
        elif hasattr(value, "texts"):
            parts.extend(value.texts().values())
        elif isinstance(value, list | tuple):
            parts.append(joined(*value))
    return " \n".join(part for part in parts if part)
