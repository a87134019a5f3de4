"""What the site answers to a role at every address: walked once a process, read by many tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache as kept
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.links import REFUSED, links_of, refused
from tests.access.scene import Scene, make_scene
from tests.access.values import filled, sent
from tests.access.walk import Address, addresses


class Undo(Exception):
    """Takes back what one request did."""


@dataclass
class Walk:
    """What the site answered to a role: the cells; of pages that were read the path with the
    status; pages of a conference by name; links, with the page that offers each; links that were
    refused."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def page_of(response: Any) -> str:
    """A whole page that was answered, else ''."""
    if response.status_code != 200 or "text/html" not in response.headers.get("Content-Type", ""):
        return ""
    text = response.content.decode()
    return text if "<html" in text else ""


def ask(scene: Scene, client: Client, address: Address, made: Walk) -> str:
    """The answer to one request, whose changes are taken back."""
    parameters = filled(address, scene)
    if address.in_api:
        path = address.name.format(**parameters)
    else:
        path = reverse(address.name, kwargs=parameters)
    # Made before, so that what it makes of the scene is not taken back with the request.
    given = {} if address.method in {"GET", "DELETE"} else sent(address, scene)
    answer = ""
    try:
        with transaction.atomic():
            if address.method in {"GET", "DELETE"}:
                response = client.generic(address.method, path)
            elif address.in_api:
                response = client.generic(
                    address.method,
                    path,
                    client._encode_json(given, "application/json"),
                    "application/json",
                )
            else:
                response = client.post(path, given)
            answer = str(response.status_code)
            if address.method == "GET" and not address.in_api:
                made.read[path] = response.status_code
                if "edition" in address.parameters and (text := page_of(response)):
                    made.pages[address.name] = text
                for link in links_of(response):
                    made.linked.setdefault(link, path)
            target = response.headers.get("Location", "")
            if response.status_code == 302 and urlsplit(target).path == reverse("account_login"):
                answer = "login"
            raise Undo
    except Undo:
        pass
    return answer


@cache
def walk(role: str) -> Walk:
    """What the site answers to this role. The test that is first needs the database."""
    scene = make_scene()
    signed_in = Client()
    user = scene.users[role]
    if user is not None:
        signed_in.force_login(user)
    made = Walk()
    for address in addresses():
        client = Client()
        for name, morsel in signed_in.cookies.items():
            client.cookies[name] = morsel.value
        kept.clear()
        made.cells[address.name, address.method] = ask(scene, client, address, made)
    fine = [path for path, status in made.read.items() if status not in REFUSED]
    made.refused = refused(signed_in, made.linked, fine)
    return made
