"""Every address, as every role and as nobody, against the written table `table.csv`.

The table is the decision, this test only holds the site to it. A new address fails here until it
stands in the table: `TALEX_ACCESS=write pytest tests/access` writes what the site does now, and
whoever adds it reads the difference line by line before it is committed.

A cell is the status of the answer; `login` means that nobody is led to the sign-in page.

What the pages of a role link to is followed in the same walk: no page offers its reader a link to
what they are refused.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.links import REFUSED, links_of, refused
from tests.access.scene import ROLES, Scene, make_scene
from tests.access.values import UNREACHED, filled, sent
from tests.access.walk import Address, addresses

TABLE = Path(__file__).with_name("table.csv")
HEAD = ["address", "method", *ROLES]
Cells = dict[tuple[str, str], dict[str, str]]


class Undo(Exception):
    """Takes back what one request did."""


def read_table() -> Cells:
    with TABLE.open(newline="") as stream:
        return {(row["address"], row["method"]): row for row in csv.DictReader(stream)}


@dataclass
class Walk:
    """What the site answered to a role: the cells; of pages that were read the path with the
    status; links, with the page that offers each; links that were refused."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


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
                for link in links_of(response):
                    made.linked.setdefault(link, path)
            target = response.headers.get("Location", "")
            if response.status_code == 302 and urlsplit(target).path == reverse("account_login"):
                answer = "login"
            raise Undo
    except Undo:
        pass
    return answer


def walk(role: str) -> Walk:
    """What the site answers to this role."""
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
        cache.clear()
        made.cells[address.name, address.method] = ask(scene, client, address, made)
    fine = [path for path, status in made.read.items() if status not in REFUSED]
    made.refused = refused(signed_in, made.linked, fine)
    return made


def test_the_table_names_every_address_and_no_other() -> None:
    if os.environ.get("TALEX_ACCESS") == "write":
        pytest.skip("the table is being written")
    wanted = {(a.name, a.method) for a in addresses()}
    written = set(read_table())
    assert not wanted - written, f"not in the table: {sorted(wanted - written)}"
    assert not written - wanted, f"no longer an address: {sorted(written - wanted)}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_answers_are_those_of_the_table(role: str) -> None:
    made = walk(role)
    if os.environ.get("TALEX_ACCESS") == "write":
        _write(role, made.cells)
        return
    table = read_table()
    differing = [
        f"{name} {method}: {answer}, the table says {table.get((name, method), {}).get(role, '–')}"
        for (name, method), answer in made.cells.items()
        if table.get((name, method), {}).get(role) != answer
    ]
    assert not differing, f"as {role}:\n" + "\n".join(differing)
    assert len(made.linked) > 5
    assert not made.refused, f"as {role}:\n" + "\n".join(made.refused)


# What everybody may do for themselves: a form is looked at before anything else.
OWN = (
    "account_",
    "accounts:",
    "mfa_",
    "/api/me",
    "registering:",
    "/api/editions/{slug}/registration/",
)


def test_no_rule_hides_behind_a_form() -> None:
    """Somebody without a role is refused before what they sent is looked at."""
    hidden = [
        f"{name} {method}"
        for (name, method), row in read_table().items()
        if "422" in {row["visitor"], row["outsider"], row["nobody"]}
        and not name.startswith(OWN)
        and (name, method) not in UNREACHED
    ]
    assert not hidden, f"give tests/access/values.py something better to send: {hidden}"


# allauth's pages answer 404 where a second factor is not set up; Ninja's root has no answer; two
# snapshots are compared that the query names; WeChat is off; some things are named in the body.
ELSEWHERE = (
    "account_", "mfa_", "api:api-root", "bulletin:compare", "weixin_", "collecting:return",
    "/api/editions/{slug}/belonging/end", "/api/editions/{slug}/collecting/pass",
    "/api/editions/{slug}/collecting/return", "/api/editions/{slug}/me/archive/file",
    "participants:own_keep",  # nothing ends yet
)  # fmt: skip


def test_only_what_names_a_thing_is_not_found() -> None:
    """A page of one's own, a list, a form: it is there for all to know, so they read 403.

    404 hides whether a thing exists. Whoever sees that page at all may find it empty.
    """
    table = read_table()
    hidden = [
        f"{a.name} {a.method}: {row}"
        for a in addresses()
        if not set(a.parameters) - {"edition", "slug"} and not a.name.startswith(ELSEWHERE)
        for row in [table[a.name, a.method]]
        if "404" in {answer for role, answer in row.items() if role not in {"organiser", "admin"}}
    ]
    assert not hidden


def test_no_address_fails() -> None:
    assert not [row for row in read_table().values() if "500" in row.values()]


def _write(role: str, found: dict[tuple[str, str], str]) -> None:
    table = read_table() if TABLE.exists() else {}
    rows = []
    for (name, method), answer in sorted(found.items()):
        kept = table.get((name, method), {})
        cells = {one: kept.get(one, "") for one in ROLES} | {role: answer}
        rows.append({"address": name, "method": method, **cells})
    with TABLE.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, HEAD, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
