"""A body that is refused is read past: nothing of it is kept, and the line never hangs."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from talex.cli.installation import bodies

HEAD = b"POST /api/me HTTP/1.1\r\nHost: x\r\n"


def parser() -> bodies.Parser:
    return bodies.Parser(Adjustments(max_request_body_size=1000))


def test_a_stated_length_is_read_past_to_its_end() -> None:
    one = parser()
    head = HEAD + b"Content-Length: 5000\r\n\r\n"
    assert one.received(head + b"x" * 10) == len(head)
    assert one.unread and not one.completed and not one.error
    assert one.received(b"x" * 4990) == 4990 and not one.completed
    # What comes behind belongs to the next request.
    assert one.received(b"x" * 10 + b"GET") == 10 and one.completed
    assert one.headers["CONTENT_LENGTH"] == "0" and one.get_body_stream().read() == b""


@pytest.mark.parametrize(("end", "error"), [(b"0\r\n\r\n", False), (b"no size\r\n", True)])
def test_pieces_are_read_past_to_their_end(end: bytes, error: bool) -> None:
    one = parser()
    one.received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    piece = b"190\r\n" + b"x" * 400 + b"\r\n"
    for _piece in range(3):
        assert not one.completed
        one.received(piece)
    assert one.unread and not one.completed and len(one.body_rcv) == 0
    one.received(piece + end)
    assert one.completed and bool(one.error) is error
    assert one.get_body_stream().read() == b""


def test_without_end_it_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "READ_PAST", 3000)
    stated, asking, chunked = parser(), parser(), parser()
    stated.received(HEAD + b"Content-Length: 3001\r\n\r\n")
    assert stated.completed and stated.unread
    asking.received(HEAD + b"Content-Length: 2000\r\nExpect: 100-continue\r\n\r\n")
    assert asking.completed and not asking.expect_continue
    chunked.received(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffff\r\n")
    for _piece in range(3):
        chunked.received(b"x" * 1000)
    assert chunked.unread and not chunked.completed
    for _piece in range(3):
        chunked.received(b"x" * 1000)
    assert chunked.completed and not chunked.error


def test_what_fits_is_kept() -> None:
    one = parser()
    one.received(HEAD + b"Content-Length: 3\r\n\r\n")
    one.received(b"abc")
    assert one.completed and not one.unread and one.get_body_stream().read() == b"abc"
