"""A mailbox that speaks as much of IMAP4rev1 (RFC 3501) as a reader of bounces needs."""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Any

_FETCH = re.compile(rb"(\d+) \((RFC822\.SIZE|BODY\.PEEK\[\]<0\.(\d+)>)\)", re.IGNORECASE)
_STORE = re.compile(rb"(\d+) \+FLAGS\.SILENT \(([^)]*)\)", re.IGNORECASE)


class Mailbox(socketserver.ThreadingTCPServer):
    """`mails` uid -> content, `flags` uid -> flags; `said` is every command, without passwords."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.login = (user, password)
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.said: list[str] = []
        self.breaks_at = ""  # hang up at this command
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def put(self, content: bytes) -> int:
        uid = len(self.mails) + 101
        self.mails[uid], self.flags[uid] = content, set()
        return uid


class _Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.selected = self.authenticated = False
        self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
        while line := self.rfile.readline():
            tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
            name, _, arguments = rest.partition(b" ")
            command = name.upper().decode()
            if command == "UID":
                more, _, arguments = arguments.partition(b" ")
                command = f"UID {more.upper().decode()}"
            self.server.said.append(command)
            if command == self.server.breaks_at:
                return
            answer = self.answer(command, arguments)
            self.wfile.write(tag + b" " + answer + b"\r\n")
            if command == "LOGOUT":
                return

    def answer(self, command: str, arguments: bytes) -> bytes:
        handler: Any = getattr(self, "do_" + command.replace(" ", "_"), None)
        if handler is None:
            return b"BAD unknown"
        if command.startswith("UID") and not self.selected:
            return b"BAD nothing selected"
        told: bytes = handler(arguments)
        return told

    def do_CAPABILITY(self, arguments: bytes) -> bytes:
        self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        return b"OK done"

    def do_LOGIN(self, arguments: bytes) -> bytes:
        user, password = (a.strip(b'"').decode() for a in arguments.split(b" ", 1))
        if (user, password.replace("\\", "")) != self.server.login:
            return b"NO [AUTHENTICATIONFAILED] wrong password " + password.encode()
        self.authenticated = True
        return b"OK in"

    def do_SELECT(self, arguments: bytes) -> bytes:
        if not self.authenticated or arguments != b'"INBOX"':
            return b"NO no such folder"
        self.selected = True
        self.wfile.write(b"* %d EXISTS\r\n" % len(self.server.mails))
        return b"OK [READ-WRITE] selected"

    def do_UID_SEARCH(self, arguments: bytes) -> bytes:
        assert arguments == b"UNSEEN UNDELETED", arguments
        found = [u for u, f in self.server.flags.items() if not f & {r"\Seen", r"\Deleted"}]
        self.wfile.write(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found) + b"\r\n")
        return b"OK done"

    def do_UID_FETCH(self, arguments: bytes) -> bytes:
        asked = _FETCH.fullmatch(arguments)
        assert asked, arguments
        uid = int(asked[1])
        content = self.server.mails.get(uid)
        if content is None:
            return b"OK nothing"
        if asked[3] is None:
            self.wfile.write(b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, len(content)))
            return b"OK done"
        piece = content[: int(asked[3])]
        self.wfile.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, len(piece)))
        self.wfile.write(piece + b")\r\n")
        return b"OK done"

    def do_UID_STORE(self, arguments: bytes) -> bytes:
        asked = _STORE.fullmatch(arguments)
        assert asked, arguments
        self.server.flags[int(asked[1])] |= set(asked[2].decode().split())
        return b"OK done"

    def do_LOGOUT(self, arguments: bytes) -> bytes:
        self.wfile.write(b"* BYE\r\n")
        return b"OK bye"
