"""Malware in files that people give: asked of a clamd, where the operator has one.

The protocol is clamd's own (`zINSTREAM`, its manual page clamd(8)): the file is sent in chunks with
their length before them, over TCP or a Unix socket, so that clamd needs no right to read our disk.
While a clamd is configured and does not answer, files are refused: none comes in unseen.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from talex.core.errors import Invalid
from talex.core.registries import Finding, Level

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_SECONDS = 60.0
_LONGEST_ANSWER = 4096


class Unscanned(Exception):
    """The scanner did not answer, or not as a clamd does; the text is for the log."""


class TooLargeToScan(Exception):
    """The scanner takes no file of this size (its StreamMaxLength)."""


def _connected(url: str, seconds: float) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        found.settimeout(seconds)
        try:
            found.connect(unquote(parts.path))
        except OSError:
            found.close()
            raise
        return found
    return socket.create_connection((parts.hostname or "", parts.port or 3310), seconds)


def _answer(connection: socket.socket) -> str:
    """What clamd says, up to the zero that ends it."""
    told = b""
    while not told.endswith(b"\0") and len(told) < _LONGEST_ANSWER:
        more = connection.recv(_LONGEST_ANSWER)
        if not more:
            break
        told += more
    return told.rstrip(b"\0\n").decode("utf-8", "replace")


def found_in(path: Path, url: str, *, seconds: float = _SECONDS) -> str:
    """The name of what clamd finds in the file, or "" where it is clean.

    `seconds` is the longest wait for each step. Raises `Unscanned`, `TooLargeToScan`.
    """
    try:
        with closing(_connected(url, seconds)) as connection, path.open("rb") as stream:
            told = _sent(connection, stream)
    except OSError as error:
        raise Unscanned(str(error)) from error
    said = told.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND") or "?"
    if "size limit exceeded" in said:
        raise TooLargeToScan
    raise Unscanned(told or "no answer")


def _sent(connection: socket.socket, stream: BinaryIO) -> str:
    try:
        connection.sendall(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It stopped listening: a stream that is too long is answered before its end.
        pass
    return _answer(connection)


def refuse_infected(path: Path) -> None:
    """Raise `Invalid` (file) where the file is infected, or cannot be scanned though it should."""
    url: str = settings.TALEX_CLAMD_URL
    if not url:
        return
    try:
        name = found_in(path, url)
    except TooLargeToScan:
        raise Invalid(
            {"file": _("This file is too large to be scanned for malware. Send a smaller one.")}
        ) from None
    except Unscanned as error:
        log.error("clamd at %s did not scan a file: %s", url, error)
        raise Invalid(
            {
                "file": _(
                    "Files cannot be scanned for malware at the moment, so none is taken. "
                    "Try again in a few minutes."
                )
            }
        ) from None
    if name:
        log.warning("an infected file was refused: %s", name)
        raise Invalid(
            {
                "file": _(
                    "This file is infected (%(name)s) and was not kept. Scan your device, and "
                    "send a clean copy."
                )
                % {"name": name[:100]}
            }
        )


@dataclass(frozen=True)
class ScannerCheck:
    """`talex doctor`: whether the configured clamd answers."""

    name: str = "core.scanner"

    def check(self) -> Iterable[Finding]:
        url: str = settings.TALEX_CLAMD_URL
        if not url:
            yield Finding(
                Level.FINE, _("Files that people give are not scanned (TALEX_CLAMD_URL).")
            )
            return
        try:
            with closing(_connected(url, 5.0)) as connection:
                connection.sendall(b"zPING\0")
                told = _answer(connection)
        except OSError as error:
            told = str(error)
        if told == "PONG":
            yield Finding(Level.FINE, _("Files that people give are scanned by clamd."))
            return
        yield Finding(
            Level.FAULT,
            _("clamd at %(url)s does not answer: %(why)s") % {"url": url, "why": told},
            _("Start it or mend TALEX_CLAMD_URL; until then no file is taken."),
        )
