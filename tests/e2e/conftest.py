"""A whole installation of its own, served as an operator serves it, and a browser before it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple 7"


@dataclass
class Site:
    """A running installation: its address, its folder, and how to give it a command."""

    url: str
    home: Path
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    def start(self, *command: str) -> None:
        """Serve it, and wait until it answers."""
        with (self.home / "server.log").open("a") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", *command, "--port", self.url.rpartition(":")[2]],
                env=self.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        _await(self.url, self.server, self.home)

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=40)

    @contextmanager
    def days_later(self, days: int) -> Iterator[None]:
        """The same installation, served as it will be in some days; then as today again."""
        self.stop()
        self.start("tests.later", str(days), "serve", "--no-worker")
        yield
        self.stop()
        self.start("talex.cli.main", "serve")

    def talex(self, *arguments: str) -> str:
        """Run a command of the installation; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "talex.cli.main", *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def link_in_mail(self, to: str) -> str:
        """The first link of the newest mail to an address."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for path in sorted((self.home / "mail").glob("*"), reverse=True):
                message = message_from_bytes(path.read_bytes(), policy=policy.default)
                if to in str(message["To"]):
                    body = message.get_body(("plain",))
                    found = re.search(r"https?://\S+", body.get_content() if body else "")
                    if found:
                        return found[0]
            time.sleep(0.3)
        raise AssertionError(f"no mail with a link came to {to}")


@contextmanager
def installed(home: Path, **more: str) -> Iterator[Site]:
    """An installation that is served; `more` is said to it through the environment."""
    (home / "mail").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("TALEX_", "DJANGO_"))
    } | {
        "TALEX_HOME": str(home), "TALEX_URL": url, "PYTHONPATH": str(ROOT),
        "TALEX_MAIL_URL": f"file://{home / 'mail'}", "TALEX_LANGUAGE": "en",
    } | more  # fmt: skip
    made = Site(url, home, environment)
    try:
        made.start("talex.cli.main", "serve", "--migrate")
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with installed(tmp_path_factory.mktemp("talex")) as made:
        yield made


def _await(url: str, server: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert server.poll() is None, (home / "server.log").read_text()
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError((home / "server.log").read_text())


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield opened
        opened.close()


Open = Callable[[str, int], Page]


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """`open_page(language, width)`: a visitor of their own who reads that language."""
    contexts = []

    def make(language: str, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site.url, locale=language, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots are kept (git does not know the folder)."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
