"""Every page that somebody signed in reads within an edition has the menu, and says where it is."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.scene import ROLES, make_scene
from tests.access.values import filled
from tests.access.walk import pages

pytestmark = pytest.mark.django_db

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


def read(role: str) -> dict[str, str]:
    """The pages of the edition that this role can read, by name."""
    scene = make_scene()
    client = Client()
    client.force_login(scene.users[role])
    found = {}
    for address in sorted(pages()):
        if address.method != "GET" or "edition" not in address.parameters:
            continue
        answer = client.get(reverse(address.name, kwargs=filled(address, scene)))
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            text = answer.content.decode()
            if "<html" in text:
                found[address.name] = text
    return found


@pytest.mark.parametrize("role", [role for role in ROLES if role != "nobody"])
def test_every_page_has_the_menu_and_marks_its_entry(role: str) -> None:
    faults = defaultdict(list)
    texts = read(role)
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
