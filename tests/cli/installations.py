"""Whole installations for tests: a folder and a database of their own, driven by `talex …`.

Bringing a database up takes half a minute of a core. A test that is not about that takes a copy of
the one that the test process brought up for itself, made before any test wrote into it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Installation:
    """One installation; commands run in processes of their own, with production settings."""

    home: Path
    url: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TALEX_", "DJANGO_"))}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "TALEX_HOME": str(self.home),
            "TALEX_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "talex.settings.production",
            **self.environment,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python with these arguments."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def talex(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """`talex …`; fails where it ends with another code."""
        done = self.run("-m", "talex.cli.main", *arguments)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def told(self, *arguments: str, code: int = 0) -> Any:
        """What `talex --json …` says."""
        return json.loads(self.talex("--json", *arguments, code=code).stdout)

    def python(self, code: str) -> str:
        """What a piece of Python prints, Django being set up."""
        done = self.run("-c", f"import django; django.setup()\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def migrate(self, *target: str) -> None:
        done = self.run("-m", "django", "migrate", "-v0", *target)
        assert done.returncode == 0, done.stderr


_kept: list[bool] = []


def _kept_file() -> Path:
    return Path(settings.HOME) / "migrated.sqlite3"


def _kept_name() -> str:
    return f"talex_migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@contextmanager
def migrated_kept() -> Iterator[None]:
    """Meanwhile there is a copy of the test database, which was just made and is empty."""
    if "django_migrations" not in connection.introspection.table_names():
        yield  # no test of this run uses the database: none was made
        return
    _kept.append(True)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_kept_file())) as copy:
            connection.connection.backup(copy)
        yield
        return
    name = connection.settings_dict["NAME"]
    connection.close()  # PostgreSQL copies a database that nobody uses
    with _admin() as admin:
        admin.execute(f"CREATE DATABASE {_kept_name()} TEMPLATE {name}")
    yield
    with _admin() as admin:
        admin.execute(f"DROP DATABASE {_kept_name()} WITH (FORCE)")


def _admin() -> psycopg.Connection[Any]:
    given = settings.DATABASES["default"]
    return psycopg.connect(
        host=given["HOST"] or given["OPTIONS"].get("host", ""),
        port=given["PORT"] or None,
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )


def _postgresql_url(name: str) -> str:
    given = settings.DATABASES["default"]
    user, password = quote(given["USER"]), quote(given["PASSWORD"])
    login = f"{user}{':' + password if password else ''}@" if user else ""
    port = f":{given['PORT']}" if given["PORT"] else ""
    options = urlencode({k: v for k, v in given["OPTIONS"].items() if isinstance(v, str)})
    return f"postgresql://{login}{given['HOST']}{port}/{name}?{options}"


@contextmanager
def installation(
    folder: Path, *, migrated: bool = False, **environment: str
) -> Iterator[Installation]:
    """An installation on the kind of database that the tests run on; nothing is in it yet.

    With `migrated` its database is that of this version, as `talex migrate` leaves an empty one.
    """
    folder.mkdir(parents=True)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        place = Installation(folder, f"sqlite:///{folder / 'talex.sqlite3'}", environment)
        if migrated and _kept:
            shutil.copyfile(_kept_file(), folder / "talex.sqlite3")
        elif migrated:
            place.migrate()
        yield place
        return
    name = f"talex_installation_{uuid.uuid4().hex[:12]}"
    like = f" TEMPLATE {_kept_name()}" if migrated and _kept else ""
    with _admin() as admin:
        admin.execute(f"CREATE DATABASE {name}{like}")
        try:
            place = Installation(folder, _postgresql_url(name), environment)
            if migrated and not _kept:
                place.migrate()
            yield place
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
