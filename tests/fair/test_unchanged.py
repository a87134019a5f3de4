"""Who opens an opening's form and saves it changes nothing but what they typed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.utils import timezone

from talex.core.translated import TranslatedText
from talex.fair import contents
from talex.fair.models import Opening
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


class Filled(HTMLParser):
    """What a browser would send of a page's fields: line ends as CRLF."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._open: tuple[str, list[str]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and (given.get("type") not in ("checkbox", "radio")
                               or "checked" in given):  # fmt: skip
            self.sent.setdefault(given.get("name", ""), []).append(given.get("value", ""))
        elif tag == "textarea":
            self._open = (given.get("name", ""), [])
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self.sent.setdefault(self._select, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open is not None:
            name, said = self._open
            text = "".join(said).removeprefix("\n").replace("\n", "\r\n")
            self.sent.setdefault(name, []).append(text)
            self._open = None


def test_only_what_was_typed_changes() -> None:
    world = World()
    Opening.objects.filter(pk=world.opening.pk).update(
        description=TranslatedText(
            {"en": "What the work is\n\nand where", "zh-hans": "工作\n地点"}
        ),
        pay={"low": "10000", "high": "15000", "currency": "CNY", "period": "month", "months": 13},
        languages=[{"code": "en", "level": "C1"}],
        closes_on=timezone.localdate() + timezone.timedelta(days=30),
    )
    before = contents.of_opening(Opening.objects.get(pk=world.opening.pk))
    page = world.get("delegate", "edit", pk=world.opening.pk)
    form = Filled()
    form.feed(page.content.decode())
    answer = world.clients["delegate"].post(
        world.url("edit", pk=world.opening.pk), {**form.sent, "headcount": ["7"]}
    )
    assert answer.status_code == 303, answer.context["form"].errors
    after = Opening.objects.get(pk=world.opening.pk)
    assert after.pay["months"] == 13
    assert list(contents.changes(before, contents.of_opening(after))) == ["headcount"]
