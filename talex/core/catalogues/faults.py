"""What is wrong with the catalogues: one line a fault, with what to do about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from talex.core.catalogues.messages import CONTEXT_FIRST, KEYWORDS, messages
from talex.core.catalogues.store import Key, Room, key_of, languages, read
from talex.core.catalogues.store import forms as forms_of
from talex.core.catalogues.visible import untranslated

_NAMED = re.compile(r"%\((\w+)\)[a-z]")
_PLAIN = re.compile(r"(?<!%)%[sd]|\{\w*\}")
_TAG = re.compile(r"</?[a-z][^>]*>")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat[:60]}…”" if len(flat) > 61 else f"“{flat}”"


def _marks(text: str) -> set[str]:
    return set(_NAMED.findall(text)) | set(_PLAIN.findall(text))


def _of_message(message: Message, forms: int) -> Iterator[str]:
    """Faults of one translated message."""
    sources, strings = forms_of(message.id), forms_of(message.string)
    if not all(strings):
        yield "is not translated"
        return
    if message.fuzzy:
        yield "is marked fuzzy: check it and take the mark away"
    wanted = forms if len(sources) > 1 else 1
    if len(strings) != wanted:
        yield f"has {len(strings)} plural forms, the language has {wanted}"
    if len(sources) == 1:
        least = most = _marks(sources[0])
    else:
        # A form for one may leave the number out, as the source's own does.
        least = _marks(sources[0]) & _marks(sources[1])
        most = _marks(sources[0]) | _marks(sources[1])
    for string in strings:
        marks = _marks(string)
        for lost in sorted(least - marks):
            yield f"has lost the placeholder {lost}"
        for strange in sorted(marks - most):
            yield f"has a placeholder {strange} that the source has not"
        if _NAMED.search(string):
            try:
                string % dict.fromkeys(_NAMED.findall(string), 1)
            except (ValueError, TypeError, KeyError) as fault:
                yield f"cannot be filled in: {fault} (a percent sign is written %%)"
        if sorted(_TAG.findall(string)) != sorted(_TAG.findall(sources[-1])):
            yield "has other HTML tags than the source"
        if (string[:1] == "\n", string[-1:] == "\n") != (
            sources[0][:1] == "\n",
            sources[0][-1:] == "\n",
        ):
            yield "begins or ends with another line break than the source"


def of_catalogue(room: Room, language: str, wanted: Catalog) -> Iterator[str]:
    """Faults of one room in one language."""
    path = room.catalogue(language)
    expected = {key_of(m.context, m.id): m for m in wanted if m.id}
    if not expected and not path.exists():
        return
    try:
        found = read(path, language)
    except Exception as fault:  # noqa: BLE001 - Babel raises several kinds for a broken file
        yield f"{path}: cannot be read: {fault}"
        return
    kept = {key_of(m.context, m.id): m for m in found if m.id}
    for key in expected.keys() - kept.keys():
        yield f"{path}: {_short(key[1])} is missing"
    for key in kept.keys() - expected.keys():
        yield f"{path}: {_short(key[1])} is no longer in the sources"
    for key in expected.keys() & kept.keys():
        message = kept[key]
        if isinstance(message.id, str) != isinstance(expected[key].id, str):
            yield f"{path}: {_short(key[1])} is plural in one of sources and catalogue only"
            continue
        for fault_found in _of_message(message, found.num_plurals):
            yield f"{path}: {_short(key[1])} {fault_found}"
    if found.obsolete:
        yield f"{path}: has {len(found.obsolete)} obsolete messages"


def of_python(path: Path) -> Iterator[str]:
    """Texts that are put together before they are looked up, so that no catalogue has them."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name not in KEYWORDS:
            continue
        first = 1 if name.removesuffix("_lazy") in CONTEXT_FIRST else 0
        count = 2 if name.removesuffix("_lazy").startswith(("ng", "np")) else 1
        for given in node.args[first : first + count]:
            built = isinstance(given, ast.JoinedStr | ast.BinOp) or (
                isinstance(given, ast.Call)
                and isinstance(given.func, ast.Attribute)
                and given.func.attr == "format"
            )
            if built:
                yield (
                    f"{path}:{given.lineno}: the text inside {name}() is put together before it "
                    'is translated; write _("… %(name)s …") % {"name": …}'
                )


def check(chosen: list[Room]) -> list[str]:
    """Every fault of these rooms, sorted."""
    told: list[str] = []
    said: dict[tuple[str, Key], tuple[str, object]] = {}
    for room in chosen:
        try:
            wanted = messages(room)
        except SyntaxError as fault:
            told.append(str(fault))
            continue
        for language in languages(room):
            told += of_catalogue(room, language, wanted)
            for message in _readable(room, language):
                # Django shows one of them in both rooms: that of the room listed first.
                key = key_of(message.context, message.id)
                other = said.setdefault((language, key), (room.name, message.string))
                if other[1] != message.string and isinstance(message.string, type(other[1])):
                    told.append(
                        f"{room.catalogue(language)}: {_short(key[1])} is translated otherwise "
                        f"in {other[0]}: use the same words, or a context (pgettext)"
                    )
        for path in room.files(".py"):
            told += of_python(path)
        for path in room.files(".html"):
            if "templates" in path.parts:
                told += [
                    f"{path}:{line}: {_short(text)} is shown untranslated; use "
                    '{% translate %}, or translate="no" on the element'
                    for line, text in untranslated(path)
                ]
    return sorted(told)


def _readable(room: Room, language: str) -> list[Message]:
    try:
        return [m for m in read(room.catalogue(language), language) if m.id and m.string]
    except Exception:  # noqa: BLE001 - told by of_catalogue
        return []
