"""Files are scanned by a clamd where one is configured; here by one that speaks its protocol."""

from __future__ import annotations

import io
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from talex.core import scanning, uploads
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.core.models import Upload
from talex.core.registries import Level
from talex.core.scanning import ScannerCheck, TooLargeToScan, Unscanned, found_in
from tests.core.hostile import pdf

# What every scanner agrees to find, in two parts so that none finds it in this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """A server that reads INSTREAM as clamd(8) says, and answers as clamd does."""

    def __init__(self, family: int, address: Any, limit: int = 1_000_000) -> None:
        self.limit, self.seen = limit, b""
        self.end, self.trickles = b"\0", False
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(address)
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _from = self.socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                told = self._told(connection) + self.end
                while self.trickles:  # each byte sooner than a limit of one step would end it
                    connection.sendall(b" ")
                    time.sleep(0.02)
                connection.sendall(told)

    def _exactly(self, connection: socket.socket, count: int) -> bytes:
        read = b""
        while len(read) < count:
            more = connection.recv(count - len(read))
            if not more:
                return read
            read += more
        return read

    def _told(self, connection: socket.socket) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self._exactly(connection, 1)
        if command == b"zPING\0":
            return b"PONG"
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        self.seen = b""
        while size := struct.unpack("!L", self._exactly(connection, 4))[0]:
            self.seen += self._exactly(connection, size)
            if len(self.seen) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Signature FOUND" if EICAR in self.seen else b"stream: OK"


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    server = FakeClamd(socket.AF_INET, ("127.0.0.1", 0))
    yield server
    server.socket.close()


def url_of(server: FakeClamd) -> str:
    return f"tcp://127.0.0.1:{server.socket.getsockname()[1]}"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_the_whole_file_is_sent_and_what_is_found_is_named(
    clamd: FakeClamd, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 1000  # several chunks
    assert found_in(write(tmp_path, content), url_of(clamd)) == ""
    assert clamd.seen == content
    assert found_in(write(tmp_path, content + EICAR), url_of(clamd)) == "Eicar-Signature"


def test_a_unix_socket_does_as_well(tmp_path: Path) -> None:
    server = FakeClamd(socket.AF_UNIX, str(tmp_path / "ctl"))
    assert found_in(write(tmp_path, EICAR), f"unix://{tmp_path}/ctl") == "Eicar-Signature"
    server.socket.close()


def test_too_large_and_not_there_are_told_apart(clamd: FakeClamd, tmp_path: Path) -> None:
    clamd.limit = 10
    with pytest.raises(TooLargeToScan):
        found_in(write(tmp_path, b"x" * 100), url_of(clamd))
    with pytest.raises(Unscanned):
        found_in(write(tmp_path, b"x"), f"unix://{tmp_path}/nobody")


def test_an_answer_that_trickles_in_ends_with_the_time_for_all_of_it(
    clamd: FakeClamd, tmp_path: Path
) -> None:
    clamd.trickles = True
    with pytest.raises(Unscanned, match="timed out"):
        found_in(write(tmp_path, b"x"), url_of(clamd), seconds=0.3)


def test_a_scanner_that_says_nothing_ends_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unscanned, match="timed out"):
            found_in(write(tmp_path, b"x"), url, seconds=0.2)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["half", "trickle"])
def test_half_an_answer_or_none_in_time_refuses_the_file(
    fault: str, clamd: FakeClamd, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clamd.end, clamd.trickles = b"", fault == "trickle"
    monkeypatch.setattr(scanning, "_SECONDS", 0.3 if clamd.trickles else 60.0)
    settings.TALEX_CLAMD_URL = url_of(clamd)
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    before = sorted(p for p in folder.rglob("*") if p.is_file())
    with pytest.raises(Invalid) as refused:
        uploads.store(SYSTEM, io.BytesIO(pdf()), edition=None, purpose="x", name="a.pdf")
    assert "cannot be scanned" in str(refused.value.fields["file"][0])
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == before
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_an_infected_file_is_refused_and_kept_nowhere(clamd: FakeClamd, settings: Any) -> None:
    settings.TALEX_CLAMD_URL = url_of(clamd)
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    before = sorted(p for p in folder.rglob("*") if p.is_file())
    with pytest.raises(Invalid) as refused:
        uploads.store(SYSTEM, io.BytesIO(pdf(more=EICAR)), edition=None, purpose="x", name="a.pdf")
    assert "Eicar-Signature" in str(refused.value.fields["file"][0])
    assert sorted(p for p in folder.rglob("*") if p.is_file()) == before
    assert not Upload.objects.exists()
    kept = uploads.store(SYSTEM, io.BytesIO(pdf()), edition=None, purpose="x", name="a.pdf")
    assert kept.path.exists()


@pytest.mark.django_db
def test_without_the_scanner_no_file_is_taken(tmp_path: Path, settings: Any) -> None:
    settings.TALEX_CLAMD_URL = f"unix://{tmp_path}/nobody"
    with pytest.raises(Invalid) as refused:
        uploads.store(SYSTEM, io.BytesIO(b"%PDF-1"), edition=None, purpose="x", name="a.pdf")
    assert "cannot be scanned" in str(refused.value.fields["file"][0])
    assert not Upload.objects.exists()


def test_the_doctor_asks_it(clamd: FakeClamd, settings: Any) -> None:
    settings.TALEX_CLAMD_URL = url_of(clamd)
    assert [f.level for f in ScannerCheck().check()] == [Level.FINE]
    clamd.end = b""
    assert [f.level for f in ScannerCheck().check()] == [Level.FAULT]
    settings.TALEX_CLAMD_URL = "tcp://127.0.0.1:1"
    assert [f.level for f in ScannerCheck().check()] == [Level.FAULT]
