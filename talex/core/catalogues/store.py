"""Where the catalogues are, and how they are read, written and compiled."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent.parent
# Locale names as Django looks for them in folders; settings call them zh-hans and de.
LANGUAGES = ("de", "zh_Hans")
# Text of packages that are no Django application is kept in this room's catalogue.
GROUND = "core"
# What only a Django application has.
MARKS = ("apps.py", "migrations", "templates", "locale")

Key = tuple[str | None, str]
"""(context, source text in the singular): what gettext looks a message up by."""


@dataclass(frozen=True, slots=True)
class Room:
    """A package with a catalogue of its own, and the packages whose text it keeps besides."""

    name: str
    folders: tuple[Path, ...]

    @property
    def locale(self) -> Path:
        return self.folders[0] / "locale"

    def catalogue(self, language: str) -> Path:
        return self.locale / language / "LC_MESSAGES" / "django.po"

    def files(self, *suffixes: str) -> Iterator[Path]:
        """The room's sources; migrations keep the words of their day and are left out."""
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                if path.suffix in suffixes and "migrations" not in path.parts and path.is_file():
                    yield path


def rooms(package: Path = PACKAGE) -> list[Room]:
    """Every room of the package in the order of their names."""
    applications: list[Path] = []
    others: list[Path] = []
    for folder in sorted(p for p in package.iterdir() if (p / "__init__.py").exists()):
        is_room = folder.name == GROUND or any((folder / mark).exists() for mark in MARKS)
        (applications if is_room else others).append(folder)
    return [
        Room(folder.name, (folder, *others) if folder.name == GROUND else (folder,))
        for folder in applications
    ]


def languages(room: Room) -> list[str]:
    """The languages a room must have: ours, and any other somebody began in this room."""
    found = {p.parent.parent.name for p in room.locale.glob("*/LC_MESSAGES/django.po")}
    return sorted(found | set(LANGUAGES))


Text = str | tuple[str, ...] | list[str] | None
"""A message or its translation as Babel has it: one text, or one for each plural form."""


def forms(text: Text) -> list[str]:
    """The forms of a text: one, or one for each plural form."""
    return [text] if isinstance(text, str) else list(text or ())


def key_of(context: str | None, identifier: str | Iterable[str]) -> Key:
    return (context, identifier if isinstance(identifier, str) else next(iter(identifier)))


def empty(language: str) -> Catalog:
    # A language Babel does not know keeps the plural rule of its file's header.
    return Catalog(locale=language, charset="utf-8", fuzzy=False)


def read(path: Path, language: str) -> Catalog:
    """The catalogue in `path`; an empty one where the file does not exist."""
    if not path.exists():
        return empty(language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language, charset="utf-8", abort_invalid=True)


def write(path: Path, catalog: Catalog, language: str) -> None:
    """Write without dates, authors and places, sorted by message."""
    plural = get_plural(language)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {plural.plural_forms}\\n"\n\n'
    )
    body = BytesIO()
    write_po(
        body, catalog, width=100, no_location=True, omit_header=True, sort_output=True,
        ignore_obsolete=True,
    )  # fmt: skip
    text = header.encode() + body.getvalue().strip() + b"\n"
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def _compiled(source: Path) -> Path:
    return source.with_suffix(".mo")


def _sources(package: Path) -> Iterator[tuple[Path, str]]:
    for room in rooms(package):
        for language in languages(room):
            path = room.catalogue(language)
            if path.exists():
                yield path, language


def uncompiled(package: Path = PACKAGE) -> list[Path]:
    """Catalogues whose compiled file is missing or older than its source."""
    return [
        path
        for path, _language in _sources(package)
        if not _compiled(path).exists()
        or _compiled(path).stat().st_mtime_ns < path.stat().st_mtime_ns
    ]


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Write the compiled file of every catalogue that needs it; gives the files written.

    Raises OSError where the package is installed in a folder that cannot be written.
    """
    written = []
    stale = set(uncompiled(package))
    for path, language in _sources(package):
        if path not in stale:
            continue
        # Through a file beside it: a process that starts meanwhile reads the old or the new.
        handle, beside = tempfile.mkstemp(dir=path.parent, suffix=".mo.part")
        try:
            with os.fdopen(handle, "wb") as stream:
                write_mo(stream, read(path, language))
            os.chmod(beside, 0o644)
            os.replace(beside, _compiled(path))
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        written.append(_compiled(path))
    return written
