"""Cities of time zones are named in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from talex.core.cities import city


@pytest.mark.parametrize(
    ("language", "named"),
    [("en", ("Vienna", "Shanghai")), ("de", ("Wien", "Shanghai")), ("zh-hans", ("维也纳", "上海"))],
)
def test_in_each_language(language: str, named: tuple[str, str]) -> None:
    with translation.override(language):
        assert (city("Europe/Vienna"), city("Asia/Shanghai")) == named
        assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
        assert city("Nowhere/Some_Where") == "Some Where"
