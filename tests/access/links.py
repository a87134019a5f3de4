"""What a page links to, and whether its reader may go there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.test import Client

LEAVES = re.compile(r"/logout/|/language/")
REFUSED = {403, 404, 405, 500}


class _Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target and target.startswith("/") and not LEAVES.search(target):
            self.found.add(target.partition("#")[0])


def links_of(response: Any) -> set[str]:
    """Where the links of an answer lead; none if it is no page."""
    if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
        return set()
    links = _Links()
    links.feed(response.content.decode())
    return links.found


def refused(client: Client, linked: dict[str, str], seen: Iterable[str]) -> list[str]:
    """Of links (with the page that offers each) those that lead to a refusal. `seen`: paths that
    were answered already."""
    paths, told = set(seen), []
    for target, page in linked.items():
        path = urlsplit(target).path
        if path in paths:
            continue
        paths.add(path)
        cache.clear()
        if (status := client.get(target).status_code) in REFUSED:
            told.append(f"{page} links to {target}: {status}")
    return told
