"""No page offers its reader a link to what they are refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.access.scene import ROLES, Scene, make_scene
from tests.access.values import filled
from tests.access.walk import addresses

pytestmark = pytest.mark.django_db
LEAVES = re.compile(r"/logout/|/language/")
REFUSED = {403, 404, 405, 500}


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target and target.startswith("/") and not LEAVES.search(target):
            self.found.add(target.partition("#")[0])


def linked(client: Client, scene: Scene) -> dict[str, str]:
    """Each address that a page of this reader links to, with the page."""
    found: dict[str, str] = {}
    for address in addresses():
        if address.in_api or address.method != "GET":
            continue
        page = reverse(address.name, kwargs=filled(address, scene))
        cache.clear()
        response = client.get(page)
        if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
            links = Links()
            links.feed(response.content.decode())
            for target in links.found:
                found.setdefault(target, page)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_somewhere(role: str) -> None:
    scene = make_scene()
    client = Client()
    if (user := scene.users[role]) is not None:
        client.force_login(user)
    refused = []
    seen: set[str] = set()
    for target, page in linked(client, scene).items():
        if urlsplit(target).path in seen:
            continue
        seen.add(urlsplit(target).path)
        cache.clear()
        if (status := client.get(target).status_code) in REFUSED:
            refused.append(f"{page} links to {target}: {status}")
    assert len(seen) > 5
    assert not refused, "\n".join(refused)
