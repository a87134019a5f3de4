"""Per cent is written in one way in each language, wherever it stands."""

from __future__ import annotations

import pytest
from django.utils import translation

from talex.core.models import Job, JobState
from talex.core.percent import per_cent
from talex.ui.templatetags.ui_tags import progress


@pytest.mark.parametrize(
    ("language", "whole", "part"),
    [("en", "100%", "44.2%"), ("de", "100\xa0%", "44,2\xa0%"), ("zh-hans", "100%", "44.2%")],
)
def test_each_language_has_one_way(language: str, whole: str, part: str) -> None:
    with translation.override(language):
        assert per_cent(1) == whole
        assert per_cent(0.442, 1) == part
        assert Job(state=JobState.SUCCEEDED).percent_told == whole
        assert progress("x", "y", 5, 5)["percent"] == whole
    assert per_cent(None) == "–"
