"""Malware in files that people give: asked of a clamd, where the operator has one.

The protocol is clamd's own (`zINSTREAM`, its manual page clamd(8)): the file is sent in chunks with
their length before them, over TCP or a Unix socket, so that clamd needs no right to read our disk.
While a clamd is configured and does not answer, files are refused: none comes in unseen.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Iterable
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
_SECONDS_OF_PING = 5.0
_LONGEST_ANSWER = 4096


class Unscanned(Exception):
    """The scanner did not answer, or not as a clamd does; the text is for the log."""


class TooLargeToScan(Exception):
    """The scanner takes no file of this size (its StreamMaxLength)."""


class _Exchange:
    """A connection with one limit of time for all of it.

    A socket's own limit starts anew with every byte, so that an answer that trickles in would hold
    the request, and the worker that serves it, for as long as the other side likes.
    """

    def __init__(self, url: str, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._socket = _connected(url, seconds)

    def __enter__(self) -> _Exchange:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._socket.close()

    def _hurry(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)

    def send(self, content: bytes) -> None:
        self._hurry()
        self._socket.sendall(content)

    def answer(self) -> str:
        """What clamd says. Without the zero that ends it, it is half an answer and says nothing."""
        told = b""
        while not told.endswith(b"\0"):
            if len(told) >= _LONGEST_ANSWER:
                raise Unscanned("an answer without an end")
            self._hurry()
            more = self._socket.recv(_LONGEST_ANSWER)
            if not more:
                raise Unscanned(f"half an answer: {told!r}" if told else "no answer")
            told += more
        return told.rstrip(b"\0\n").decode("utf-8", "replace")


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


def found_in(path: Path, url: str, *, seconds: float = _SECONDS) -> str:
    """The name of what clamd finds in the file, or "" where it is clean.

    `seconds` is the longest that all of it may take. Raises `Unscanned`, `TooLargeToScan`.
    """
    try:
        with _Exchange(url, seconds) as exchange, path.open("rb") as stream:
            told = _sent(exchange, stream)
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


def _sent(exchange: _Exchange, stream: BinaryIO) -> str:
    try:
        exchange.send(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            exchange.send(struct.pack("!L", len(chunk)) + chunk)
        exchange.send(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It stopped listening: a stream that is too long is answered before its end.
        pass
    return exchange.answer()


def refuse_infected(path: Path) -> None:
    """Raise `Invalid` (file) where the file is infected, or cannot be scanned though it should."""
    url: str = settings.TALEX_CLAMD_URL
    if not url:
        return
    try:
        name = found_in(path, url, seconds=_SECONDS)
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
            with _Exchange(url, _SECONDS_OF_PING) as exchange:
                exchange.send(b"zPING\0")
                told = exchange.answer()
        except (OSError, Unscanned) as error:
            told = str(error)
        if told == "PONG":
            yield Finding(Level.FINE, _("Files that people give are scanned by clamd."))
            return
        yield Finding(
            Level.FAULT,
            _("clamd at %(url)s does not answer: %(why)s") % {"url": url, "why": told},
            _("Start it or mend TALEX_CLAMD_URL; until then no file is taken."),
        )
