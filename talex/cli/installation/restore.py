"""`talex restore`: a backup becomes the installation, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from talex.cli import counts
from talex.cli.installation import archive, lock, postgresql, sqlite
from talex.core.errors import Conflict, Invalid
from talex.ledger.models import Head
from talex.ledger.verify import Report, verify

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it. `ledger` is the walk of the chains after all migrations."""

    manifest: archive.Manifest
    rows: int
    files: int
    migrated: int
    ledger: Report
    heads_as_backed_up: bool
    needs_secret_key: bool

    @property
    def ok(self) -> bool:
        return self.ledger.ok and self.heads_as_backed_up


def restore(path: Path, *, force: bool, progress: Progress) -> Restored:
    """Put a backup in the place of this installation and bring it to this version.

    Raises Invalid (damaged, of another engine, of a newer version) and Conflict (Talex runs here,
    or there is something that would be lost and `force` is not given) before anything is
    changed. Where a later step fails, what was here is here again.
    """
    manifest = archive.read_manifest(path)
    fits(manifest)
    home = Path(settings.HOME)
    with lock.alone():
        losing = what_is_here()
        if losing and not force:
            raise Conflict(
                _("This installation is not empty. With --force this would be lost:"), items=losing
            )
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as name:
            staging = Path(name)
            progress(0, 3, _("reading the backup"))
            contents = archive.extract(path, staging)
            if connection.vendor == "sqlite":
                sqlite.check(staging / sqlite.MEMBER, contents)
            progress(1, 3, _("database"))
            migrated = _put_in_place(staging, contents, manifest, progress)
    ledger = verify()
    progress(3, 3, "")
    return Restored(
        manifest=manifest,
        rows=sum(contents.rows.values()),
        files=sum(1 for member in contents.members if member.startswith("home/")),
        migrated=migrated,
        ledger=ledger,
        heads_as_backed_up=_heads() == manifest.heads,
        needs_secret_key=manifest.secret_key == "environment"
        and not os.environ.get("TALEX_SECRET_KEY"),
    )


def fits(manifest: archive.Manifest) -> None:
    """Whether this version and this database can take the backup; else Invalid says why not."""
    if manifest.engine != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Invalid(
            {
                "file": _(
                    "The backup is of a %(theirs)s database, this installation uses %(ours)s. "
                    "Set TALEX_DATABASE_URL to a %(theirs)s database."
                )
                % {
                    "theirs": names.get(manifest.engine, manifest.engine),
                    "ours": names.get(connection.vendor, connection.vendor),
                }
            }
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations or {})
    known |= {part for m in (loader.disk_migrations or {}).values() for part in m.replaces}
    strange = [
        f"{app}.{name}"
        for app, names_of_app in manifest.migrations.items()
        for name in names_of_app
        if (app, name) not in known
    ]
    if strange:
        raise Invalid(
            {
                "file": _(
                    "The backup was made by Talex %(version)s, which is newer than this one "
                    "(it knows %(name)s). Install that version or a newer one."
                )
                % {"version": manifest.talex, "name": strange[0]}
            }
        )


def what_is_here() -> list[str]:
    """What a restore would replace, as a person reads it; empty for an empty installation."""
    found = []
    tables = set(connection.introspection.table_names())
    for config in apps.get_app_configs():
        if not config.name.startswith("talex."):
            continue
        for model in config.get_models():
            if model._meta.db_table not in tables:
                continue
            with connection.cursor() as cursor:
                quoted = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT count(*) FROM {quoted}")
                count = cursor.fetchone()[0]
            if count:
                found.append(f"{count} × {config.label}.{model.__name__}")
    files = sum(1 for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file())
    if files:
        found.append(counts.files(files))
    return found


class _Swap:
    """Moves new things to their places, and the old ones back where that must be undone.

    What is replaced waits beside its place, so that every move is one rename.
    """

    def __init__(self) -> None:
        self.moved: list[tuple[Path, Path | None]] = []

    def put(self, new: Path | None, place: Path) -> None:
        """`new` (None: nothing) stands at `place` afterwards."""
        place.parent.mkdir(parents=True, exist_ok=True)
        ready = place.with_name(f".{place.name}.restoring")
        _remove(ready)
        if new is not None:
            shutil.move(new, ready)
        old = None
        if place.exists():
            old = place.with_name(f".{place.name}.before-restore")
            _remove(old)
            os.rename(place, old)
        self.moved.append((place, old))
        if new is not None:
            os.rename(ready, place)

    def undo(self) -> None:
        for place, old in reversed(self.moved):
            _remove(place)
            if old is not None:
                os.rename(old, place)

    def done(self) -> None:
        for _place, old in self.moved:
            if old is not None:
                _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _swap_home(swap: _Swap, staging: Path) -> None:
    """Files and keys: those of the backup, and no uploaded file that it does not have."""
    taken = sorted((staging / "home").iterdir()) if (staging / "home").is_dir() else []
    home, media = Path(settings.HOME), Path(settings.MEDIA_ROOT)
    for item in taken:
        swap.put(item, home / item.name)
    if media.name not in {item.name for item in taken}:
        swap.put(None, media)


def _put_in_place(
    staging: Path, contents: archive.Contents, manifest: archive.Manifest, progress: Progress
) -> int:
    """Swap, and bring the database to this version while the old one can still come back.

    Returns how many migrations that took.
    """
    swap = _Swap()
    try:
        if connection.vendor == "sqlite":
            connections.close_all()
            database = sqlite.path()
            # A left-over log of the old database would be read into the new one.
            for suffix in ("-wal", "-shm"):
                swap.put(None, database.with_name(database.name + suffix))
            swap.put(staging / sqlite.MEMBER, database)
            _swap_home(swap, staging)
            migrated = _migrate(progress)
        else:
            with transaction.atomic():
                postgresql.empty()
                postgresql.load(staging, contents, manifest.migrations, progress)
                # A table with checks that still wait cannot be altered.
                connection.check_constraints()
                migrated = _migrate(progress)
                # Last: where moving fails, the transaction is rolled back as well.
                _swap_home(swap, staging)
    except BaseException:
        if connection.vendor == "sqlite":
            connections.close_all()
        swap.undo()
        raise
    swap.done()
    return migrated


def _migrate(progress: Progress) -> int:
    progress(2, 3, _("migrations"))
    before = _applied()
    call_command("migrate", interactive=False, verbosity=0)
    return _applied() - before


def _applied() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        count: int = cursor.fetchone()[0]
    return count


def _heads() -> dict[str, dict[str, object]]:
    return {head.chain: {"number": head.number, "hash": head.hash} for head in Head.objects.all()}
