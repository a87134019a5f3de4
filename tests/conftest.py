"""What every test shares: database, browser, compiled catalogues, a ledger that can be emptied.

`make test` runs on a SQLite file, `make test-postgresql` the same tests on PostgreSQL. With
TALEX_REQUIRE_POSTGRESQL=1 or TALEX_REQUIRE_BROWSER=1 (CI) a test that lacks one fails, it does
not skip.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django import DjangoDbBlocker

# Where a Chromium may be; Playwright's own browser is not downloaded.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _lacking(what: str, switch: str, how: str) -> NoReturn:
    if os.environ.get(switch) == "1":
        pytest.fail(f"{what} is missing, and {switch}=1 asks for it. {how}")
    pytest.skip(f"{what} is missing. {how}")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    on = settings.DATABASES["default"]["ENGINE"]
    if os.environ.get("TALEX_REQUIRE_POSTGRESQL") == "1" and not on.endswith("postgresql"):
        raise pytest.UsageError(
            "TALEX_REQUIRE_POSTGRESQL=1, but TALEX_DATABASE_URL does not name a PostgreSQL database"
        )
    if "PYTEST_XDIST_WORKER" not in os.environ:
        from talex.core.catalogues import compile_all

        compile_all()


@pytest.fixture(scope="session", autouse=True)
def _ledger_can_be_emptied() -> None:
    """Only here: a test database is emptied after a test that committed."""
    from tests import harness

    harness.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, and a copy for tests that drive a whole installation."""
    from tests.cli.installations import migrated_kept

    kept = migrated_kept()
    with django_db_blocker.unblock():
        kept.__enter__()
    yield
    kept.__exit__(None, None, None)


def pytest_report_header() -> str:
    from django.conf import settings

    database = settings.DATABASES["default"]
    return f"database: {database['ENGINE'].rpartition('.')[2]}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser (TALEX_CHROMIUM, or the first one found)."""
    given = os.environ.get("TALEX_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found or not Path(found).exists():
        _lacking(
            "A Chromium browser",
            "TALEX_REQUIRE_BROWSER",
            "Install it (Debian: apt-get install chromium), or name it in TALEX_CHROMIUM.",
        )
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium beside the test's own server."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; the database is used beside it, not in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def on_postgresql() -> None:
    """For a test that only PostgreSQL can answer; the same test must not exist for SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("for PostgreSQL only (make test-postgresql)")


@pytest.fixture
def on_sqlite() -> None:
    """For a test that only SQLite can answer."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("for SQLite only (make test)")


@pytest.fixture(autouse=True)
def _language_and_zone() -> Iterator[None]:
    """A test that turns to another language or zone leaves none of it to the next."""
    from django.utils import timezone, translation

    translation.activate("en")
    yield
    translation.deactivate()
    timezone.deactivate()
