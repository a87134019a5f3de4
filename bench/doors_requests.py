"""Many talents ask for the same few openings at once: nothing lost, nothing counted twice.

    python -m bench.doors_requests [--talents 800] [--openings 5] [--rate 200] [--servers 4]
        [--threads 2] [--through api|services] [--worker] [--database URL] [--json]

Makes an installation (a new SQLite file, or the empty PostgreSQL database named). Every talent asks
for each of the openings; every tenth request is sent twice at the same moment (a double click).
Requests begin at `--rate` a second whether or not earlier ones were answered, so that a slow answer
is counted from when it should have begun. `api`: over HTTP to `talex serve` in so many processes.
`services`: the same service calls in so many processes, without HTTP, which says what the database
and its locks carry. `--worker`: with a worker beside the servers, as an installation has, which
writes the mails and sends them into a folder; else they are written afterwards, in this process,
and timed. Afterwards the requests kept, the ledger's entries and each talent's count are
compared with what was answered, and the ledger is verified. Times in milliseconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

PATH = "/api/editions/bench/interests/ask"
TWICE = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asks (token for the API, person for the services), for what, when."""

    at: float
    token: str
    person: str
    opening: str


def prepare(talents: int, openings: int) -> tuple[list[tuple[str, str]], list[str]]:
    """An open conference: (token, person) of each talent, and the openings."""
    from django.core.management import call_command

    from talex.accounts import tokens
    from talex.accounts.models import ApiToken, User
    from talex.core.translated import TranslatedText
    from talex.editions.models import Edition
    from talex.fair.models import Opening
    from talex.participants.models import Delegate, Organisation, Participation, Person, Talent

    call_command("migrate", verbosity=0)
    edition = Edition.objects.create(
        slug="bench", name=TranslatedText.of("Bench"), city=TranslatedText.of("Bench"),
        starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 3), state="open",
    )  # fmt: skip
    company = Organisation.objects.create(
        kind="enterprise", name=TranslatedText.of("Works"), name_line="Works"
    )
    Participation.objects.create(organisation=company, edition=edition)
    # Who reads the requests, and gets a mail about each.
    reader = User(email="delegate@example.org", name="", language="de")
    reader.set_unusable_password()
    reader.save(force_insert=True)
    Delegate.objects.create(
        person=Person.objects.create(name="D", user=reader), edition=edition, organisation=company
    )
    made = [
        Opening.objects.create(
            edition=edition, organisation=company, title=TranslatedText.of(f"Post {number}"),
            title_line=f"Post {number}", state="open",
        )
        for number in range(openings)
    ]  # fmt: skip
    users = [User(email=f"t{n}@example.org", name="", language="en") for n in range(talents)]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users, batch_size=500)
    persons = [Person(name=f"T{n}", user=user) for n, user in enumerate(users)]
    Person.objects.bulk_create(persons, batch_size=500)
    Talent.objects.bulk_create([Talent(person=p, edition=edition) for p in persons], batch_size=500)
    keys = [tokens.make() for _user in users]
    ApiToken.objects.bulk_create(
        [
            ApiToken(user=user, name="bench", prefix=key[:12], digest=tokens.digest(key))
            for user, key in zip(users, keys, strict=True)
        ],
        batch_size=500,
    )
    people = [(key, str(person.pk)) for key, person in zip(keys, persons, strict=True)]
    return people, [str(one.pk) for one in made]


def planned(people: list[tuple[str, str]], openings: list[str], rate: float) -> list[Ask]:
    """Every talent for every opening, each tenth twice at once, spread evenly over time."""
    asks: list[Ask] = []
    for opening in openings:
        for number, (token, person) in enumerate(people):
            for _click in range(2 if number % TWICE == 0 else 1):
                asks.append(Ask(len(asks) / rate, token, person, opening))
    # Both clicks of a double click at the same moment.
    return [
        Ask(asks[at - 1].at, one.token, one.person, one.opening)
        if at and (one.token, one.opening) == (asks[at - 1].token, asks[at - 1].opening)
        else one
        for at, one in enumerate(asks)
    ]


def over_http(ask: Ask, port: int) -> str:
    """What the server answers: the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(
            "POST", PATH, json.dumps({"opening": ask.opening}),
            {"Authorization": f"Bearer {ask.token}", "Content-Type": "application/json"},
        )  # fmt: skip
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


class Crowd:
    """Sends what is planned, and keeps what came back."""

    def __init__(self, asks: list[Ask], send: Any) -> None:
        self.asks, self.send = asks, send
        self.answers: dict[str, int] = {}
        self.times: list[float] = []
        self.lock = threading.Lock()

    def one(self, number: int) -> None:
        ask = self.asks[number]
        due = self.began + ask.at
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        answer = self.send(ask, number)
        took = time.monotonic() - due
        with self.lock:
            self.answers[answer] = self.answers.get(answer, 0) + 1
            self.times.append(took)

    def run(self, at_once: int) -> float:
        """Seconds from the first to the last answer."""
        self.began = time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(self.one, range(len(self.asks))))
        return time.monotonic() - self.began


def caller() -> None:
    """A process that calls the services: reads asks as JSON lines, writes what came of each."""
    import django

    django.setup()
    from talex.core.actor import Actor, Grant
    from talex.core.errors import Conflict
    from talex.editions.models import Edition
    from talex.fair.services import AskToMeet, ask_to_meet

    edition = Edition.objects.get(slug="bench")
    print("ready", flush=True)
    for line in sys.stdin:
        person, opening = json.loads(line)
        actor = Actor(
            user=UUID(person), kind="user",
            grants=frozenset([Grant("talent", edition.pk, None, UUID(person))]),
        )  # fmt: skip
        try:
            ask_to_meet(actor, edition, AskToMeet(UUID(opening)))
            print("201", flush=True)
        except Conflict:
            print("409", flush=True)


class Servers:
    """Four processes, by HTTP or by pipes."""

    def __init__(self, count: int, through: str, threads: int) -> None:
        self.through = through
        self.ports: list[int] = []
        self.locks = [threading.Lock() for _n in range(count)]
        self.processes: list[subprocess.Popen[str]] = []
        for _number in range(count):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            serve = ["-m", "talex.cli.main", "serve", "--no-worker", "--threads", str(threads)]
            command = (
                [*serve, "--port", str(port)]
                if through == "api"
                else ["-m", "bench.doors_requests", "--caller"]
            )
            self.ports.append(port)
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, *command], text=True, stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL if through == "api" else subprocess.PIPE,
                )
            )  # fmt: skip
        for process, port in zip(self.processes, self.ports, strict=True):
            self._await(process, port)
        self.before = sum(_processor(one.pid) for one in self.processes)

    def _await(self, process: subprocess.Popen[str], port: int) -> None:
        if self.through != "api":
            assert process.stdout is not None
            process.stdout.readline()
            return
        until = time.monotonic() + 180
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/e/bench/", timeout=30).read()
                return
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def send(self, ask: Ask, number: int) -> str:
        at = number % len(self.processes)
        if self.through == "api":
            return over_http(ask, self.ports[at])
        process = self.processes[at]
        assert process.stdin is not None and process.stdout is not None
        with self.locks[at]:
            process.stdin.write(json.dumps([ask.person, ask.opening]) + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip() or "gone"

    def stop(self) -> float:
        """Processor seconds the processes took since they answered first."""
        taken = sum(_processor(one.pid) for one in self.processes) - self.before
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        return taken


class Beside:
    """The worker of an installation, where one is wanted."""

    def __init__(self, wanted: bool, folder: Path) -> None:
        mails = {"TALEX_MAIL_URL": f"file://{folder / 'mails'}"}
        command = [sys.executable, "-m", "talex.cli.main", "worker"]
        self.process = (
            subprocess.Popen(command, env={**os.environ, **mails}, stdout=subprocess.DEVNULL)
            if wanted
            else None
        )

    def processor(self) -> float:
        return _processor(self.process.pid) if self.process else 0.0

    def written(self, wanted: int) -> float:
        """Seconds until so many mails are written: by the worker, or here."""
        from talex.ledger import outbox
        from talex.messages.models import Message

        began = time.monotonic()
        while self.process is None and outbox.deliver(only=["fair.telling"]):
            pass  # a call hands out so many blocks at most
        while Message.objects.filter(kind="fair.asked").count() < wanted:
            if time.monotonic() - began > 120:
                break
            time.sleep(0.2)
        return time.monotonic() - began

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)


def _processor(pid: int) -> float:
    """Processor seconds of a process, its ended children included (Linux; 0 elsewhere)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _database() -> int | None:
    """The PostgreSQL server's first process where it runs on this machine."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith((b"/postgres", b"/postmaster")) and b"-D" in words:
            return int(folder.name)
    return None


def run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One measurement."""
    url = options.database or f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ |= {
        "TALEX_HOME": str(folder / "home"), "TALEX_DATABASE_URL": url,
        "TALEX_SECRET_KEY": "bench", "TALEX_LOG_LEVEL": "ERROR",
        "TALEX_URL": "http://127.0.0.1:8000", "PYTHONPATH": os.getcwd(),
        "DJANGO_SETTINGS_MODULE": "talex.settings.production",
    }  # fmt: skip
    import django

    django.setup()
    from django.db import connection
    from django.db.models import Count

    from talex.fair.models import Interest
    from talex.ledger.models import Entry
    from talex.ledger.verify import verify
    from talex.messages.models import Message
    from talex.programme.models import Occupancy

    people, openings = prepare(options.talents, options.openings)
    asks = planned(people, openings, options.rate)
    connection.close()
    database = _database() if options.database else None
    # A backend's time is its parent's only once it has ended: with the server processes.
    before = _processor(database) if database else 0.0
    servers = Servers(options.servers, options.through, options.threads)
    beside = Beside(options.worker, folder)
    taken, mine = 0.0, time.process_time()
    try:
        crowd = Crowd(asks, servers.send)
        seconds = crowd.run(options.at_once)
        mine = time.process_time() - mine
        worked = beside.processor()
    finally:
        taken = servers.stop()
    late = beside.written(options.talents * options.openings)
    beside.stop()
    kept = _processor(database) - before if database else 0.0
    times = sorted(crowd.times)
    figures: dict[str, Any] = {
        "database": connection.vendor,
        "through": options.through,
        "servers": options.servers,
        "talents": options.talents,
        "openings": options.openings,
        "requests": len(asks),
        "wanted requests a second": options.rate,
        "requests a second": round(len(asks) / seconds, 1),
        "processor ms a request: servers": round(1000 * taken / len(asks), 1),
        "processor ms a request: database": round(1000 * kept / len(asks), 1),
        "processor ms a request: clients": round(1000 * mine / len(asks), 1),
        "processor ms a request: worker": round(1000 * worked / len(asks), 1),
        "seconds until the last mail": round(late, 1),
    }
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("slowest", 1.0)):
        figures[f"{name} ms"] = round(1000 * times[min(len(times) - 1, int(share * len(times)))])
    twice = (
        Interest.objects.values("talent", "opening").annotate(n=Count("id")).filter(n__gt=1).count()
    )
    wanted = options.talents * options.openings
    return figures | {
        "answers": dict(sorted(crowd.answers.items())),
        "requests wanted": wanted,
        "requests kept": Interest.objects.count(),
        "kept twice": twice,
        "entries of the ledger": Entry.objects.filter(event="fair.interest.asked").count(),
        "mails written": Message.objects.filter(kind="fair.asked").count(),
        "times held": Occupancy.objects.count(),
        "lost": wanted - Interest.objects.count(),
        "faults in the ledger": len(verify().faults),
    }


def main(arguments: list[str] | None = None) -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--talents", type=int, default=800)
    given.add_argument("--openings", type=int, default=5, help="at most 15, a talent's limit")
    given.add_argument("--rate", type=float, default=200, help="requests a second")
    given.add_argument("--at-once", type=int, default=64, help="requests under way at one moment")
    given.add_argument("--servers", type=int, default=4, help="processes")
    given.add_argument("--threads", type=int, default=2, help="of each process")
    given.add_argument("--through", choices=("api", "services"), default="api")
    given.add_argument("--database", help="an empty PostgreSQL database; else a new SQLite file")
    given.add_argument("--json", action="store_true")
    given.add_argument("--worker", action="store_true", help="a worker beside the servers")
    given.add_argument("--caller", action="store_true", help=argparse.SUPPRESS)
    options = given.parse_args(arguments)
    if options.caller:
        caller()
        return
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
