"""Connections that are held open, by silence or a byte at a time, keep nobody else out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from waitress.server import create_server

from talex.cli.installation import bodies, slow

HEAD = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(slow, "GRACE", 1.0)
    monkeypatch.setattr(slow, "LOOK", 1)
    sockets: dict[int, object] = {}
    server = create_server(application, sockets, host="127.0.0.1", port=0, **slow.options())
    bodies.watch(sockets)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def test_more_are_taken_than_waitress_takes_by_itself(port: int) -> None:
    held = [connected(port) for _ in range(150)]
    with connected(port) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(100).startswith(b"HTTP/1.1 200")
    for one in held:
        one.close()


@pytest.mark.parametrize("begun", [b"", HEAD, HEAD + b"\r\n"])
def test_a_request_of_a_byte_a_second_is_left(port: int, begun: bytes) -> None:
    with connected(port) as one:
        one.sendall(begun or b"G")
        until = time.monotonic() + 30
        with pytest.raises(OSError):
            while time.monotonic() < until:
                time.sleep(0.2)
                one.sendall(b"x")
                one.settimeout(0.01)
                try:
                    if not one.recv(10):
                        raise ConnectionResetError
                except TimeoutError:
                    pass
                one.settimeout(30)


def test_what_comes_steadily_is_read_to_its_end(port: int) -> None:
    with connected(port) as one:
        one.sendall(HEAD.replace(b"1000", b"60000") + b"\r\n")
        for _ in range(12):  # three seconds: longer than the grace, fast enough
            time.sleep(0.25)
            one.sendall(b"x" * 5000)
        assert one.recv(100).startswith(b"HTTP/1.1 200")
