"""Many people register at once: nothing lost, nothing twice, and how long a request takes.

    python -m bench.doors [--people 1000] [--at-once 40] [--servers 4] [--database URL] [--json]
    python -m bench.doors --requests ...    many ask for the same openings: bench.doors_requests

Makes an installation (a new SQLite file, or the empty PostgreSQL database named), serves it by
`talex serve` in as many processes as asked, and lets people register through the pages as a browser
does: begin, seven pages, each saved twice as it is typed and once as it is sent, then the summary,
sent by two clicks at the same moment. Every fourth has a second window open on one page. Accounts
and their sessions exist before (an address is confirmed by mail, and a password is slow to hash on
purpose). Afterwards every record is compared with what its person typed, and the ledger is
verified. `p95` and the others are of single requests, in milliseconds, as the person waits.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_SEEN = re.compile(r'id="draft-seen" value="([^"]*)"')
_REVISION = re.compile(r'name="revision" value="(\d+)"')
BASE = "/e/bench/register/talent/"
TOKEN = "x" * 32


def answers(number: int) -> dict[str, dict[str, Any]]:
    """Page -> what person `number` types there; all of it tells the person."""
    return {
        "who": {"names": f"Person {number}", "phone": f"+49 151 {number:07d}", "region": "Bonn",
                "birth_year": str(1960 + number % 40), "language": "de"},
        "education": {"degree_level": "master", "education_0_level": "master",
                      "education_0_institution": f"University {number}",
                      "education_0_discipline": "Optics", "education_0_year": "2015"},
        "experience": {"experience_years": str(number % 30),
                       "experience_0_position": f"Engineer {number}",
                       "experience_0_employer": "Laser GmbH", "experience_0_start": "2016-01"},
        "skills": {"skills": f"Optics, Skill {number}", "languages": "German native, English C1"},
        "wishes": {"mode": "both", "wished_regions": "Wuhan", "pay_least": str(50_000 + number),
                   "pay_currency": "EUR", "pay_period": "year"},
        "hours": {"time_zone": "Europe/Berlin", "daily_max": str(1 + number % 9)},
        "consents": {"consents": ["profile", "contact"] if number % 2 else ["profile"]},
    }  # fmt: skip


class Person:
    """A browser of one person: its cookies, its connection, its times."""

    def __init__(self, number: int, session: str, port: int, times: list[float]) -> None:
        self.number, self.session, self.port, self.times = number, session, port, times
        self.failures: list[str] = []

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        """One request: status, and the page."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **(data or {})}, doseq=True)
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(
                method,
                path,
                body if method == "POST" else None,
                {
                    "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept-Language": "en",
                },
            )
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        self.times.append(time.monotonic() - began)
        return answer.status, page

    def expect(self, wanted: int, method: str, path: str, data: Any = None) -> str:
        status, page = self.ask(method, path, data)
        if status != wanted:
            self.failures.append(f"{method} {path}: {status}")
        return page

    def register(self) -> None:
        """All pages, the last one clicked twice."""
        self.expect(303, "POST", BASE)
        for step, typed in answers(self.number).items():
            here = f"{BASE}{step}/"
            seen = self._seen(self.expect(200, "GET", here))
            half = {
                name: text[: len(text) // 2] if isinstance(text, str) else text
                for name, text in typed.items()
            }
            for part in (half, typed):
                seen = self._seen(self.expect(200, "POST", f"{here}save/", {**part, "seen": seen}))
            if step == "who" and self.number % 4 == 0:
                # A second window, opened before anything was typed, saves once more.
                self.expect(200, "POST", f"{here}save/", {"region": "", "seen": "{}"})
                seen = self._seen(self.expect(200, "GET", here))
            self.expect(303, "POST", here, {**typed, "seen": seen})
        found = _REVISION.search(self.expect(200, "GET", f"{BASE}check/"))
        revision = {"revision": found[1] if found else ""}
        clicks = [
            threading.Thread(target=self.expect, args=(303, "POST", f"{BASE}check/", revision))
            for _click in range(2)
        ]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()

    @staticmethod
    def _seen(page: str) -> str:
        found = _SEEN.search(page)
        return found[1].replace("&quot;", '"') if found else "{}"


def prepare(people: int) -> list[str]:
    """An open conference and accounts that are signed in; their sessions."""
    from importlib import import_module

    from allauth.account.models import EmailAddress
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from talex.accounts.models import User
    from talex.core.translated import TranslatedText
    from talex.editions.models import Edition

    call_command("migrate", verbosity=0)
    Edition.objects.create(
        slug="bench", name=TranslatedText.of("Bench"), city=TranslatedText.of("Bench"),
        starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 3), state="open",
    )  # fmt: skip
    store = import_module(settings.SESSION_ENGINE).SessionStore
    sessions = []
    for number in range(people):
        user = User(email=f"person{number}@example.org", name="", language="en")
        user.set_unusable_password()
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    return sessions


def compare(people: int) -> dict[str, int]:
    """What is there afterwards, against what was typed."""
    from talex.editions.models import Consent
    from talex.evidence.models import Evidence
    from talex.participants.models import Person as Record
    from talex.participants.models import Talent
    from talex.participants.registering.models import Draft

    wrong = 0
    for number in range(people):
        typed = answers(number)
        found = Talent.objects.filter(person__email=f"person{number}@example.org").first()
        wrong += found is None or (
            found.person.name, found.person.phone, found.region, found.institution,
            found.experience[0]["position"], found.skills[-1], found.wished_pay["least"],
            found.daily_max, len(found.languages),
        ) != (
            f"Person {number}", typed["who"]["phone"], "Bonn", f"University {number}",
            f"Engineer {number}", f"Skill {number}", str(50_000 + number),
            1 + number % 9, 2,
        )  # fmt: skip
    return {
        "registered": Talent.objects.count(),
        "persons": Record.objects.count(),
        "evidence rows": Evidence.objects.filter(rung="registered").count(),
        "consents": Consent.objects.count(),
        "consents wanted": people + people // 2,
        "open drafts": Draft.objects.filter(sent_at__isnull=True).count(),
        "records that differ from what was typed": wrong,
    }


def serve(count: int, environment: dict[str, str]) -> list[tuple[subprocess.Popen[bytes], int]]:
    """So many servers, each a process of its own."""
    made = []
    for _number in range(count):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "talex.cli.main", "serve", "--no-worker", "--port"]
        # Their warnings of a queue at every request would drown what is told.
        process = subprocess.Popen(
            [*command, str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        made.append((process, port))
    for process, port in made:
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/e/bench/", timeout=10).read()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.3)
    return made


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One measurement."""
    url = options.database or f"sqlite:///{folder / 'bench.sqlite3'}"
    environment = {
        **os.environ,
        "TALEX_HOME": str(folder / "home"), "TALEX_DATABASE_URL": url,
        "TALEX_SECRET_KEY": "bench", "TALEX_LOG_LEVEL": "ERROR",
        "TALEX_URL": "http://127.0.0.1:8000", "PYTHONPATH": os.getcwd(),
    }  # fmt: skip
    os.environ |= {**environment, "DJANGO_SETTINGS_MODULE": "talex.settings.production"}
    import django

    django.setup()
    from django.db import connection

    from talex.ledger.verify import verify

    sessions = prepare(options.people)
    times: list[float] = []
    servers = serve(options.servers, environment)
    try:
        crowd = [
            Person(number, key, servers[number % len(servers)][1], times)
            for number, key in enumerate(sessions)
        ]
        began = time.monotonic()
        with ThreadPoolExecutor(options.at_once) as pool:
            list(pool.map(Person.register, crowd))
        seconds = time.monotonic() - began
    finally:
        for process, _port in servers:
            process.terminate()
        for process, _port in servers:
            process.wait(30)
    times.sort()
    failures = [failure for one in crowd for failure in one.failures]
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    figures: dict[str, Any] = {
        "database": connection.vendor,
        "people": options.people,
        "at once": options.at_once,
        "servers": options.servers,
        "seconds": round(seconds, 1),
        "registrations a minute": round(60 * options.people / seconds),
        "requests": len(times),
        "requests a second": round(len(times) / seconds, 1),
        "requests answered otherwise than they should": len(failures),
    }
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("slowest", 1.0)):
        figures[f"{name} ms"] = round(1000 * times[min(len(times) - 1, int(share * len(times)))])
    return figures | compare(options.people) | {"faults in the ledger": len(verify().faults)}


def main() -> None:
    if "--requests" in sys.argv:
        from bench import doors_requests

        doors_requests.main([one for one in sys.argv[1:] if one != "--requests"])
        return
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--people", type=int, default=1000)
    given.add_argument("--at-once", type=int, default=40, help="people who register at one moment")
    given.add_argument("--servers", type=int, default=4, help="processes of the server")
    given.add_argument("--database", help="an empty PostgreSQL database; else a new SQLite file")
    given.add_argument("--json", action="store_true")
    options = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="talex-bench-") as name:
        figures = run(options, Path(name))
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    print("| figure | |\n|---|---|")
    for label, value in figures.items():
        print(f"| {label} | {value} |")


if __name__ == "__main__":
    main()
