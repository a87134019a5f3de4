"""Every address, as every role and as nobody, against the written table `table.csv`.

The table is the decision, this test only holds the site to it. A new address fails here until it
stands in the table: `TALEX_ACCESS=write pytest tests/access` writes what the site does now, and
whoever adds it reads the difference line by line before it is committed.

A cell is the status of the answer; `login` means that nobody is led to the sign-in page.

What the pages of a role link to is followed in the same walk: no page offers its reader a link to
what they are refused. And of the pages that it read is said here what they are called, and where
the menu says that they are; the walk is long, and a file is tested by one process.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.scene import ROLES, make_scene
from tests.access.site import walk
from tests.access.values import UNREACHED
from tests.access.walk import addresses

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("table.csv")
HEAD = ["address", "method", *ROLES]
Cells = dict[tuple[str, str], dict[str, str]]


def read_table() -> Cells:
    with TABLE.open(newline="") as stream:
        return {(row["address"], row["method"]): row for row in csv.DictReader(stream)}


def test_the_table_names_every_address_and_no_other() -> None:
    if os.environ.get("TALEX_ACCESS") == "write":
        pytest.skip("the table is being written")
    wanted = {(a.name, a.method) for a in addresses()}
    written = set(read_table())
    assert not wanted - written, f"not in the table: {sorted(wanted - written)}"
    assert not written - wanted, f"no longer an address: {sorted(written - wanted)}"


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


# --- the pages of the same walk: menu, title, heading ------------------------------------------

# Pages that have no menu on purpose: one thing at a time, and back.
ALONE = {
    "credentials:register",
    "registering:check",
    "registering:discard",
    "registering:file",
    "registering:found",
    "registering:start",
    "registering:step",
}
# Pages that belong to no entry of the menu.
NO_ENTRY = {"editions:landing", "web:edition_search"}
# Pages that belong to an entry which not all of their readers have: what somebody without a part in
# the conference reads, and what an account without a talent's profile still may.
NO_ENTRY_FOR_SOME = {
    "bulletin:bulletins",
    "cohorts:code",
    "cohorts:join",
    "cohorts:own",
    "conversations:cases",
    "conversations:report",
    "credentials:own",
    "credentials:requests",
    "participants:own_archive",
    "participants:own_keep",
}
SIDE = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"[^>]*>.*?<span>(.*?)</span></a>', re.DOTALL)


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


@pytest.mark.parametrize("role", [role for role in ROLES if role != "nobody"])
def test_every_page_has_the_menu_and_marks_its_entry(role: str) -> None:
    faults = defaultdict(list)
    texts = walk(role).pages
    assert len(texts) > 5
    for name, text in texts.items():
        side = SIDE.search(text)
        if name in ALONE:
            if side or 'popovertarget="side"' in text:
                faults["has a menu, or a button for none"].append(name)
        elif side is None:
            faults["has no menu"].append(name)
        elif side[0].count('aria-current="page"') != (name not in NO_ENTRY) and not (
            name in NO_ENTRY_FOR_SOME and 'aria-current="page"' not in side[0]
        ):
            faults["marks no entry, or should not"].append(name)
    assert dict(faults) == {}


def test_visitors_have_no_button_for_a_menu_that_is_not_there() -> None:
    scene = make_scene()
    for name in ("editions:landing", "programme:programme", "registering:start"):
        text = Client().get(reverse(name, kwargs={"edition": scene.edition.slug})).content.decode()
        assert 'class="side"' not in text
        assert 'popovertarget="side"' not in text


@pytest.mark.parametrize("role", ["talent", "delegate", "organiser"])
def test_every_page_is_named_in_words(role: str) -> None:
    faults = []
    for name, text in walk(role).pages.items():
        title, headings = TITLE.search(text), HEADING.findall(text)
        assert title is not None, name
        if re.search("<|&lt;", title[1]) or title[1].strip().startswith("–"):
            faults.append((name, title[1]))
        if len(headings) != 1 or not words(headings[0]):
            faults.append((name, str(headings)))
    assert faults == []


#: The same thing at two addresses.
ONE_PAGE = (
    {"fair:browse", "fair:openings"},
    {"publishing:latest", "publishing:version"},
    # What who is registered already reads at each step of registering.
    {
        "registering:check",
        "registering:discard",
        "registering:file",
        "registering:found",
        "registering:step",
    },
)


@pytest.mark.parametrize("role", ["talent", "delegate", "organiser"])
def test_two_pages_are_told_apart_by_their_titles(role: str) -> None:
    named = defaultdict(set)
    for name, text in walk(role).pages.items():
        title = TITLE.search(text)
        assert title is not None, name
        named[words(title[1])].add(name)
    shared = [(title, names) for title, names in named.items() if len(names) > 1]
    assert [one for one in shared if one[1] not in ONE_PAGE] == []


@pytest.mark.parametrize("role", ["talent", "delegate", "organiser"])
def test_the_menu_the_title_and_the_heading_say_the_same(role: str) -> None:
    scene = make_scene()
    client = Client()
    client.force_login(scene.users[role])
    side = SIDE.search(client.get(f"/e/{scene.edition.slug}/home/").content.decode())
    assert side is not None
    differing = []
    for address, label in LINK.findall(side[0]):
        text = client.get(address, follow=True).content.decode()
        title, heading = TITLE.search(text), HEADING.search(text)
        assert title is not None and heading is not None, address
        told = (words(label), words(title[1]).partition(" – ")[0], words(heading[1]))
        if len(set(told)) > 1:
            differing.append(told)
    assert differing == []
