"""Translate in one go: what lacks a translation as JSON, and the same JSON filled in.

{"de": [{"room": "fair", "context": null, "source": "Save", "translation": ""},
        {"room": "fair", "context": null, "source": ["%(n)s day", "%(n)s days"],
         "translation": ["", ""]}]}
"""

from __future__ import annotations

from typing import Any

from talex.core.catalogues.store import Room, forms, key_of, languages, read, write

Wanted = dict[str, list[dict[str, Any]]]


def missing(chosen: list[Room]) -> Wanted:
    """language -> messages without a (checked) translation."""
    told: Wanted = {}
    for room in chosen:
        for language in languages(room):
            catalog = read(room.catalogue(language), language)
            for message in catalog:
                plural = not isinstance(message.id, str)
                strings = forms(message.string)
                if not message.id or (all(strings) and not message.fuzzy):
                    continue
                told.setdefault(language, []).append(
                    {
                        "room": room.name,
                        "context": message.context,
                        "source": list(message.id) if plural else message.id,
                        "translation": [""] * catalog.num_plurals if plural else "",
                    }
                )
    return told


def fill(chosen: list[Room], given: Wanted) -> list[str]:
    """Write translations into the catalogues; gives a line for each that has no place there."""
    told: list[str] = []
    for room in chosen:
        for language, entries in given.items():
            mine = [e for e in entries if e.get("room", room.name) == room.name]
            if not mine:
                continue
            path = room.catalogue(language)
            catalog = read(path, language)
            held = {key_of(m.context, m.id): m for m in catalog if m.id}
            for entry in mine:
                message = held.get(key_of(entry.get("context"), entry["source"]))
                if message is None:
                    told.append(f"{room.name} {language}: no message {entry['source']!r}")
                    continue
                string = entry["translation"]
                message.string = tuple(string) if isinstance(string, list) else string
                message.flags.discard("fuzzy")
            write(path, catalog, language)
    return told
