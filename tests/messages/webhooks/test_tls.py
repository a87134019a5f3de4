"""The connection goes to the address that was looked at, and the certificate must be the name's."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from talex.messages.webhooks import transport

NAME = "partner.example.org"


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    told = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "server.pem"
    file.write_bytes(told + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[Any]]]:
    """A TLS server on this machine for NAME; its port, and what it saw."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, self.headers["Host"], body))
            self.send_response(204)
            self.end_headers()

    file = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(transport, "resolve", lambda url: "127.0.0.1")
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(file))
    # A proxy of the environment would resolve the name a second time.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_name_is_asked_for_and_its_certificate_taken(secure: tuple[int, list[Any]]) -> None:
    port, seen = secure
    answer = transport.post(f"https://{NAME}:{port}/hook?a=1", b"{}", {})
    assert answer.status == 204
    assert seen == [NAME, ("/hook?a=1", f"{NAME}:{port}", b"{}")]


def test_a_certificate_of_another_name_is_refused(secure: tuple[int, list[Any]]) -> None:
    port, seen = secure
    with pytest.raises(requests.exceptions.SSLError):
        transport.post(f"https://other.example.org:{port}/hook", b"{}", {})
    assert seen == ["other.example.org"]


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: tuple[int, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, _seen = secure
    monkeypatch.undo()
    monkeypatch.setattr(transport, "resolve", lambda url: "127.0.0.1")
    with pytest.raises(requests.exceptions.SSLError):
        transport.post(f"https://{NAME}:{port}/hook", b"{}", {})
