"""No page runs or styles anything inline, and every answer says what it permits."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.scene import Scene, make_scene
from tests.access.values import filled
from tests.access.walk import addresses

pytestmark = pytest.mark.django_db


class Inline(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # Blocks of data are not run, so the policy does not speak of them.
        data = {"application/json", "application/ld+json"}
        if tag == "script" and "src" not in given and given.get("type") not in data:
            self.found.append("<script>")
        if tag == "style":
            self.found.append("<style>")
        for name, value in attrs:
            if name.startswith(("on", "hx-on")) or name == "style":
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and re.match(r"\s*javascript:", value or "", re.I):
                self.found.append(f"{tag} {name}=javascript:")


def inline(page: str) -> list[str]:
    reader = Inline()
    reader.feed(page)
    return reader.found


def _client(scene: Scene, role: str) -> Client:
    client = Client()
    user = scene.users.get(role)
    if user is not None:
        client.force_login(user)
    return client


def test_the_reader_finds_what_it_is_for() -> None:
    bad = '<p style="x" onclick="y"></p><style></style><script>1</script><a href=" JavaScript:1">'
    assert len(inline(bad)) == 5
    assert inline('<script type="application/json">{}</script><script src="/a.js"></script>') == []


@pytest.mark.parametrize("role", ["nobody", "organiser"])
def test_no_page_carries_anything_inline(role: str) -> None:
    scene = make_scene()
    client = _client(scene, role)
    seen = 0
    wrong = {}
    for address in addresses():
        if address.in_api or address.method != "GET":
            continue
        try:
            path = reverse(address.name, kwargs=filled(address, scene))
        except Exception:  # noqa: BLE001 (an address that this walk cannot fill)
            continue
        answer = client.get(path)
        if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
            continue
        seen += 1
        if found := inline(answer.content.decode()):
            wrong[path] = found
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy and "*" not in policy
    assert seen > 30
    assert wrong == {}


def test_the_headers_of_a_page(client: Client) -> None:
    answer = client.get("/")
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


def test_https_is_insisted_on_where_it_is_used() -> None:
    import os
    import subprocess
    import sys
    import tempfile

    said = (
        "from django.conf import settings as s; "
        "print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE)"
    )
    for url, expected in (("https://t.example", "31536000 True"), ("http://t.example", "0 False")):
        with tempfile.TemporaryDirectory() as home:
            environment = os.environ | {
                "TALEX_URL": url,
                "TALEX_HOME": home,
                "DJANGO_SETTINGS_MODULE": "talex.settings.production",
            }
            ran = subprocess.run(
                [sys.executable, "-c", said], env=environment, capture_output=True, text=True
            )
        assert ran.stdout.strip() == expected, ran.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/api/editions", "/accounts/login/"])
def test_a_name_that_is_not_ours_is_refused_plainly(path: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Client().get(path, headers={"Host": "evil.example"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "could not be understood" in page
    assert "evil.example" not in page
