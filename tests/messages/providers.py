"""Providers of messages on this machine, each checking what its documentation asks for.

What was wrong is kept in `faults`; what came, in `sent`. Signatures are computed again from the raw
request, not by the code under test.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit


@dataclass
class Asked:
    """One request, as it came over the wire."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def values(self) -> dict[str, str]:
        return {name: found[0] for name, found in parse_qs(self.query).items()}


@dataclass
class Provider:
    """A server whose answers `answer` makes."""

    url: str = ""
    answer: Callable[[Asked], tuple[int, Any]] = lambda asked: (200, {})
    sent: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        self.faults.append(what)


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def _any(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                parts.query,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(size),
            )
            provider.asked.append(asked)
            status, said = provider.answer(asked)
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in provider.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _any

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_ACS_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEY, SECRET = "LTAI-test", "a secret of aliyun"


def aliyun(code: str = "OK", status: int = 200) -> Provider:
    """SendSms: signature (ACS3-HMAC-SHA256) and parameters as documented."""
    provider = Provider()
    nonces: set[str] = set()

    def answer(asked: Asked) -> tuple[int, Any]:
        given = asked.headers
        scheme, _, rest = given.get("authorization", "").partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(","))
        names = said.get("SignedHeaders", "").split(";")
        for name in ("host", *(n for n in given if n.startswith("x-acs-"))):
            if name not in names:
                provider.wrong(f"{name} is not signed")
        # RFC 3986, sorted by name: what the wire had must be so already.
        pairs = sorted(part.split("=", 1) for part in asked.query.split("&"))
        query = "&".join(
            f"{quote(unquote(n), safe='-_.~')}={quote(unquote(v), safe='-_.~')}" for n, v in pairs
        )
        hashed = hashlib.sha256(asked.body).hexdigest()
        lines = "".join(f"{name}:{given.get(name, '').strip()}\n" for name in sorted(names))
        request = f"{asked.method}\n{asked.path}\n{query}\n{lines}\n{';'.join(names)}\n{hashed}"
        to_sign = f"{scheme}\n" + hashlib.sha256(request.encode()).hexdigest()
        wanted = hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        if scheme != "ACS3-HMAC-SHA256" or said.get("Signature") != wanted:
            provider.wrong("signature")
            return 403, {"Code": "SignatureDoesNotMatch", "Message": "signature"}
        if said.get("Credential") != KEY or given.get("x-acs-content-sha256") != hashed:
            provider.wrong("key or hash of the body")
        if (given.get("x-acs-action"), given.get("x-acs-version")) != ("SendSms", "2017-05-25"):
            provider.wrong("action or version")
        # UTC as ISO 8601, for fifteen minutes:
        # https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
        when = given.get("x-acs-date", "")
        if not _ACS_DATE.fullmatch(when):
            provider.wrong(f"x-acs-date {when!r}")
            return 400, {"Code": "InvalidTimeStamp.Format", "Message": when}
        if abs((datetime.fromisoformat(when) - datetime.now(UTC)).total_seconds()) > 900:
            provider.wrong(f"x-acs-date {when} is too far from now")
            return 400, {"Code": "InvalidTimeStamp.Expired", "Message": when}
        nonce = given.get("x-acs-signature-nonce", "")
        if not nonce or nonce in nonces:
            provider.wrong("nonce")
            return 400, {"Code": "SignatureNonceUsed", "Message": nonce}
        nonces.add(nonce)
        values = asked.values()
        for name in ("PhoneNumbers", "SignName", "TemplateCode"):
            if not values.get(name):
                provider.wrong(f"{name} is missing")
        json.loads(values.get("TemplateParam", "{}"))
        if code != "OK":
            return status, {"Code": code, "Message": "no", "RequestId": "r"}
        provider.sent.append(values)
        return 200, {"Code": "OK", "Message": "OK", "BizId": "9006195^0", "RequestId": "r"}

    provider.answer = answer
    return provider


def tencent(kind: str) -> Provider:
    """WeChat (service account) and WeCom: tokens and messages as documented.

    `answers` takes error codes that the next messages get; `tokens` holds the valid ones, `ends`
    when each of them ends (seconds of `time.monotonic`), `lasts` how long the next one does.
    A token that ended is answered 42001, one that was never given 40014, and one that a newer one
    put an end to 40001, as https://developer.work.weixin.qq.com/document/path/90313 lists them.
    """
    provider = Provider()
    provider.answers = []  # type: ignore[attr-defined]
    tokens: list[str] = []
    provider.tokens = tokens  # type: ignore[attr-defined]
    ends: dict[str, float] = {}
    provider.ends = ends  # type: ignore[attr-defined]
    provider.lasts = 7200  # type: ignore[attr-defined]
    seen: set[str] = set()
    send = "/cgi-bin/message/template/send" if kind == "wechat" else "/cgi-bin/message/send"

    def give(renew: bool = False) -> tuple[int, Any]:
        now, lasts = time.monotonic(), provider.lasts  # type: ignore[attr-defined]
        if renew or not tokens or ends[tokens[-1]] <= now:
            made = f"token-{len(ends) + 1}"
            tokens.append(made)
            ends[made] = now + lasts
        # Both give the same token again while it lasts, with the seconds that are left.
        left = round(ends[tokens[-1]] - now)
        return 200, {"errcode": 0, "access_token": tokens[-1], "expires_in": left}

    def answer(asked: Asked) -> tuple[int, Any]:
        content = json.loads(asked.body or b"{}")
        if asked.path == "/cgi-bin/stable_token" and kind == "wechat":
            if (content.get("grant_type"), content.get("appid"), content.get("secret")) != (
                "client_credential",
                "wx-test",
                SECRET,
            ):
                return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
            return give(bool(content.get("force_refresh")))
        if asked.path == "/cgi-bin/gettoken" and kind == "wecom":
            if asked.method != "GET":
                provider.wrong("gettoken is a GET")
            if asked.values() != {"corpid": "ww-test", "corpsecret": SECRET}:
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            return give()
        if asked.path != send or asked.method != "POST":
            provider.wrong(f"{asked.method} {asked.path}")
            return 404, {}
        given = asked.values().get("access_token", "")
        if given not in ends:
            return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
        if ends[given] <= time.monotonic():
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if given not in tokens:
            return 200, {"errcode": 40001, "errmsg": "invalid credential, not latest"}
        if "json" not in asked.headers.get("content-type", ""):
            provider.wrong("content type")
        if provider.answers:  # type: ignore[attr-defined]
            code = provider.answers.pop(0)  # type: ignore[attr-defined]
            if isinstance(code, dict):
                return 200, code
            return 200, {"errcode": code, "errmsg": "told so"}
        if kind == "wechat":
            wanted = {"touser", "template_id", "data", "client_msg_id"}
            mark = str(content.get("client_msg_id", ""))
            if not wanted <= content.keys() or not 0 < len(mark) <= 32:
                provider.wrong(f"missing in {sorted(content)}")
            if not all(isinstance(one.get("value"), str) for one in content["data"].values()):
                provider.wrong("data")
        else:
            wanted = {"touser", "msgtype", "agentid", "text"}
            if not wanted <= content.keys() or not isinstance(content["agentid"], int):
                provider.wrong(f"missing in {sorted(content)}")
            if len(content["text"]["content"].encode()) > 2048:
                provider.wrong("too long")
            if content.get("enable_duplicate_check") != 1:
                provider.wrong("no check of duplicates")
            mark = asked.body.decode()
        if mark not in seen:
            provider.sent.append(content)
        seen.add(mark)
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(seen)}"}

    provider.answer = answer
    return provider
