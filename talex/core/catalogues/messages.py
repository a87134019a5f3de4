"""Which messages a room's sources hold."""

from __future__ import annotations

import tokenize
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from talex.core.catalogues.store import (
    Key,
    Room,
    Text,
    empty,
    key_of,
    languages,
    read,
    rooms,
    write,
)

CONTEXT_FIRST: dict[str, tuple[int | tuple[int, str], ...]] = {
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    **CONTEXT_FIRST,
}
KEYWORDS |= {f"{name}_lazy": spec for name, spec in KEYWORDS.items() if name.endswith("gettext")}
TEMPLATES = (".html", ".txt", ".svg", ".ics")


def _python_of_template(path: Path) -> bytes:
    # Django's settings are not needed: the lexer and a few expressions are all this uses.
    from django.utils.translation.template import templatize

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # Every call stands on one line; the template's indentation means nothing to a tokenizer.
    return "\n".join(line.strip() for line in source.splitlines()).encode()


def messages_of(path: Path) -> Catalog:
    """The messages of one source file, template or Python.

    Raises SyntaxError, which names the file, where it cannot be read.
    """
    content = path.read_bytes() if path.suffix == ".py" else _python_of_template(path)
    found = Catalog()
    try:
        taken = list(
            extract("python", BytesIO(content), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        )
    except (tokenize.TokenError, IndentationError) as fault:
        raise SyntaxError(f"{path}: {fault}") from fault
    for line, message, comments, context in taken:
        found.add(message, locations=[(str(path), line)], auto_comments=comments, context=context)
    return found


def messages(room: Room) -> Catalog:
    """All messages of a room; a text used in singular and plural is kept as the plural one."""
    all_of_room = Catalog()
    for path in room.files(".py", *TEMPLATES):
        # `locale` and static text files hold no messages, and Django's templates live in
        # folders of that name.
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        for message in messages_of(path):
            if message.id:
                all_of_room.add(
                    message.id,
                    locations=message.locations,
                    auto_comments=message.auto_comments,
                    context=message.context,
                )
    return all_of_room


def memory(language: str) -> dict[Key, Text]:
    """Every translation any room has: a message that moves to another room keeps its words."""
    known: dict[Key, Text] = {}
    for room in rooms():
        for message in read(room.catalogue(language), language):
            if message.id and message.string and not message.fuzzy:
                known.setdefault(key_of(message.context, message.id), message.string)
    return known


def _fitting(identifier: Text, string: Text, forms: int) -> Text:
    """`string` where it has the shape of the message: one text, or one a plural form."""
    if isinstance(identifier, str):
        if isinstance(string, str):
            return string
        return string[-1] if isinstance(string, tuple | list) and string else None
    if isinstance(string, tuple | list) and len(string) == forms:
        return tuple(string)
    # A language without plurals needs the one form it has anyway.
    return (string,) if isinstance(string, str) and forms == 1 else None


def merge(room: Room) -> dict[str, tuple[int, int]]:
    """Bring a room's catalogues up to its sources; gives language -> (missing, dropped)."""
    wanted = messages(room)
    keys = {key_of(m.context, m.id) for m in wanted if m.id}
    told: dict[str, tuple[int, int]] = {}
    for language in languages(room):
        path = room.catalogue(language)
        old = read(path, language)
        kept = {key_of(m.context, m.id): m for m in old if m.id}
        if not keys and not kept:
            continue
        elsewhere = memory(language)
        new = empty(language)
        missing = 0
        for message in wanted:
            if not message.id:
                continue
            key = key_of(message.context, message.id)
            before = kept.get(key)
            string = _fitting(
                message.id, before.string if before else None, new.num_plurals
            ) or _fitting(message.id, elsewhere.get(key), new.num_plurals)
            made = new.add(
                message.id,
                string or "",
                auto_comments=message.auto_comments,
                user_comments=before.user_comments if before else (),
                context=message.context,
            )
            if before and before.fuzzy:
                made.flags.add("fuzzy")
            missing += not _complete(made.string)
        write(path, new, language)
        told[language] = (missing, len(kept.keys() - keys))
    return told


def _complete(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
