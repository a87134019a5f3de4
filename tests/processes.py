"""Processes of their own that work on the test's database (transactional tests only)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

_BEGIN = """
import os
import django
from django.conf import settings
django.setup()
for name, value in {overrides!r}.items():
    setattr(settings, name, value)
"""


def database_url() -> str:
    """The address of the test database, as TALEX_DATABASE_URL takes it."""
    given = connection.settings_dict
    name = str(given["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(name)}"
    user, password = quote(given["USER"]), quote(given["PASSWORD"])
    where = f"{user}{':' + password if password else ''}@{given['HOST']}"
    port = f":{given['PORT']}" if given["PORT"] else ""
    options = {k: v for k, v in given["OPTIONS"].items() if isinstance(v, str)}
    return f"postgresql://{where}{port}/{quote(name)}?{urlencode(options)}"


def start(
    code: str, *arguments: str, overrides: Mapping[str, object] | None = None
) -> subprocess.Popen[str]:
    """Run Python code with production settings on the test's database; `overrides` are settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "talex.settings.production",
        "TALEX_HOME": str(settings.HOME),
        "TALEX_SECRET_KEY": "of-a-test",
        "TALEX_DATABASE_URL": database_url(),
        "PYTHONPATH": os.getcwd(),
    }
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            _BEGIN.format(overrides=dict(overrides or {})) + textwrap.dedent(code),
            *arguments,
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 90) -> str:
    """What the process printed; fails where it failed."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"exit {process.returncode}\n{out}\n{err}"
    return out


def line(process: subprocess.Popen[str], seconds: float = 40) -> str:
    """The next line that the process prints; fails where none comes in time."""
    assert process.stdout is not None
    watch = threading.Timer(seconds, process.kill)
    watch.start()
    try:
        found = process.stdout.readline().strip()
    finally:
        watch.cancel()
    assert found, f"no line came\n{process.communicate(timeout=30)[1]}"
    return found
