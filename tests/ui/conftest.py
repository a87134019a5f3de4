"""The face is tested with addresses of its own, so that no other room is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from talex.ui import nav
from tests.ui import urls


@pytest.fixture(autouse=True)
def face_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.ui.urls"
    # The edition of these tests is no row of the database.
    monkeypatch.setattr("talex.editions.middleware.edition_by_slug", lambda *_: urls.EDITION)
    urls.calls.clear()
    kept = dict(nav._items)
    # The rooms' own pages ask for editions and actors, which these tests do not make.
    nav._items.clear()
    with translation.override("en"):
        yield
    nav._items.clear()
    nav._items.update(kept)
