"""A provider of OpenID Connect on this machine, with the checks that the standard asks of one.

Authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636): the client, the redirect
address, the code (once), the verifier and the secret are checked; what was wrong is kept in
`faults`. ID tokens are signed with RS256.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "talex-client", "a secret of the client"


@dataclass
class Provider:
    """Who is signed in there, and what was asked of it."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    # What is told otherwise by /userinfo than in the token.
    otherwise: dict[str, Any] = field(default_factory=dict)
    bare: bool = False  # /userinfo tells nothing but who it is
    refuse: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    tokens: set[str] = field(default_factory=set)

    def config(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        for name, wanted in (("client_id", CLIENT), ("response_type", "code")):
            if query.get(name) != wanted:
                self.faults.append(f"{name}={query.get(name)}")
        if "openid" not in query.get("scope", "").split():
            self.faults.append("scope lacks openid")
        if query.get("code_challenge_method") != "S256" or not query.get("state"):
            self.faults.append("no PKCE or no state")
        if self.refuse:
            told = {"error": self.refuse, "state": query["state"]}
            return f"{query['redirect_uri']}?{urlencode(told)}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        told = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(told)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            self.faults.append("an unknown or used code")
            return None
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"]:
            self.faults.append("the verifier does not fit")
            return None
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            self.faults.append("client or secret")
            return None
        if form.get("redirect_uri") != asked["redirect_uri"]:
            self.faults.append("another redirect_uri")
            return None
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person}
        return {
            "access_token": token,
            "token_type": "Bearer",
            "id_token": jwt.encode(said, self.key, algorithm="RS256"),
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def _json(self, said: Any, status: int = 200) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/.well-known/openid-configuration":
                self._json(provider.config())
            elif parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/userinfo":
                given = self.headers.get("Authorization", "").removeprefix("Bearer ")
                known = given in provider.tokens
                person = {"sub": provider.person["sub"]} if provider.bare else provider.person
                told = {**person, **provider.otherwise} if known else {}
                self._json(told, 200 if known else 401)
            else:
                self._json({}, 404)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            size = int(self.headers.get("Content-Length", "0"))
            form = parse_qs(self.rfile.read(size).decode())
            said = provider.token({name: values[0] for name, values in form.items()})
            self._json(said or {"error": "invalid_grant"}, 200 if said else 400)

    return Handler


@contextmanager
def running(**person: Any) -> Iterator[Provider]:
    """A provider at which this person is signed in."""
    provider = Provider(person=person)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
