"""The organisers' page names every kind of mail there is, and each kind can be written."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from talex.core import outbox
from talex.messages import listing
from talex.messages.preferences import TITLES


def test_the_page_of_the_organisers_is_up_to_date() -> None:
    page = listing.PAGE.read_text(encoding="utf-8")
    assert listing.written(page) == listing.table(), "run: python -m talex.messages.listing"


@pytest.mark.parametrize("name", sorted(outbox.kinds()))
def test_each_kind_has_its_templates_and_a_title_in_each_language(name: str) -> None:
    kind = outbox.kind_of(name)
    get_template(f"{kind.template}.txt")
    get_template(f"{kind.template}_subject.txt")
    assert kind.group is None or kind.group in TITLES
    titles = set()
    for language in dict(settings.LANGUAGES):
        with translation.override(language):
            titles.add(str(kind.title))
    assert len(titles) == 3, titles
