"""`talex serve` and `talex worker`: they start, answer, work, and stop together."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from talex.cli.installation import lock, server
from talex.core.errors import Conflict, Invalid
from tests.cli.installations import installation

# A job that fails at once, because there is no such edition: it shows that a worker took it.
WAIT_FOR_A_JOB = """
import time, uuid
from talex.core.actor import SYSTEM
from talex.core.jobs import enqueue
from talex.fair.services.matches import JOB
job = enqueue(SYSTEM, JOB, {"edition": str(uuid.uuid4()), "per_talent": 1, "minimum": "0"})
for _ in range(400):
    job.refresh_from_db()
    if job.finished:
        break
    time.sleep(0.2)
print(job.state)
"""


MEGABYTE = 1024 * 1024


def sent(address: str, path: str, body: Any, language: str, **headers: str) -> Any:
    """The answer to a body that is sent to its end."""
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)) as line:
        given = {"Accept-Language": language, "Content-Type": "text/plain", **headers}
        line.request("POST", path, body, given, encode_chunked="Transfer-Encoding" in headers)
        answer = line.getresponse()
        return answer, answer.read().decode()


def refuses_what_is_too_large(address: str) -> None:
    """In the reader's language, however the body comes; `installation` takes files of 1 MB."""
    most = 11 * MEGABYTE  # with the rest of a form
    answer, told = sent(address, "/api/editions", b"x" * (most + MEGABYTE), "de")
    assert answer.status == 413 and answer.headers["Connection"] == "close"
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = json.loads(told)
    assert problem["instance"] == "/api/editions" and "größer als 1,0" in problem["detail"]
    pieces = (b"x" * MEGABYTE for _piece in range(13))
    answer, told = sent(address, "/styles/", pieces, "zh-hans", **{"Transfer-Encoding": "chunked"})
    assert answer.status == 413 and 'lang="zh-hans"' in told.lower() and "1.0" in told
    # Who asks before sending anything is not told to go on.
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        asked = f"POST /api/me HTTP/1.1\r\nHost: {host}\r\nContent-Length: {10 * most}\r\n"
        line.sendall(f"{asked}Expect: 100-continue\r\n\r\n".encode())
        with line.makefile("rb") as answers:
            assert answers.readline().startswith(b"HTTP/1.1 413")
            assert b"application/problem+json" in answers.read()  # and the line is closed
    answer, told = sent(address, "/api/editions", b"{}", "en")
    assert answer.status == 401


def test_serves_works_and_stops(tmp_path: Path) -> None:
    with installation(tmp_path / "home", TALEX_UPLOAD_LIMIT=str(MEGABYTE)) as place:
        refused = place.talex("serve", "--port", "0", code=6)
        assert "talex migrate" in refused.stderr and "accounts.0001_initial" in refused.stderr

        serving = place.start("-m", "talex.cli.main", "--json", "serve", "--port", "0", "--migrate")
        try:
            assert serving.stdout is not None
            told = "".join(iter(serving.stdout.readline, "}\n")) + "}"
            address = json.loads(told)["address"]
            with urllib.request.urlopen(address + "/", timeout=60) as answer:
                assert answer.status == 200
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            refuses_what_is_too_large(address)
            assert place.python(WAIT_FOR_A_JOB) == "failed"
            serving.send_signal(signal.SIGTERM)
            _out, err = serving.communicate(timeout=60)
            assert serving.returncode == 0, err
            assert "Traceback" not in err, err
        finally:
            serving.kill()
            serving.communicate()
        # Nobody is left: neither the worker nor the lock.
        assert place.told("worker", "--once") == {"jobs": 0}


@pytest.mark.django_db
def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Invalid, match=str(port)):
            server.serve(
                server.Options(port=port, workers=0), note=lambda told: None, ready=lambda at: None
            )


def test_a_server_waits_for_a_restore() -> None:
    with lock.alone(), pytest.raises(Conflict, match="restored"), lock.running():
        pass
    with lock.running(), lock.running(), pytest.raises(Conflict, match="Stop"), lock.alone():
        pass
    assert (Path(settings.HOME) / lock.NAME).exists()


def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within ten seconds")


def test_a_worker_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def spawn(processes: int) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "60"]))
        return started[-1]

    monkeypatch.setattr("talex.core.jobs.worker.spawn", spawn)
    monkeypatch.setattr(server, "_SECONDS_TO_TRY_AGAIN", 0.01)
    notes: list[str] = []
    with server._Worker(1, notes.append):
        started[0].kill()
        until(lambda: len(started) == 2)
        assert len(notes) == 1 and started[1].poll() is None
    assert started[1].returncode == -signal.SIGTERM


def test_no_worker_is_started_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def spawn(processes: int) -> None:
        raise AssertionError("a worker was started")

    monkeypatch.setattr("talex.core.jobs.worker.spawn", spawn)
    with server._Worker(0, lambda told: None):
        pass
