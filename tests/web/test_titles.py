"""What a page is called: in the menu, in the title of the window and above the page."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape

import pytest
from django.test import Client

from tests.access.scene import make_scene
from tests.web.test_menu import SIDE, read

pytestmark = pytest.mark.django_db

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"[^>]*>.*?<span>(.*?)</span></a>', re.DOTALL)


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


@pytest.mark.parametrize("role", ["talent", "delegate", "organiser"])
def test_every_page_is_named_in_words(role: str) -> None:
    faults = []
    for name, text in read(role).items():
        title, headings = TITLE.search(text), HEADING.findall(text)
        assert title is not None, name
        if re.search("<|&lt;", title[1]) or title[1].strip().startswith("–"):
            faults.append((name, title[1]))
        if len(headings) != 1 or not words(headings[0]):
            faults.append((name, str(headings)))
    assert faults == []


#: The same thing at two addresses.
ONE_PAGE = ({"fair:browse", "fair:openings"}, {"publishing:latest", "publishing:version"})


@pytest.mark.parametrize("role", ["talent", "delegate", "organiser"])
def test_two_pages_are_told_apart_by_their_titles(role: str) -> None:
    named = defaultdict(set)
    for name, text in read(role).items():
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
