"""`talex backup`: database, uploaded files and keys of one moment in one file."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from talex import __version__
from talex.cli.installation import archive, lock, postgresql, sqlite
from talex.core import clock
from talex.core.errors import Conflict, Invalid, NotFound

Progress = Callable[[int, int, str], None]
# What lies in TALEX_HOME and is no part of a backup: the database (it has its own member), files
# that can be made again, other backups.
_ELSEWHERE = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".gz", ".tar", ".log", ".part")


@dataclass(frozen=True, slots=True)
class Made:
    """What was backed up; `size` is that of the file in bytes."""

    path: Path
    size: int
    rows: int
    files: int
    manifest: archive.Manifest


def home_files() -> Iterator[tuple[str, Path]]:
    """(name in the archive, path) of what the installation keeps beside its database."""
    home = Path(settings.HOME)
    static = Path(settings.STATIC_ROOT)
    for place in sorted(home.iterdir()):
        if place.name.startswith(".") or place.name == lock.NAME or place == static:
            continue
        if place.is_dir():
            inside = sorted(p for p in place.rglob("*") if p.is_file() and not p.is_symlink())
            yield from ((f"home/{p.relative_to(home).as_posix()}", p) for p in inside)
        elif place.is_file() and not place.name.endswith(_ELSEWHERE):
            yield f"home/{place.name}", place


def make(path: Path, *, force: bool, progress: Progress) -> Made:
    """Write a backup to `path`; Talex may run meanwhile.

    Raises Conflict where the file exists and `force` is not given, NotFound without a database.
    """
    if path.is_dir():
        raise Invalid({"file": _("%(path)s is a folder; name a file.") % {"path": path}})
    if path.exists() and not force:
        raise Conflict(_("%(path)s exists already; --force replaces it.") % {"path": path})
    if not path.parent.is_dir():
        # Made by itself, a mistyped folder of the nightly job would fill another disk.
        raise NotFound(_("There is no folder %(folder)s. Make it first.") % {"folder": path.parent})
    # Beside the backup: there is room for it, and it is as protected as the backup.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".talex-backup-") as folder:
        if connection.vendor == "sqlite":
            written, files = _of_sqlite(path, Path(folder), progress)
        else:
            written, files = _of_postgresql(path, Path(folder), progress)
    manifest, contents = written
    return Made(path, path.stat().st_size, sum(contents.rows.values()), files, manifest)


def _nothing_here() -> NotFound:
    return NotFound(_("The database is empty; there is nothing to back up."))


Written = tuple[archive.Manifest, archive.Contents]


def _of_sqlite(path: Path, folder: Path, progress: Progress) -> tuple[Written, int]:
    if not sqlite.path().exists():
        raise _nothing_here()
    copy = folder / "talex.sqlite3"
    progress(0, 2, _("database"))
    sqlite.snapshot(copy)
    facts = sqlite.facts(copy)
    with archive.Writer(path, _manifest(facts, sqlite3.sqlite_version)) as writer:
        writer.add(sqlite.MEMBER, copy)
        writer.contents.rows = sqlite.rows(copy)
        progress(1, 2, _("files"))
        files = _add_files(writer)
    progress(2, 2, "")
    return (_manifest_of(path), writer.contents), files


def _of_postgresql(path: Path, folder: Path, progress: Progress) -> tuple[Written, int]:
    snapshot = postgresql.Snapshot()
    try:
        with archive.Writer(path, _manifest(snapshot.facts(), snapshot.version())) as writer:
            snapshot.dump(writer, folder, progress)
            files = _add_files(writer)
    finally:
        snapshot.close()
    return (_manifest_of(path), writer.contents), files


def _manifest_of(path: Path) -> archive.Manifest:
    # Read back: what is told is what is in the file.
    return archive.read_manifest(path)


def _manifest(
    facts: tuple[dict[str, list[str]], dict[str, dict[str, Any]]], engine_version: str
) -> archive.Manifest:
    migrations, heads = facts
    if not migrations:
        raise _nothing_here()
    return archive.Manifest(
        format=archive.FORMAT,
        talex=__version__,
        made_at=clock.now().isoformat(),
        engine=connection.vendor,
        engine_version=engine_version,
        migrations=migrations,
        heads=heads,
        secret_key="environment" if os.environ.get("TALEX_SECRET_KEY") else "file",
    )


def _add_files(writer: archive.Writer) -> int:
    """After the database: a row's file is written before the row."""
    count = 0
    for name, path in home_files():
        if path in {writer.path, writer.part}:
            continue
        try:
            writer.add(name, path)
        except FileNotFoundError:
            continue  # erased in this moment
        count += 1
    return count
