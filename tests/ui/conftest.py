"""The face is tested with addresses of its own, so that no other room is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from talex.ui import nav
from tests.ui import urls


@pytest.fixture(autouse=True)
def face_alone(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.ui.urls"
    urls.calls.clear()
    kept = dict(nav._items)
    # The rooms' own pages ask for editions and actors, which these tests do not make.
    nav._items.clear()
    with translation.override("en"):
        yield
    nav._items.clear()
    nav._items.update(kept)
