"""Words of somebody between quotation marks."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from talex.core.quoting import quoted


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "“100 % sure”"), ("de", "„100 % sure“"), ("zh-hans", "“100 % sure”")],
)
def test_the_marks_are_those_of_the_language(language: str, told: str) -> None:
    with translation.override(language):
        assert quoted("100 % sure") == told
        page = Template("{{ words|quoted }}").render(Context({"words": "<b>100 % sure"}))
        assert page == told.replace("100", "&lt;b&gt;100")
